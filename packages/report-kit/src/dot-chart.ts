/**
 * Dots on a common axis, several a row when compared (groups, candidates, sides), with intervals.
 *
 *   dotChart({ title, note?, alt?, series, rows, x?: Axis, marks?, bands?, rowHeight?, head? }): Html
 *     series  { name, tone? }[] one or more; the n-th value of a row belongs to the n-th series; s1 … s4 unless a tone is given
 *     rows    { label, values: (number | null | { value, low?, high? })[], strong?, tone? }[] in the order to be shown; tone overrides the series'
 *     marks   vertical dashed lines; bands: { from, to } shaded stretches, such as "no drift"
 *     rowHeight  26 unless given (more for paired intervals); below 20 the labels go and only the dots stay (many rows)
 * The first series is drawn as full dots, the second as rings around, so that grey print tells them apart and none hides another.
 */
import { nameColumn, rowName, xAxis, xAxisHeight } from './axis.ts'
import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html } from './html.ts'
import { legend } from './legend.ts'
import { band, dot as drawDot, interval, markRows, verticalMarks } from './marks.ts'
import { extent, linear, rounded, ticks } from './scale.ts'
import { px } from './svg-path.ts'
import { textWidth } from './text-width.ts'
import type { Tone } from './tone.ts'

export type Dot = number | null | { readonly value: number; readonly low?: number; readonly high?: number }

export interface DotChart extends Caption {
  readonly series: readonly { readonly name: string; readonly tone?: Tone }[]
  readonly rows: readonly {
    readonly label: string
    readonly values: readonly Dot[]
    readonly strong?: boolean
    readonly tone?: Tone
  }[]
  readonly x?: Axis
  readonly marks?: readonly Mark[]
  readonly bands?: readonly { readonly from: number; readonly to: number }[]
  readonly rowHeight?: number
  readonly head?: string
}

const turn: readonly Tone[] = ['s1', 's2', 's3', 's4']
const asDot = (dot: Dot | undefined) => (typeof dot === 'number' ? { value: dot } : (dot ?? null))

export function dotChart(chart: DotChart): Html {
  const { series, rows, marks = [], bands = [], head = '' } = chart
  const format = chart.x?.format ?? plain
  const paired =
    series.length > 1 && rows.some((row) => row.values.some((dot) => typeof dot === 'object' && dot?.low !== undefined))
  const rowHeight = chart.rowHeight ?? (paired ? 14 + 10 * series.length : 26)
  const dots = rows.flatMap((row) => row.values.map(asDot).filter((dot) => dot !== null))
  const [low, high] = extent([
    ...dots.flatMap((dot) => [dot.value, dot.low ?? dot.value, dot.high ?? dot.value]),
    ...marks.map((mark) => mark.at),
  ])
  const auto = rounded([chart.x?.min ?? low, chart.x?.max ?? high])
  const domain: [number, number] = [chart.x?.min ?? auto[0], chart.x?.max ?? auto[1]]

  const toneOf = (s: number): Tone => series[s]?.tone ?? turn[s % 4]!
  const isRing = (s: number) => s % 2 === 1

  const draw = (width: number) => {
    const labelled = rowHeight >= 20
    const names = labelled
      ? nameColumn(
          rows.map((row) => row.label),
          width,
        )
      : 0
    const above = labelled && names === 0
    const step = above ? rowHeight + 18 : rowHeight
    const key = legend(
      series.map(({ name }, s) => ({ name, tone: toneOf(s), sign: isRing(s) ? 'ring' : 'dot' })),
      names,
      width,
    )
    const top = key.height + (marks.length ? markRows(marks) + 2 : 6)
    const bottom = top + rows.length * step + 4
    const xTicks = chart.x?.ticks ?? ticks(domain, width < 440 ? 4 : 5)
    const x = linear(domain, [names + 12, width - Math.max(14, textWidth(format(xTicks.at(-1) ?? 0)) / 2)])
    const inside = (value: number) => x(Math.min(Math.max(value, domain[0]), domain[1]))

    const valuesOf = (row: DotChart['rows'][number], y: number): Html => {
      const present = row.values.map(asDot)
      const ends = extent(present.filter((dot) => dot !== null).map((dot) => dot.value))
      const link =
        present.length > 1 && html`<path class="axis" d="M${px(inside(ends[0]))} ${px(y)}H${px(inside(ends[1]))}"/>`
      return html`${link}${present.map((dot, s) => {
        if (!dot || !Number.isFinite(dot.value)) return null
        const at = y + (present.length > 1 && dot.low !== undefined ? (s - (present.length - 1) / 2) * 10 : 0)
        const radius = labelled ? 5 : Math.max(2, Math.min(4, rowHeight / 2))
        const known = dot.low !== undefined && dot.high !== undefined && ([inside(dot.low), inside(dot.high)] as const)
        return html`<g class="t-${row.tone ?? toneOf(s)}">
          ${known && interval(known, at)}
          ${drawDot(inside(dot.value), at, isRing(s) ? radius + 1.5 : radius, isRing(s))}
        </g>`
      })}`
    }
    const drawn = rows.map((row, i) => {
      const middle = top + i * step + step / 2 + (above ? 9 : 0)
      const name = { middle, above: middle - rowHeight / 2 - 2 }
      return html`${labelled && rowName(row.label, names, name, width, row)}${valuesOf(row, middle)}`
    })
    return {
      height: bottom + xAxisHeight,
      body: html`${key.body}
        ${bands.map(({ from, to }) => band([x(from), x(to)], top - 4, bottom))}
        ${xAxis({ x, ticks: xTicks, format, bottom, width, rulesFrom: top })}
        ${verticalMarks(marks, { x, top, bottom, width })}
        ${drawn}`,
    }
  }

  const written = (dot: Dot | undefined) => {
    const one = asDot(dot)
    if (!one) return null
    return one.low !== undefined && one.high !== undefined
      ? `${format(one.value)} (${format(one.low)} to ${format(one.high)})`
      : format(one.value)
  }
  return figure(chart, draw, {
    columns: [{ label: head }, ...series.map((one) => ({ label: one.name, align: 'end' as const }))],
    rows: rows.map((row) => [row.label, ...series.map((_, s) => written(row.values[s]))]),
  })
}
