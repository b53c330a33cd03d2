/** Reads the journal for the monitor: a little in each turn, so that requests pass between; what is known of a row already is not read again. */
import { setImmediate as turn } from 'node:timers/promises'
import type { Value } from '../pipeline/data/applicant.ts'
import type { Application, QualityNote } from '../pipeline/monitor/application.ts'
import type { MonitorReport, ReportOptions, VersionSpan } from '../pipeline/monitor/report.ts'
import type { Journal, JournalRow, LoanOutcome, PredictionSummary, Review } from './journal/journal.ts'
import { outcomeOf, reviewOf } from './journal/rows.ts'

const page = 100 // lines of the list, reviews or outcomes
const rowsATurn = 10 // whole rows: an application with its history may be long
const mostDetails = 50_000 // the latest applications whose features are looked at

/** What takes long to find of a recorded prediction; nothing that says who it was. */
export interface Detail {
  readonly position: number
  readonly values: readonly Value[] | null
  readonly notes: readonly QualityNote[]
  readonly imputed: number
}

/** One look: rows in, then applications in their order, then the report. In this thread or in another. */
export interface MonitorEngine {
  details(rows: readonly JournalRow[]): Promise<readonly Detail[]>
  add(applications: readonly Application[]): Promise<void>
  report(options: ReportOptions): Promise<MonitorReport>
  close(): Promise<void>
}

/** Details by position, kept from look to look for one model. */
export type KnownDetails = Map<number, Detail>

export interface ReadOptions {
  readonly version: string
  /** ISO 8601, UTC: from the one on, and before the other. */
  readonly from?: string | undefined
  readonly until?: string | undefined
}

/** Hands the applications that a model scored to the engine, oldest first; says which models answered. @throws JournalError */
export async function readApplications(
  journal: Journal,
  engine: MonitorEngine,
  known: KnownDetails,
  o: ReadOptions,
): Promise<readonly VersionSpan[]> {
  const reviews = await latest(journal, 'reviews', reviewOf)
  const outcomes = await latest(journal, 'outcomes', outcomeOf)
  const { summaries, versions } = await listed(journal, o)
  await findDetails(journal, engine, known, summaries)
  for (let first = 0; first < summaries.length; first += page) {
    const some = summaries.slice(first, first + page)
    await engine.add(some.map((one) => applicationOf(one, reviews, outcomes, known.get(one.position))))
    await turn()
  }
  return versions
}

async function listed(journal: Journal, { version, from, until }: ReadOptions) {
  const summaries: PredictionSummary[] = []
  const versions = new Map<string, { count: number; from: string; to: string }>()
  for (let before: number | undefined; ; ) {
    const some = await journal.predictions({ limit: page, before, from, until })
    for (const one of some) {
      const span = versions.get(one.version) ?? { count: 0, from: one.at, to: one.at }
      span.count += 1
      span.from = one.at
      versions.set(one.version, span)
      if (one.version === version) summaries.push(one)
    }
    if (some.length < page) break
    before = some.at(-1)?.position
    await turn()
  }
  summaries.reverse()
  return { summaries, versions: [...versions].map(([name, span]): VersionSpan => ({ version: name, ...span })) }
}

async function findDetails(
  journal: Journal,
  engine: MonitorEngine,
  known: KnownDetails,
  summaries: readonly PredictionSummary[],
): Promise<void> {
  const wanted = new Set(summaries.slice(-mostDetails).map(({ position }) => position))
  for (const position of known.keys()) if (!wanted.has(position)) known.delete(position)
  const missing = [...wanted].filter((position) => !known.has(position)).toSorted((a, b) => a - b)
  for (let at = 0; at < missing.length; ) {
    const rows = await journal.rows('predictions', missing[at]! - 1, rowsATurn)
    const fresh = rows.filter(({ position }) => wanted.has(Number(position)) && !known.has(Number(position)))
    for (const detail of await engine.details(fresh)) known.set(detail.position, detail)
    const last = Number(rows.at(-1)?.position ?? Number.POSITIVE_INFINITY)
    while (at < missing.length && missing[at]! <= last) at++
    await turn()
  }
}

function applicationOf(
  { at, requestId, probability, decision, latencyMs }: PredictionSummary,
  reviews: ReadonlyMap<string, Review>,
  outcomes: ReadonlyMap<string, LoanOutcome>,
  detail: Detail | undefined,
): Application {
  const [review, outcome] = [reviews.get(requestId), outcomes.get(requestId)]
  return {
    at,
    probability,
    approved: decision === 'approved',
    latencyMs,
    review: review ? { at: review.at, decision: review.decision, code: review.overrideReason?.code ?? null } : null,
    outcome: outcome ? { at: outcome.at, date: outcome.date, defaulted: outcome.status === 'defaulted' } : null,
    values: detail?.values ?? null,
    notes: detail?.notes ?? [],
    imputed: detail?.imputed ?? 0,
  }
}

/** The latest of each request. */
async function latest<T extends { readonly requestId: string }>(
  journal: Journal,
  table: 'outcomes' | 'reviews',
  read: (row: JournalRow) => T,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>()
  for await (const row of allRows(journal, table)) {
    const one = read(row)
    found.set(one.requestId, one)
  }
  return found
}

async function* allRows(journal: Journal, table: 'outcomes' | 'reviews'): AsyncGenerator<JournalRow> {
  for (let after = 0; ; ) {
    const rows = await journal.rows(table, after, page)
    yield* rows
    if (rows.length < page) return
    after = Number(rows.at(-1)?.position)
    await turn()
  }
}
