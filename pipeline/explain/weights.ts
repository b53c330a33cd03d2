/** The weights of features and reason groups by models fitted again, and how they hold over seeds. */
import type { Booster, Params } from 'xgboost-node'
import { z } from 'zod'
import { dmatrix } from '../models/out-of-fold.ts'
import type { Bundle } from '../scoring/bundle.ts'
import { byGroup, type Contributions, type FeatureWeight, groupWeights } from './attribution.ts'
import type { Explanation } from './findings.ts'
import { measuredFeatures, measuredGroups } from './measured.ts'
import { type FoldWeights, faster, foldWeights, type RefitPlan, seedWeights, stability } from './refits.ts'
import { firstRows, type Labelled, type Samples } from './sample.ts'
import type { ExplainSettings } from './settings.ts'

/** The heaviest features, whose places are followed over seeds. */
export const heaviest = 20
/** Clients whose contributions are compared over seeds. */
const comparedOverSeeds = 500

/** What a bundle says of how it was trained, as far as fitting again needs it. */
const trainingParams = z.object({
  seed: z.int(),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

export interface Explained {
  readonly bundle: Bundle
  readonly booster: Booster
  readonly samples: Samples
  /** Of the explained clients, by the final model. */
  readonly contributions: Contributions
  /** Of the features by those contributions, heaviest first. */
  readonly sampled: readonly FeatureWeight[]
  readonly settings: ExplainSettings
}

/** How models are fitted again: as the bundle was, but faster, and with the heaviest features to be shuffled. */
export function refitPlan({ bundle, samples, sampled, settings }: Explained): RefitPlan {
  const { training, definitions } = bundle
  const { folds, seeds, speed } = settings.refits
  const trained = trainingParams.parse(training.params)
  const base = {
    objective: 'binary:logistic',
    tree_method: 'hist',
    ...trained.booster,
    seed: trained.seed,
    nthread: settings.threads,
  } as Params
  const names = definitions.features.map(({ name }) => name)
  const share = Math.min(1, samples.refitted.target.length / training.clients)
  return {
    ...faster(base, (training.rounds ?? 1) * share, speed),
    folds,
    seeds,
    seed: settings.seed,
    shuffled: sampled.slice(0, settings.permutation).map(({ feature }) => names.indexOf(feature)),
  }
}

/** What each fold's model says of the clients that it has not seen. */
export function refitFolds(
  { matrix, target }: Labelled,
  explained: Explained,
  plan: RefitPlan,
  say: (text: string) => void,
) {
  say(`${plan.folds} folds of ${target.length} clients, ${plan.rounds} rounds`)
  return foldWeights(matrix, target, explained.bundle.definitions.features, plan, (k) =>
    say(`fold ${k + 1} of ${plan.folds}`),
  )
}

/** Means over the folds, with the final model's own weights, gain and permutation beside them; heaviest first. */
export function weightsOf(
  { bundle, booster, contributions, sampled }: Explained,
  folds: readonly FoldWeights[],
  plan: RefitPlan,
): Pick<Explanation, 'features' | 'groups'> {
  const { features, groups } = bundle.definitions
  const names = features.map(({ name }) => name)
  const gain = booster.importance('total_gain')
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
  using clients = dmatrix(few)
  const bySeed = seedWeights(matrix, target, { matrix: clients, rows: few.ids.length }, plan, (k) =>
    say(`seed ${k + 1} of ${plan.seeds}`),
  )
  const top = features.slice(0, heaviest)
  const held = stability(
    bundle.definitions.features.map(({ name }) => name),
    top.map(({ feature }) => feature),
    bySeed,
  )
  return held.map((one, i) => ({ ...one, label: top[i]!.label }))
}
