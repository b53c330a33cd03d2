/**
 * From contributions (log-odds, one row a client, last column the bias; of trees SHAP values) to importance: by feature, by reason group, by value.
 * Source: Lundberg et al., From local explanations to global understanding with explainable AI for trees, Nature Machine Intelligence 2, 2020.
 */
import { quantile } from '../data/quantile.ts'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'

export interface Weight {
  /** Mean over the clients of |contribution|, log-odds, with a 95 % interval for the mean (normal, over the sample). */
  readonly mean: number
  readonly low: number
  readonly high: number
  /** Of the sum over all features (or reason groups), 0 to 1. */
  readonly share: number
}

export interface FeatureWeight extends Weight {
  readonly feature: string
  readonly group: string
  readonly label: string
  /** Rank correlation of value and contribution over clients that have the value: near 1, higher values raise the risk; null for categories. */
  readonly direction: number | null
  readonly missing: number
}

export interface GroupWeight extends Weight {
  readonly group: string
  readonly label: string
  readonly label_fr: string
  readonly features: number
}

export interface Contributions {
  readonly values: Float32Array | Float64Array
  readonly rows: number
  readonly features: readonly FeatureDefinition[]
}

/** Largest |sum of a client's contributions and bias − margin|, in log-odds. */
export function additivityError({ values, rows, features }: Contributions, margins: ArrayLike<number>): number {
  const width = features.length + 1
  let worst = 0
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let i = 0; i < width; i++) sum += values[row * width + i]!
    worst = Math.max(worst, Math.abs(sum - margins[row]!))
  }
  return worst
}

/** Throws when contributions do not add up to the margins within `tolerance`: an explanation that does not is none. */
export function checkAdditivity(contributions: Contributions, margins: ArrayLike<number>, tolerance = 1e-3): number {
  const error = additivityError(contributions, margins)
  if (!(error <= tolerance))
    throw new Error(
      `explain: contributions and margin differ by ${error}, at most ${tolerance} was expected; model and features do not belong together`,
    )
  return error
}

/** Mean and 95 % interval of the absolute values of one number a client. */
function weigh(rows: number, of: (row: number) => number): Omit<Weight, 'share'> {
  let [sum, squares] = [0, 0]
  for (let row = 0; row < rows; row++) {
    const size = Math.abs(of(row))
    sum += size
    squares += size * size
  }
  const mean = sum / rows
  const half = rows > 1 ? 1.96 * Math.sqrt(Math.max(0, squares / rows - mean * mean) / (rows - 1)) : 0
  return { mean, low: Math.max(0, mean - half), high: mean + half }
}

function shared<T extends { mean: number; name: string }>(weights: readonly T[]): (T & { share: number })[] {
  const total = weights.reduce((sum, { mean }) => sum + mean, 0)
  return weights
    .map((weight) => ({ ...weight, share: total ? weight.mean / total : 0 }))
    .sort((a, b) => b.mean - a.mean || (a.name < b.name ? -1 : 1))
}

function ranks(values: readonly number[]): Float64Array {
  const order = values.map((_, i) => i).sort((a, b) => values[a]! - values[b]!)
  const rank = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from
    while (to + 1 < order.length && values[order[to + 1]!] === values[order[from]!]) to++
    for (let i = from; i <= to; i++) rank[order[i]!] = (from + to) / 2
    from = to + 1
  }
  return rank
}

/** Spearman's rank correlation with mean ranks for ties; null when a side is constant or fewer than 30 pairs are there. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.length < 30) return null
  const [x, y] = [ranks(a), ranks(b)]
  const middle = (a.length - 1) / 2
  let [xy, xx, yy] = [0, 0, 0]
  for (let i = 0; i < x.length; i++) {
    xy += (x[i]! - middle) * (y[i]! - middle)
    xx += (x[i]! - middle) ** 2
    yy += (y[i]! - middle) ** 2
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : null
}

/** Mean |SHAP| of each feature, heaviest first; `columns` are the matrix's, NaN where missing. */
export function featureWeights(contributions: Contributions, columns: readonly ArrayLike<number>[]): FeatureWeight[] {
  const { values, rows, features } = contributions
  const width = features.length + 1
  const weights = features.map((feature, i) => {
    const at = (row: number) => values[row * width + i]!
    const [known, effect]: [number[], number[]] = [[], []]
    for (let row = 0; row < rows; row++) {
      const value = columns[i]![row]!
      if (Number.isNaN(value)) continue
      known.push(value)
      effect.push(at(row))
    }
    return {
      name: feature.name,
      group: feature.group,
      label: feature.label.en,
      ...weigh(rows, at),
      direction: feature.kind === 'category' ? null : rankCorrelation(known, effect),
      missing: (rows - known.length) / rows,
    }
  })
  return shared(weights).map(({ name, ...rest }) => ({ feature: name, ...rest }))
}

