/** The tables as ingested against the published statistics of the real data, figure by figure, worst first. */
import pl from 'nodejs-polars'
import { type HistoryTable, historyTables, type TableName, tables } from './schema/tables.ts'
import describe from './synthetic/statistics/describe.json' with { type: 'json' }
import history from './synthetic/statistics/history.json' with { type: 'json' }
import levels from './synthetic/statistics/levels.json' with { type: 'json' }
import relations from './synthetic/statistics/relations.json' with { type: 'json' }
import { readParquetTable } from './tables.ts'

export interface Figure {
  readonly table: TableName
  readonly column: string
  /** What is compared: 'missing', 'mean', 'median', 'share of X', 'default rate of X', 'correlation with TARGET', 'rows per client' … */
  readonly measure: string
  readonly published: number
  readonly found: number
  /** Largest tolerated distance: the larger of the bar and three standard errors. */
  readonly tolerance: number
}

export const isOutside = ({ published, found, tolerance }: Figure): boolean =>
  !(Math.abs(found - published) <= tolerance)

/** Distance in tolerances: above 1 is outside. */
export const strangeness = ({ published, found, tolerance }: Figure): number => Math.abs(found - published) / tolerance

type Described = Readonly<Record<string, { readonly columns: Readonly<Record<string, readonly number[]>> }>>
type Counted = Readonly<Record<string, Readonly<Record<string, number>>>>

const described: Described = describe.tables
const countedHistory: Readonly<Record<string, Counted>> = history.levels
const countedForm: Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>> = levels.columns
const infinite: Readonly<Record<string, number>> = history['infinite days']
const correlations: Readonly<Record<string, number>> = relations.correlation

const shareTolerance = (share: number, rows: number, bar: number) =>
  Math.max(bar, 3 * Math.sqrt((share * (1 - share)) / Math.max(rows, 1)))

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

/** Default rates of levels, shares of levels, correlations with TARGET, bands. */
function form(frame: pl.DataFrame): Figure[] {
  const table = 'application_train'
  const figures: Figure[] = []
  const rate = Number(frame.getColumn('TARGET').mean())
  figures.push({
    table,
    column: 'TARGET',
    measure: 'default rate',
    published: 24825 / 307511,
    found: rate,
    tolerance: shareTolerance(0.0807, frame.height, 0.004),
  })
  for (const [column, published] of Object.entries(countedForm)) {
    const counts = frame
      .select(
        pl
          .col(column)
          .cast(pl.Utf8)
          .fillNull(pl.lit(column === 'ORGANIZATION_TYPE' ? 'XNA' : 'missing'))
          .alias('level'),
        pl.col('TARGET'),
      )
      .groupBy('level')
      .agg(pl.col('TARGET').count().alias('n'), pl.col('TARGET').mean().alias('rate'))
    const found = new Map(
      counts
        .rows()
        .map(([level, rows, mean]: unknown[]) => [
          String(level).replace(/\.0$/, ''),
          { rows: Number(rows), rate: Number(mean) },
        ]),
    )
    for (const [level, [clients, percent]] of Object.entries(published)) {
      const { rows, rate: mean } = found.get(level) ?? { rows: 0, rate: 0 }
      if (clients)
        figures.push({
          table,
          column,
          measure: `share of ${level}`,
          published: clients / 307511,
          found: rows / frame.height,
          tolerance: shareTolerance(clients / 307511, frame.height, 0.015),
        })
      if (typeof percent === 'number' && rows > 0)
        figures.push({
          table,
          column,
          measure: `default rate of ${level}`,
          published: percent / 100,
          found: mean,
          tolerance: shareTolerance(Math.max(percent / 100, 0.01), rows, 0.015),
        })
    }
  }
  const names = Object.keys(correlations).filter((name) => name !== 'TARGET')
  for (const name of names) {
    const pair = frame.select(pl.col(name).cast(pl.Float64), pl.col('TARGET').cast(pl.Float64)).dropNulls()
    const found = correlationOf(pair.getColumn(name).toTypedArray(), pair.getColumn('TARGET').toTypedArray())
    figures.push({
      table,
      column: name,
      measure: 'correlation with TARGET',
      published: correlations[name]!,
      found,
      tolerance: Math.max(0.02, 3 / Math.sqrt(Math.max(1, pair.height))),
    })
  }
  return figures
}

