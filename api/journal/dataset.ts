/** What was scored, as a folder laid out like data/: tables that every command takes, and beside them what the journal alone knows. */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import { historyTables, type TableName, tables } from '../../pipeline/data/schema/tables.ts'
import { suppliedFile, suppliedHeader } from '../../pipeline/data/supplied-file.ts'
import { abandon, begin, putInPlace } from '../../pipeline/data/write-whole.ts'
import { applicantRows, firstLoans, firstSurrogate, type Sent } from './dataset-rows.ts'
import type { Journal, JournalRow, LoanOutcome, Prediction, Review } from './journal.ts'
import { isMature } from './outcomes.ts'
import { outcomeOf, predictionOf, reviewOf } from './rows.ts'

const page = 500

/** Beside the tables: who is who, and what became of the application. */
export const decisionsFile = 'decisions.csv'
const decisionColumns = [
  'SK_ID_CURR',
  'requestId',
  'date',
  'version',
  'probability',
  'threshold',
  'decision',
  'referred',
  'review',
  'outcome',
  'outcomeDate',
  'matured',
] as const

export interface DatasetOptions {
  /** ISO 8601, UTC: applications scored from the one on, and before the other. */
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** Days after which a loan's outcome counts: before, defaults are known and repayments are not. */
  readonly matured: number
  /** Milliseconds since 1970. */
  readonly now: number
  /** The applicant that a recorded input was about; null when its client is not in the bundle at hand. */
  readonly applicantOf: (input: unknown) => Applicant | null
}

