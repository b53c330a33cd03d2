/** What an erasure removes, as statements for either database: records with all that hangs on them, and one record that says so without saying what they held. */
import { rangesOf } from './chain.ts'
import { type ErasableTable, type Erased, type Erasure, erasableTables, type JournalRow } from './journal.ts'
import { erasureEntry, isChained, type JournalEntry, type SqlValue } from './rows.ts'

/** One statement; what it answers goes back into the generator. */
export interface Statement {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

type Step<T> = Generator<Statement, T, readonly JournalRow[]>

/** What an erasure removes, step by step; at its end what is to be recorded of it. */
export type Erasing = Step<{ readonly erased: Erased; readonly entries: readonly JournalEntry[] }>

const together = 200 // requests, or rows, of one transaction

export const noneErased = Object.fromEntries(erasableTables.map((table) => [table, 0])) as Record<ErasableTable, number>

export const summed = (a: Erased, b: Erased): Erased =>
  Object.fromEntries(erasableTables.map((table) => [table, a[table] + b[table]])) as Erased

const placesOf = (values: readonly unknown[]): string => values.map((_, i) => `$${i + 1}`).join(', ')

/** The rows of one table, whose `column` holds one of the values: removed, and told by their positions where they have any. */
function* removed(table: ErasableTable, column: string, values: readonly SqlValue[]): Step<Removed> {
  if (values.length === 0) return { table, count: 0, positions: [] }
  const where = `FROM ${table} WHERE ${column} IN (${placesOf(values)})`
  const key = isChained(table) ? 'position' : 'key'
  const rows = yield { sql: `SELECT ${key} AS name ${where}`, values }
  if (rows.length > 0) yield { sql: `DELETE ${where}`, values }
  return { table, count: rows.length, positions: isChained(table) ? rows.map(({ name }) => Number(name)) : [] }
}

interface Removed {
  readonly table: ErasableTable
  readonly count: number
  readonly positions: readonly number[]
}

/** Of answers nothing is recorded: they repeat what stands in predictions, and are no links of the chain. */
function ended(removals: readonly Removed[], erasure: Erasure) {
  const places = Map.groupBy(removals, ({ table }) => table)
  const records = Object.fromEntries(
    [...places].flatMap(([table, same]): [string, string][] => {
      const positions = same.flatMap((one) => one.positions)
      return positions.length > 0 ? [[table, rangesOf(positions)]] : []
    }),
  )
  const erased = { ...noneErased }
  for (const { table, count } of removals) erased[table] += count
  return { erased, entries: Object.keys(records).length > 0 ? [erasureEntry(erasure, records)] : [] }
}

function* withAllThatHangsOn(requestIds: readonly string[]): Step<Removed[]> {
  const removals: Removed[] = []
  for (const table of erasableTables) removals.push(yield* removed(table, 'request_id', requestIds))
  return removals
}

export function* ofRequests(requestIds: readonly string[], erasure: Erasure): Erasing {
  const there: string[] = []
  for (let at = 0; at < requestIds.length && there.length < together; at += together) {
    const some = requestIds.slice(at, at + together)
    const rows = yield {
      sql: `SELECT request_id FROM predictions WHERE request_id IN (${placesOf(some)})`,
      values: some,
    }
    for (const { request_id } of rows) there.push(String(request_id))
  }
  return ended(yield* withAllThatHangsOn(there), erasure)
}

export function* ofClient(client: number, erasure: Erasure): Erasing {
  const rows = yield { sql: `SELECT request_id FROM predictions WHERE client = $1 LIMIT ${together}`, values: [client] }
  const own = yield* removed('accesses', 'client', [client])
  const removals = yield* withAllThatHangsOn(rows.map(({ request_id }) => String(request_id)))
  return ended([own, ...removals], erasure)
}

export function* fromBefore(table: ErasableTable, before: string, erasure: Erasure): Erasing {
  if (table === 'predictions') {
    const sql = `SELECT request_id FROM predictions WHERE at < $1 ORDER BY position LIMIT ${together}`
    const rows = yield { sql, values: [before] }
    return ended(yield* withAllThatHangsOn(rows.map(({ request_id }) => String(request_id))), erasure)
  }
  const [key, of] =
    table === 'answers'
      ? ['key', 'answers JOIN predictions ON predictions.request_id = answers.request_id']
      : ['position', table]
  const at = table === 'answers' ? 'predictions.at' : 'at'
  const rows = yield { sql: `SELECT ${key} AS name FROM ${of} WHERE ${at} < $1 LIMIT ${together}`, values: [before] }
  const names = rows.map(({ name }) => (table === 'answers' ? String(name) : Number(name)))
  return ended([yield* removed(table, key!, names)], erasure)
}