function correlationOf(x: ArrayLike<number>, y: ArrayLike<number>): number {
  let [sx, sy, sxy, sxx, syy] = [0, 0, 0, 0, 0]
  const n = x.length
  for (let i = 0; i < n; i++) {
    sx += x[i]!
    sy += y[i]!
    sxy += x[i]! * y[i]!
    sxx += x[i]! * x[i]!
    syy += y[i]! * y[i]!
  }
  return (sxy / n - (sx / n) * (sy / n)) / Math.sqrt((sxx / n - (sx / n) ** 2) * (syy / n - (sy / n) ** 2))
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

const byMode: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>> = (({
  source,
  ...byTable
}) => byTable)(history["default rate by the client's most frequent level"])

/** Default rate by the level that a client has most often in a history column. */
function modeRates(table: HistoryTable, frame: pl.DataFrame, target: pl.DataFrame): Figure[] {
  return Object.entries(byMode[table] ?? {}).flatMap(([column, published]) => {
    const modes = frame
      .select(pl.col('SK_ID_CURR'), pl.col(column).fillNull(pl.lit('missing')).alias('level'))
      .groupBy('SK_ID_CURR', 'level')
      .agg(pl.col('level').count().alias('n'))
      .sort({ by: ['SK_ID_CURR', 'n', 'level'], descending: [false, true, false] })
      .unique({ subset: ['SK_ID_CURR'], keep: 'first', maintainOrder: true })
    const rates = modes
      .join(target, { on: 'SK_ID_CURR' })
      .groupBy('level')
      .agg(pl.col('TARGET').count().alias('n'), pl.col('TARGET').mean().alias('rate'))
    const found = new Map(
      rates.rows().map(([level, n, rate]: unknown[]) => [String(level), { n: Number(n), rate: Number(rate) }]),
    )
    return Object.entries(published).flatMap(([level, percent]) => {
      const { n, rate } = found.get(level) ?? { n: 0, rate: 0 }
      return n === 0
        ? []
        : [
            {
              table,
              column,
              measure: `default rate where mostly ${level}`,
              published: percent / 100,
              found: rate,
              tolerance: shareTolerance(percent / 100, n, 0.015),
            },
          ]
    })
  })
}

/** Default rate by refusals and card use, and how many of either outcome were ever late. */
function historyRates(table: HistoryTable, frame: pl.DataFrame, target: pl.DataFrame): Figure[] {
  const published = history['default rate by history']
  const rate = (column: string, measure: keyof typeof published, clients: pl.DataFrame, of = 'TARGET'): Figure => {
    const value = Number(published[measure]) / 100
    return {
      table,
      column,
      measure: `default rate, ${measure}`,
      published: value,
      found: Number(clients.getColumn(of).mean()),
      tolerance: shareTolerance(value, clients.height, 0.015),
    }
  }
  const by = (value: pl.Expr) =>
    frame.groupBy('SK_ID_CURR').agg(value.alias('value')).join(target, { on: 'SK_ID_CURR' })
  if (table === 'previous_application') {
    const column = 'NAME_CONTRACT_STATUS'
    const refusals = by(pl.col(column).eq(pl.lit('Refused')).cast(pl.Int32).sum())
    return [
      rate(column, 'no refusal', refusals.filter(pl.col('value').eq(0))),
      rate(column, '5 refusals or more', refusals.filter(pl.col('value').gtEq(5))),
    ]
  }
  if (table === 'credit_card_balance') {
    const column = 'AMT_BALANCE'
    const use = by(
      pl
        .when(pl.col('AMT_CREDIT_LIMIT_ACTUAL').gt(0))
        .then(pl.col(column).div(pl.col('AMT_CREDIT_LIMIT_ACTUAL')))
        .otherwise(pl.lit(null))
        .mean(),
    )
    return [
      rate(column, 'card use below 30%', use.filter(pl.col('value').lt(0.3))),
      rate(column, 'card use above 70%', use.filter(pl.col('value').gt(0.7))),
    ]
  }
  if (table !== 'POS_CASH_balance') return []
  const late = by(pl.col('SK_DPD').max().gt(0).cast(pl.Float64))
  return [
    rate('SK_DPD', 'any POS delay, defaulted', late.filter(pl.col('TARGET').eq(1)), 'value'),
    rate('SK_DPD', 'any POS delay, repaid', late.filter(pl.col('TARGET').eq(0)), 'value'),
  ]
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
      figures.push(...form(frame))
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
