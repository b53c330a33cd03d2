/** What every family is fitted with, by `compare` and `train` alike: of the sections train and compare of params.yaml. */
import { params } from 'dvc-ts'
import type { Params } from 'xgboost-node'
import { z } from 'zod'
import type { Masking } from '../masking.ts'

const value = z.union([z.number(), z.string(), z.boolean()])

export const linearSchema = z.strictObject({
  rounds: z.int().positive(),
  penalties: z.array(z.strictObject({ lambda: z.number().min(0), alpha: z.number().min(0) })).min(1),
})
export const forestSchema = z.strictObject({
  trees: z.int().positive(),
  depth: z.int().positive(),
  leaf: z.number().positive(),
  features: z.number().gt(0).max(1),
})
export const scorecardSchema = z.strictObject({
  characteristics: z.int().positive(),
  iv: z.number().min(0),
  correlation: z.number().gt(0).max(1),
  bins: z.int().min(2),
  share: z.number().gt(0).max(0.5),
  parts: z.int().min(2).max(100),
  base_score: z.number(),
  base_odds: z.number().positive(),
  pdo: z.number().positive(),
})
export const maskingSchema = z.strictObject({
  weight: z.number().min(0),
  clients: z.int().positive(),
  partly: z.number().min(0).max(1),
})

const trainSchema = z.object({
  threads: z.int().positive(),
  rounds: z.int().positive(),
  early_stopping: z.int().positive(),
  inner_share: z.number().gt(0).max(0.5),
  masking: maskingSchema,
  booster: z.record(z.string(), value),
})
const compareSchema = z.object({ linear: linearSchema, forest: forestSchema, scorecard: scorecardSchema })

export interface ModelSettings {
  readonly booster: Params
  /** Of boosting, at most. */
  readonly rounds: number
  readonly earlyStopping: number
  readonly innerShare: number
  readonly masking: Masking
  readonly threads: number
  readonly linear: z.output<typeof linearSchema>
  readonly forest: z.output<typeof forestSchema>
  readonly scorecard: z.output<typeof scorecardSchema>
}

export function readModelSettings(file: string): ModelSettings {
  const train = params('train', trainSchema, { file })
  return {
    booster: train.booster as Params,
    rounds: train.rounds,
    earlyStopping: train.early_stopping,
    innerShare: train.inner_share,
    masking: train.masking,
    threads: train.threads,
    ...params('compare', compareSchema, { file }),
  }
}
