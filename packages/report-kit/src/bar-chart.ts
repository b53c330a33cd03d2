/**
 * Horizontal bars, one value a row, to the left of zero too; the value is printed at the end of its bar.
 *
 *   barChart({ title, note?, alt?, rows, format?, marks?, min?, max?, head? }): Html
 *     rows    { label, value, low?, high?, tone?, text?, strong? }[] in the order to be shown; low and high: an interval;
 *             text: printed instead of the formatted value
 *     marks   vertical dashed lines at a value
 *     min, max  of the axis; it always holds zero
 *     head    [name of the rows, name of the values] in the table of numbers
 * Names stand left of the bars; above them on a phone, or where one is too long to stand left.
 */

import { nameColumn, rowName, textBox } from './axis.ts'
import { type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html } from './html.ts'
import { bar as drawBar, interval, markRows, verticalMarks } from './marks.ts'
import { extent, linear } from './scale.ts'
import { px, upright } from './svg-path.ts'
import { textWidth, widestText } from './text-width.ts'
import type { Tone } from './tone.ts'

export interface Bar {
  readonly label: string
  readonly value: number
  readonly low?: number
  readonly high?: number
  readonly tone?: Tone
  readonly text?: string
  readonly strong?: boolean
}

export interface BarChart extends Caption {
  readonly rows: readonly Bar[]
  readonly format?: (value: number) => string
  readonly marks?: readonly Mark[]
  readonly min?: number
  readonly max?: number
  readonly head?: readonly [string, string]
}

export function barChart(chart: BarChart): Html {
  const { rows, format = plain, marks = [], head = ['', 'Value'] } = chart
  const textOf = (bar: Bar) => bar.text ?? format(bar.value)
  const all = extent([
    0,
    ...rows.flatMap((bar) => [bar.value, bar.low ?? 0, bar.high ?? 0]),
    ...marks.map((mark) => mark.at),
  ])
  const domain: [number, number] = [chart.min ?? all[0], chart.max ?? all[1]]
  const widest = widestText(rows.map(textOf)) + 8

  const draw = (width: number) => {
    const names = nameColumn(
      rows.map((bar) => bar.label),
      width,
    )
    const above = names === 0
    const step = above ? 44 : 26
    const top = markRows(marks) + 2
    const bottom = top + rows.length * step
    const x = linear(domain, [names + (domain[0] < 0 ? widest : 0) + 1, width - widest])
    const drawn = rows.map((bar, i) => {
      const y = top + i * step + (above ? 20 : 3)
      const end = x(Math.min(Math.max(bar.value, domain[0]), domain[1]))
      const ends = bar.low === undefined || bar.high === undefined ? null : ([x(bar.low), x(bar.high)] as const)
      const text = textOf(bar)
      const wide = textWidth(text, 14, bar.strong)
      const left = bar.value < 0 ? Math.min(end, ends?.[0] ?? end) - 5 - wide : Math.max(end, ends?.[1] ?? end) + 5
      const [name, at] = [{ middle: y + 9, above: y - 6 }, bar.value < 0 ? left + wide : left]
      const label = html`<text class="h${bar.value < 0 && ' e'}${bar.strong && ' b'}" x="${px(at)}" y="${y + 14}">${text}</text>`
      return {
        body: html`${rowName(bar.label, names, name, width, bar)}
          ${drawBar(bar.tone ?? 'accent', [x(0), end], y, 18, { light: ends !== null })}
          ${ends && html`<g class="t-ink">${interval(ends, y + 9, { ends: true })}</g>`}
          ${label}`,
        texts: [textBox(text, left, y + 14, bar.strong), ...(above ? [textBox(bar.label, 0, y - 6, bar.strong)] : [])],
      }
    })
    const texts = drawn.flatMap((row) => row.texts)
    return {
      height: bottom + 4,
      body: html`<path class="axis" d="${upright(x(0), top, bottom, domain[0] < 0 ? texts : [])}"/>
        ${drawn.map((row) => row.body)}
        ${verticalMarks(marks, { x, top, bottom, width, texts })}`,
    }
  }

  const intervals = rows.some((bar) => bar.low !== undefined)
  return figure(chart, draw, {
    columns: [
      { label: head[0] },
      { label: head[1], align: 'end' },
      ...(intervals ? [{ label: 'Interval', align: 'end' as const }] : []),
    ],
    rows: rows.map((bar) => [
      bar.label,
      textOf(bar),
      ...(intervals
        ? [bar.low !== undefined && bar.high !== undefined ? `${format(bar.low)} to ${format(bar.high)}` : null]
        : []),
    ]),
  })
}
