/** The `compare` section of params.yaml, and what a comparison reads of the sections `train` and `decision`. */
import { params } from 'dvc-ts'
import type { Params } from 'xgboost-node'
import { z } from 'zod'
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
  /** Of boosting here: larger than train's, which needs more rounds for about the same model. */
  eta: z.number().positive(),
  rounds: z.int().positive(),
  early_stopping: z.int().positive(),
  inner_share: z.number().gt(0).max(0.5),
  linear: z.strictObject({ rounds: z.int().positive(), lambda: z.number().min(0), alpha: z.number().min(0) }),
  forest: z.strictObject({
    trees: z.int().positive(),
    depth: z.int().positive(),
    leaf: z.number().positive(),
    features: z.number().gt(0).max(1),
  }),
  scorecard: z.strictObject({
    characteristics: z.int().positive(),
    iv: z.number().min(0),
    correlation: z.number().gt(0).max(1),
    bins: z.int().min(2),
    share: z.number().gt(0).max(0.5),
    parts: z.int().min(2).max(100),
    base_score: z.number(),
    base_odds: z.number().positive(),
    pdo: z.number().positive(),
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

const trainSchema = z.object({
  threads: z.int().positive(),
  suspicious_auc: z.number(),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
const decisionSchema = z.object({
  false_negative: z.number().positive(),
  false_positive: z.number().positive(),
  one_se: z.number().min(0).default(1),
})

export interface Settings extends CompareSettings {
  readonly threads: number
  /** See refuseLeak in models/interval.ts. */
  readonly suspiciousAuc: number
  /** The parameters in place: train's. */
  readonly booster: Params
  /** How thresholds are chosen and what decisions cost. */
  readonly rule: Rule
}

export function readSettings(file: string): Settings {
  const { threads, suspicious_auc: suspiciousAuc, booster } = params('train', trainSchema, { file })
  const {
    false_negative: falseNegative,
    false_positive: falsePositive,
    one_se: oneSe,
  } = params('decision', decisionSchema, { file })
  return {
    ...params('compare', compareSchema, { file }),
    threads,
    suspiciousAuc,
    booster: booster as Params,
    rule: { costs: { falseNegative, falsePositive }, oneSe },
  }
}
