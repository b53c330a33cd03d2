/** A beeswarm of aggregates: how a feature's contributions are spread over the clients, and whether high or low values lie there. No client is drawn. */

import { figure, fitted, type Html, html, linear, number, px, textWidth, ticks } from 'report-kit'
import { maximum, minimum } from '../../data/extremes.ts'
import type { Contributions } from '../../explain/attribution.ts'

export interface Swarm {
  readonly feature: string
  readonly label: string
  /** Equal steps of the contribution: where each begins, its clients, and their mean rank of value, 0 (lowest) to 1; null for missing or categories. */
  readonly bins: readonly { readonly from: number; readonly clients: number; readonly rank: number | null }[]
  readonly step: number
}

const steps = 40

/** The contributions of one feature in at most 40 steps; `column` are its values, NaN where missing. */
export function swarmOf(contributions: Contributions, index: number, column: ArrayLike<number>): Swarm {
  const { values, rows, features } = contributions
  const feature = features[index]!
  const width = features.length + 1
  const effects = Float64Array.from({ length: rows }, (_, row) => values[row * width + index]!)
  const [low, high] = effects.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [0, 0])
  const step = (high - low) / steps || 1e-9
  const rank = rankShares(column)
  const bins = Array.from({ length: steps }, (_, i) => ({ from: low + i * step, clients: 0, sum: 0, known: 0 }))
  effects.forEach((effect, row) => {
    const bin = bins[Math.min(steps - 1, Math.floor((effect - low) / step))]!
    bin.clients++
    if (Number.isNaN(rank[row]!) || feature.kind === 'category') return
    bin.sum += rank[row]!
    bin.known++
  })
  const short = (value: number) => Number(value.toPrecision(4))
  return {
    feature: feature.name,
    label: feature.label.en,
    step: short(step),
    bins: bins
      .filter(({ clients }) => clients > 0)
      .map(({ from, clients, sum, known }) => ({
        from: short(from),
        clients,
        rank: known > 0 ? Math.round((sum / known) * 100) / 100 : null,
      })),
  }
}

/** Each value's share of known values below it, halves of ties included. */
function rankShares(values: ArrayLike<number>): Float64Array {
  const known = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort()
  const before = (value: number, orEqual: boolean) => {
    let [low, high] = [0, known.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (known[middle]! < value || (orEqual && known[middle] === value)) low = middle + 1
      else high = middle
    }
    return low
  }
  return Float64Array.from(values, (value) =>
    Number.isNaN(value) ? Number.NaN : (before(value, false) + before(value, true)) / 2 / Math.max(1, known.length),
  )
}

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
      rows: swarms.map(({ label, bins, step }) => [
        label,
        number(bins[0]?.from, { digits: 2, signed: true }),
        number((bins.at(-1)?.from ?? 0) + step, { digits: 2, signed: true }),
        sideOf(bins),
      ]),
    },
  )
}

/** On which side of zero the high values lie. */
function sideOf(bins: Swarm['bins']): string {
  const mean = (side: (from: number) => boolean) => {
    const known = bins.filter(({ from, rank }) => rank !== null && side(from))
    const clients = known.reduce((sum, bin) => sum + bin.clients, 0)
    return clients ? known.reduce((sum, bin) => sum + bin.clients * bin.rank!, 0) / clients : null
  }
  const [below, over] = [mean((from) => from < 0), mean((from) => from >= 0)]
  if (below === null || over === null || Math.abs(over - below) < 0.1) return '–'
  return over > below ? 'where the risk rises' : 'where the risk falls'
}
