/** What training reads of params.yaml (sections train, decision, bundle, features) and of the comparison's choice. */
import { readFileSync } from 'node:fs'
import { params } from 'dvc-ts'
import type { Params } from 'xgboost-node'
import { z } from 'zod'
import { candidateNames } from '../candidates/catalogue.ts'
import { type ModelSettings, maskingSchema, readModelSettings } from '../candidates/settings.ts'
import type { Evaluation } from '../evaluate.ts'
import { greyZoneOf, type Reviews, reviewsOf, thresholdInterval } from '../grey-zone.ts'
import type { Rule } from '../threshold.ts'

export interface TrainPaths {
  readonly portfolio: string
  readonly features: string
  /** Parameters that the compare stage found better than `train.booster`. */
  readonly chosen: string
  readonly model: string
  readonly reports: string
}

const trainSchema = z.strictObject({
  folds: z.int().min(3),
  /** A CSV of SK_ID_CURR and fold numbers from 0, in place of folds by seed; its second column unless `folds_column` names one. */
  folds_file: z.string().optional(),
  folds_column: z.string().optional(),
  seed: z.int(),
  threads: z.int().positive(),
  rounds: z.int().positive(),
  early_stopping: z.int().positive(),
  inner_share: z.number().gt(0).max(0.5),
  suspicious_auc: z.number().min(0.5).max(1),
  /** See Masking in models/masking.ts. */
  masking: maskingSchema,
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
const decisionSchema = z.strictObject({
  false_negative: z.number().positive(),
  false_positive: z.number().positive(),
  grey_zone: z.union([z.literal('interval'), z.number().min(0).max(1)]),
  base_score: z.number(),
  base_odds: z.number().positive(),
  pdo: z.number().positive(),
  /** See Rule in models/threshold.ts. */
  one_se: z.number().min(0).default(1),
})
const bundleSchema = z.strictObject({ clients: z.int().min(0), reference: z.int().min(0) })
const featuresSchema = z.object({ exclude: z.array(z.string()) })
const chosenSchema = z.object({
  booster: trainSchema.shape.booster,
  model: z.object({
    name: z.enum(candidateNames),
    because: z.object({ fr: z.string(), en: z.string() }).nullable(),
  }),
})

export interface TrainSettings {
  /** The section train, with the booster parameters that the comparison chose in place of its own. */
  readonly train: z.output<typeof trainSchema>
  readonly decision: z.output<typeof decisionSchema>
  /** The candidate to fit, and why it was chosen. */
  readonly model: z.output<typeof chosenSchema>['model']
  /** What every candidate is fitted with, the chosen booster parameters among it. */
  readonly models: ModelSettings
  /** How many new clients' raw rows and how many training clients' features travel with the model. */
  readonly bundle: z.output<typeof bundleSchema>
  readonly exclude: readonly string[]
}

/** `chosen`: the file that the compare stage wrote. */
export function readTrainSettings(file: string, chosen: string): TrainSettings {
  const train = params('train', trainSchema, { file })
  const { booster: found, model } = chosenSchema.parse(JSON.parse(readFileSync(chosen, 'utf8')))
  const booster = { ...train.booster, ...found }
  const models = readModelSettings(file)
  return {
    train: { ...train, booster },
    model,
    models: { ...models, booster: booster as Params },
    decision: params('decision', decisionSchema, { file }),
    bundle: params('bundle', bundleSchema, { file }),
    exclude: params('features', featuresSchema, { file }).exclude,
  }
}

/** How thresholds are chosen and what decisions cost. */
export const ruleOf = ({ decision }: TrainSettings): Rule => ({
  costs: { falseNegative: decision.false_negative, falsePositive: decision.false_positive },
  oneSe: decision.one_se,
})

/** The grey zone of these settings, from the threshold's bootstrap on out-of-fold probabilities, and what reviewing it means. */
export function reviewsFor(
  settings: TrainSettings,
  { settled, nested }: Evaluation,
  target: ArrayLike<number>,
): Reviews {
  const [rule, { grey_zone }] = [ruleOf(settings), settings.decision]
  const interval = thresholdInterval(target, settled.probability, rule, settings.train.seed)
  const { probability, declined } = nested
  const band = greyZoneOf(grey_zone, settled.threshold, interval)
  return reviewsOf(grey_zone, band, interval, { target, probability, declined }, rule.costs)
}
