/**
 * Both sides of a column in the same few bins, for drawing: shares per bin, never a row. Numbers are cut at the 1st and 99th
 * percentile of both sides together (the end bins hold what lies beyond), so that no single client's value is an edge.
 */
import { maximum, minimum } from '../data/extremes.ts'
import { quantile } from '../data/quantile.ts'
import { categories, type DriftColumn, distinct, isNumber } from './column.ts'
import { binCounts, linspace } from './statistics/bins.ts'

export type Distribution =
  | {
      readonly kind: 'bins'
      readonly edges: readonly number[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
    }
  | {
      readonly kind: 'categories'
      readonly keys: readonly string[]
      readonly reference: readonly number[]
      readonly current: readonly number[]
    }

const most = 12
const bins = 20

/** Numbers in bins unless they are compared as categories, or have few values. */
export function distributionOf(
  reference: DriftColumn,
  current: DriftColumn,
  asCategories = false,
): Distribution | null {
  if (reference.rows === reference.missing && current.rows === current.missing) return null
  if (!asCategories && isNumber(reference) && isNumber(current)) {
    const [a, b] = [reference.sorted, current.sorted]
    const sides = [a, b].filter((side) => side.length > 0)
    const low = minimum(sides.map((side) => quantile(side, 0.01)))
    const high = maximum(sides.map((side) => quantile(side, 0.99)))
    const few = distinct(reference, most) + distinct(current, most) <= most
    if (!few && high > low) {
      const edges = linspace(low, high, bins)
      const open = Float64Array.from(edges)
      open[0] = Number.NEGATIVE_INFINITY
      open[bins] = Number.POSITIVE_INFINITY
      return {
        kind: 'bins',
        edges: Array.from(edges, (edge) => Number(edge.toPrecision(6))),
        reference: Array.from(binCounts(a, open)),
        current: Array.from(binCounts(b, open)),
      }
    }
  }
  const both = categories(reference, current)
  const order = both.keys.map((_, i) => i)
  const rank = (i: number) =>
    both.reference[i]! / Math.max(1, reference.rows) + both.current[i]! / Math.max(1, current.rows)
  if (!isNumber(reference) || order.length > most) order.sort((x, y) => rank(y) - rank(x) || x - y)
  const shown = order.length > most ? order.slice(0, most - 1) : order
  const rest = order.slice(shown.length)
  const gather = (counts: Float64Array) => [
    ...shown.map((i) => counts[i]!),
    ...(rest.length ? [rest.reduce((sum, i) => sum + counts[i]!, 0)] : []),
  ]
  return {
    kind: 'categories',
    keys: [...shown.map((i) => String(both.keys[i])), ...(rest.length ? [`${rest.length} others`] : [])],
    reference: gather(both.reference),
    current: gather(both.current),
  }
}
