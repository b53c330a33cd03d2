/** A beeswarm of aggregates: how a feature's contributions are spread over the clients, and whether high or low values lie there. No client is drawn. */

import { figure, fitted, type Html, html, linear, number, px, textWidth, ticks } from 'report-kit'
import { maximum, minimum } from '../../data/extremes.ts'
import type { Swarm } from '../../explain/contribution-bins.ts'

const toneOf = (rank: number | null) =>
  rank === null ? 'muted' : rank < 0.2 ? 's2' : rank < 0.4 ? 's2' : rank <= 0.6 ? 'muted' : 's4'
const shade = (rank: number | null) => (rank !== null && Math.abs(rank - 0.5) > 0.3 ? 'f' : 'f2')

/** One row a feature, thickness for the number of clients, colour for the rank of their values. */
export function swarmChart(swarms: readonly Swarm[], clients: number): Html {
  const ends = swarms.flatMap(({ bins, step }) => bins.flatMap(({ from }) => [from, from + step]))
  const domain: [number, number] = [minimum(ends), maximum(ends)]
  const draw = (width: number) => {
    const above = width < 440
    const names = above ? 0 : Math.min(maximum(swarms.map(({ label }) => textWidth(label))) + 16, width * 0.42)
    const [row, thick] = above ? [46, 20] : [30, 24]
    const x = linear(domain, [names + 4, width - 8])
    const bottom = swarms.length * row + (above ? 10 : 4)
    const marks = ticks(domain, above ? 3 : 5)
    const rows = swarms.map(({ label, bins, step }, i) => {
      const middle = i * row + (above ? 32 : 17)
      const most = maximum(bins.map((bin) => bin.clients))
      const bars = bins.map(({ from, clients, rank }) => {
        const height = Math.max(2, Math.sqrt(clients / most) * thick)
        return html`<rect class="${shade(rank)} t-${toneOf(rank)}" x="${px(x(from))}" y="${px(middle - height / 2)}" width="${px(Math.max(1, x(from + step) - x(from) - 0.4))}" height="${px(height)}"/>`
      })
      return html`<text class="${above ? 'h' : 'e'}" x="${above ? 0 : px(names - 8)}" y="${above ? middle - 15 : middle + 5}">${fitted(label, above ? width : names - 8)}</text>${bars}`
    })
    return {
      height: bottom + 26,
      body: html`<path class="axis" d="M${px(x(0))} 0V${bottom}"/>${rows}${marks.map(
        (tick) =>
          html`<text class="m c" x="${px(x(tick))}" y="${bottom + 18}">${number(tick, { significant: 2, signed: true })}</text>`,
      )}`,
    }
  }
  return figure(
    {
      title: 'Where the contributions of the heaviest features lie',
      note: `SHAP value, log-odds, of ${number(clients)} clients in steps; thickness: how many; red: their values are high, blue: low, grey: between, missing or a category`,
    },
    draw,
    {
      columns: [
        { label: 'Feature' },
        { label: 'Lowest', align: 'end' },
        { label: 'Highest', align: 'end' },
        { label: 'High values lie', align: 'end' },
      ],
      rows: swarms.map(({ label, bins, step, high_values }) => [
        label,
        number(bins[0]?.from, { digits: 2, signed: true }),
        number((bins.at(-1)?.from ?? 0) + step, { digits: 2, signed: true }),
        high_values === null ? '–' : high_values === 'raise' ? 'where the risk rises' : 'where the risk falls',
      ]),
    },
  )
}
