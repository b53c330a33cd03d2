/** Tables against the published statistics of the real data, figure by figure, worst first. */

import pl from 'nodejs-polars'
import { formFigures, historyRates, modeRates } from './default-rates.ts'
import { type Figure, shareTolerance, strangeness } from './figure.ts'
import history from './statistics/history.json' with { type: 'json' }
import { describedColumns } from './statistics.ts'
import { type HistoryTable, historyTables, publishedColumns, type TableName } from './tables.ts'

type Counted = Readonly<Record<string, Readonly<Record<string, number>>>>

const countedHistory: Readonly<Record<string, Counted>> = history.levels
const infinite: Readonly<Record<string, number>> = history['infinite days']

/** Columns of means that a few very large values decide: compared by their median. */
const heavy = new Set(['AMT_INCOME_TOTAL', 'AMT_REQ_CREDIT_BUREAU_QRT'])

/** `read` answers a frame of one column: large tables are gone through column by column. */
function numbers(
  table: TableName,
  read: (column: string) => pl.DataFrame,
  bars: { missing: number; mean: number | null; median: number },
): Figure[] {
  const known = describedColumns(table)
  const columns = publishedColumns[table].filter((name) => name in known && name !== 'TARGET')
  return columns.flatMap((name): Figure[] => {
    const frame = read(name).select(name).rechunk() // the median of pieces is slow
    const { height } = frame
    const nulls = frame.getColumn(name).nullCount() / height
    const [missing, mean, sd, , q25, median, q75] = known[name]!
    const sentinel =
      table === 'previous_application' && name in infinite
        ? infinite[name]! / infinite.of!
        : name === 'DAYS_EMPLOYED'
          ? 1 - known.FLAG_EMP_PHONE![1]!
          : 0
    const share = missing! + sentinel
    const found: Figure[] = [
      {
        table,
        column: name,
        measure: 'missing',
        published: share,
        found: nulls,
        tolerance: shareTolerance(share, height, bars.missing),
      },
    ]
    // with 365243 among the published values, mean and median say nothing of the days
    if (sentinel > 0) return found
    const of = (statistic: pl.Expr) => Number(frame.select(statistic).row(0)[0])
    if (bars.mean !== null && !heavy.has(name)) {
      const value = pl.col(name).cast(pl.Float64)
      const error = (3 * Math.max(of(value.std()), sd!)) / Math.sqrt(Math.max(1, height * (1 - nulls)))
      const tolerance = Math.max(bars.mean * Math.abs(mean!), error)
      found.push({ table, column: name, measure: 'mean', published: mean!, found: of(value.mean()), tolerance })
    } else {
      const grain = q25 === q75 ? 0.5 : (1.6 * (q75! - q25!)) / Math.sqrt(Math.max(1, height))
      const tolerance = Math.max(bars.median * Math.abs(median!), grain, 1e-9)
      found.push({
        table,
        column: name,
        measure: 'median',
        published: median!,
        found: of(pl.col(name).median()),
        tolerance,
      })
    }
    return found
  })
}

/** Shares of these levels in one column, 'missing' for null; of numbers, shares of these values. */
function sharesOf(frame: pl.DataFrame, column: string, wanted: readonly string[]): Map<string, number> {
  const shares = new Map([['missing', frame.getColumn(column).nullCount() / frame.height]])
  const values = wanted.filter((value) => value !== 'missing')
  if (values.length === 0) return shares
  const isText = !frame.getColumn(column).isNumeric()
  const counts = values.map((value) =>
    pl
      .col(column)
      .eq(pl.lit(isText ? value : Number(value)))
      .cast(pl.UInt32)
      .sum()
      .alias(value),
  )
  const row = frame.select(...counts).row(0)
  for (const [index, value] of values.entries()) shares.set(value, Number(row[index] ?? 0) / frame.height)
  return shares
}

function historyLevels(table: HistoryTable, read: (column: string) => pl.DataFrame): Figure[] {
  return Object.entries(countedHistory[table] ?? {}).flatMap(([column, { of, ...published }]) => {
    const frame = read(column)
    const found = sharesOf(frame, column, Object.keys(published))
    return Object.entries(published).map(([level, rows]) => ({
      table,
      column,
      measure: `share of ${level}`,
      published: rows / of!,
      found: found.get(level) ?? 0,
      tolerance: shareTolerance(rows / of!, frame.height, 0.03),
    }))
  })
}

/** Rows per client, and how many clients have rows at all. */
function sizes(clients: number, rowsAndOwners: ReadonlyMap<HistoryTable, { rows: number; owners: number }>): Figure[] {
  return historyTables.flatMap((table): Figure[] => {
    const { rows, owners } = rowsAndOwners.get(table)!
    const published: Readonly<Record<string, number>> = history.rows[table]
    const loans = rowsAndOwners.get('bureau')!.rows
    const among = table === 'bureau_balance' ? loans : clients
    return Object.entries(published).map(([measure, value]) => {
      const share = measure === 'clients' || measure === 'loans'
      const found = share ? owners / among : measure.startsWith('all') ? rows / clients : rows / owners
      return {
        table,
        column: 'rows',
        measure: share ? `${measure} with rows` : `rows ${measure}`,
        published: value,
        found,
        tolerance: share
          ? shareTolerance(value, among, 0.03)
          : Math.max(0.05 * value, (3.5 * value) / Math.sqrt(owners)),
      }
    })
  })
}

/**
 * Reads a table, rows in any order, of these columns alone where they are named. Cells are typed: numbers as numbers, texts as text, and null where
 * the file has nothing, XNA or XAP, or 365243 in a DAYS column.
 */
export type ReadTable = (table: TableName, columns?: readonly string[]) => pl.DataFrame

export interface CompareOptions {
  /** Is awaited after each history table, when its frames are no longer used. */
  readonly afterTable?: () => Promise<void>
}

/** Compares the eight tables with the published statistics, worst figure first. A history table is read a few columns at a time. */
export async function compareWithPublished(
  readTable: ReadTable,
  { afterTable }: CompareOptions = {},
): Promise<Figure[]> {
  const found: Figure[][] = []
  const counts = new Map<HistoryTable, { rows: number; owners: number }>()
  let clients = 0
  let target = pl.DataFrame()
  for (const table of ['application_train', 'application_test'] as const) {
    const frame = readTable(table)
    clients += frame.height
    found.push(numbers(table, () => frame, { missing: 0.015, mean: 0.05, median: 0.05 }))
    if (table === 'application_train') {
      found.push(formFigures(frame))
      target = frame.select('SK_ID_CURR', 'TARGET')
    }
  }
  for (const table of historyTables) {
    const read = (...columns: string[]) => readTable(table, columns)
    const owner = table === 'bureau_balance' ? 'SK_ID_BUREAU' : 'SK_ID_CURR'
    const owners = read(owner)
    counts.set(table, { rows: owners.height, owners: owners.getColumn(owner).nUnique() })
    found.push(
      numbers(table, read, { missing: 0.03, mean: null, median: 0.15 }),
      historyLevels(table, read),
      modeRates(table, read, target),
      historyRates(table, read, target),
    )
    await afterTable?.()
  }
  found.push(sizes(clients, counts))
  return found.flat().sort((a, b) => strangeness(b) - strangeness(a))
}
