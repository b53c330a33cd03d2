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

import { type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html, raw } from './html.ts'
import { maximum } from './maximum.ts'
import { extent, fitted, linear, nameRoom, px, textWidth } from './scale.ts'
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
  const widest = maximum([0, ...rows.map((bar) => textWidth(textOf(bar)))]) + 8

  const draw = (width: number) => {
    const names = nameRoom(
      rows.map((bar) => bar.label),
      width,
      12,
    )
    const above = names === 0
    const step = above ? 44 : 26
    const top = (marks.length ? 24 : 0) + 2
    const bottom = top + rows.length * step
    const x = linear(domain, [names + (domain[0] < 0 ? widest : 0) + 1, width - widest])
    const parts: Html[] = []
    parts.push(html`<path class="axis" d="M${px(x(0))} ${top}V${bottom}"/>`)
    for (const mark of marks) {
      const half = textWidth(mark.label) / 2
      const at = Math.min(Math.max(x(mark.at), half), width - half)
      parts.push(
        html`<path class="mark" d="M${px(x(mark.at))} ${top - 4}V${bottom}"/><text class="c h" x="${px(at)}" y="${top - 9}">${mark.label}</text>`,
      )
    }
    rows.forEach((bar, i) => {
      const y = top + i * step + (above ? 20 : 3)
      const [from, to] = [x(0), x(Math.min(Math.max(bar.value, domain[0]), domain[1]))]
      const label = fitted(bar.label, width)
      const bold = bar.strong ? ' b' : ''
      const outer = Math.max(to, bar.high === undefined ? to : x(bar.high))
      const inner = Math.min(to, bar.low === undefined ? to : x(bar.low))
      parts.push(
        above
          ? html`<text class="h${bold}" x="0" y="${y - 6}">${label}${label !== bar.label && html`<title>${bar.label}</title>`}</text>`
          : html`<text class="e${bold}" x="${px(names - 10)}" y="${y + 14}">${label}</text>`,
        html`<rect class="${bar.low === undefined ? 'f' : 'f2'} t-${bar.tone ?? 'accent'}" x="${px(Math.min(from, to))}" y="${y}" width="${px(Math.max(Math.abs(to - from), 0.8))}" height="18"/>`,
      )
      if (bar.low !== undefined && bar.high !== undefined)
        parts.push(
          html`<path class="t-ink s" d="M${px(x(bar.low))} ${y + 9}H${px(x(bar.high))}m0 -4v8M${px(x(bar.low))} ${y + 5}v8"/>`,
        )
      parts.push(
        bar.value < 0
          ? html`<text class="h e${bold}" x="${px(inner - 5)}" y="${y + 14}">${textOf(bar)}</text>`
          : html`<text class="h${bold}" x="${px(outer + 5)}" y="${y + 14}">${textOf(bar)}</text>`,
      )
    })
    return { height: bottom + 4, body: raw(parts.map((part) => part.markup).join('')) }
  }

  const interval = rows.some((bar) => bar.low !== undefined)
  return figure(chart, draw, {
    columns: [
      { label: head[0] },
      { label: head[1], align: 'end' },
      ...(interval ? [{ label: 'Interval', align: 'end' as const }] : []),
    ],
    rows: rows.map((bar) => [
      bar.label,
      textOf(bar),
      ...(interval
        ? [bar.low !== undefined && bar.high !== undefined ? `${format(bar.low)} to ${format(bar.high)}` : null]
        : []),
    ]),
  })
}
