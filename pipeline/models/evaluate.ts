/** One verdict on out-of-fold margins: every figure, curve and table of the training report, computed once. */
import type { Calibration, Method } from './calibration.ts'
import {
  type Confusion,
  type CostPoint,
  confusion,
  costCurve,
  costInterval,
  type Interval,
  theoreticalThreshold,
} from './cost.ts'
import { type AucInterval, aucInterval } from './interval.ts'
import { type Figures, figureNames, figures } from './metrics.ts'
import { type Choice, chooseThreshold, type Nested, nested, type Rule, settle, thresholdGrid } from './threshold.ts'

export interface FoldFigures {
  readonly fold: number
  readonly clients: number
  readonly method: Method
  readonly threshold: number
  readonly figures: Figures
}

export interface Evaluation {
  readonly nested: Nested
  /** The fold of each client. */
  readonly byFold: ArrayLike<number>
  readonly settled: Choice & { readonly calibration: Calibration }
  readonly pooled: Figures
  readonly folds: readonly FoldFigures[]
  /** Mean and standard deviation (divisor n - 1) over folds. */
  readonly spread: Readonly<Record<keyof Figures, { readonly mean: number; readonly sd: number }>>
  readonly auc: AucInterval
  readonly cost: Interval
  readonly confusion: Confusion
  /** By threshold, on probabilities calibrated across folds. */
  readonly curve: readonly CostPoint[]
  readonly theoretical: number
  /** The threshold with the least cost of all, whatever its noise. */
  readonly cheapest: number
  /** See Rule: thresholds within so many standard errors of the least cost do not differ. */
  readonly oneSe: number
}

const draws = 1000

/** Judges out-of-fold margins (log-odds) of clients whose folds are known. Rankings are of margins, the rest of nested probabilities. */
export function evaluate(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
  fold: ArrayLike<number>,
  rule: Rule,
  seed: number,
): Evaluation {
  const { costs, oneSe } = rule
  const honest = nested(margin, target, fold, rule)
  const settled = settle(margin, target, fold, rule)
  const folds = honest.folds.map(({ fold: k, method, threshold }): FoldFigures => {
    const inFold = (_: unknown, i: number) => fold[i] === k
    const outcomes = Int8Array.from(target).filter(inFold)
    const all = figures(
      outcomes,
      honest.probability.filter(inFold),
      honest.declined.filter(inFold),
      costs,
      Float64Array.from(margin).filter(inFold),
    )
    return { fold: k, clients: outcomes.length, method, threshold, figures: all }
  })
  const spread = Object.fromEntries(
    figureNames.map((name) => {
      const values = folds.map((one) => one.figures[name])
      const mean = values.reduce((a, b) => a + b, 0) / values.length
      const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))
      return [name, { mean, sd }]
    }),
  ) as Evaluation['spread']
  return {
    nested: honest,
    byFold: fold,
    settled,
    pooled: figures(target, honest.probability, honest.declined, costs, margin),
    folds,
    spread,
    auc: aucInterval(target, margin),
    cost: costInterval(target, honest.declined, costs, { draws, seed }),
    confusion: confusion(target, honest.declined),
    curve: costCurve(target, settled.probability, thresholdGrid, costs, { draws, seed }),
    theoretical: theoreticalThreshold(costs),
    oneSe,
    cheapest: chooseThreshold(target, settled.probability, { costs, oneSe: 0 }),
  }
}
