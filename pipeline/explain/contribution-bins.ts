/** How a feature's contributions are spread over the clients, in steps: what a beeswarm shows. No client is in it. */
import type { Contributions } from './attribution.ts'

export interface Swarm {
  readonly feature: string
  readonly label: string
  /** Equal steps of the contribution: where each begins, its clients, and their mean rank of value, 0 (lowest) to 1; null for missing or categories. */
  readonly bins: readonly { readonly from: number; readonly clients: number; readonly rank: number | null }[]
  readonly step: number
  /** What high values do to the risk, from which side of zero they lie on; null where neither side holds clearly higher ones. */
  readonly high_values: 'raise' | 'lower' | null
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
  const held = bins
    .filter(({ clients }) => clients > 0)
    .map(({ from, clients, sum, known }) => ({
      from: short(from),
      clients,
      rank: known > 0 ? Math.round((sum / known) * 100) / 100 : null,
    }))
  return {
    feature: feature.name,
    label: feature.label.en,
    step: short(step),
    high_values: effectOfHighValues(held),
    bins: held,
  }
}

/** Mean rank of the values above zero against those below; they must differ by a tenth. */
function effectOfHighValues(bins: Swarm['bins']): Swarm['high_values'] {
  const mean = (side: (from: number) => boolean) => {
    const known = bins.filter(({ from, rank }) => rank !== null && side(from))
    const clients = known.reduce((sum, bin) => sum + bin.clients, 0)
    return clients ? known.reduce((sum, bin) => sum + bin.clients * bin.rank!, 0) / clients : null
  }
  const [below, over] = [mean((from) => from < 0), mean((from) => from >= 0)]
  if (below === null || over === null || Math.abs(over - below) < 0.1) return null
  return over > below ? 'raise' : 'lower'
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
