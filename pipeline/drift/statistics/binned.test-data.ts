/**
 * Distances over bins of a large reference, as NannyML takes them from 10,000 reference values on: the reference is then kept as a few
 * shares in place of all its values. Source: NannyML 0.13.1, drift/univariate/methods.py (10,000 bins).
 */
import { binCounts, linspace } from './bins.ts'

const binCount = 10_000

/** Kolmogorov-Smirnov distance seen at the edges of equal widths of the reference only: at most the exact one. Both samples sorted. */
export function ksBinned(reference: Float64Array, current: Float64Array, bins = binCount): number {
  const edges = linspace(reference[0]!, reference.at(-1)!, bins)
  const [before, after] = [binCounts(reference, edges), binCounts(current, edges)]
  let below = 0
  while (below < current.length && current[below]! < edges[0]!) below++
  let [old, fresh, gap] = [0, below, 0]
  for (let i = 0; i < bins; i++) {
    old += before[i]!
    fresh += after[i]!
    gap = Math.max(gap, Math.abs(old / reference.length - fresh / current.length))
  }
  return gap
}

/**
 * Wasserstein distance by histogram inside the reference's range and exactly beyond its ends. Where current values lie below the range,
 * NannyML counts one more of them inside than there are; that is kept, so that the figures are its own.
 */
export function wassersteinBinned(reference: Float64Array, current: Float64Array, bins = binCount): number {
  const [low, high] = [reference[0]!, reference.at(-1)!]
  const edges = linspace(low, high, bins)
  const [before, after] = [binCounts(reference, edges), binCounts(current, edges)]
  const m = current.length
  let [left, below] = [0, 0]
  for (; below < m && current[below]! < low; below++)
    left += ((below + 1) * (Math.min(current[below + 1] ?? low, low) - current[below]!)) / m
  let [right, above] = [0, 0]
  for (let i = m - 1; i >= 0 && current[i]! > high; i--)
    right += (++above * (current[i]! - Math.max(current[i - 1] ?? high, high))) / m
  let [old, fresh, inside] = [0, below > 0 ? below + 1 : 0, 0]
  for (let i = 0; i < bins; i++) {
    old += before[i]!
    fresh += after[i]!
    inside += Math.abs(old / reference.length - fresh / m)
  }
  return left + inside * (edges[1]! - edges[0]!) + right
}
