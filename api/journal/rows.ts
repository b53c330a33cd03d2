/** How what the journal keeps lies in its tables: columns of a record, and a record of a row; the same in both databases. */
import { z } from 'zod'
import { digestOf, freshSalt } from './chain.ts'
import {
  type Access,
  accessPurposes,
  type Erasure,
  type JournalRow,
  type Kept,
  type LoanOutcome,
  outcomeStatuses,
  overrideReasons,
  type Prediction,
  type PredictionSummary,
  type Review,
  reviewDecisions,
} from './journal.ts'

export type SqlValue = number | string | null

/** One row to append; its columns are always those of `columns[table]`, in that order. */
export interface JournalEntry {
  readonly table: keyof typeof columns
  readonly cells: readonly SqlValue[]
}

/** The columns that are written, in order, with PostgreSQL's types. */
export const columns = {
  predictions: {
    request_id: 'text',
    at: 'text',
    source: 'text',
    version: 'text',
    client: 'bigint',
    input: 'text',
    probability: 'float8',
    threshold: 'float8',
    lower: 'float8',
    upper: 'float8',
    decision: 'text',
    referred: 'bigint',
    rank: 'float8',
    explanation: 'text',
    warnings: 'text',
    imputed: 'text',
    latency_ms: 'float8',
    caller: 'text',
    salt: 'text',
  },
  reviews: {
    request_id: 'text',
    at: 'text',
    decision: 'text',
    override_code: 'text',
    override_text: 'text',
    reviewer: 'text',
    salt: 'text',
  },
  outcomes: { request_id: 'text', at: 'text', status: 'text', date: 'text', salt: 'text' },
  accesses: { at: 'text', caller: 'text', purpose: 'text', client: 'bigint', request_id: 'text', salt: 'text' },
  erasures: { at: 'text', caller: 'text', cause: 'text', records: 'text', salt: 'text' },
  answers: { key: 'text', asked: 'text', request_id: 'text', answer: 'text' },
} as const satisfies Record<string, Record<string, 'text' | 'bigint' | 'float8'>>

/** Those whose rows are links of the chain: each has a salt of its own. */
export const isChained = (table: keyof typeof columns): boolean => 'salt' in columns[table]

/** The cells of a row as they were recorded, in the order of the table's columns. PostgreSQL gives 64-bit integers as text. */
export const cellsOf = (table: keyof typeof columns, row: JournalRow): SqlValue[] =>
  Object.entries(columns[table]).map(([name, type]) => {
    const value = row[name] ?? null
    return value === null ? null : type === 'text' ? String(value) : Number(value)
  })

const names = new Map<string, readonly string[]>(
  Object.entries(columns).map(([table, types]) => [table, Object.keys(types)]),
)

/** The digest of a record as it is written, and as it lies in its table. */
export const digestOfCells = (table: keyof typeof columns, cells: readonly SqlValue[]): string =>
  digestOf(names.get(table)!, cells)
export const digestOfRow = (table: keyof typeof columns, row: JournalRow): string =>
  digestOfCells(table, cellsOf(table, row))

/** PostgreSQL holds neither a zero character nor half of a surrogate pair; all other texts are JSON, which writes them as escapes. */
export const storable = (text: string): string => text.replaceAll('\u0000', '').toWellFormed()

export const predictionEntry = (p: Prediction): JournalEntry => ({
  table: 'predictions',
  cells: [
    p.requestId,
    p.at,
    p.source,
    p.version,
    p.client,
    JSON.stringify(p.input),
    p.probability,
    p.threshold,
    p.greyZone.lower,
    p.greyZone.upper,
    p.decision,
    p.referred ? 1 : 0,
    p.rank,
    JSON.stringify(p.explanation),
    JSON.stringify(p.warnings),
    JSON.stringify(p.imputed),
    p.latencyMs,
    p.caller === null ? null : storable(p.caller),
    freshSalt(),
  ],
})

export const reviewEntry = (r: Review): JournalEntry => ({
  table: 'reviews',
  cells: [
    r.requestId,
    r.at,
    r.decision,
    r.overrideReason?.code ?? null,
    r.overrideReason ? storable(r.overrideReason.text) : null,
    r.by ? storable(r.by) : null,
    freshSalt(),
  ],
})

