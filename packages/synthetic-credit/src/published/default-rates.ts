/** Default rates, correlations and level shares of the form, and default rates by history, against the published ones. */
import pl from 'nodejs-polars'
import { type Figure, shareTolerance } from './figure.ts'
import history from './statistics/history.json' with { type: 'json' }
import levels from './statistics/levels.json' with { type: 'json' }
import relations from './statistics/relations.json' with { type: 'json' }
import { columnsWithLevels, levelsOf, trainClients, trainDefaults } from './statistics.ts'
import type { HistoryTable } from './tables.ts'

type Counted = Readonly<Record<string, Readonly<Record<string, number>>>>

const modes: Counted = (({ source, ...columns }) => columns)(levels.modes)
const correlations: Readonly<Record<string, number>> = relations.correlation

/** Default rates of levels, shares of levels, correlations with TARGET, bands. */
export function formFigures(frame: pl.DataFrame): Figure[] {
  const table = 'application_train'
  const figures: Figure[] = []
  const rate = Number(frame.getColumn('TARGET').mean())
  figures.push({
    table,
    column: 'TARGET',
    measure: 'default rate',
    published: trainDefaults / trainClients,
    found: rate,
    tolerance: shareTolerance(0.0807, frame.height, 0.004),
  })
  for (const column of columnsWithLevels) {
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
    for (const { level, clients, rate: percent } of levelsOf(column)) {
      const { rows, rate: mean } = found.get(level) ?? { rows: 0, rate: 0 }
      if (clients)
        figures.push({
          table,
          column,
          measure: `share of ${level}`,
          published: clients / trainClients,
          found: rows / frame.height,
          tolerance: shareTolerance(clients / trainClients, frame.height, 0.015),
        })
      if (percent !== null && rows > 0)
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
  for (const [column, published] of Object.entries(modes)) {
    const values = frame
      .select(pl.col(column).cast(pl.Float64))
      .filter(pl.col(column).isIn(Object.keys(published).map(Number)))
    const counts = new Map<number, number>()
    for (const value of values.getColumn(column).toArray() as number[]) counts.set(value, (counts.get(value) ?? 0) + 1)
    for (const [value, clients] of Object.entries(published)) {
      const found = (counts.get(Number(value)) ?? 0) / frame.height
      figures.push({
        table,
        column,
        measure: `share of ${value}`,
        published: clients / trainClients,
        found,
        tolerance: shareTolerance(clients / trainClients, frame.height, 0.015),
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

const byMode: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>> = (({
  source,
  ...byTable
}) => byTable)(history["default rate by the client's most frequent level"])

/** Default rate by the level that a client has most often in a history column. */
export function modeRates(
  table: HistoryTable,
  read: (...columns: string[]) => pl.DataFrame,
  target: pl.DataFrame,
): Figure[] {
  const columns = Object.keys(byMode[table] ?? {})
  if (columns.length === 0) return []
  const rows = read('SK_ID_CURR', ...columns).withColumns(pl.cols(columns).fillNull(pl.lit('missing')))
  // of levels that are equally frequent the first in the alphabet counts: it has the largest code
  const levels = columns.map((column) => (rows.getColumn(column).unique().toArray() as string[]).sort().reverse())
  const name = (column: string, code: number) => `${column} ${code}`
  const counts = columns.flatMap((column, c) =>
    levels[c]!.map((level, code) => pl.col(column).eq(pl.lit(level)).cast(pl.Int32).sum().alias(name(column, code))),
  )
  const clients = rows
    .groupBy('SK_ID_CURR')
    .agg(...counts)
    .join(target, { on: 'SK_ID_CURR' })
  return columns.flatMap((column, c) => {
    const size = levels[c]!.length
    const most = pl.maxHorizontal(
      levels[c]!.map((_, code) => pl.col(name(column, code)).mul(pl.lit(size)).plus(pl.lit(code))),
    )
    const rates = clients
      .select(most.modulo(size).alias('code'), pl.col('TARGET'))
      .groupBy('code')
      .agg(pl.col('TARGET').count().alias('n'), pl.col('TARGET').mean().alias('rate'))
    const found = new Map(
      rates
        .rows()
        .map(([code, n, rate]: unknown[]) => [levels[c]![Number(code)], { n: Number(n), rate: Number(rate) }]),
    )
    return Object.entries(byMode[table]![column]!).flatMap(([level, percent]) => {
      const { n, rate } = found.get(level) ?? { n: 0, rate: 0 }
      if (n === 0) return []
      return {
        table,
        column,
        measure: `default rate where mostly ${level}`,
        published: percent / 100,
        found: rate,
        tolerance: shareTolerance(percent / 100, n, 0.015),
      }
    })
  })
}

/** Default rate by refusals and card use, and how many of either outcome were ever late. */
export function historyRates(
  table: HistoryTable,
  read: (...columns: string[]) => pl.DataFrame,
  target: pl.DataFrame,
): Figure[] {
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
  const by = (value: pl.Expr, ...columns: string[]) =>
    read('SK_ID_CURR', ...columns)
      .groupBy('SK_ID_CURR')
      .agg(value.alias('value'))
      .join(target, { on: 'SK_ID_CURR' })
  if (table === 'previous_application') {
    const column = 'NAME_CONTRACT_STATUS'
    const refusals = by(pl.col(column).eq(pl.lit('Refused')).cast(pl.Int32).sum(), column)
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
      column,
      'AMT_CREDIT_LIMIT_ACTUAL',
    )
    return [
      rate(column, 'card use below 30%', use.filter(pl.col('value').lt(0.3))),
      rate(column, 'card use above 70%', use.filter(pl.col('value').gt(0.7))),
    ]
  }
  if (table !== 'POS_CASH_balance') return []
  const late = by(pl.col('SK_DPD').max().gt(0).cast(pl.Float64), 'SK_DPD')
  return [
    rate('SK_DPD', 'any POS delay, defaulted', late.filter(pl.col('TARGET').eq(1)), 'value'),
    rate('SK_DPD', 'any POS delay, repaid', late.filter(pl.col('TARGET').eq(0)), 'value'),
  ]
}
