/**
 * Shares of categories, for one or several sides: a row of bars in per cent for each category.
 *
 *   categoryBars({ title, note?, alt?, categories, series, most?, key? }): Html
 *     categories  names; series { name, counts, tone? }[]: the first is filled, further ones are outlines
 *     most        at most so many (12) categories, by the first series; the rest are joined
 *     key         false leaves out the legend (where a text beside the figure names the series)
 */
import { nameColumn, rowName } from './axis.ts'
import { type Caption, figure } from './figure.ts'
import { type Html, html } from './html.ts'
import { legend } from './legend.ts'
import { bar, hollowBar } from './marks.ts'
import { extent, linear } from './scale.ts'
import { type Counted, shareOf, shareText } from './shares.ts'
import { px } from './svg-path.ts'
import type { Tone } from './tone.ts'

export interface CategoryBars extends Caption {
  readonly categories: readonly string[]
  readonly series: readonly Counted[]
  readonly most?: number
  readonly key?: boolean
}

export function categoryBars(chart: CategoryBars): Html {
  const { series, most = 12, key: withKey = true } = chart
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
  const highest = extent([1e-9, ...rows.flatMap((row) => row.values)])[1]
  const toneOf = (s: number): Tone => series[s]?.tone ?? (['s2', 'ink', 's3', 's4'] as const)[s % 4]!

  const draw = (width: number) => {
    const names = nameColumn(
      rows.map((row) => row.label),
      width,
    )
    const above = names === 0 ? 18 : 0
    const each = 14
    const barsHeight = series.length * (each + 2)
    const step = barsHeight + 12 + above
    const key = legend(
      (withKey ? series : []).map(({ name }, s) => ({ name, tone: toneOf(s), sign: s === 0 ? 'area' : 'outline' })),
      names,
      width,
    )
    const x = linear([0, highest], [names + 1, width - 62])
    const drawn = rows.map((row, i) => {
      const y = key.height + i * step + above
      const bars = row.values.map((share, s) => {
        const [top, ends] = [y + s * (each + 2), [x(0), x(share)] as const]
        const shape = s === 0 ? bar(toneOf(s), ends, top, each, { light: true }) : hollowBar(toneOf(s), ends, top, each)
        return html`${shape}<text class="m" x="${px(x(share) + 5)}" y="${px(top + each - 2)}">${shareText(share)}</text>`
      })
      return html`${rowName(row.label, names, { middle: y + barsHeight / 2, above: y - 3 }, width)}${bars}`
    })
    return { height: key.height + rows.length * step, body: html`${key.body}${drawn}` }
  }
  return figure(chart, draw, {
    columns: [{ label: 'Category' }, ...series.map((one) => ({ label: one.name, align: 'end' as const }))],
    rows: rows.map((row) => [row.label, ...row.values.map(shareText)]),
  })
}
