/** What is missing, and why? Columns that are missing together, the reason that could explain them, and what it is worth. */

import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import { building } from '../data/schema/building.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Portfolio } from './portfolio.ts'
import { type Rate, rateOf } from './rate.ts'
import { ticks } from './rate-figure.ts'
import { apart, capital, count, list } from './words.ts'

export interface Gap {
  readonly name: string
  readonly columns: readonly string[]
  /** Of all known clients: the columns' mean, 0 to 1. */
  readonly missing: number
  readonly reason: string | null
  /** Missing among the clients for whom the reason holds, and among the others. */
  readonly when: number
  readonly otherwise: number
  readonly without: Rate
  readonly given: Rate
}

interface Suspect {
  readonly name: string
  readonly columns: readonly string[]
  readonly reason?: string
  readonly holds?: pl.Expr
}

const noEmployer = pl.col('NAME_INCOME_TYPE').isIn(['Pensioner', 'Unemployed'])
const enquiries = ['HOUR', 'DAY', 'WEEK', 'MON', 'QRT', 'YEAR'].map((span) => `AMT_REQ_CREDIT_BUREAU_${span}`)
const inBureau = 'in the bureau'

/** Columns that go missing together and what may stand behind it, to be tested on the data. */
const suspects: readonly Suspect[] = [
  {
    name: 'the age of the car',
    columns: ['OWN_CAR_AGE'],
    reason: 'no car',
    holds: pl.col('FLAG_OWN_CAR').eq(pl.lit('N')),
  },
  { name: 'data on the building', columns: building.map(({ name }) => name) },
  { name: 'external score 1', columns: ['EXT_SOURCE_1'] },
  { name: 'the occupation', columns: ['OCCUPATION_TYPE'], reason: 'no employer', holds: noEmployer },
  {
    name: 'external score 3',
    columns: ['EXT_SOURCE_3'],
    reason: 'unknown to the bureau',
    holds: pl.col(inBureau).not(),
  },
  { name: 'the time in the job', columns: ['DAYS_EMPLOYED'], reason: 'no employer', holds: noEmployer },
  { name: 'the kind of employer', columns: ['ORGANIZATION_TYPE'], reason: 'no employer', holds: noEmployer },
  {
    name: 'enquiries',
    columns: enquiries,
    reason: 'unknown to the bureau',
    holds: pl.col(inBureau).not(),
  },
]

const share = (value: pl.Expr) => value.cast(pl.Float64).mean()

/** A client lacks a group when the first of its columns is null: they go missing together, as `togetherness` tells. */
function gapOf({ name, columns, reason, holds }: Suspect, known: pl.DataFrame): Gap {
  const lacks = pl.col(columns[0] ?? '').isNull()
  const mean = known.select(...columns.map((column) => share(pl.col(column).isNull()).alias(column))).row(0)
  const rates = known
    .select(lacks.alias('lacks'), pl.col('TARGET').cast(pl.Float64))
    .groupBy('lacks')
    .agg(pl.len().alias('clients'), pl.col('TARGET').sum().alias('defaults'))
    .rows()
  const rate = (side: boolean) => {
    const found = rates.find(([key]) => key === side)
    return rateOf(side ? 'missing' : 'given', Number(found?.[1] ?? 0), Number(found?.[2] ?? 0))
  }
  const among = (condition: pl.Expr) => {
    const part = known.filter(condition)
    return part.height === 0 ? Number.NaN : Number(part.select(share(lacks).alias('share')).row(0)[0])
  }
  return {
    name,
    columns,
    missing: mean.reduce((sum: number, value: unknown) => sum + Number(value), 0) / columns.length,
    reason: reason ?? null,
    when: holds ? among(holds) : Number.NaN,
    otherwise: holds ? among(holds.not()) : Number.NaN,
    without: rate(true),
    given: rate(false),
  }
}

/** Every group of columns with gaps, the emptiest first. Needs the bureau's client numbers, to know who is unknown there. */
export function gaps({ known, table }: Pick<Portfolio, 'known' | 'table'>): Gap[] {
  const clients = table('bureau', ['SK_ID_CURR']).unique().withColumn(pl.lit(true).alias(inBureau))
  const joined = known
    .join(clients, { on: 'SK_ID_CURR', how: 'left' })
    .withColumn(pl.col(inBureau).isNotNull().alias(inBureau))
  return suspects
    .map((suspect) => gapOf(suspect, joined))
    .filter(({ missing }) => missing > 0)
    .sort((a, b) => b.missing - a.missing)
}

