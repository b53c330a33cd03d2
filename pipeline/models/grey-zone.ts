/** The band around the threshold that a person reviews: from how surely the threshold is known, how many it holds and what a right review saves. */
import { quantile } from '../data/quantile.ts'
import { type Costs, confusion, type Interval, meanCost } from './cost.ts'
import { random } from './random.ts'
import { chooseThreshold, type Rule } from './threshold.ts'

/** `interval`: the bootstrap interval of the threshold; a number: that width, in probability; 0: none. */
export type GreyZoneSetting = 'interval' | number

/** Draws of the threshold's bootstrap: quantiles at 2.5% stand on five of them. */
const draws = 200

/** The threshold's percentile bootstrap 95% interval over clients (Efron and Tibshirani 1993): chosen anew on each drawing, by the same rule. */
export function thresholdInterval(
  target: ArrayLike<number>,
  probability: ArrayLike<number>,
  rule: Rule,
  seed: number,
): Interval {
  const next = random(seed)
  const [drawnTarget, drawnRisk] = [new Int8Array(target.length), new Float64Array(target.length)]
  const thresholds = Float64Array.from({ length: draws }, () => {
    for (let i = 0; i < target.length; i++) {
      const row = Math.floor(next() * target.length)
      drawnTarget[i] = target[row] as number
      drawnRisk[i] = probability[row] as number
    }
    return chooseThreshold(drawnTarget, drawnRisk, rule)
  }).sort()
  return { lower: quantile(thresholds, 0.025), upper: quantile(thresholds, 0.975) }
}

/** The band of a setting; it always holds the threshold, and equal bounds are no band. */
export function greyZoneOf(setting: GreyZoneSetting, threshold: number, interval: Interval): Interval {
  if (setting === 'interval')
    return { lower: Math.min(threshold, interval.lower), upper: Math.max(threshold, interval.upper) }
  return { lower: Math.max(0, threshold - setting / 2), upper: Math.min(1, threshold + setting / 2) }
}

/** What a grey zone means, by clients judged out of fold. */
export interface Reviews extends Interval {
  readonly setting: GreyZoneSetting
  /** 95% interval of the threshold. */
  readonly threshold: Interval
  /** Share of clients whom a person reviews, and how many of them default. */
  readonly share: number
  readonly defaults: number
  readonly clients: number
  /** Cost per reviewed client if the model decides: what a review that is always right saves. */
  readonly value: number
  /** Cost per client of all if the model decides all, and if every review is right. */
  readonly cost: number
  readonly cost_reviewed: number
}

/** `declined`: by the model alone, out of fold. */
export function reviewsOf(
  setting: GreyZoneSetting,
  band: Interval,
  interval: Interval,
  judged: {
    readonly target: ArrayLike<number>
    readonly probability: ArrayLike<number>
    readonly declined: ArrayLike<number>
  },
  costs: Costs,
): Reviews {
  const { target, probability, declined } = judged
  const rows = Array.from(probability, (p, i) => [p, i] as const).flatMap(([p, i]) =>
    band.lower < band.upper && p >= band.lower && p <= band.upper ? [i] : [],
  )
  const outcomes = rows.map((i) => target[i] as number)
  const decided = rows.map((i) => declined[i] as number)
  const value = rows.length > 0 ? meanCost(confusion(outcomes, decided), costs) : 0
  const cost = meanCost(confusion(target, declined), costs)
  const share = rows.length / target.length
  return {
    setting,
    ...band,
    threshold: interval,
    share,
    clients: rows.length,
    defaults: outcomes.reduce((sum, y) => sum + y, 0),
    value,
    cost,
    cost_reviewed: cost - share * value,
  }
}
