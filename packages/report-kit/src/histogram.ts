/**
 * Distributions: one histogram, or several over the same bins.
 *
 *   histogram({ title, note?, alt?, edges, series, x?: Axis, y?: Axis, marks?, bands?, split?, height? }): Html
 *     edges   n + 1 rising numbers; series { name, counts: n numbers, tone? }[]: drawn as shares of their own sum (per cent)
 *     The first series is filled; with several, each further one is an outline over it (so grey print tells them apart).
 *     split   with one series: bins left of this value in --approve, right in --decline
 *     key     false leaves out the names of the series (where a text beside the figure tells)
 *     marks   { at, label }[] vertical lines; bands { from, to }[] shaded stretches
 *   categoryBars({ title, note?, alt?, categories, series, most? }): Html    the same for categories: paired bars in per cent
 *     categories  names; series { name, counts, tone? }[]; at most `most` (12) categories by the first series, the rest joined
 *   spark(reference, current, alt, { apart? }): Html    132 × 34 px for tables: reference filled, current as a line, on one axis
 */

import { type Axis, type Caption, figure, type Mark, plain } from './figure.ts'
import { type Html, html, raw } from './html.ts'
import { maximum } from './maximum.ts'
import { percent } from './numbers.ts'
import { beside, fitted, keyPlaces, linear, px, textWidth, ticks } from './scale.ts'
import type { Tone } from './tone.ts'

export interface Counted {
  readonly name: string
  readonly counts: ArrayLike<number>
  readonly tone?: Tone
}

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

const shareOf = (counts: ArrayLike<number>): number[] => {
  const all = Array.from(counts)
  const total = all.reduce((sum, count) => sum + count, 0)
  return all.map((count) => (total ? count / total : 0))
}

/** Outline of steps: path data along the tops of the bins, closed down to the base line when `closed`. */
function steps(tops: readonly number[], lefts: readonly number[], base: number, closed: boolean): string {
  let last = closed ? base : (tops[0] ?? base)
  let d = `M${px(lefts[0] ?? 0)} ${px(last)}`
  tops.forEach((top, i) => {
    if (px(top) !== px(last)) d += `V${px(top)}`
    if (i === tops.length - 1 || px(tops[i + 1]!) !== px(top)) d += `H${px(lefts[i + 1] ?? 0)}`
    last = top
  })
  return closed ? `${d}V${px(base)}Z` : d
}

const shareText = (share: number) => percent(share, { digits: share > 0 && share < 0.01 ? 2 : 1 })

