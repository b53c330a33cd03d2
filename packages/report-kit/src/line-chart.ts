/**
 * Lines over a continuous axis: curves of a model, metrics by round, calibration.
 *
 *   lineChart({ title, note?, alt?, x?: Axis, y?: Axis, series, marks?, levels?, bands?, diagonal?, height? }): Html
 *     series    { name, points: [x, y][], band?: [x, low, high][], tone?, dashed?, dots? }[]; s1 … s4 in turn unless a tone is given;
 *               dots: the points themselves too (few points). Labels stand at the right end of the lines, above them on a phone.
 *     marks     vertical dashed lines at x; levels: horizontal ones at y
 *     bands     { from, to, label? }[] shaded stretches of x, such as a grey zone
 *     diagonal  the line y = x, muted
 *     height    of the plot in px, 260 unless given
 */

import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html, raw } from './html.ts'
import { maximum } from './maximum.ts'
import { beside, extent, linear, path, px, rounded, spread, textWidth, thinned, ticks } from './scale.ts'
import type { Tone } from './tone.ts'

export interface Line {
  readonly name: string
  readonly points: readonly (readonly [number, number])[]
  readonly band?: readonly (readonly [number, number, number])[]
  readonly tone?: Tone
  readonly dashed?: boolean
  readonly dots?: boolean
}

export interface LineChart extends Caption {
  readonly x?: Axis
  readonly y?: Axis
  readonly series: readonly Line[]
  readonly marks?: readonly Mark[]
  readonly levels?: readonly Mark[]
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label?: string }[]
  readonly diagonal?: boolean
  readonly height?: number
}

const turn: readonly Tone[] = ['s1', 's2', 's3', 's4']

const sampled = <T>(all: readonly T[], most: number): T[] =>
  all.length <= most
    ? [...all]
    : Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)

