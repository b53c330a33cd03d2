/** How features go together: which ones move with each other in the data, and which ones the model combines. */
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import type { Matrix } from '../models/matrix.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { dmatrix } from '../models/out-of-fold.ts'

export interface Pair {
  readonly features: readonly [string, string]
  readonly value: number
}

/** Ranks from 0 of the known values, ties sharing their mean; NaN stays. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const known = Array.from(values, (_, i) => i).filter((i) => !Number.isNaN(values[i]!))
  known.sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length).fill(Number.NaN)
  for (let from = 0; from < known.length; ) {
    let to = from
    while (to + 1 < known.length && values[known[to + 1]!] === values[known[from]!]) to++
    for (let i = from; i <= to; i++) ranks[known[i]!] = (from + to) / 2
    from = to + 1
  }
  return ranks
}

/** Correlation over the clients that have both; null below 50 of them or when a side does not vary. */
function correlation(x: Float64Array, y: Float64Array): number | null {
  let [n, sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    const [a, b] = [x[i]!, y[i]!]
    if (Number.isNaN(a) || Number.isNaN(b)) continue
    n++
    sx += a
    sy += b
    sxx += a * a
    syy += b * b
    sxy += a * b
  }
  if (n < 50) return null
  const [vx, vy] = [sxx - (sx * sx) / n, syy - (sy * sy) / n]
  return vx > 1e-9 && vy > 1e-9 ? (sxy - (sx * sy) / n) / Math.sqrt(vx * vy) : null
}

/** Pairs of features whose ranks correlate at least `least` in size, strongest first; categories have no order and are left out. */
export function correlated(
  columns: readonly ArrayLike<number>[],
  features: readonly FeatureDefinition[],
  places: readonly number[],
  least: number,
): Pair[] {
  const ranked = places.filter((i) => features[i]!.kind !== 'category')
  const ranks = ranked.map((i) => ranksOf(columns[i]!))
  const pairs = ranked.flatMap((i, a) =>
    ranked.slice(a + 1).flatMap((j, b): Pair[] => {
      const value = correlation(ranks[a]!, ranks[a + 1 + b]!)
      return value !== null && Math.abs(value) >= least
        ? [{ features: [features[i]!.name, features[j]!.name], value }]
        : []
    }),
  )
  return pairs.sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
}

/** SHAP interaction values of the clients, the trees' by their weights: other members add up feature by feature and have none. */
export function interactionsOf({ trees }: Predictor, clients: Matrix): Float64Array {
  using data = dmatrix(clients)
  const width = clients.names.length + 1
  const sum = new Float64Array(clients.ids.length * width * width)
  for (const { weight, booster } of trees)
    booster.interactions(data).forEach((value, i) => {
      sum[i]! += weight * value
    })
  return sum
}

/** The strongest interactions: mean over clients of |SHAP interaction value|, both halves of a pair together (Lundberg et al. 2020). */
export function strongestInteractions(
  values: ArrayLike<number>,
  rows: number,
  features: readonly { readonly name: string }[],
  most: number,
): Pair[] {
  const width = features.length + 1
  const sums = new Float64Array(features.length * features.length)
  for (let row = 0; row < rows; row++)
    for (let i = 0; i < features.length; i++) {
      const at = (row * width + i) * width
      for (let j = i + 1; j < features.length; j++) sums[i * features.length + j]! += 2 * Math.abs(values[at + j]!)
    }
  const pairs: Pair[] = []
  for (let i = 0; i < features.length; i++)
    for (let j = i + 1; j < features.length; j++) {
      const value = sums[i * features.length + j]! / rows
      if (value > 0) pairs.push({ features: [features[i]!.name, features[j]!.name], value })
    }
  return pairs.sort((a, b) => b.value - a.value).slice(0, most)
}
