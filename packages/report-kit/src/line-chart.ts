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

import { xAxis, xAxisHeight, yAxis, yAxisWidth } from './axis.ts'
import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html } from './html.ts'
import { legend } from './legend.ts'
import { dot, levelMark, markRows, band as shaded, verticalMarks } from './marks.ts'
import { extent, linear, rounded, ticks } from './scale.ts'
import { path, px, thinned } from './svg-path.ts'
import { spread, widestText } from './text-width.ts'
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
    const left = yAxisWidth(yTicks, formatY)
    const names = series.map(({ name }) => name)
    const right = width - (named && !narrow ? Math.min(widestText(names, true) + 14, width * 0.34) + 4 : 18)
    const key = legend(
      (narrow ? series : []).map((line, i) => ({
        name: line.name,
        tone: tone(line, i),
        sign: line.dashed ? 'dashes' : 'line',
      })),
      0,
      width,
    )
    const top = key.height + (markRows(marks) || 8)
    const bottom = top + plot
    const x = linear(domainX, [left, right])
    const y = linear(domainY, [bottom, top])
    const clamped = (at: number) => Math.min(Math.max(x(at), left), right)

    const areaOf = (line: Line, i: number) => {
      if (!line.band?.length) return null
      const upper = thinned(line.band.map(([at, , high]) => [x(at), y(high)] as const))
      const lower = thinned(line.band.map(([at, low]) => [x(at), y(low)] as const)).toReversed()
      return html`<path class="t-${tone(line, i)} band" d="${path([...upper, ...lower])}Z"/>`
    }
    const lineOf = (line: Line, i: number) => {
      const points = line.points
        .filter(([a, b]) => Number.isFinite(a) && Number.isFinite(b))
        .map(([a, b]) => [x(a), y(b)] as const)
      return html`<g class="t-${tone(line, i)}">
        <path class="s${line.dashed && ' dash'}" d="${path(thinned(points))}"/>
        ${line.dots && points.map(([a, b]) => dot(a, b, 4))}
      </g>`
    }
    const [from, to] = [Math.max(domainX[0], domainY[0]), Math.min(domainX[1], domainY[1])]
    const ends = [from, to].map((at) => [x(at), y(at)] as const)
    const heights = spread(
      series.map((line) => y(line.points.at(-1)?.[1] ?? domainY[0])),
      19,
      top + 4,
      bottom - 4,
    )
    const nameOf = ({ name }: Line, at: number, classes: string) =>
      html`<text class="k ${classes}" x="${px(right + 10)}" y="${px(at + 5)}">${name}</text>`
    return {
      height: bottom + xAxisHeight,
      body: html`${key.body}
        ${bands.map((one) => shaded([clamped(one.from), clamped(one.to)], top, bottom))}
        ${yAxis({ y, ticks: yTicks, format: formatY, left, right })}
        ${xAxis({ x, ticks: xTicks, format: formatX, bottom, width, line: [left, right] })}
        ${diagonal && html`<path class="t-muted s dash" d="${path(ends)}"/>`}
        ${series.map(areaOf)}
        ${levels.map((level) => levelMark(level, { y, left, right }))}
        ${series.map(lineOf)}
        ${verticalMarks(marks, { x, top, bottom, width })}
        ${named && !narrow && series.map((line, i) => nameOf(line, heights[i]!, `t-${tone(line, i)}`))}`,
    }
  }

  return figure(chart, draw, {
    columns: [{ label: 'Series' }, { label: 'x', align: 'end' }, { label: 'y', align: 'end' }],
    rows: series.flatMap((line) => sampled(line.points, 11).map(([a, b]) => [line.name, formatX(a), formatY(b)])),
  })
}
