/** How do new clients differ from those the model learns from? Every column of the application, in comparable units. */

import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import { application_test } from '../data/schema/application.ts'
import type { Figure } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import type { Portfolio } from './portfolio.ts'
import { list } from './words.ts'

export interface Shift {
  readonly column: string
  readonly label: string
  readonly what: string
  /** Standardised difference of the means, new minus known: in standard deviations. */
  readonly difference: number
  readonly known: string
  readonly fresh: string
}

/** From this on a difference is worth a look (Austin 2009, on balance between groups). */
export const notable = 0.1

interface Moments {
  readonly mean: number
  readonly sd: number
}

/** (mean of new − mean of known) / pooled standard deviation; 0 where neither varies (Cohen 1988). */
export function standardised(known: Moments, fresh: Moments): number {
  const pooled = Math.sqrt((known.sd ** 2 + fresh.sd ** 2) / 2)
  return pooled > 0 ? (fresh.mean - known.mean) / pooled : 0
}

const proportion = (share: number): Moments => ({ mean: share, sd: Math.sqrt(share * (1 - share)) })

type Columns = typeof application_test.columns
const described: Columns = application_test.columns.filter(({ type }) => type !== 'id')

const row = (frame: pl.DataFrame): number[] =>
  frame.row(0).map((each: unknown) => (each === null ? Number.NaN : Number(each)))

/** Of every column at once: hundreds of expressions would take longer to make than to run. */
function moments(frame: pl.DataFrame, columns: readonly string[]): Moments[] {
  const numbers = frame.select(...columns)
  const [means, sds] = [row(numbers.mean()), row(numbers.std())]
  return columns.map((_, index) => ({ mean: means[index] ?? Number.NaN, sd: sds[index] ?? Number.NaN }))
}

const missing = (frame: pl.DataFrame, columns: readonly string[]): number[] =>
  row(frame.select(...columns).nullCount()).map((nulls) => nulls / frame.height)

function levels(frame: pl.DataFrame, column: string): Map<string, number> {
  const rows = frame.filter(pl.col(column).isNotNull()).groupBy(column).agg(pl.len().alias('n')).rows()
  const total = rows.reduce((sum, [, n]) => sum + Number(n), 0)
  return new Map(rows.map(([level, n]) => [String(level), Number(n) / total]))
}

const written = (value: number): string => {
  const size = Math.abs(value)
  return number(value, { digits: size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3 })
}

/** One shift a column, the largest first: of its mean, of its most moved level, or of its missing share, whichever moved most. */
export function shifts({ known, fresh }: Pick<Portfolio, 'known' | 'fresh'>): Shift[] {
  const all = described.map(({ name }) => name)
  const [gapsKnown, gapsFresh] = [missing(known, all), missing(fresh, all)]
  const numeric = described.filter(({ type }) => type !== 'text').map(({ name }) => name)
  const [before, after] = [moments(known, numeric), moments(fresh, numeric)]
  const found = described.map(({ name, type, label }, index): Shift => {
    const proportions = (what: string, left: number, right: number): Shift => ({
      column: name,
      label: label.en,
      what,
      difference: standardised(proportion(left), proportion(right)),
      known: percent(left),
      fresh: percent(right),
    })
    const candidates = [proportions('missing', gapsKnown[index] ?? 0, gapsFresh[index] ?? 0)]
    if (type === 'text') {
      const [left, right] = [levels(known, name), levels(fresh, name)]
      // Of two levels that mirror each other the rarer is named; a group-by promises no order.
      const share = (level: string) => left.get(level) ?? 0
      const all = [...new Set([...left.keys(), ...right.keys()])].sort(
        (a, b) => share(a) - share(b) || (a < b ? -1 : 1),
      )
      for (const level of all) candidates.push(proportions(level, share(level), right.get(level) ?? 0))
    } else {
      const at = numeric.indexOf(name)
      const [left, right] = [before[at], after[at]]
      if (left && right && Number.isFinite(left.mean) && Number.isFinite(right.mean))
        candidates.push({
          column: name,
          label: label.en,
          what: 'mean',
          difference: standardised(left, right),
          known: written(left.mean),
          fresh: written(right.mean),
        })
    }
    return candidates.reduce((most, each) =>
      Math.abs(each.difference) > Math.abs(most.difference) + 1e-9 ? each : most,
    )
  })
  return found.sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference) || (a.column < b.column ? -1 : 1))
}

const named = ({ label, what }: Shift) => (what === 'mean' ? label : `${label}: ${what}`)

export function shiftsFigure(found: readonly Shift[], most = 12): Figure {
  const top = found.slice(0, most)
  const names = top.map(named)
  const end = maximum([...top.map(({ difference }) => Math.abs(difference)), notable])
  const moved = found.filter(({ difference }) => Math.abs(difference) >= notable).length
  return [
    moved > 0
      ? `${moved} of ${found.length} answers moved by ${notable} standard deviations or more; most of all “${names[0]}”, from ${top[0]?.known} to ${top[0]?.fresh}`
      : `None of ${found.length} answers has moved by more than ${notable} standard deviations`,
    [
      {
        type: 'bar',
        orientation: 'h',
        y: names,
        x: top.map(({ difference }) => difference),
        marker: {
          color: top.map(({ difference }) => (Math.abs(difference) >= notable ? palette.accent : palette.quiet)),
        },
        text: top.map(({ known, fresh }) => `${known} to ${fresh}`),
        textposition: 'outside',
        textfont: { size: 12, color: palette.muted },
        cliponaxis: false,
        hovertemplate: '%{y}: %{x:.2f} standard deviations<extra></extra>',
      },
    ],
    {
      subtitle: 'New minus known clients in standard deviations; the values before and after beside each bar',
      height: 160 + 28 * top.length,
      xaxis: { range: [-end * 1.6, end * 1.6], zeroline: true, zerolinecolor: palette.muted, tickformat: '+.1f' },
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

export function shiftsSentence(found: readonly Shift[]): string {
  const moved = found.filter(({ difference }) => Math.abs(difference) >= notable)
  if (moved.length === 0)
    return `No answer of ${found.length} moved by ${notable} standard deviations or more: the new clients look like the known ones.`
  const first = moved.slice(0, 3).map((shift) => `${named(shift)} (${shift.known} to ${shift.fresh})`)
  return `**${moved.length}** of ${found.length} answers moved by ${notable} standard deviations or more; first of all ${list(first)}. These are differences of means, levels or missing shares; the drift report judges whole distributions and asks whether chance explains the difference, so it counts other columns. Whether that matters for the score is its question.`
}
