/** What decisions cost the lender: confusion counts, business cost with bootstrap intervals, cost and acceptance against the threshold. */
import { quantile } from '../data/quantile.ts'
import { random } from './random.ts'

export interface Costs {
  readonly falseNegative: number // an approved loan that defaults
  readonly falsePositive: number // a good client declined
}

/** The threshold that minimises expected cost when probabilities are calibrated: decline when p FN >= (1 - p) FP (Elkan 2001). */
export const theoreticalThreshold = (costs: Costs): number =>
  costs.falsePositive / (costs.falseNegative + costs.falsePositive)

export interface Confusion {
  readonly truePositive: number // declined, would have defaulted
  readonly falsePositive: number // declined, would have repaid
  readonly falseNegative: number // approved, defaults
  readonly trueNegative: number // approved, repays
}

/** Counts of decisions against outcomes; `declined` is 1 or true for a declined client. */
export function confusion(target: ArrayLike<number>, declined: ArrayLike<number | boolean>): Confusion {
  const counts = { truePositive: 0, falsePositive: 0, falseNegative: 0, trueNegative: 0 }
  for (let i = 0; i < target.length; i++) {
    if (declined[i]) counts[target[i] === 1 ? 'truePositive' : 'falsePositive']++
    else counts[target[i] === 1 ? 'falseNegative' : 'trueNegative']++
  }
  return counts
}

/** The decision rule: 1 (declined) exactly when the probability is at or above the threshold. */
export const declinesAt = (probability: ArrayLike<number>, threshold: number): Uint8Array =>
  Uint8Array.from(probability, (p) => (p >= threshold ? 1 : 0))

/** Cost per client of these decisions. */
export function meanCost({ falseNegative, falsePositive, ...rest }: Confusion, costs: Costs): number {
  const n = falseNegative + falsePositive + rest.trueNegative + rest.truePositive
  return (falseNegative * costs.falseNegative + falsePositive * costs.falsePositive) / n
}

/** Shares that are read off a confusion: accuracy, precision, recall and the F score that weighs recall `beta` times (van Rijsbergen 1979). */
export function shares(c: Confusion, beta = 1): { accuracy: number; precision: number; recall: number; f: number } {
  const n = c.truePositive + c.trueNegative + c.falsePositive + c.falseNegative
  const precision = c.truePositive / (c.truePositive + c.falsePositive)
  const recall = c.truePositive / (c.truePositive + c.falseNegative)
  const weighted = (1 + beta ** 2) * c.truePositive
  const f = weighted / (weighted + beta ** 2 * c.falseNegative + c.falsePositive)
  return { accuracy: (c.truePositive + c.trueNegative) / n, precision, recall, f }
}

export interface Interval {
  readonly lower: number
  readonly upper: number
}

/** The central interval of sorted draws. */
const central = (draws: Float64Array, level: number): Interval => {
  const sorted = draws.slice().sort()
  return { lower: quantile(sorted, (1 - level) / 2), upper: quantile(sorted, (1 + level) / 2) }
}

export interface CostPoint extends Interval {
  readonly threshold: number
  readonly cost: number // per client
  readonly falseNegative: number
  readonly falsePositive: number
  readonly declined: number
}

/** The first threshold of an ascending grid that is above p: p is declined at exactly those before it. */
function place(grid: readonly number[], p: number): number {
  let [low, high] = [0, grid.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((grid[middle] as number) <= p) low = middle + 1
    else high = middle
  }
  return low
}

/**
 * Cost per client at each threshold of an ascending grid, with percentile bootstrap intervals over clients (Efron and Tibshirani 1993).
 * One drawing of clients serves the whole grid. `draws: 0` leaves the intervals out (NaN).
 */
export function costCurve(
  target: ArrayLike<number>,
  probability: ArrayLike<number>,
  grid: readonly number[],
  costs: Costs,
  { draws = 0, seed = 1, level = 0.95 } = {},
): CostPoint[] {
  const n = target.length
  const [bad, good] = [new Float64Array(grid.length + 1), new Float64Array(grid.length + 1)]
  // A cell is a place on the grid and a class; clients of one cell are alike at every threshold.
  const cell = new Uint16Array(n)
  for (let i = 0; i < n; i++) {
    const at = place(grid, probability[i] as number)
    cell[i] = at * 2 + (target[i] === 1 ? 1 : 0)
    ;(target[i] === 1 ? bad : good)[at]!++
  }
  const curveOf = (badAt: Float64Array, goodAt: Float64Array) => {
    // At grid[g], those placed at g or before are approved.
    let [approved, declinedGood] = [0, goodAt.reduce((a, b) => a + b, 0)]
    return grid.map((_, g) => {
      approved += badAt[g] as number
      declinedGood -= goodAt[g] as number
      return { falseNegative: approved, falsePositive: declinedGood }
    })
  }
  const price = (p: { falseNegative: number; falsePositive: number }) =>
    (p.falseNegative * costs.falseNegative + p.falsePositive * costs.falsePositive) / n
  const next = random(seed)
  const drawn = grid.map(() => new Float64Array(draws))
  for (let d = 0; d < draws; d++) {
    const [badAt, goodAt] = [new Float64Array(grid.length + 1), new Float64Array(grid.length + 1)]
    for (let i = 0; i < n; i++) {
      const c = cell[(next() * n) | 0] as number
      ;(c & 1 ? badAt : goodAt)[c >> 1]!++
    }
    curveOf(badAt, goodAt).forEach((point, g) => {
      drawn[g]![d] = price(point)
    })
  }
  const defaults = bad.reduce((a, b) => a + b, 0)
  return curveOf(bad, good).map((point, g) => ({
    threshold: grid[g] as number,
    cost: price(point),
    ...(draws ? central(drawn[g]!, level) : { lower: Number.NaN, upper: Number.NaN }),
    ...point,
    declined: defaults - point.falseNegative + point.falsePositive,
  }))
}

/** Percentile bootstrap interval of the mean cost per client of given decisions (Efron and Tibshirani 1993). */
export function costInterval(
  target: ArrayLike<number>,
  declined: ArrayLike<number | boolean>,
  costs: Costs,
  { draws = 1000, seed = 1, level = 0.95 } = {},
): Interval {
  const each = Float64Array.from(target, (y, i) =>
    y === 1 ? (declined[i] ? 0 : costs.falseNegative) : declined[i] ? costs.falsePositive : 0,
  )
  const next = random(seed)
  const means = new Float64Array(draws)
  for (let d = 0; d < draws; d++) {
    let sum = 0
    for (let i = 0; i < each.length; i++) sum += each[(next() * each.length) | 0] as number
    means[d] = sum / each.length
  }
  return central(means, level)
}

export interface StrategyPoint {
  readonly threshold: number
  readonly approved: number // share of clients approved
  readonly badRate: number // share of defaults among them, 0 when none is approved
}

/** Strategy curve: how many loans are approved and how many of those default, by threshold (Siddiqi 2006, ch. 8). */
export const strategyCurve = (curve: readonly CostPoint[], clients: number): StrategyPoint[] =>
  curve.map(({ threshold, declined, falseNegative }) => ({
    threshold,
    approved: (clients - declined) / clients,
    badRate: clients === declined ? 0 : falseNegative / (clients - declined),
  }))
