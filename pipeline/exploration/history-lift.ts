/** Do the histories tell clients apart whom the external scores put together? */

import type pl from 'nodejs-polars'
import { number, percent, points } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { meanScore } from './external-scores.ts'
import { numbers, type Rate, ranked, rateOfRows } from './rate.ts'
import { labels } from './rate-figure.ts'
import type { Signal } from './signals.ts'

export interface Beside {
  /** By fifth of the mean external score, from the lowest to the highest. */
  readonly none: readonly Rate[]
  readonly one: readonly Rate[]
  readonly several: readonly Rate[]
  /** Default rate with two or more signs minus with none, the mean over the fifths, with its 95% interval; in shares. */
  readonly gap: number
  readonly low: number
  readonly high: number
  /** Whether the interval leaves zero out. */
  readonly clear: boolean
}

const fifths = ['lowest scores', 'second fifth', 'middle', 'fourth fifth', 'highest scores']

/** How many warning signs a client shows: figures of the histories in whose riskiest fifth they are. */
export function warningSigns(clients: number, signals: readonly Signal[]): Uint8Array {
  const signs = new Uint8Array(clients)
  for (const { riskyRows } of signals) for (const row of riskyRows) signs[row] = (signs[row] as number) + 1
  return signs
}

/** The mean difference of two series of rates, with the normal interval of independent groups; groups without clients are left out. */
export function meanGap(high: readonly Rate[], low: readonly Rate[]): Pick<Beside, 'gap' | 'low' | 'high'> {
  const pairs = high.flatMap((a, index) => {
    const b = low[index]
    return b && a.clients > 0 && b.clients > 0 ? [[a, b] as const] : []
  })
  const variance = ({ rate, clients }: Rate) => (rate * (1 - rate)) / clients
  const gap = pairs.reduce((sum, [a, b]) => sum + a.rate - b.rate, 0) / pairs.length
  const error = Math.sqrt(pairs.reduce((sum, [a, b]) => sum + variance(a) + variance(b), 0)) / pairs.length
  return { gap, low: gap - 1.959964 * error, high: gap + 1.959964 * error }
}

/** Nothing is fitted here but the direction of each figure, so that a handful of them stands for what a model could take from all. */
export function besideScores(known: pl.DataFrame, signals: readonly Signal[]): Beside {
  const target = numbers(known, 'TARGET')
  const signs = warningSigns(known.height, signals)
  const groups = ranked(meanScore(known), fifths.length)
  const rates = (keep: (signs: number) => boolean) =>
    groups.map((group, index) =>
      rateOfRows(
        fifths[index] ?? '',
        group.filter((row) => keep(signs[row] as number)),
        target,
      ),
    )
  const [none, one, several] = [rates((n) => n === 0), rates((n) => n === 1), rates((n) => n > 1)]
  const difference = meanGap(several, none)
  return { none, one, several, ...difference, clear: difference.low > 0 }
}

export function besideFigure({ none, one, several, gap, clear }: Beside): Figure {
  const series = [
    { name: 'several signs', rates: several, color: palette.up },
    { name: 'one sign', rates: one, color: palette.series[2] },
    { name: 'no sign', rates: none, color: palette.down },
  ]
  const top = maximum([...series.flatMap(({ rates }) => rates.map(({ rate }) => rate || 0)), 0.01])
  const lines = series.map(
    ({ name, rates, color }): Trace => ({
      type: 'scatter',
      mode: 'lines+markers',
      name,
      x: fifths,
      y: rates.map(({ rate }) => (Number.isFinite(rate) ? rate : null)),
      line: { color, width: 2.5 },
      marker: { size: 8 },
      customdata: rates.map(({ clients, defaults }) => `${number(clients)} clients, ${number(defaults)} defaults`),
      hovertemplate: '%{x}: %{y:.1%} of %{customdata}<extra>%{fullData.name}</extra>',
    }),
  )
  return [
    clear
      ? `Clients with the same external scores still differ by their history: ${points(gap).replace('+', '')} points of default rate`
      : 'Among clients with the same external scores, the histories show no certain difference',
    lines,
    {
      subtitle: 'Default rate by fifth of the mean external score and warning signs in the histories',
      xaxis: { type: 'category', range: [-0.85, 4.2] },
      yaxis: { tickformat: '.0%', range: [0, top * 1.08] },
      annotations: labels(
        series.map(({ name, rates, color }) => ({ name, color, y: rates[0]?.rate ?? 0 })),
        top * 0.065,
      ),
    },
  ]
}

export const besideSentence = ({ gap, low, high, clear, several, none }: Beside): string => {
  const [worse, better] = [several[0], none[0]]
  const ends =
    worse && better
      ? ` Of the clients with the lowest scores ${percent(worse.rate)} default with several signs and ${percent(better.rate)} with none.`
      : ''
  return `Two or more warning signs go with **${points(gap)}** points of default rate at the same external score (95% interval ${points(low)} to ${points(high)}): ${clear ? 'a reason to read all seven tables' : 'not certain on these data'}.${ends}`
}
