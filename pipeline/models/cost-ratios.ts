/** What the decisions would be and cost if an approved loan that defaults cost 3 to 30 times a good client declined. */
import { minimum } from '../data/extremes.ts'
import { type Costs, confusion, costCurve, declinesAt, meanCost, theoreticalThreshold } from './cost.ts'
import type { Evaluation } from './evaluate.ts'
import { chooseThreshold, thresholdGrid } from './threshold.ts'

/** The competition gives no losses in money; published ratios for consumer loans lie in this range. */
const ratios: readonly number[] = [3, 5, 7, 10, 15, 20, 30]

export interface CostRatio {
  /** Cost of an approved loan that defaults, when a good client declined costs 1. */
  readonly ratio: number
  /** Chosen on all out-of-fold probabilities, and FP / (FN + FP). */
  readonly threshold: number
  readonly theoretical: number
  readonly approved: number
  /** Per client, each judged at a threshold chosen on the other folds. */
  readonly cost: number
  readonly accept_all: number
  /** By how much the cost on the very clients that the threshold was chosen on looks lower. */
  readonly optimism: number
  /** By how much the best single threshold in hindsight would have been cheaper: what not knowing it costs. */
  readonly regret: number
}

/** Models and calibration stay as they are: only thresholds depend on the costs. One line for each ratio. */
export const costRatios = (
  target: ArrayLike<number>,
  { nested, settled, oneSe, byFold }: Pick<Evaluation, 'nested' | 'settled' | 'oneSe' | 'byFold'>,
): CostRatio[] =>
  ratios.map((ratio) => {
    const costs: Costs = { falseNegative: ratio, falsePositive: 1 }
    const rule = { costs, oneSe }
    const thresholdOf = new Map(
      nested.folds.map(({ fold }, i) => {
        const seen = nested.others[i] as (typeof nested.others)[number]
        return [fold, chooseThreshold(seen.target, seen.probability, rule)]
      }),
    )
    const declined = Uint8Array.from(nested.probability, (p, i) =>
      p >= (thresholdOf.get(byFold[i] as number) as number) ? 1 : 0,
    )
    const decided = confusion(target, declined)
    const cost = meanCost(decided, costs)
    const threshold = chooseThreshold(target, settled.probability, rule)
    const apparent = meanCost(confusion(target, declinesAt(settled.probability, threshold)), costs)
    const hindsight = minimum(costCurve(target, nested.probability, thresholdGrid, costs).map((point) => point.cost))
    return {
      ratio,
      threshold,
      theoretical: theoreticalThreshold(costs),
      approved: (decided.trueNegative + decided.falseNegative) / target.length,
      cost,
      accept_all: (ratio * (decided.truePositive + decided.falseNegative)) / target.length,
      optimism: cost - apparent,
      regret: cost - hindsight,
    }
  })