export const outcomeEntry = (r: LoanOutcome): JournalEntry => ({
  table: 'outcomes',
  cells: [r.requestId, r.at, r.status, r.date, freshSalt()],
})

export const accessEntry = (a: Access): JournalEntry => ({
  table: 'accesses',
  cells: [a.at, a.caller && storable(a.caller), a.purpose, a.client, a.requestId, freshSalt()],
})

/** `records`: the positions erased, as ranges by table. */
export const erasureEntry = (e: Erasure, records: Readonly<Record<string, string>>): JournalEntry => ({
  table: 'erasures',
  cells: [e.at, e.caller && storable(e.caller), e.cause, JSON.stringify(records), freshSalt()],
})

export const answerEntry = (k: Kept): JournalEntry => ({
  table: 'answers',
  cells: [k.key, k.asked, k.requestId, k.answer],
})

// PostgreSQL gives 64-bit integers as text.
const number = z.coerce.number()
const maybe = number.nullable()
const maybeNumber = (value: unknown): number | null => (value === null ? null : maybe.parse(value))

const summaryRow = z.object({
  position: number,
  request_id: z.string(),
  at: z.string(),
  source: z.enum(['api', 'page']),
  version: z.string(),
  probability: number,
  threshold: number,
  decision: z.enum(['approved', 'declined']),
  referred: number,
  latency_ms: number,
  caller: z.string().nullable(),
})
const latest = z.object({
  review_decision: z.enum(reviewDecisions).nullable(),
  outcome_status: z.enum(outcomeStatuses).nullable(),
})
const full = z.object({
  input: z.string(),
  lower: number,
  upper: number,
  explanation: z.string(),
  warnings: z.string(),
  imputed: z.string(),
})
const reviewRow = z.object({
  request_id: z.string(),
  at: z.string(),
  decision: z.enum(reviewDecisions),
  override_code: z.enum(overrideReasons).nullable(),
  override_text: z.string().nullable(),
  reviewer: z.string().nullable(),
})
const outcomeRow = z.object({
  request_id: z.string(),
  at: z.string(),
  status: z.enum(outcomeStatuses),
  date: z.string(),
})
const accessRow = z.object({
  at: z.string(),
  caller: z.string().nullable(),
  purpose: z.enum(accessPurposes),
  request_id: z.string().nullable(),
})
const keptRow = z.object({ key: z.string(), asked: z.string(), request_id: z.string(), answer: z.string() })

function shared(row: JournalRow) {
  const { position, request_id, referred, latency_ms, ...rest } = summaryRow.parse(row)
  return {
    position,
    requestId: request_id,
    ...rest,
    client: maybeNumber(row.client),
    referred: referred === 1,
    latencyMs: latency_ms,
  }
}

export function summaryOf(row: JournalRow): PredictionSummary {
  const { review_decision: reviewDecision, outcome_status: outcomeStatus } = latest.parse(row)
  return { ...shared(row), reviewDecision, outcomeStatus }
}

export function predictionOf(row: JournalRow): Prediction {
  const { position: _, ...summary } = shared(row)
  const { input, lower, upper, explanation, warnings, imputed } = full.parse(row)
  return {
    ...summary,
    input: JSON.parse(input),
    greyZone: { lower, upper },
    rank: maybeNumber(row.rank),
    explanation: JSON.parse(explanation),
    warnings: JSON.parse(warnings),
    imputed: JSON.parse(imputed),
  }
}

export function reviewOf(row: JournalRow): Review {
  const { request_id, override_code, override_text, reviewer, ...rest } = reviewRow.parse(row)
  return {
    requestId: request_id,
    ...rest,
    overrideReason: override_code && { code: override_code, text: override_text ?? '' },
    ...(reviewer !== null && { by: reviewer }),
  }
}

export function outcomeOf(row: JournalRow): LoanOutcome {
  const { request_id, ...rest } = outcomeRow.parse(row)
  return { requestId: request_id, ...rest }
}

export function accessOf(row: JournalRow): Access {
  const { request_id, ...rest } = accessRow.parse(row)
  return { ...rest, client: maybeNumber(row.client), requestId: request_id }
}

export function keptOf(row: JournalRow): Kept {
  const { request_id, ...rest } = keptRow.parse(row)
  return { requestId: request_id, ...rest }
}
