/** Clients as they would be known without their histories: features masked as those of tables that nobody supplied, for learning and for judging. */
import { type HistoryTable, historyTables } from '../data/schema/tables.ts'
import { placesReading, type TablesRead } from '../features/rules/javascript/not-supplied.ts'
import { evenlySpread } from './applicants.ts'
import type { Repeats } from './candidates/sample.ts'
import type { Matrix } from './matrix.ts'
import { random } from './random.ts'

export interface Masking {
  /** Of the clients repeated with tables masked, all together, when those with histories weigh 1; 0: none is repeated. */
  readonly weight: number
  /** Clients repeated at most; they then weigh more each. */
  readonly clients: number
  /** Of the repeated clients, those who lack some tables instead of all. */
  readonly partly: number
}

/** These clients with every feature missing that reads one of the tables. */
export function withoutTables(matrix: Matrix, tables: TablesRead, missing: readonly HistoryTable[]): Matrix {
  const places = new Set(placesReading(ordered(tables, matrix), missing))
  const nothing = new Float32Array(matrix.ids.length).fill(Number.NaN)
  return {
    ...matrix,
    columns: matrix.columns.map((column, j) => (places.has(j) ? nothing : column)),
  }
}

/** Whether masking changes anything: some feature reads a history. */
export const hasHistories = (tables: TablesRead): boolean =>
  [...tables.values()].some((of) => historyTables.some((table) => of.has(table)))

/**
 * Clients of the matrix once more, their outcomes the same: most without any history table, the others without a random choice of them (and without
 * bureau_balance where bureau is missing). The same seed gives the same rows.
 */
export function maskedRepeats(
  matrix: Matrix,
  target: Int8Array,
  tables: TablesRead,
  { weight, clients, partly }: Masking,
  seed: number,
): Repeats {
  const n = target.length
  const rows = evenlySpread([...target.keys()], Math.min(n, clients))
  const of = ordered(tables, matrix)
  const next = random(seed)
  const missing = rows.map(() => (next() < partly ? someTables(next) : historyTables))
  const places = new Map<string, ReadonlySet<number>>()
  const masked = missing.map((some) => {
    const key = some.join()
    const known = places.get(key) ?? new Set(placesReading(of, some))
    places.set(key, known)
    return known
  })
  return {
    matrix: {
      ...matrix,
      ids: Int32Array.from(rows, (row) => matrix.ids[row] as number),
      columns: matrix.columns.map((column, j) =>
        Float32Array.from(rows, (row, k) => (masked[k]!.has(j) ? Number.NaN : (column[row] as number))),
      ),
    },
    target: Int8Array.from(rows, (row) => target[row] as number),
    weight: new Float32Array(rows.length).fill((weight * n) / rows.length),
    origin: Int32Array.from(rows),
  }
}

/** The tables of each feature of the matrix, in its order: it may hold some of the features only. */
const ordered = (tables: TablesRead, { names }: Matrix): TablesRead =>
  new Map(names.map((name) => [name, tables.get(name) ?? unknownFeature(name)]))

function unknownFeature(name: string): never {
  throw new Error(`masking: expected the tables that each feature reads, found none of ${name}`)
}

/** Each table by the toss of a coin, at least one of them. */
function someTables(next: () => number): readonly HistoryTable[] {
  const drawn = historyTables.filter(() => next() < 0.5)
  const some = drawn.length > 0 ? drawn : [historyTables[Math.floor(next() * historyTables.length)]!]
  return some.includes('bureau')
    ? historyTables.filter((name) => name === 'bureau_balance' || some.includes(name))
    : some
}
