/** The decision threshold and the calibration, chosen so that no client is judged by one that has seen its outcome. */
import { minimum } from '../data/extremes.ts'
import { type Calibration, calibrate, fit, type Method, methods } from './calibration.ts'
import { type CostPoint, type Costs, costCurve, theoreticalThreshold } from './cost.ts'
import { logLoss } from './probability.ts'

/** The thresholds that are tried: thousandths, so that a threshold can be said aloud. */
export const thresholdGrid: readonly number[] = Array.from({ length: 999 }, (_, i) => (i + 1) / 1000)

/** How a threshold is chosen. */
export interface Rule {
  readonly costs: Costs
  /**
   * In standard errors: thresholds that cost no more than that above the minimum do not differ, and the one nearest to the theoretical
   * FP / (FN + FP) is taken. 0 takes the least. On calibrated probabilities the least of 2,500 clients costs 0.005 a client more than the
   * truly best threshold, the choice within one standard error 0.0005 (simulated from the out-of-fold probabilities of the real sample).
   */
  readonly oneSe: number
}

/**
 * The threshold of the grid to decide by: the least mean cost, or one that does not differ from it (the one-standard-error rule of Breiman et al.
 * 1984, on paired differences of the two thresholds' costs). Among equals the one nearest to theory.
 */
export function chooseThreshold(
  target: ArrayLike<number>,
  probability: ArrayLike<number>,
  { costs, oneSe }: Rule,
): number {
  const theory = theoreticalThreshold(costs)
  const curve = costCurve(target, probability, thresholdGrid, costs)
  const nearest = (points: readonly CostPoint[]) =>
    points.reduce((a, b) => (Math.abs(b.threshold - theory) < Math.abs(a.threshold - theory) ? b : a))
  const least = minimum(curve.map((point) => point.cost))
  const best = nearest(curve.filter((point) => point.cost === least))
  // Two thresholds judge only the clients between them differently: each such default adds or saves FN, each good client FP.
  const apart = (point: CostPoint) =>
    Math.sqrt(
      costs.falseNegative ** 2 * Math.abs(point.falseNegative - best.falseNegative) +
        costs.falsePositive ** 2 * Math.abs(point.falsePositive - best.falsePositive),
    ) / target.length
  return nearest(curve.filter((point) => point === best || point.cost - best.cost <= oneSe * apart(point))).threshold
}

const pick = (values: ArrayLike<number>, rows: readonly number[]): Float64Array =>
  Float64Array.from(rows, (row) => values[row] as number)

/** Probabilities of each fold's clients by a calibration fitted on the other folds. */
export function crossCalibrated(
  method: Method,
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
): Float64Array {
  const probability = new Float64Array(margin.length)
  for (const k of new Set(Array.from(fold))) {
    const rest = Array.from(fold, (_, i) => i).filter((i) => fold[i] !== k)
    const calibration = fit(method, pick(margin, rest), pick(target, rest))
    for (let i = 0; i < margin.length; i++)
      if (fold[i] === k) probability[i] = calibrate(calibration, margin[i] as number)
  }
  return probability
}

export interface Choice {
  readonly method: Method
  readonly losses: Readonly<Record<Method, number>> // log loss per client, cross-fitted
  readonly probability: Float64Array // by the chosen method, cross-fitted
  readonly threshold: number
}

/** The calibration with the least cross-fitted log loss (the simpler among equals) and the cheapest threshold on its probabilities. */
export function choose(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
  rule: Rule,
): Choice {
  const tried = methods.map((method) => {
    const probability = crossCalibrated(method, margin, target, fold)
    return { method, probability, loss: logLoss(target, probability) }
  })
  const best = tried.reduce((a, b) => (b.loss < a.loss ? b : a))
  const losses = Object.fromEntries(tried.map(({ method, loss }) => [method, loss])) as Record<Method, number>
  return {
    method: best.method,
    losses,
    probability: best.probability,
    threshold: chooseThreshold(target, best.probability, rule),
  }
}

export interface Nested {
  readonly probability: Float64Array // of each client, by a calibration that has not seen it
  readonly declined: Uint8Array // by a threshold that has not seen it either
  readonly folds: readonly { fold: number; method: Method; threshold: number }[]
  /** What each fold's threshold was chosen on, in the order of `folds`: outcomes and probabilities of the other folds' clients. */
  readonly others: readonly { readonly target: Float64Array; readonly probability: Float64Array }[]
}

/**
 * Judges out-of-fold margins honestly: for each fold, calibration method, calibration and threshold are chosen on the other folds alone
 * (among themselves cross-fitted once more). Needs three folds.
 */
export function nested(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
  rule: Rule,
): Nested {
  const names = [...new Set(Array.from(fold))].sort((a, b) => a - b)
  if (names.length < 3) throw new Error(`train.folds: nested calibration needs at least 3 folds, found ${names.length}`)
  const probability = new Float64Array(margin.length)
  const declined = new Uint8Array(margin.length)
  const others: { target: Float64Array; probability: Float64Array }[] = []
  const folds = names.map((k) => {
    const rest = Array.from(fold, (_, i) => i).filter((i) => fold[i] !== k)
    const [restMargin, restTarget] = [pick(margin, rest), pick(target, rest)]
    const { method, threshold, probability: risks } = choose(restMargin, restTarget, pick(fold, rest), rule)
    others.push({ target: restTarget, probability: risks })
    const calibration = fit(method, restMargin, restTarget)
    for (let i = 0; i < margin.length; i++)
      if (fold[i] === k) {
        const p = calibrate(calibration, margin[i] as number)
        probability[i] = p
        declined[i] = p >= threshold ? 1 : 0
      }
    return { fold: k, method, threshold }
  })
  return { probability, declined, folds, others }
}

/** What the final model carries: the method and threshold chosen over all folds, the calibration fitted on all out-of-fold margins. */
export function settle(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
  rule: Rule,
): Choice & { readonly calibration: Calibration } {
  const choice = choose(margin, target, fold, rule)
  return { ...choice, calibration: fit(choice.method, margin, target) }
}
