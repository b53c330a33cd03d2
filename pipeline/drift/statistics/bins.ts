/**
 * Bins that two samples are counted in, and what is done about empty ones. Every distance over bins names its bins:
 * Sturges (Evidently: equal widths over both samples), Doane (NannyML: over the reference), deciles of the reference (the trade's PSI).
 */
import { maximum, minimum } from '../../data/extremes.ts'
import { quantile } from '../../data/quantile.ts'

/** Equal steps from low to high, both ends exact (numpy's linspace). */
export function linspace(low: number, high: number, bins: number): Float64Array {
  const step = (high - low) / bins
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + i * step)
  edges[bins] = high
  return edges
}

const ends = (...samples: Float64Array[]): [number, number] => [
  minimum(samples.map((sorted) => sorted[0]!)),
  maximum(samples.map((sorted) => sorted.at(-1)!)),
]

/** Edges of `numpy.histogram_bin_edges(both, 'sturges')` of two sorted samples; width at least 1 for whole numbers. */
export function sturges(reference: Float64Array, current: Float64Array, whole = false): Float64Array {
  const [low, high] = ends(reference, current)
  const width = (high - low) / (Math.log2(reference.length + current.length) + 1)
  return high > low
    ? linspace(low, high, Math.ceil((high - low) / (whole ? Math.max(width, 1) : width)))
    : linspace(low - 0.5, high + 0.5, 1)
}

/** Edges of `numpy.histogram_bin_edges(reference, 'doane')` of one sorted sample. */
export function doane(reference: Float64Array): Float64Array {
  const n = reference.length
  const [low, high] = ends(reference)
  let mean = 0
  for (const value of reference) mean += value
  mean /= n
  let [second, third] = [0, 0]
  for (const value of reference) second += (value - mean) ** 2
  const sigma = Math.sqrt(second / n)
  for (const value of reference) third += ((value - mean) / sigma) ** 3
  const skew = third / n
  const spread = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  const width = (high - low) / (1 + Math.log2(n) + Math.log2(1 + Math.abs(skew) / spread))
  return high > low ? linspace(low, high, Math.ceil((high - low) / width)) : linspace(low - 0.5, high + 0.5, 1)
}

/** Inner edges at the deciles of the reference, without repeats; counts below the first and above the last belong to the end bins. */
export function deciles(reference: Float64Array): Float64Array {
  const inner = new Set(Array.from({ length: 9 }, (_, i) => quantile(reference, (i + 1) / 10)))
  return Float64Array.from([Number.NEGATIVE_INFINITY, ...inner, Number.POSITIVE_INFINITY])
}

const position = (sorted: Float64Array, value: number, after: boolean): number => {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value || (after && sorted[middle] === value)) low = middle + 1
    else high = middle
  }
  return low
}

/** Counts of a sorted sample in [edge, next edge), the last bin with its right end (numpy.histogram). */
export function binCounts(sorted: Float64Array, edges: ArrayLike<number>): Float64Array {
  const bins = edges.length - 1
  const counts = new Float64Array(bins)
  let last = position(sorted, edges[0]!, false)
  for (let i = 0; i < bins; i++) {
    const next = position(sorted, edges[i + 1]!, i === bins - 1)
    counts[i] = next - last
    last = next
  }
  return counts
}

/** Counts as shares of `total` (their sum unless given). */
export function shares(
  counts: ArrayLike<number>,
  total = Array.from(counts).reduce((sum, count) => sum + count, 0),
): Float64Array {
  return Float64Array.from(counts, (count) => count / total)
}

/** Evidently's zero fill: 0.0001, or a millionth of the smallest share where that is 0.0001 or less; no new normalisation. */
export function filled(given: Float64Array): Float64Array {
  let least = Number.POSITIVE_INFINITY
  for (const share of given) if (share > 0 && share < least) least = share
  const fill = least <= 0.0001 ? least / 1e6 : 0.0001
  return given.map((share) => (share === 0 ? fill : share))
}
