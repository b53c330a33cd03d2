/** A beeswarm of aggregates: how a feature's contributions are spread over the clients, and whether high or low values lie there. No client is drawn. */

import {
  bar,
  figure,
  type Html,
  html,
  linear,
  nameColumn,
  number,
  px,
  rowName,
  ticks,
  xAxis,
  xAxisHeight,
} from 'report-kit'
import { maximum, minimum } from '../../data/extremes.ts'
import type { Swarm } from '../../explain/contribution-bins.ts'

const toneOf = (rank: number | null) => (rank === null ? 'muted' : rank < 0.4 ? 's2' : rank <= 0.6 ? 'muted' : 's4')
const isLight = (rank: number | null) => rank === null || Math.abs(rank - 0.5) <= 0.3

/** One row a feature, thickness for the number of clients, colour for the rank of their values. */
export function swarmChart(swarms: readonly Swarm[], clients: number): Html {
  const ends = swarms.flatMap(({ bins, step }) => bins.flatMap(({ from }) => [from, from + step]))
  const domain: [number, number] = [minimum(ends), maximum(ends)]
  const draw = (width: number) => {
    const names = nameColumn(
      swarms.map(({ label }) => label),
      width,
    )
    const above = names === 0
    const [row, thick] = above ? [46, 20] : [30, 24]
    const x = linear(domain, [names + 4, width - 8])
    const bottom = swarms.length * row + (above ? 10 : 4)
    const rows = swarms.map(({ label, bins, step }, i) => {
      const middle = i * row + (above ? 32 : 17)
      const most = maximum(bins.map((bin) => bin.clients))
      const bars = bins.map(({ from, clients, rank }) => {
        const height = Math.max(2, Math.sqrt(clients / most) * thick)
        const ends = [x(from), Math.max(x(from) + 1, x(from + step) - 0.4)] as const
        return bar(toneOf(rank), ends, middle - height / 2, height, { light: isLight(rank) })
      })
      return html`${rowName(label, names, { middle, above: middle - 15 }, width)}${bars}`
    })
    const format = (value: number) => number(value, { significant: 2, signed: true })
    return {
      height: bottom + xAxisHeight,
      body: html`<path class="axis" d="M${px(x(0))} 0V${bottom}"/>
        ${rows}
        ${xAxis({ x, ticks: ticks(domain, above ? 3 : 5), format, bottom, width, line: [names + 4, width - 8] })}`,
    }
  }
  return figure(
    {
      title: 'Where the contributions of the most important features lie',
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
