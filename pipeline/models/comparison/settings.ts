/** The `compare` section of params.yaml, and what a comparison reads of the sections `train` and `decision`. */
import { params } from 'dvc-ts'
import { z } from 'zod'
import { candidateNames } from '../candidates/catalogue.ts'
import {
  forestSchema,
  linearSchema,
  type ModelSettings,
  readModelSettings,
  scorecardSchema,
} from '../candidates/settings.ts'
import { strategyNames } from '../imbalance/strategy.ts'
import { searchSchema } from '../search/search.ts'
import type { Rule } from '../threshold.ts'
import { measures } from './measure.ts'

export const compareSchema = z.strictObject({
  /** Training clients that are compared on, drawn by seed; 0 takes all. */
  clients: z.int().min(0),
  folds: z.int().min(3),
  /** How many times the clients are cut into folds. */
  seeds: z.int().positive(),
  seed: z.int(),
  /** What ranks the candidates and decides the search. */
  measure: z.enum(measures),
  /** Two-sided, of the paired test. */
  alpha: z.number().gt(0).lt(1),
  /** Which candidate goes to train: see choice.ts. */
  rule: z.string(),
  /** The candidates that can serve, from simple to complex. */
  complexity: z.array(z.enum(candidateNames)).min(1),
  linear: linearSchema,
  forest: forestSchema,
  scorecard: scorecardSchema,
  /** What treatments of the rare defaults and trials of the search are fitted with: fewer clients, larger steps. */
  quick: z.strictObject({
    clients: z.int().positive(),
    eta: z.number().positive(),
    rounds: z.int().positive(),
    early_stopping: z.int().positive(),
    inner_share: z.number().gt(0).max(0.5),
  }),
  imbalance: z.strictObject({
    boosting: z.array(z.enum(strategyNames)),
    boosting_seeds: z.int().positive(),
    logistic: z.array(z.enum(strategyNames)),
    logistic_seeds: z.int().positive(),
  }),
  search: searchSchema,
})
export type CompareSettings = z.output<typeof compareSchema>

const trainSchema = z.object({ suspicious_auc: z.number() })
const decisionSchema = z.object({
  false_negative: z.number().positive(),
  false_positive: z.number().positive(),
  one_se: z.number().min(0).default(1),
})

export interface Settings extends CompareSettings {
  /** What every family is fitted with, as train does. */
  readonly models: ModelSettings
  /** See refuseLeak in models/interval.ts. */
  readonly suspiciousAuc: number
  /** How thresholds are chosen and what decisions cost. */
  readonly decision: Rule
}

export function readSettings(file: string): Settings {
  const { suspicious_auc: suspiciousAuc } = params('train', trainSchema, { file })
  const {
    false_negative: falseNegative,
    false_positive: falsePositive,
    one_se: oneSe,
  } = params('decision', decisionSchema, { file })
  return {
    ...params('compare', compareSchema, { file }),
    models: readModelSettings(file),
    suspiciousAuc,
    decision: { costs: { falseNegative, falsePositive }, oneSe },
  }
}
