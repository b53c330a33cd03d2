/** The weights of features and reason groups by models fitted again, and how they hold over seeds. */
import type { Predictor } from '../models/members/predictor.ts'
import type { Bundle } from '../scoring/bundle.ts'
import { byGroup, type Contributions, type FeatureWeight, groupWeights } from './attribution.ts'
import type { Explanation } from './findings.ts'
import { measuredFeatures, measuredGroups } from './measured.ts'
import { type Pace, refit, refitRounds } from './refit.ts'
import { type FoldWeights, foldWeights, type RefitPlan, seedWeights, stability } from './refits.ts'
import { firstRows, type Labelled, type Samples } from './sample.ts'
import type { ExplainSettings } from './settings.ts'

/** The heaviest features, whose places are followed over seeds. */
export const heaviest = 20
/** Clients whose contributions are compared over seeds. */
const comparedOverSeeds = 500

export interface Explained {
  readonly bundle: Bundle
  readonly predictor: Predictor
  readonly samples: Samples
  /** Of the explained clients, by the final model. */
  readonly contributions: Contributions
  /** Of the features by those contributions, heaviest first. */
  readonly sampled: readonly FeatureWeight[]
  readonly settings: ExplainSettings
}

/** How models are fitted again: as the bundle was, but boosting faster, and with the heaviest features to be shuffled. */
export function refitPlan({
  bundle,
  samples,
  sampled,
  settings,
}: Explained): RefitPlan & { readonly rounds: number | null } {
  const { training, definitions, members } = bundle
  const { folds, seeds, speed } = settings.refits
  const names = definitions.features.map(({ name }) => name)
  const share = Math.min(1, samples.refitted.target.length / training.clients)
  const pace: Pace = { speed, share, threads: settings.threads }
  return {
    fit: (sample, seed) => refit(members, sample, seed, pace),
    rounds: refitRounds(members, pace),
    folds,
    seeds,
    seed: settings.seed,
    shuffled: sampled.slice(0, settings.permutation).map(({ feature }) => names.indexOf(feature)),
  }
}

/** The share of each feature in the gain of all splits; null unless the model is one member of trees: gains of two models do not add up. */
export function gainOf({ bundle, predictor }: Explained): Readonly<Record<string, number>> | null {
  const [first] = predictor.trees
  return first && bundle.members.length === 1 ? first.booster.importance('total_gain') : null
}

/** What each fold's model says of the clients that it has not seen. */
export function refitFolds(
  { matrix, target }: Labelled,
  explained: Explained,
  plan: RefitPlan,
  say: (text: string) => void,
) {
  say(`${plan.folds} folds of ${target.length} clients`)
  return foldWeights(matrix, target, explained.bundle.definitions.features, plan, (k) =>
    say(`fold ${k + 1} of ${plan.folds}`),
  )
}

/** Means over the folds, with the final model's own weights, gain and permutation beside them; heaviest first. */
export function weightsOf(
  explained: Explained,
  folds: readonly FoldWeights[],
  plan: RefitPlan,
): Pick<Explanation, 'features' | 'groups'> {
  const { bundle, contributions, sampled } = explained
  const { features, groups } = bundle.definitions
  const names = features.map(({ name }) => name)
  const gain = gainOf(explained)
  const label = (group: string) => groups[group]?.label ?? { fr: group, en: group }
  return {
    features: measuredFeatures(sampled, names, folds, plan.shuffled, gain),
    groups: measuredGroups(
      groupWeights(contributions, label),
      byGroup({ ...contributions, rows: 0 }).groups,
      folds,
      new Map(features.map(({ name, group }) => [name, group])),
      gain,
    ),
  }
}

/** How often the heaviest features are so again by models that differ by their seed alone. */
export function stabilityOf(
  { bundle, samples }: Explained,
  features: Explanation['features'],
  plan: RefitPlan,
  say: (text: string) => void,
): Explanation['stability'] {
  const { matrix, target } = samples.refitted
  const few = firstRows(samples.explained, comparedOverSeeds)
  const bySeed = seedWeights(matrix, target, few, plan, (k) => say(`seed ${k + 1} of ${plan.seeds}`))
  const top = features.slice(0, heaviest)
  const held = stability(
    bundle.definitions.features.map(({ name }) => name),
    top.map(({ feature }) => feature),
    bySeed,
  )
  return held.map((one, i) => ({ ...one, label: top[i]!.label }))
}
