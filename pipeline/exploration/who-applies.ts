/** Who applies? The portrait of known and new clients, and their ages. */

import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Portfolio } from './portfolio.ts'

export interface Trait {
  readonly trait: string
  readonly known: number
  readonly fresh: number
  readonly unit: 'share' | 'years' | 'amount' | 'clients'
}

const years = pl.col('DAYS_BIRTH').cast(pl.Float64).div(pl.lit(-365.25))
const share = (column: string, level: string | number) => pl.col(column).eq(pl.lit(level)).cast(pl.Float64).mean()
const median = (value: pl.Expr) => value.cast(pl.Float64).median()

const traits: readonly (readonly [string, Trait['unit'], pl.Expr])[] = [
  ['women', 'share', share('CODE_GENDER', 'F')],
  ['age, median', 'years', median(years)],
  ['married', 'share', share('NAME_FAMILY_STATUS', 'Married')],
  ['with higher education', 'share', share('NAME_EDUCATION_TYPE', 'Higher education')],
  ['pensioners', 'share', share('NAME_INCOME_TYPE', 'Pensioner')],
  ['owning a car', 'share', share('FLAG_OWN_CAR', 'Y')],
  ['owning property', 'share', share('FLAG_OWN_REALTY', 'Y')],
  ['income, median', 'amount', median(pl.col('AMT_INCOME_TOTAL'))],
  ['loan, median', 'amount', median(pl.col('AMT_CREDIT'))],
  ['instalment, median', 'amount', median(pl.col('AMT_ANNUITY'))],
  ['asking for a revolving loan', 'share', share('NAME_CONTRACT_TYPE', 'Revolving loans')],
]

/** Shares and medians of the known and of the new clients, side by side. */
export function portrait({ known, fresh }: Pick<Portfolio, 'known' | 'fresh'>): Trait[] {
  const measure = (frame: pl.DataFrame) =>
    frame.select(...traits.map(([, , expression], index) => expression.alias(String(index)))).row(0)
  const [left, right] = [measure(known), measure(fresh)]
  return [
    { trait: 'clients', known: known.height, fresh: fresh.height, unit: 'clients' },
    ...traits.map(
      ([trait, unit], index): Trait => ({ trait, known: Number(left[index]), fresh: Number(right[index]), unit }),
    ),
  ]
}

const written = (value: number, unit: Trait['unit']) =>
  unit === 'share' ? percent(value) : unit === 'years' ? `${number(value)} years` : number(value)

/** The portrait's numbers as a table writes them. */
export const portraitTable = (rows: readonly Trait[]) =>
  rows.map(({ trait, known, fresh, unit }) => ({
    '': trait,
    'known clients': written(known, unit),
    'new clients': written(fresh, unit),
  }))

/** One sentence: the typical client. */
export function portraitSentence(rows: readonly Trait[]): string {
  const of = (trait: string) => rows.find((row) => row.trait === trait)?.known ?? Number.NaN
  const women = of('women')
  const typical =
    women > 0.5 ? `${percent(women, { digits: 0 })} are women` : `${percent(1 - women, { digits: 0 })} are men`
  return `Of the ${number(of('clients'))} known clients ${typical}; half are older than **${number(of('age, median'))} years**, half have an income above **${number(of('income, median'))}**, and half ask for more than **${number(of('loan, median'))}**, that is ${number(of('loan, median') / of('income, median'), { digits: 1 })} times that income.`
}

export interface Ages {
  readonly bands: readonly string[]
  readonly women: readonly number[]
  readonly men: readonly number[]
}

const firstAge = 20
const step = 5
const bandCount = 10

/** Known clients by gender in bands of five years, as shares of all of them. */
export function ages(known: pl.DataFrame): Ages {
  const band = years.sub(pl.lit(firstAge)).div(pl.lit(step)).floor().cast(pl.Int32).alias('band')
  const rows = known
    .select(band, pl.col('CODE_GENDER'))
    .groupBy('band', 'CODE_GENDER')
    .agg(pl.len().alias('clients'))
    .rows()
  const shares = (gender: string) =>
    Array.from(
      { length: bandCount },
      (_, index) =>
        rows.reduce(
          (sum, [at, who, n]) =>
            sum + (who === gender && Math.min(bandCount - 1, Math.max(0, Number(at))) === index ? Number(n) : 0),
          0,
        ) / known.height,
    )
  const bands = Array.from(
    { length: bandCount },
    (_, index) => `${firstAge + step * index}–${firstAge + step * (index + 1) - 1}`,
  )
  return { bands, women: shares('F'), men: shares('M') }
}

export function agesFigure({ bands, women, men }: Ages): Figure {
  const both = bands.map((_, index) => (women[index] ?? 0) + (men[index] ?? 0))
  const peak = both.indexOf(maximum(both))
  const more = bands.filter((_, index) => (women[index] ?? 0) > (men[index] ?? 0)).length
  const who =
    more === bands.length
      ? 'women outnumber men at every age'
      : more === 0
        ? 'men outnumber women at every age'
        : `women outnumber men in ${more} of ${bands.length} age bands`
  const bars = (name: string, values: readonly number[], color: string): Trace => ({
    type: 'bar',
    name,
    x: bands,
    y: values,
    marker: { color },
    hovertemplate: `%{x} years: %{y:.1%} of all clients<extra>${name}</extra>`,
  })
  // Names stand on the last band, where bars are low.
  const label = (name: string, values: readonly number[], color: string, shift: number) => ({
    x: bands[bands.length - 1] ?? '',
    y: values[values.length - 1] ?? 0,
    text: `<b>${name}</b>`,
    showarrow: false,
    yanchor: 'bottom',
    xshift: shift,
    font: { color, size: 13 },
  })
  return [
    `Applicants are most often ${(bands[peak] ?? '').replace('–', ' to ')} years old, and ${who}`,
    [bars('women', women, palette.accent), bars('men', men, palette.quiet)],
    {
      subtitle: 'Share of all known clients by age and gender',
      height: 360,
      barmode: 'group',
      bargroupgap: 0.05,
      xaxis: { type: 'category', title: { text: 'age in years' } },
      yaxis: { tickformat: '.0%', rangemode: 'tozero' },
      annotations: [label('women', women, palette.accent, -12), label('men', men, palette.muted, 16)],
    },
  ]
}

/** One sentence: the middle of the ages and who the youngest are. */
export function agesSentence({ bands, women, men }: Ages): string {
  const both = bands.map((_, index) => (women[index] ?? 0) + (men[index] ?? 0))
  const peak = both.indexOf(maximum(both))
  const total = women.reduce((sum, each) => sum + each, 0)
  return `The band of ${(bands[peak] ?? '').replace('–', ' to ')} years alone holds **${percent(both[peak])}** of the clients; women are **${percent(total)}** of all and ${percent((women[peak] ?? 0) / (both[peak] ?? 1))} of that band.`
}