export function lineChart(chart: LineChart): Html {
  const { series, marks = [], levels = [], bands = [], diagonal = false, height: plot = 260 } = chart
  const formatX = chart.x?.format ?? plain
  const formatY = chart.y?.format ?? plain
  const tone = (line: Line, i: number): Tone => line.tone ?? turn[i % turn.length]!
  const [x0, x1] = extent([...series.flatMap((line) => line.points.map(([x]) => x)), ...marks.map((mark) => mark.at)])
  const [y0, y1] = extent([
    ...series.flatMap((line) => [
      ...line.points.map(([, y]) => y),
      ...(line.band ?? []).flatMap(([, low, high]) => [low, high]),
    ]),
    ...levels.map((level) => level.at),
  ])
  const domainX: [number, number] = [chart.x?.min ?? x0, chart.x?.max ?? x1]
  const auto = rounded([chart.y?.min ?? y0, chart.y?.max ?? y1])
  const domainY: [number, number] = [chart.y?.min ?? auto[0], chart.y?.max ?? auto[1]]

  const draw = (width: number) => {
    const narrow = width < 440
    const named = series.length > 1
    const yTicks = chart.y?.ticks ?? ticks(domainY)
    const xTicks = chart.x?.ticks ?? ticks(domainX, narrow ? 4 : 6)
    const left = maximum(yTicks.map((tick) => textWidth(formatY(tick)))) + 12
    const labelWidth = maximum([0, ...series.map((line) => textWidth(line.name, 14, true) + 14)])
    const right = named && !narrow ? Math.min(labelWidth, width * 0.34) + 4 : 18
    const top = (named && narrow ? 22 * series.length : 0) + (marks.length ? 22 * Math.min(marks.length, 2) : 8)
    const bottom = top + plot
    const x = linear(domainX, [left, width - right])
    const y = linear(domainY, [bottom, top])
    const clampX = (at: number) => Math.min(Math.max(x(at), left), width - right)
    const parts: Html[] = []
    for (const band of bands)
      parts.push(
        html`<rect class="t-muted band" x="${px(clampX(band.from))}" y="${px(top)}" width="${px(Math.max(clampX(band.to) - clampX(band.from), 1))}" height="${px(plot)}"/>`,
      )
    for (const tick of yTicks)
      parts.push(
        html`<path class="rule" d="M${px(left)} ${px(y(tick))}H${px(width - right)}"/><text class="m e" x="${px(left - 8)}" y="${px(y(tick) + 5)}">${formatY(tick)}</text>`,
      )
    xTicks.forEach((tick) => {
      const text = formatX(tick)
      const half = textWidth(text) / 2
      const at = Math.min(Math.max(x(tick), half), width - half)
      parts.push(
        html`<path class="axis" d="M${px(x(tick))} ${px(bottom)}v5"/><text class="m c" x="${px(at)}" y="${px(bottom + 21)}">${text}</text>`,
      )
    })
    parts.push(html`<path class="axis" d="M${px(left)} ${px(bottom)}H${px(width - right)}"/>`)
    if (diagonal) {
      const [from, to] = [Math.max(domainX[0], domainY[0]), Math.min(domainX[1], domainY[1])]
      parts.push(
        html`<path class="t-muted s dash" d="${path([
          [x(from), y(from)],
          [x(to), y(to)],
        ])}"/>`,
      )
    }
    series.forEach((line, i) => {
      if (!line.band?.length) return
      const upper = thinned(line.band.map(([at, , high]) => [x(at), y(high)] as const))
      const lower = thinned(line.band.map(([at, low]) => [x(at), y(low)] as const)).toReversed()
      parts.push(html`<path class="t-${tone(line, i)} band" d="${path([...upper, ...lower])}Z"/>`)
    })
    for (const level of levels)
      parts.push(
        html`<path class="mark" d="M${px(left)} ${px(y(level.at))}H${px(width - right)}"/><text class="h${level.side === 'start' ? '' : ' e'}" x="${px(level.side === 'start' ? left + 4 : width - right - 4)}" y="${px(y(level.at) - 6)}">${level.label}</text>`,
      )
    series.forEach((line, i) => {
      const points = line.points
        .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b))
        .map(([a, b]) => [x(a), y(b)] as const)
      parts.push(html`<path class="t-${tone(line, i)} s${line.dashed ? ' dash' : ''}" d="${path(thinned(points))}"/>`)
      if (line.dots)
        parts.push(
          html`<g class="t-${tone(line, i)}">${points.map(([a, b]) => html`<circle class="f" cx="${px(a)}" cy="${px(b)}" r="4"/>`)}</g>`,
        )
    })
    marks.forEach((mark, i) => {
      const at = x(mark.at)
      const row = top - 8 - 22 * (Math.min(marks.length, 2) - 1 - (i % 2))
      const label = beside(at, mark.label, width)
      parts.push(
        html`<g class="t-${mark.tone ?? 'ink'}"><path class="s dash" d="M${px(at)} ${px(row - 12)}V${px(bottom)}"/><text class="h${label.end ? ' e' : ''}" x="${px(label.x)}" y="${px(row)}">${mark.label}</text></g>`,
      )
    })
    if (named && narrow)
      series.forEach((line, i) => {
        const at = 14 + 22 * i
        parts.push(
          html`<g class="t-${tone(line, i)}"><path class="s w${line.dashed ? ' dash' : ''}" d="M0 ${at - 5}h18"/><text class="k" x="26" y="${at}">${line.name}</text></g>`,
        )
      })
    else if (named) {
      const ends = series.map((line) => y(line.points.at(-1)?.[1] ?? domainY[0]))
      const places = spread(ends, 19, top + 4, bottom - 4)
      series.forEach((line, i) => {
        parts.push(
          html`<text class="k t-${tone(line, i)}" x="${px(width - right + 10)}" y="${px(places[i]! + 5)}">${line.name}</text>`,
        )
      })
    }
    return { height: bottom + 28, body: raw(parts.map((part) => part.markup).join('')) }
  }

  return figure(chart, draw, {
    columns: [{ label: 'Series' }, { label: 'x', align: 'end' }, { label: 'y', align: 'end' }],
    rows: series.flatMap((line) => sampled(line.points, 11).map(([a, b]) => [line.name, formatX(a), formatY(b)])),
  })
}
