/** The share of clients with rows in each history table, by the features that count them: what is scored, against what the model learnt from. */
import pl from 'nodejs-polars'
import { type HistoryTable, historyTables } from '../data/schema/tables.ts'
import type { Definitions } from './rules/check/definitions.ts'

type Counting = Pick<Definitions, 'features' | 'sets'>

/** Of each table the feature that counts a client's rows in it; a table whose rows no feature counts is left out. */
function counters({ features, sets }: Counting): (readonly [HistoryTable, string])[] {
  // a set that groups another's rows, as instalments do payments, has rows where that one has
  const tableOf = (name: string): string => {
    const set = sets[name]
    return set && set.from !== name ? tableOf(set.from) : name // a set may have the name of its table
  }
  return historyTables.flatMap((table) => {
    const counting = features.find(({ rule }) => tableOf(rule.match(/^count\((\w+)\)( > 0)?$/)?.[1] ?? '') === table)
    return counting ? [[table, counting.name] as const] : []
  })
}

/** The columns of a frame of features that `coverage` reads. */
export const counted = (frame: pl.DataFrame, definitions: Counting): pl.DataFrame =>
  frame.select(...new Set(counters(definitions).map(([, name]) => name)))

/** Share of the frame's clients with rows in each table, 0 to 1; a table whose rows no feature counts is left out. */
export function coverage(frame: pl.DataFrame, definitions: Counting): ReadonlyMap<HistoryTable, number> {
  const counts = counters(definitions)
  if (counts.length === 0 || frame.height === 0) return new Map()
  const row = frame
    .select(...counts.map(([table, name]) => pl.col(name).gt(0).cast(pl.UInt32).sum().alias(table)))
    .row(0)
  return new Map(counts.map(([table], i) => [table, Number(row[i] ?? 0) / frame.height]))
}

/** Tables whose share among `clients` lies 10 points or more from that in training, and 3 standard errors; and those without any row that most had. */
export const movedCoverage = (
  own: ReadonlyMap<HistoryTable, number>,
  training: ReadonlyMap<HistoryTable, number>,
  clients: number,
): { readonly table: HistoryTable; readonly share: number; readonly trained: number }[] =>
  [...own].flatMap(([table, share]) => {
    const trained = training.get(table)
    if (trained === undefined) return []
    const least = Math.max(0.1, 3 * Math.sqrt((trained * (1 - trained)) / clients))
    return Math.abs(share - trained) >= least || (share === 0 && trained >= 0.5) ? [{ table, share, trained }] : []
  })
