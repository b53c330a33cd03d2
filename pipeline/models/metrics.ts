/** All figures by which decisions and probabilities are judged, flat, under the names that reports, MLflow and `npm run score` share. */
import { type Costs, confusion, declinesAt, meanCost, shares, theoreticalThreshold } from './cost.ts'
import { brier, expectedCalibrationError, logLoss, reliability } from './probability.ts'
import { averagePrecision, gains, gini, ks, rocAuc } from './ranking.ts'

export type Figures = Readonly<Record<(typeof figureNames)[number], number>>

/** In the order in which they are shown. */
export const figureNames = [
  'roc_auc',
  'gini',
  'ks',
  'average_precision',
  'cost',
  'cost_theoretical', // at FP / (FN + FP), 1/11 by default
  'cost_accept_all',
  'brier',
  'log_loss',
  'ece',
  'accuracy', // for control only: declining nobody scores higher
  'precision',
  'recall',
  'approval_rate',
  'lift_top_decile',
  'capture_top_decile',
] as const

/**
 * The figures of decided clients; costs are per client. `declined` is 1 for a declined client. Needs both classes. `score` is what clients are ranked by:
 * the probability, unless a calibration of each fold would mix up an order that the margins have.
 */
export function figures(
  target: ArrayLike<number>,
  probability: ArrayLike<number>,
  declined: ArrayLike<number>,
  costs: Costs,
  score: ArrayLike<number> = probability,
): Figures {
  const n = target.length
  const auc = rocAuc(target, score)
  const decided = confusion(target, declined)
  const { accuracy, precision, recall } = shares(decided)
  const theoretical = confusion(target, declinesAt(probability, theoreticalThreshold(costs)))
  const [top] = gains(target, score, Math.min(10, n))
  return {
    roc_auc: auc,
    gini: gini(auc),
    ks: ks(target, score).statistic,
    average_precision: averagePrecision(target, score),
    cost: meanCost(decided, costs),
    cost_theoretical: meanCost(theoretical, costs),
    cost_accept_all: (costs.falseNegative * (decided.truePositive + decided.falseNegative)) / n,
    brier: brier(target, probability),
    log_loss: logLoss(target, probability),
    ece: expectedCalibrationError(reliability(target, probability)),
    accuracy,
    precision: Number.isNaN(precision) ? 0 : precision,
    recall,
    approval_rate: (decided.trueNegative + decided.falseNegative) / n,
    lift_top_decile: top?.lift ?? 0,
    capture_top_decile: top?.capture ?? 0,
  }
}
