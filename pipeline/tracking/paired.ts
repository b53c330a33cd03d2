/** Two models on the same clients: how much better the second is, with its standard error. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import type { Costs } from '../models/cost.ts'

/** One client in both models' out-of-fold results. */
export interface JudgedPair {
  readonly target: number // 1 has defaulted
  readonly champion: { readonly probability: number; readonly declined: boolean }
  readonly challenger: { readonly probability: number; readonly declined: boolean }
}

export const promotionMeasures = ['cost', 'log_loss', 'brier', 'roc_auc'] as const
export type PromotionMeasure = (typeof promotionMeasures)[number]

/** Improvement of the challenger over the champion, positive where the challenger is better, in the measure's own unit. */
export interface Improvement {
  readonly measure: PromotionMeasure
  readonly champion: number
  readonly challenger: number
  readonly improvement: number
  readonly standardError: number
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const errorOfMean = (values: readonly number[]): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length)
}

/** Compares by one measure: a paired mean of each client's loss, or the paired difference of ROC AUC. */
export function compare(measure: PromotionMeasure, clients: readonly JudgedPair[], costs: Costs): Improvement {
  if (measure === 'roc_auc') return aucImprovement(clients)
  const loss = lossOf(measure, costs)
  const champion = clients.map(({ target, champion }) => loss(target, champion))
  const challenger = clients.map(({ target, challenger }) => loss(target, challenger))
  const gained = champion.map((lost, i) => lost - challenger[i]!)
  return {
    measure,
    champion: mean(champion),
    challenger: mean(challenger),
    improvement: mean(gained),
    standardError: errorOfMean(gained),
  }
}

function lossOf(measure: Exclude<PromotionMeasure, 'roc_auc'>, costs: Costs) {
  return (target: number, { probability, declined }: JudgedPair['champion']): number => {
    if (measure === 'cost')
      return target === 1 ? (declined ? 0 : costs.falseNegative) : declined ? costs.falsePositive : 0
    const ofTruth = target === 1 ? probability : 1 - probability
    return measure === 'brier' ? (1 - ofTruth) ** 2 : -Math.log(Math.max(ofTruth, Number.EPSILON))
  }
}

/** Difference of two correlated ROC AUCs with DeLong's standard error (DeLong, DeLong and Clarke-Pearson 1988). */
function aucImprovement(clients: readonly JudgedPair[]): Improvement {
  const target = clients.map((client) => client.target)
  const of = (name: 'champion' | 'challenger') =>
    placements(
      target,
      clients.map((client) => client[name].probability),
    )
  const [champion, challenger] = [of('champion'), of('challenger')]
  const [bad, good] = (['bad', 'good'] as const).map((side) =>
    challenger[side].map((value, i) => value - champion[side][i]!),
  )
  return {
    measure: 'roc_auc',
    champion: mean(champion.bad),
    challenger: mean(challenger.bad),
    improvement: mean(challenger.bad) - mean(champion.bad),
    standardError: Math.hypot(errorOfMean(bad!), errorOfMean(good!)),
  }
}

/** For each default the share of the others scored below it, for each other the share of defaults above; ties count half. */
export function placements(target: readonly number[], score: readonly number[]): { bad: number[]; good: number[] } {
  const sorted = (wanted: number) =>
    Float64Array.from(score.filter((_, i) => Number(target[i] === 1) === wanted)).sort()
  const [goods, bads] = [sorted(0), sorted(1)]
  if (bads.length < 2 || goods.length < 2)
    throw new Error(
      `roc_auc: expected two clients of each class in common, found ${bads.length} defaults and ${goods.length} others`,
    )
  const placed: { bad: number[]; good: number[] } = { bad: [], good: [] }
  score.forEach((value, i) => {
    if (target[i] === 1) placed.bad.push((below(goods, value) + above(goods, value)) / 2 / goods.length)
    else placed.good.push(1 - (below(bads, value) + above(bads, value)) / 2 / bads.length)
  })
  return placed
}

/** How many of the sorted values lie below, and how many lie below or are equal. */
const below = (sorted: Float64Array, value: number): number => bound(sorted, (each) => each < value)
const above = (sorted: Float64Array, value: number): number => bound(sorted, (each) => each <= value)
function bound(sorted: Float64Array, before: (value: number) => boolean): number {
  let [low, high] = [0, sorted.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (before(sorted[middle]!)) low = middle + 1
    else high = middle
  }
  return low
}

/** Lower bound of the improvement at a one-sided confidence such as 0.95, by the normal distribution. */
export function lowerBound({ improvement, standardError }: Improvement, confidence: number): number {
  return improvement - normalQuantile(confidence, 0, 1) * standardError
}
