/**
 * Distributions: one histogram, or several over the same bins.
 *
 *   histogram({ title, note?, alt?, edges, series, x?: Axis, y?: Axis, marks?, bands?, split?, height?, key? }): Html
 *     edges   n + 1 rising numbers; series { name, counts: n numbers, tone? }[]: drawn as shares of their own sum (per cent)
 *     The first series is filled; with several, each further one is an outline over it (so grey print tells them apart).
 *     split   with one series: bins left of this value in --approve, right in --decline
 *     key     false leaves out the legend (where a text beside the figure names the series)
 *     marks   { at, label }[] vertical lines; bands { from, to }[] shaded stretches
 */
import { xAxis, xAxisHeight, yAxis, yAxisWidth } from './axis.ts'
import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html } from './html.ts'
import { legend } from './legend.ts'
import { band, markRows, verticalMarks } from './marks.ts'
import { percent } from './numbers.ts'
import { extent, linear, ticks } from './scale.ts'
import { type Counted, shareOf, shareText } from './shares.ts'
import { px, stepOutline } from './svg-path.ts'
import type { Tone } from './tone.ts'

export interface Histogram extends Caption {
  readonly edges: readonly number[]
  readonly series: readonly Counted[]
  readonly x?: Axis
  readonly y?: Axis
  readonly marks?: readonly Mark[]
  readonly bands?: readonly { readonly from: number; readonly to: number }[]
  readonly split?: number
  readonly height?: number
  readonly key?: boolean
}

export function histogram(chart: Histogram): Html {
  const { edges, series, marks = [], bands = [], split, height: plot = 220, key: withKey = true } = chart
  const format = chart.x?.format ?? plain
  const shares = series.map((one) => shareOf(one.counts))
  const domain: [number, number] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  const most = chart.y?.max ?? extent([1e-9, ...shares.flat()])[1]
  const single = series.length === 1
  const toneOf = (s: number): Tone =>
    series[s]?.tone ?? (s === 0 ? (single ? 'accent' : 's2') : s === 1 ? 'ink' : (['s3', 's4'] as const)[s % 2]!)

  const draw = (width: number) => {
    const yTicks = chart.y?.ticks ?? ticks([0, most], plot < 150 ? 3 : 4)
    const writeY = chart.y?.format ?? ((share: number) => percent(share, { digits: (yTicks[1] ?? 1) < 0.01 ? 1 : 0 }))
    const [left, right] = [yAxisWidth(yTicks, writeY), width - 18]
    const key = legend(
      (withKey ? series : []).map(({ name }, s) => ({ name, tone: toneOf(s), sign: s === 0 ? 'area' : 'line' })),
      left,
      width,
    )
    const top = key.height + markRows(marks) + 8
    const bottom = top + plot
    const x = linear(domain, [left, right])
    const y = linear([0, most], [bottom, top])
    const lefts = edges.map(x)

    const gap = (lefts[1] ?? 0) - (lefts[0] ?? 0) > 4 ? 0.5 : 0
    const separate = (share: readonly number[], shown: (bin: number) => boolean) =>
      share
        .map((one, i) =>
          one > 0 && shown(i)
            ? `M${px(lefts[i]! + gap)} ${px(bottom)}V${px(y(one))}H${px(lefts[i + 1]! - gap)}V${px(bottom)}Z`
            : '',
        )
        .join('')
    const middle = (bin: number) => (edges[bin]! + edges[bin + 1]!) / 2
    const filled = (tone: Tone, d: string) => html`<path class="f2 t-${tone}" d="${d}"/>`
    const drawn = shares.map((share, s) => {
      if (s > 0) return html`<path class="s t-${toneOf(s)}" d="${stepOutline(share.map(y), lefts, bottom, false)}"/>`
      if (!single) return filled(toneOf(s), stepOutline(share.map(y), lefts, bottom, true))
      if (split === undefined)
        return filled(
          toneOf(s),
          separate(share, () => true),
        )
      const [below, above] = [(bin: number) => middle(bin) < split, (bin: number) => middle(bin) >= split]
      return [filled('approve', separate(share, below)), filled('decline', separate(share, above))]
    })
    const xTicks = chart.x?.ticks ?? ticks(domain, width < 440 ? 4 : 6)
    return {
      height: bottom + xAxisHeight,
      body: html`${key.body}
        ${bands.map(({ from, to }) => band([x(from), x(to)], top, bottom))}
        ${yAxis({ y, ticks: yTicks, format: writeY, left, right })}
        ${drawn}
        ${xAxis({ x, ticks: xTicks, format, bottom, width, line: [left, right] })}
        ${verticalMarks(marks, { x, top, bottom, width })}`,
    }
  }

  return figure(chart, draw, {
    columns: [
      { label: 'From' },
      { label: 'To', align: 'end' },
      ...series.map((one) => ({ label: one.name, align: 'end' as const })),
    ],
    rows: edges
      .slice(0, -1)
      .map((edge, i) => [format(edge), format(edges[i + 1]!), ...shares.map((share) => shareText(share[i]!))]),
  })
}
