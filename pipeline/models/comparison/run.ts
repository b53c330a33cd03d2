/** One candidate on every fold of every seed: its margins for clients that it has not seen, and what they are worth. */
import { sigmoid } from '../calibration.ts'
import type { Candidate, Model } from '../candidates/candidate.ts'
import { columnsOf, Rows, rowsOf, Sample } from '../candidates/sample.ts'
import { type Costs, confusion, declinesAt, meanCost, theoreticalThreshold } from '../cost.ts'
import { stratifiedFolds } from '../folds.ts'
import type { Matrix } from '../matrix.ts'
import { type Figures, figures } from '../metrics.ts'
import { brier, expectedCalibrationError, logLoss, type ReliabilityBin, reliability } from '../probability.ts'
import { averagePrecision, rocAuc } from '../ranking.ts'
import { nested, type Rule } from '../threshold.ts'
import type { Measure } from './measure.ts'

/** Clients cut into folds once, for all candidates: the pairs of a paired test, and one set of histograms. */
export interface Partition extends Disposable {
  readonly seed: number
  readonly fold: Int32Array
  readonly target: Int8Array
  readonly parts: readonly { readonly rows: readonly number[]; readonly train: Sample; readonly scored: Rows }[]
}

export function partition(matrix: Matrix, target: Int8Array, folds: number, seed: number): Partition {
  const fold = stratifiedFolds(target, folds, seed)
  const every = [...fold.keys()]
  const parts = Array.from({ length: folds }, (_, k) => {
    const [rows, rest] = [every.filter((i) => fold[i] === k), every.filter((i) => fold[i] !== k)]
    const outcomes = Int8Array.from(rest, (row) => target[row] as number)
    return { rows, train: new Sample(rowsOf(matrix, rest), outcomes), scored: new Rows(rowsOf(matrix, rows)) }
  })
  return {
    seed,
    fold,
    target,
    parts,
    [Symbol.dispose]: () => {
      for (const { train, scored } of parts) {
        train[Symbol.dispose]()
        scored[Symbol.dispose]()
      }
    },
  }
}

/** The same folds with some features only. */
export const withColumns = (of: Partition, keep: (name: string) => boolean): Partition => {
  const parts = of.parts.map(({ rows, train, scored }) => ({
    rows,
    train: new Sample(columnsOf(train.matrix, keep), train.target),
    scored: new Rows(columnsOf(scored.matrix, keep)),
  }))
  return {
    ...of,
    parts,
    [Symbol.dispose]: () => {
      for (const { train, scored } of parts) {
        train[Symbol.dispose]()
        scored[Symbol.dispose]()
      }
    },
  }
}

/** Log-odds of each client by a model of the other folds. */
export function marginsOf(
  candidate: Candidate,
  { parts, fold, seed }: Partition,
  onFold: (k: number, model: Model) => void = () => {},
): Float64Array {
  const margin = new Float64Array(fold.length)
  parts.forEach(({ rows, train, scored }, k) => {
    using model = candidate.fit(train, seed + k)
    const margins = model.margins(scored)
    rows.forEach((row, i) => {
      margin[row] = margins[i] as number
    })
    onFold(k, model)
  })
  return margin
}

/** What is reported of a fold, or of all: as the model says it (raw), and after a nested calibration and threshold. */
export const judgedNames = [
  'roc_auc',
  'average_precision',
  'cost',
  'cost_theoretical',
  'cost_theoretical_raw',
  'brier_raw',
  'brier',
  'ece_raw',
  'ece',
  'log_loss_raw',
  'log_loss',
  'mean_raw',
  'accuracy',
  'recall',
  'approval_rate',
] as const
export type Judged = Readonly<Record<(typeof judgedNames)[number], number>>

export interface SeedRun {
  readonly seed: number
  readonly folds: readonly Judged[]
  readonly pooled: Judged
  readonly margin: Float64Array
  /** Ten bins of equal counts, pooled over folds. */
  readonly reliability: { readonly raw: readonly ReliabilityBin[]; readonly calibrated: readonly ReliabilityBin[] }
}

/** Judges out-of-fold margins; calibration and threshold are nested, so no client is judged by one that has seen it. */
export function judgeRun(margin: Float64Array, { target, fold, seed }: Partition, rule: Rule): SeedRun {
  const { probability, declined } = nested(margin, target, fold, rule)
  const raw = margin.map(sigmoid)
  const judged = (rows: readonly number[]): Judged => {
    const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row] as number)
    const [y, m, p, q] = [pick(target), pick(margin), pick(raw), pick(probability)]
    const all: Figures = figures(y, q, pick(declined), rule.costs, m)
    const { roc_auc, average_precision, cost, cost_theoretical, brier: after, ece, log_loss } = all
    return {
      roc_auc,
      average_precision,
      cost,
      cost_theoretical,
      cost_theoretical_raw: meanCost(confusion(y, declinesAt(p, theoreticalThreshold(rule.costs))), rule.costs),
      brier_raw: brier(y, p),
      brier: after,
      ece_raw: expectedCalibrationError(reliability(y, p)),
      ece,
      log_loss_raw: logLoss(y, p),
      log_loss,
      mean_raw: p.reduce((a, b) => a + b, 0) / p.length,
      accuracy: all.accuracy,
      recall: all.recall,
      approval_rate: all.approval_rate,
    }
  }
  const every = [...fold.keys()]
  return {
    seed,
    margin,
    folds: [...new Set(fold)].sort((a, b) => a - b).map((k) => judged(every.filter((i) => fold[i] === k))),
    pooled: judged(every),
    reliability: {
      raw: reliability(target, raw, { by: 'quantile' }),
      calibrated: reliability(target, probability, { by: 'quantile' }),
    },
  }
}

export const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length

/** Standard deviation with divisor n − 1. */
export const deviation = (values: readonly number[]): number => {
  const centre = mean(values)
  return Math.sqrt(values.reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1))
}

/** One measure of each fold, of margins as they are: cost at FP / (FN + FP). */
export function measureOf(
  measure: Measure,
  margin: Float64Array,
  { parts, target }: Partition,
  costs: Costs,
): number[] {
  return parts.map(({ rows }) => {
    const y = rows.map((row) => target[row] as number)
    const m = rows.map((row) => margin[row] as number)
    if (measure === 'roc_auc') return rocAuc(y, m)
    if (measure === 'average_precision') return averagePrecision(y, m)
    const p = m.map(sigmoid)
    if (measure === 'log_loss') return logLoss(y, p)
    if (measure === 'brier') return brier(y, p)
    return meanCost(confusion(y, declinesAt(p, theoreticalThreshold(costs))), costs)
  })
}
