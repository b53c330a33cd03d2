/**
 * How much of an explanation is the model's and how much chance: models fitted again on a sample of the training clients, without each fold in
 * turn and with other seeds. Boosted ones learn faster than the final model (fewer rounds, each a larger step), so that the stage stays short.
 */
import { maximum, minimum } from '../data/extremes.ts'
import { Sample } from '../models/candidates/sample.ts'
import { stratifiedFolds } from '../models/folds.ts'
import type { Matrix } from '../models/matrix.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { random } from '../models/random.ts'
import { rocAuc } from '../models/ranking.ts'
import { rowMajor } from '../models/row-major.ts'
import { byGroup, type Contributions } from './attribution.ts'

export interface RefitPlan {
  /** The same kind of model fitted to other clients, closed here. */
  readonly fit: (sample: Sample, seed: number) => Predictor
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

export function foldWeights(
  matrix: Matrix,
  target: Int8Array,
  features: Contributions['features'],
  plan: RefitPlan,
  onFold: (fold: number) => void = () => {},
): FoldWeights[] {
  const fold = stratifiedFolds(target, plan.folds, plan.seed)
  const every = Array.from(fold, (_, row) => row)
  const whole = rowMajor(matrix)
  using data = new Sample(matrix, target)
  return Array.from({ length: plan.folds }, (_, k) => {
    using kept = data.take(every.filter((row) => fold[row] !== k))
    const held = every.filter((row) => fold[row] === k)
    // Each fold has a seed of its own, so that the interval holds the chance of the columns drawn too.
    using predictor = plan.fit(kept, plan.seed + k)
    const rows = held.map((row) => whole.subarray(row * features.length, (row + 1) * features.length))
    const values = joinedRows(rows, features.length)
    const contributions = { values: predictor.explain(values, held.length).contributions, rows: held.length, features }
    const { groups, sums } = byGroup(contributions)
    const outcomes = Int8Array.from(held, (row) => target[row]!)
    const loss = shuffleLoss(predictor, values, outcomes, plan.seed + k)
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

function joinedRows(rows: readonly Float32Array[], width: number): Float32Array {
  const joined = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    joined.set(row, i * width)
  })
  return joined
}

/** Permutation importance (Breiman 2001; Fisher, Rudin and Dominici 2019): the columns are shuffled together, one shuffle a model. */
function shuffleLoss(predictor: Predictor, values: Float32Array, target: Int8Array, seed: number) {
  const { width } = predictor
  const original = values.slice()
  const auc = () => rocAuc(target, predictor.margins(values, target.length))
  const whole = auc()
  const next = random(seed)
  const order = Array.from(target, (_, i) => i)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1))
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  const fill = (columns: readonly number[], from: (row: number) => number) => {
    for (const column of columns)
      for (let i = 0; i < target.length; i++) values[i * width + column] = original[from(i) * width + column]!
  }
  const of = (columns: readonly number[]): number => {
    fill(columns, (i) => order[i]!)
    const lost = whole - auc()
    fill(columns, (i) => i)
    return lost
  }
  return { auc: whole, of }
}

/** Mean |SHAP| by feature of models that differ by their seed alone, over the same clients. */
export function seedWeights(
  matrix: Matrix,
  target: Int8Array,
  clients: Matrix,
  plan: RefitPlan,
  onSeed: (seed: number) => void = () => {},
): number[][] {
  const width = matrix.columns.length
  const [rows, count] = [rowMajor(clients), clients.ids.length]
  using sample = new Sample(matrix, target)
  return Array.from({ length: plan.seeds }, (_, k) => {
    using predictor = plan.fit(sample, plan.seed + plan.folds + k)
    const weights = meanSizes(predictor.explain(rows, count).contributions, count, width, width + 1)
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
