/** Two models on the same clients: how much better the second is, and how sure that is. */
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'

/** One client in both models' out-of-fold results. */
export interface JudgedPair {
  readonly target: number // 1 has defaulted
  readonly champion: { readonly probability: number; readonly declined: boolean }
  readonly candidate: { readonly probability: number; readonly declined: boolean }
}

export const promotionMeasures = ['cost', 'log_loss', 'brier', 'roc_auc'] as const
export type PromotionMeasure = (typeof promotionMeasures)[number]

/** Improvement of the candidate over the champion, positive where the candidate is better, in the measure's own unit. */
export interface Improvement {
  readonly measure: PromotionMeasure
  readonly champion: number
  readonly candidate: number
  readonly improvement: number
  readonly standardError: number
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const errorOfMean = (values: readonly number[]): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1) / values.length)
}

/** Compares by one measure: a paired mean of each client's loss, or the paired difference of ROC AUC. */
export function compare(
  measure: PromotionMeasure,
  clients: readonly JudgedPair[],
  costs: { falseNegative: number; falsePositive: number },
): Improvement {
  if (measure === 'roc_auc') return aucImprovement(clients)
  const loss = lossOf(measure, costs)
  const champion = clients.map(({ target, champion }) => loss(target, champion))
  const candidate = clients.map(({ target, candidate }) => loss(target, candidate))
  const gained = champion.map((lost, i) => lost - candidate[i]!)
  return {
    measure,
    champion: mean(champion),
    candidate: mean(candidate),
    improvement: mean(gained),
    standardError: errorOfMean(gained),
  }
}

function lossOf(
  measure: Exclude<PromotionMeasure, 'roc_auc'>,
  costs: { falseNegative: number; falsePositive: number },
) {
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
  const of = (name: 'champion' | 'candidate') =>
    placements(
      target,
      clients.map((client) => client[name].probability),
    )
  const [champion, candidate] = [of('champion'), of('candidate')]
  const [bad, good] = (['bad', 'good'] as const).map((side) =>
    candidate[side].map((value, i) => value - champion[side][i]!),
  )
  return {
    measure: 'roc_auc',
    champion: mean(champion.bad),
    candidate: mean(candidate.bad),
    improvement: mean(candidate.bad) - mean(champion.bad),
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