export function histogram(chart: Histogram): Html {
  const { edges, series, marks = [], bands = [], split, height: plot = 220, key = true } = chart
  const format = chart.x?.format ?? plain
  const shares = series.map((one) => shareOf(one.counts))
  const domain: [number, number] = [edges[0] ?? 0, edges.at(-1) ?? 1]
  const most = chart.y?.max ?? maximum([1e-9, ...shares.flat()])

  const draw = (width: number) => {
    const yTicks = chart.y?.ticks ?? ticks([0, most], plot < 150 ? 3 : 4)
    const writeY = chart.y?.format ?? ((share: number) => percent(share, { digits: (yTicks[1] ?? 1) < 0.01 ? 1 : 0 }))
    const left = maximum(yTicks.map((tick) => textWidth(writeY(tick)))) + 12
    const names =
      series.length > 1 && key
        ? keyPlaces(
            series.map((one) => one.name),
            left,
            width,
          )
        : []
    const keys = names.length ? names.at(-1)!.y + 24 : 0
    const rows = Math.min(marks.length, 2)
    const top = keys + rows * 22 + 8
    const bottom = top + plot
    const x = linear(domain, [left, width - 18])
    const y = linear([0, most], [bottom, top])
    const lefts = edges.map(x)
    const parts: Html[] = []
    for (const band of bands)
      parts.push(
        html`<rect class="t-muted band" x="${px(x(band.from))}" y="${top}" width="${px(Math.max(1, x(band.to) - x(band.from)))}" height="${plot}"/>`,
      )
    for (const tick of yTicks)
      parts.push(
        html`<path class="rule" d="M${px(left)} ${px(y(tick))}H${px(width - 18)}"/><text class="m e" x="${px(left - 8)}" y="${px(y(tick) + 5)}">${writeY(tick)}</text>`,
      )
    shares.forEach((share, s) => {
      const tone =
        series[s]?.tone ?? (s === 0 ? (series.length > 1 ? 's2' : 'accent') : s === 1 ? 'ink' : `s${(s % 4) + 1}`)
      const tops = share.map(y)
      if (s === 0 && series.length === 1) {
        const gap = (lefts[1] ?? 0) - (lefts[0] ?? 0) > 4 ? 1 : 0
        const bars = (inside: (i: number) => boolean) =>
          tops
            .map((at, i) =>
              inside(i) && share[i]
                ? `M${px(lefts[i]! + gap / 2)} ${px(bottom)}V${px(at)}H${px(lefts[i + 1]! - gap / 2)}V${px(bottom)}Z`
                : '',
            )
            .join('')
        if (split === undefined) parts.push(html`<path class="f2 t-${tone}" d="${bars(() => true)}"/>`)
        else {
          const middle = (i: number) => (edges[i]! + edges[i + 1]!) / 2
          parts.push(
            html`<path class="f2 t-approve" d="${bars((i) => middle(i) < split)}"/><path class="f2 t-decline" d="${bars((i) => middle(i) >= split)}"/>`,
          )
        }
      } else
        parts.push(
          s === 0
            ? html`<path class="f2 t-${tone}" d="${steps(tops, lefts, bottom, true)}"/>`
            : html`<path class="s t-${tone}" d="${steps(tops, lefts, bottom, false)}"/>`,
        )
      if (keys) {
        const { x: at, y: down } = names[s]!
        parts.push(
          html`<g class="t-${tone}">${s === 0 ? html`<rect class="f2" x="${px(at)}" y="${down + 3}" width="14" height="13"/>` : html`<path class="s w" d="M${px(at)} ${down + 10}h14"/>`}<text class="b" x="${px(at + 21)}" y="${down + 15}">${series[s]?.name}</text></g>`,
        )
      }
    })
    parts.push(html`<path class="axis" d="M${px(left)} ${bottom}H${px(width - 18)}"/>`)
    for (const tick of chart.x?.ticks ?? ticks(domain, width < 440 ? 4 : 6)) {
      const half = textWidth(format(tick)) / 2
      parts.push(
        html`<path class="axis" d="M${px(x(tick))} ${bottom}v5"/><text class="m c" x="${px(Math.min(Math.max(x(tick), half), width - half))}" y="${bottom + 21}">${format(tick)}</text>`,
      )
    }
    marks.forEach((mark, i) => {
      const at = x(mark.at)
      const row = top - 8 - 22 * (rows - 1 - (i % 2))
      const label = beside(at, mark.label, width)
      parts.push(
        html`<g class="t-${mark.tone ?? 'ink'}"><path class="s dash" d="M${px(at)} ${px(row - 12)}V${bottom}"/><text class="h b${label.end ? ' e' : ''}" x="${px(label.x)}" y="${px(row)}">${mark.label}</text></g>`,
      )
    })
    return { height: bottom + 28, body: raw(parts.map((part) => part.markup).join('')) }
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

export interface CategoryBars extends Caption {
  readonly categories: readonly string[]
  readonly series: readonly Counted[]
  readonly most?: number
  readonly key?: boolean
}

export function categoryBars(chart: CategoryBars): Html {
  const { series, most = 12, key = true } = chart
  const shares = series.map((one) => shareOf(one.counts))
  const order = chart.categories
    .map((_, i) => i)
    .sort(
      (a, b) => (shares[0]?.[b] ?? 0) - (shares[0]?.[a] ?? 0) || (shares[1]?.[b] ?? 0) - (shares[1]?.[a] ?? 0) || a - b,
    )
  const shown = order.length > most ? order.slice(0, most - 1) : order
  const rest = order.slice(shown.length)
  const rows = shown.map((i) => ({ label: chart.categories[i]!, values: shares.map((share) => share[i] ?? 0) }))
  if (rest.length)
    rows.push({
      label: `${rest.length} others`,
      values: shares.map((share) => rest.reduce((sum, i) => sum + (share[i] ?? 0), 0)),
    })
  const highest = maximum([1e-9, ...rows.flatMap((row) => row.values)])
  const toneOf = (s: number): Tone => series[s]?.tone ?? (['s2', 'ink', 's3', 's4'] as const)[s % 4]!

  const draw = (width: number) => {
    const above = width < 440
    const names = above ? 0 : Math.min(maximum(rows.map((row) => textWidth(row.label))) + 12, width * 0.42)
    const bar = 14
    const step = series.length * (bar + 2) + 12 + (above ? 18 : 0)
    const places =
      series.length > 1 && key
        ? keyPlaces(
            series.map((one) => one.name),
            names,
            width,
          )
        : []
    const keys = places.length ? places.at(-1)!.y + 26 : 0
    const x = linear([0, highest], [names + 1, width - 62])
    const parts: Html[] = []
    places.forEach(({ x: at, y: down }, s) => {
      parts.push(
        html`<rect class="${s ? 'hollow' : 'f2'} t-${toneOf(s)}" x="${px(at + 1)}" y="${down + 3}" width="14" height="12"/><text class="b" x="${px(at + 22)}" y="${down + 14}">${series[s]!.name}</text>`,
      )
    })
    rows.forEach((row, i) => {
      const y = keys + i * step + (above ? 18 : 0)
      const label = fitted(row.label, above ? width : names - 12)
      parts.push(
        above
          ? html`<text x="0" y="${px(y - 3)}">${label}</text>`
          : html`<text class="e" x="${px(names - 10)}" y="${px(y + (series.length * (bar + 2)) / 2 + 5)}">${label}</text>`,
      )
      row.values.forEach((share, s) => {
        parts.push(
          html`<rect class="${s ? 'hollow' : 'f2'} t-${toneOf(s)}" x="${px(x(0) + (s ? 1 : 0))}" y="${px(y + s * (bar + 2) + (s ? 1 : 0))}" width="${px(Math.max(0.8, x(share) - x(0) - (s ? 2 : 0)))}" height="${bar - (s ? 2 : 0)}"/><text class="m" x="${px(x(share) + 5)}" y="${px(y + s * (bar + 2) + bar - 2)}">${shareText(share)}</text>`,
        )
      })
    })
    return { height: keys + rows.length * step, body: raw(parts.map((part) => part.markup).join('')) }
  }
  return figure(chart, draw, {
    columns: [{ label: 'Category' }, ...series.map((one) => ({ label: one.name, align: 'end' as const }))],
    rows: rows.map((row) => [row.label, ...row.values.map(shareText)]),
  })
}

/**
 * Two distributions in 132 × 34 px on one axis and one scale; heights in hundredths, so that a table of 120 stays small.
 * Categories (`apart`) stand as separate bars, each with the current share as a line across it.
 */
export function spark(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  alt: string,
  options: { apart?: boolean } = {},
): Html {
  const [a, b] = [shareOf(reference), shareOf(current)]
  const highest = maximum([1e-9, ...a, ...b])
  const tops = (shares: readonly number[]) => shares.map((share) => 33 - Math.round((share / highest) * 100) * 0.31)
  const lefts = Array.from({ length: a.length + 1 }, (_, i) => (132 * i) / a.length)
  const gap = options.apart ? Math.min(3, 132 / a.length / 5) : 0
  const bars = tops(a).map((top, i) => `M${px(lefts[i]! + gap)} 33.5V${px(top)}H${px(lefts[i + 1]! - gap)}V33.5Z`)
  const lines = tops(b).map((top, i) => `M${px(lefts[i]!)} ${px(top)}H${px(lefts[i + 1]!)}`)
  const [filled, drawn] = options.apart
    ? [bars.join(''), lines.join('')]
    : [steps(tops(a), lefts, 33.5, true), steps(tops(b), lefts, 33.5, false)]
  return html`<svg class="spark" viewBox="0 0 132 34" role="img" aria-label="${alt}"><path class="f2 t-s2" d="${filled}"/><path class="s t-ink" d="${drawn}"/></svg>`
}
