/** The weights of the report: means over folds in place of the final model's own, with the final model's, gain and permutation beside them. */
import type { FeatureWeight, GroupWeight } from './attribution.ts'
import type { Measured } from './findings.ts'
import { type FoldWeights, overFolds } from './refits.ts'

type Sampled = { readonly mean: number }

/** `sampled`: the final model's weights; `values`: of each fold, by the same names; `gainOf`: total gain by feature or reason group, null where the model has none. */
function measured<T extends Sampled>(
  sampled: readonly T[],
  nameOf: (weight: T) => string,
  names: readonly string[],
  folds: readonly (readonly number[])[],
  lossOf: (name: string) => readonly number[] | null,
  gainOf: ((name: string) => number) | null,
): (T & Measured)[] {
  const place = new Map(names.map((name, i) => [name, i]))
  const gains = gainOf ? sampled.reduce((sum, weight) => sum + gainOf(nameOf(weight)), 0) || 1 : 1
  const weights = sampled.map((weight) => {
    const name = nameOf(weight)
    const { mean, low, high } = overFolds(folds.map((values) => values[place.get(name)!]!))
    const losses = lossOf(name)
    return {
      ...weight,
      mean,
      low: Math.max(0, low),
      high,
      final: weight.mean,
      gain: gainOf && gainOf(name) / gains,
      permutation: losses && overFolds(losses),
    }
  })
  const total = weights.reduce((sum, { mean }) => sum + mean, 0) || 1
  return weights
    .map((weight) => ({ ...weight, share: weight.mean / total }))
    .sort((a, b) => b.mean - a.mean || (nameOf(a) < nameOf(b) ? -1 : 1))
}

export function measuredFeatures(
  sampled: readonly FeatureWeight[],
  names: readonly string[],
  folds: readonly FoldWeights[],
  shuffled: readonly number[],
  gain: Readonly<Record<string, number>> | null,
): (FeatureWeight & Measured)[] {
  const at = new Map(shuffled.map((feature, i) => [names[feature]!, i]))
  return measured(
    sampled,
    ({ feature }) => feature,
    names,
    folds.map(({ features }) => features),
    (name) => (at.has(name) ? folds.map(({ featureLoss }) => featureLoss[at.get(name)!]!) : null),
    gain && ((name) => gain[name] ?? 0),
  )
}

export function measuredGroups(
  sampled: readonly GroupWeight[],
  groups: readonly string[],
  folds: readonly FoldWeights[],
  groupOf: ReadonlyMap<string, string>,
  gain: Readonly<Record<string, number>> | null,
): (GroupWeight & Measured)[] {
  const sums = new Map<string, number>()
  for (const [feature, value] of Object.entries(gain ?? {})) {
    const group = groupOf.get(feature) ?? ''
    sums.set(group, (sums.get(group) ?? 0) + value)
  }
  return measured(
    sampled,
    ({ group }) => group,
    groups,
    folds.map(({ groups }) => groups),
    (name) => folds.map(({ groupLoss }) => groupLoss[groups.indexOf(name)]!),
    gain && ((name) => sums.get(name) ?? 0),
  )
}