/** A reason explains a gap when it makes the column at least ten times as likely to be missing, or half of the clients more. */
export const explained = ({ when, otherwise }: Gap): boolean => when >= 10 * otherwise || when - otherwise > 0.5

export const gapsTable = (found: readonly Gap[]) =>
  found.map((gap) => ({
    '': gap.name,
    columns: gap.columns.length,
    missing: percent(gap.missing),
    reason: gap.reason ?? '–',
    'missing with it': percent(gap.when),
    'without it': percent(gap.otherwise),
    'default rate missing': percent(gap.without.rate),
    'default rate given': percent(gap.given.rate),
  }))

/** How many gaps have a reason, and whether a gap itself tells of risk. */
export function gapsSentence(found: readonly Gap[]): string {
  const [known, open] = [found.filter(explained), found.filter((gap) => !explained(gap))]
  const telling = found.filter(({ without, given }) => apart(without, given))
  const riskier = telling.filter(({ without, given }) => without.rate > given.rate)
  const safer = telling.filter((gap) => !riskier.includes(gap))
  const signs = [
    riskier.length > 0 ? `more risk without ${list(riskier.map(({ name }) => name))}` : '',
    safer.length > 0 ? `less without ${list(safer.map(({ name }) => name))}` : '',
  ].filter(Boolean)
  const why =
    `**${known.length}** of ${found.length} groups of gaps have a reason that other answers or the bureau show` +
    (open.length > 0 ? ` (not so ${list(open.map(({ name }) => name))})` : '')
  return `${why}. ${signs.length > 0 ? `A gap is information: ${signs.join(', ')}` : 'No gap tells of risk by more than chance explains'}. So gaps are kept as gaps: no mean is put in their place.`
}

export function gapsFigure(found: readonly Gap[]): Figure {
  const names = found.map(({ name, columns }) => (columns.length > 1 ? `${name} (${columns.length} columns)` : name))
  const longest = maximum([...found.map(({ missing }) => missing), 0.01])
  const trace: Trace = {
    type: 'bar',
    orientation: 'h',
    y: names,
    x: found.map(({ missing }) => missing),
    marker: { color: found.map((gap) => (explained(gap) ? palette.accent : palette.quiet)) },
    text: found.map((gap) => `${percent(gap.missing)}${explained(gap) ? `, ${gap.reason}` : ''}`),
    textposition: 'outside',
    textfont: { size: 12, color: palette.muted },
    cliponaxis: false,
    hovertemplate: '%{y}: %{x:.1%} missing<extra></extra>',
  }
  const known = found.filter(explained).length
  return [
    found[0]
      ? `${capital(found[0].name)} is missing most often (${percent(found[0].missing)}), and ${known > 0 ? `${known} of ${found.length} gaps have a reason` : 'no gap has a known reason'}`
      : 'Nothing is missing',
    [trace],
    {
      subtitle: 'Share of known clients without the value; dark bars: a reason is known',
      height: 150 + 30 * found.length,
      margin: { b: 24 },
      xaxis: { range: [0, longest * 1.55], visible: false, tickvals: ticks(longest) },
      yaxis: {
        type: 'category',
        categoryorder: 'array',
        categoryarray: [...names].reverse(),
        ticks: '',
        showline: false,
      },
    },
  ]
}

/** All or nothing: how many clients have none, some or all of the building's columns. */
export function buildingKnown(known: pl.DataFrame): { none: number; some: number; all: number } {
  const names = building.map(({ name }) => name)
  const filled = names.map((name) => pl.col(name).isNotNull().cast(pl.Int32)).reduce((sum, each) => sum.plus(each))
  const counts = known.select(filled.alias('filled')).getColumn('filled').toArray().map(Number)
  const part = (test: (n: number) => boolean) => counts.filter(test).length / counts.length
  return {
    none: part((n) => n === 0),
    some: part((n) => n > 0 && n < names.length),
    all: part((n) => n === names.length),
  }
}

export const buildingSentence = ({ none, some, all }: { none: number; some: number; all: number }): string =>
  `Of the building's ${count(building.length, 'column')} **${percent(none)}** of the clients have none, ${percent(all)} all and ${percent(some)} some: what is known of a home is known in part only, and three statistics of the same measurement (average, mode, median) fill ${number((building.length / 121) * 100)}% of the application's columns.`
