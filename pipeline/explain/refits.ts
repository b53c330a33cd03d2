/**
 * How much of an explanation is the model's and how much chance: models fitted again on a sample of the training clients, without each fold in
 * turn and with other seeds. They learn faster than the final model (fewer rounds, each a larger step), so that the stage stays short.
 */

import { type Booster, type DMatrix, type Params, train } from 'xgboost-node'
import { maximum, minimum } from '../data/extremes.ts'
import { stratifiedFolds } from '../models/folds.ts'
import type { Matrix } from '../models/matrix.ts'
import { dmatrix } from '../models/out-of-fold.ts'
import { random } from '../models/random.ts'
import { rocAuc } from '../models/ranking.ts'
import { byGroup, type Contributions } from './attribution.ts'

export interface RefitPlan {
  readonly params: Params
  readonly rounds: number
  readonly folds: number
  readonly seeds: number
  readonly seed: number
  /** Features whose values are shuffled, by place. */
  readonly shuffled: readonly number[]
}

/** What one fold's model says of the clients that it has not seen. */
export interface FoldWeights {
  /** Mean |SHAP| by feature, in the order of the definitions. */
  readonly features: readonly number[]
  /** Mean |sum of SHAP| by reason group, in the order of byGroup. */
  readonly groups: readonly number[]
  readonly auc: number
  /** ROC AUC lost when the values of a feature, or of all features of a reason group together, are shuffled between clients. */
  readonly featureLoss: readonly number[]
  readonly groupLoss: readonly number[]
}

/** Boosters of faster learning: `speed` times the step in 1 / speed of the rounds. */
export function faster(params: Params, rounds: number, speed: number): { params: Params; rounds: number } {
  const eta = typeof params.eta === 'number' ? params.eta : 0.3
  return { params: { ...params, eta: Math.min(0.5, eta * speed) }, rounds: Math.max(1, Math.round(rounds / speed)) }
}

export function foldWeights(
  matrix: Matrix,
  target: Int8Array,
  features: Contributions['features'],
  plan: RefitPlan,
  onFold: (fold: number) => void = () => {},
): FoldWeights[] {
  const fold = stratifiedFolds(target, plan.folds, plan.seed)
  const every = Array.from(fold, (_, row) => row)
  using data = dmatrix(matrix, target)
  return Array.from({ length: plan.folds }, (_, k) => {
    using dtrain = data.slice(every.filter((row) => fold[row] !== k))
    const held = every.filter((row) => fold[row] === k)
    using judged = data.slice(held)
    // Each fold has a seed of its own, so that the interval holds the chance of the columns drawn too.
    const params = { ...plan.params, seed: plan.seed + k }
    using booster = train({ params, dtrain, rounds: plan.rounds }).booster
    const contributions = { values: booster.contributions(judged), rows: held.length, features }
    const { groups, sums } = byGroup(contributions)
    const loss = shuffleLoss(
      booster,
      matrix,
      held,
      Int8Array.from(held, (row) => target[row]!),
      plan.seed + k,
    )
    const members = groups.map((group) => features.flatMap((one, i) => (one.group === group ? [i] : [])))
    const weights = {
      features: meanSizes(contributions.values, held.length, features.length, features.length + 1),
      groups: meanSizes(sums, held.length, groups.length, groups.length),
      auc: loss.auc,
      featureLoss: plan.shuffled.map((feature) => loss.of([feature])),
      groupLoss: members.map(loss.of),
    }
    onFold(k)
    return weights
  })
}

/** Mean of the absolute values of each column of row-major values. */
function meanSizes(values: ArrayLike<number>, rows: number, columns: number, width: number): number[] {
  const sums = new Float64Array(columns)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) sums[column]! += Math.abs(values[row * width + column]!)
  return Array.from(sums, (sum) => sum / rows)
}

/** Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): the columns are shuffled together, one shuffle a model. */
function shuffleLoss(booster: Booster, matrix: Matrix, rows: readonly number[], target: Int8Array, seed: number) {
  const width = matrix.columns.length
  const values = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    for (let column = 0; column < width; column++) values[i * width + column] = matrix.columns[column]![row]!
  })
  const auc = () => rocAuc(target, booster.predictRows(values, rows.length, { output: 'margin' }))
  const whole = auc()
  const next = random(seed)
  const order = rows.map((_, i) => i)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  const of = (columns: readonly number[]): number => {
    for (const column of columns)
      rows.forEach((_, i) => {
        values[i * width + column] = matrix.columns[column]![rows[order[i]!]!]!
      })
    const lost = whole - auc()
    for (const column of columns)
      rows.forEach((row, i) => {
        values[i * width + column] = matrix.columns[column]![row]!
      })
    return lost
  }
  return { auc: whole, of }
}

/** Mean |SHAP| by feature of models that differ by their seed alone, over the same clients. */
export function seedWeights(
  matrix: Matrix,
  target: Int8Array,
  clients: { readonly matrix: DMatrix; readonly rows: number },
  plan: RefitPlan,
  onSeed: (seed: number) => void = () => {},
): number[][] {
  const width = matrix.columns.length
  using dtrain = dmatrix(matrix, target)
  return Array.from({ length: plan.seeds }, (_, k) => {
    const params = { ...plan.params, seed: plan.seed + plan.folds + k }
    using booster = train({ params, dtrain, rounds: plan.rounds }).booster
    const weights = meanSizes(booster.contributions(clients.matrix), clients.rows, width, width + 1)
    onSeed(k)
    return weights
  })
}

/** Two-sided 95 % points of Student's t by degrees of freedom (Abramowitz and Stegun, table 26.10). */
const student = [Number.NaN, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228]

/** Mean and 95 % interval of one figure a fold; folds share training clients, so the interval is rather too narrow than too wide. */
export function overFolds(values: readonly number[]): { mean: number; low: number; high: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  if (values.length < 2) return { mean, low: mean, high: mean }
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1)
  const half = (student[values.length - 1] ?? 1.96) * Math.sqrt(variance / values.length)
  return { mean, low: mean - half, high: mean + half }
}

/** Of the `top` heaviest features: in how many of the seeds each is among them again, and its best and worst place. */
export function stability(
  names: readonly string[],
  heaviest: readonly string[],
  bySeed: readonly (readonly number[])[],
): { feature: string; again: number; best: number; worst: number }[] {
  const places = bySeed.map((weights) => {
    const order = names.map((_, i) => i).sort((a, b) => weights[b]! - weights[a]! || a - b)
    return new Map(order.map((feature, place) => [names[feature]!, place + 1]))
  })
  return heaviest.map((feature) => {
    const own = places.map((place) => place.get(feature) ?? names.length)
    return {
      feature,
      again: own.filter((place) => place <= heaviest.length).length,
      best: minimum(own),
      worst: maximum(own),
    }
  })
}
