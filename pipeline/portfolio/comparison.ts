/** The tables as ingested against the published statistics of the real data, figure by figure, worst first. */
import pl from 'nodejs-polars'
import { formFigures, historyRates, modeRates } from './default-rates.ts'
import { type Figure, shareTolerance, strangeness } from './figure.ts'
import { type HistoryTable, historyTables, type TableName, tables } from './schema/tables.ts'
import describe from './synthetic/statistics/describe.json' with { type: 'json' }
import history from './synthetic/statistics/history.json' with { type: 'json' }
import { readParquetTable } from './tables.ts'

type Described = Readonly<Record<string, { readonly columns: Readonly<Record<string, readonly number[]>> }>>
type Counted = Readonly<Record<string, Readonly<Record<string, number>>>>

const described: Described = describe.tables
const countedHistory: Readonly<Record<string, Counted>> = history.levels
const infinite: Readonly<Record<string, number>> = history['infinite days']

/** Columns of means that a few very large values decide: compared by their median. */
const heavy = new Set(['AMT_INCOME_TOTAL', 'AMT_REQ_CREDIT_BUREAU_QRT'])

function numbers(
  table: TableName,
  frame: pl.DataFrame,
  bars: { missing: number; mean: number | null; median: number },
): Figure[] {
  const known = described[table]!.columns
  const columns = tables[table].columns.filter(
    ({ name, type }) => name in known && type !== 'text' && name !== 'TARGET',
  )
  const values = pl.cols(columns.map(({ name }) => name)).cast(pl.Float64)
  const of = (statistic: pl.Expr) => frame.select(statistic).row(0).map(Number)
  const [nulls, means, medians, deviations] = [
    of(values.isNull().cast(pl.Float64).mean()),
    of(values.mean()),
    of(values.median()),
    of(values.std()),
  ]
  return columns.flatMap((column, i): Figure[] => {
    const { name } = column
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
        found: nulls[i]!,
        tolerance: shareTolerance(share, frame.height, bars.missing),
      },
    ]
    // with 365243 among the published values, mean and median say nothing of the days
    if (sentinel > 0) return found
    const error = (3 * Math.max(deviations[i]!, sd!)) / Math.sqrt(Math.max(1, frame.height * (1 - nulls[i]!)))
    if (bars.mean !== null && !heavy.has(name))
      found.push({
        table,
        column: name,
        measure: 'mean',
        published: mean!,
        found: means[i]!,
        tolerance: Math.max(bars.mean * Math.abs(mean!), error),
      })
    else {
      const grain = q25 === q75 ? 0.5 : (1.6 * (q75! - q25!)) / Math.sqrt(Math.max(1, frame.height))
      found.push({
        table,
        column: name,
        measure: 'median',
        published: median!,
        found: medians[i]!,
        tolerance: Math.max(bars.median * Math.abs(median!), grain, 1e-9),
      })
    }
    return found
  })
}

/** Shares of the levels of one column, 'missing' for null. */
function sharesOf(frame: pl.DataFrame, column: string): Map<string, number> {
  const counts = frame
    .select(pl.col(column).cast(pl.Utf8).fillNull(pl.lit('missing')).alias('level'))
    .groupBy('level')
    .agg(pl.col('level').count().alias('n'))
  return new Map(
    counts.rows().map(([level, rows]: unknown[]) => [String(level).replace(/\.0$/, ''), Number(rows) / frame.height]),
  )
}

function historyLevels(table: HistoryTable, frame: pl.DataFrame): Figure[] {
  return Object.entries(countedHistory[table] ?? {}).flatMap(([column, { of, ...published }]) => {
    const found = sharesOf(frame, column)
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

/** Compares the Parquet tables of `folder` with the published statistics; one table in memory at a time, worst figure first. */
export function compareWithPublished(folder: string): Figure[] {
  const figures: Figure[] = []
  const counts = new Map<HistoryTable, { rows: number; owners: number }>()
  let clients = 0
  let target = pl.DataFrame()
  for (const table of ['application_train', 'application_test'] as const) {
    const frame = readParquetTable(folder, table)
    clients += frame.height
    figures.push(...numbers(table, frame, { missing: 0.015, mean: 0.05, median: 0.05 }))
    if (table === 'application_train') {
      figures.push(...formFigures(frame))
      target = frame.select('SK_ID_CURR', 'TARGET')
    }
  }
  for (const table of historyTables) {
    const frame = readParquetTable(folder, table)
    const owner = table === 'bureau_balance' ? 'SK_ID_BUREAU' : 'SK_ID_CURR'
    counts.set(table, { rows: frame.height, owners: frame.getColumn(owner).nUnique() })
    figures.push(
      ...numbers(table, frame, { missing: 0.03, mean: null, median: 0.15 }),
      ...historyLevels(table, frame),
      ...modeRates(table, frame, target),
      ...historyRates(table, frame, target),
    )
  }
  figures.push(...sizes(clients, counts))
  return figures.sort((a, b) => strangeness(b) - strangeness(a))
}