/** Sum of a client's contributions within each reason group: one row a client, reason groups in the order of their first feature. */
export function byGroup({ values, rows, features }: Contributions): { groups: string[]; sums: Float64Array } {
  const groups = [...new Set(features.map(({ group }) => group))]
  const place = new Map(groups.map((group, i) => [group, i]))
  const sums = new Float64Array(rows * groups.length)
  const width = features.length + 1
  for (let row = 0; row < rows; row++)
    features.forEach((feature, i) => {
      sums[row * groups.length + place.get(feature.group)!]! += values[row * width + i]!
    })
  return { groups, sums }
}

/**
 * Weight of each reason group: the mean over clients of |sum of the contributions within the reason group|, not the sum of the features' weights,
 * because contributions of related features cancel within one client (two external scores, one up and one down, matter little together).
 */
export function groupWeights(
  contributions: Contributions,
  label: (group: string) => { fr: string; en: string },
): GroupWeight[] {
  const { groups, sums } = byGroup(contributions)
  const weights = groups.map((group, i) => ({
    name: group,
    label: label(group).en,
    label_fr: label(group).fr,
    features: contributions.features.filter((feature) => feature.group === group).length,
    ...weigh(contributions.rows, (row) => sums[row * groups.length + i]!),
  }))
  return shared(weights).map(({ name, ...rest }) => ({ group: name, ...rest }))
}

export interface DependencePoint {
  /** Median of the values in the group (numbers), or the level (categories); null is missing. */
  readonly at: number | string | null
  readonly clients: number
  readonly mean: number
  /** 10th and 90th percentile of the contribution in the group. */
  readonly low: number
  readonly high: number
}

const smallest = 20

/**
 * How the contribution of one feature depends on its value: up to twelve groups of about equal size (numbers) or the levels (categories),
 * and the clients without a value. Groups under 20 clients are left out, so that no point is one person.
 */
export function dependence(contributions: Contributions, index: number, column: ArrayLike<number>): DependencePoint[] {
  const { values, rows, features } = contributions
  const feature = features[index]!
  const effect = (row: number) => values[row * (features.length + 1) + index]!
  const point = (at: DependencePoint['at'], members: readonly number[]): DependencePoint => {
    const effects = members.map(effect).sort((a, b) => a - b)
    return {
      at,
      clients: members.length,
      mean: effects.reduce((sum, value) => sum + value, 0) / effects.length,
      low: quantile(effects, 0.1),
      high: quantile(effects, 0.9),
    }
  }
  const all = Array.from({ length: rows }, (_, row) => row)
  const known = all.filter((row) => !Number.isNaN(column[row]!)).sort((a, b) => column[a]! - column[b]! || a - b)
  const points: DependencePoint[] = []
  if (feature.kind === 'category')
    feature.levels?.forEach((level, code) => {
      const members = known.filter((row) => column[row] === code)
      if (members.length >= smallest) points.push(point(level, members))
    })
  else {
    const size = Math.max(smallest, Math.ceil(known.length / 12))
    for (let from = 0; from < known.length; ) {
      let to = Math.min(from + size, known.length)
      while (to < known.length && column[known[to]!] === column[known[to - 1]!]) to++
      if (known.length - to < smallest) to = known.length
      const members = known.slice(from, to)
      if (members.length >= smallest) points.push(point(column[members[members.length >> 1]!]!, members))
      from = to
    }
  }
  const absent = all.filter((row) => Number.isNaN(column[row]!))
  if (absent.length >= smallest) points.push(point(null, absent))
  return points
}