/** What was written, and what was not and why. */
export interface DatasetCounts {
  readonly applications: number
  /** With TARGET: application_train.csv. */
  readonly labelled: number
  readonly defaults: number
  readonly declined: number
  /** Approved, old enough, and nobody said how it ended. */
  readonly withoutOutcome: number
  /** Approved and too young for an outcome to count. */
  readonly young: number
  /** Whose client is not in the bundle at hand, or whose rows the schema no longer accepts. */
  readonly unreadable: number
  readonly rows: Readonly<Partial<Record<TableName, number>>>
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** A cell of RFC 4180. */
const quoted = (cell: string): string => (/[",\r\n]|^\s|\s$/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)

/** Lines of one file, written some at a time; the file is there once something was written, or `always`. */
function lines(path: string, header: readonly string[]) {
  let [file, count, waiting] = [-1, 0, '']
  const flush = () => {
    if (file < 0) file = openSync(path, 'w', 0o600)
    writeSync(file, waiting)
    waiting = ''
  }
  return {
    write(cells: readonly string[]) {
      if (count++ === 0) waiting = `${header.join(',')}\n`
      waiting += `${cells.map(quoted).join(',')}\n`
      if (waiting.length > 1 << 20) flush()
    },
    close({ always = false } = {}): number {
      if (always && count === 0) waiting = `${header.join(',')}\n`
      if (waiting !== '') flush()
      if (file >= 0) closeSync(file)
      return count
    },
  }
}

/**
 * Writes the folder whole or not at all, its files readable by their owner only. A history table without rows is its header alone.
 * @throws JournalError when the journal cannot be read
 */
export async function writeDataset(journal: Journal, folder: string, o: DatasetOptions): Promise<DatasetCounts> {
  const [outcomes, reviews] = [await latest(journal, 'outcomes', outcomeOf), await latest(journal, 'reviews', reviewOf)]
  const unfinished = begin(folder)
  mkdirSync(unfinished, { mode: 0o700 })
  const header = (table: TableName) => tables[table].columns.map(({ name }) => name)
  const open = (table: TableName) => lines(join(unfinished, tables[table].file), header(table))
  const files = Object.fromEntries(
    (['application_train', 'application_test', ...historyTables] as const).map((table) => [table, open(table)]),
  ) as Record<TableName, ReturnType<typeof lines>>
  const decisions = lines(join(unfinished, decisionsFile), decisionColumns)
  const supplied = lines(join(unfinished, suppliedFile), suppliedHeader)
  const counts: Mutable<Omit<DatasetCounts, 'rows'>> = {
    applications: 0,
    labelled: 0,
    defaults: 0,
    declined: 0,
    withoutOutcome: 0,
    young: 0,
    unreadable: 0,
  }
  const loans = firstLoans()
  const targetAt = header('application_train').indexOf('TARGET')

  function one(row: JournalRow): void {
    const prediction = predictionOf(row)
    const applicant = o.applicantOf(prediction.input)
    if (!applicant) {
      counts.unreadable++
      return
    }
    const client = firstSurrogate + Number(row.position)
    const { imputed, requestId } = prediction
    const written = applicantRows(applicant, { client, imputed, loans, sent: sentOf(prediction.input) })
    const review = reviews.get(requestId)
    const outcome = outcomes.get(requestId)
    const matured = isMature(prediction.at, o.matured, o.now)
    const target = matured && outcome ? (outcome.status === 'defaulted' ? '1' : '0') : null
    count(prediction, review, { matured, target })
    if (target === null) files.application_test.write(written.application)
    else files.application_train.write(written.application.toSpliced(targetAt, 0, target))
    for (const table of historyTables) for (const cells of written.history[table]) files[table].write(cells)
    decisions.write(decisionCells(client, prediction, review, outcome, matured))
    if (written.notSupplied.length > 0 || imputed.length > 0)
      supplied.write([
        String(client),
        written.notSupplied.join(';'),
        imputed.length > 0 ? JSON.stringify(written.assumed) : '',
      ])
  }

  function count(
    prediction: Prediction,
    review: Review | undefined,
    known: { matured: boolean; target: string | null },
  ) {
    counts.applications++
    if (known.target !== null) {
      counts.labelled++
      if (known.target === '1') counts.defaults++
    } else if (decisionOf(prediction, review) === 'declined') counts.declined++
    else if (known.matured) counts.withoutOutcome++
    else counts.young++
  }

  try {
    for (let after = 0; ; ) {
      const rows = await journal.rows('predictions', after, page)
      for (const row of rows) if (isWithin(String(row.at), o)) one(row)
      if (rows.length < page) break
      after = Number(rows.at(-1)?.position)
    }
    const isHistory = (table: string) => historyTables.some((name) => name === table)
    const rows = Object.fromEntries(
      Object.entries(files).map(([table, file]) => [table, file.close({ always: isHistory(table) })]),
    )
    decisions.close({ always: true })
    supplied.close({ always: true })
    putInPlace(folder, unfinished)
    return { ...counts, rows }
  } catch (error) {
    abandon(unfinished)
    throw error
  }
}

const isWithin = (at: string, { from, until }: DatasetOptions): boolean =>
  (from === undefined || at >= from) && (until === undefined || at < until)

/** What was decided in the end: by a person, unless he only passed it on. */
const decisionOf = (prediction: Prediction, review: Review | undefined): Prediction['decision'] =>
  review && review.decision !== 'referred' ? review.decision : prediction.decision

const decisionCells = (
  client: number,
  p: Prediction,
  review: Review | undefined,
  outcome: LoanOutcome | undefined,
  matured: boolean,
): string[] => {
  const cells: Record<(typeof decisionColumns)[number], string> = {
    SK_ID_CURR: String(client),
    requestId: p.requestId,
    date: p.at,
    version: p.version,
    probability: String(p.probability),
    threshold: String(p.threshold),
    decision: p.decision,
    referred: String(p.referred),
    review: review?.decision ?? '',
    outcome: outcome?.status ?? '',
    outcomeDate: outcome?.date ?? '',
    matured: String(matured),
  }
  return decisionColumns.map((name) => cells[name])
}

/** The rows that a recorded request held; none where it named a known client. */
const sentOf = (input: unknown): Sent => (typeof input === 'object' && input !== null ? (input as Sent) : {})

/** The latest of each request: all are kept, the latest counts. */
async function latest<T extends { readonly requestId: string }>(
  journal: Journal,
  table: 'outcomes' | 'reviews',
  read: (row: JournalRow) => T,
): Promise<ReadonlyMap<string, T>> {
  const found = new Map<string, T>()
  for (let after = 0; ; ) {
    const rows = await journal.rows(table, after, page)
    for (const row of rows) {
      const one = read(row)
      found.set(one.requestId, one)
    }
    if (rows.length < page) return found
    after = Number(rows.at(-1)?.position)
  }
}
