/** Logistic regression with an elastic net (XGBoost's `gblinear`, coordinate descent) on imputed, scaled, one-hot features. */
import { DMatrix, type Params, train } from 'xgboost-node'
import type { Strategy } from '../imbalance/strategy.ts'
import type { Matrix } from '../matrix.ts'
import type { Named } from './boosting.ts'
import type { Candidate, Model } from './candidate.ts'
import { designOf } from './design.ts'

export interface Linear {
  /** Passes over all coefficients. */
  readonly rounds: number
  /**
   * Squared and absolute penalty, in log loss per client, for a sample of 10,000. A smaller one is held tighter: lambda as 1/n (a prior of
   * fixed width), alpha as 1/√n (the noise of a gradient; Bickel, Ritov and Tsybakov 2009).
   */
  readonly lambda: number
  readonly alpha: number
}

export interface Coefficient {
  /** The feature, `feature is missing`, or `feature = code` of a category. */
  readonly name: string
  readonly feature: string
  /** Set for the columns of a category. */
  readonly code?: number
  readonly missing?: boolean
  /** In log-odds per standard deviation. */
  readonly value: number
}

export interface LinearModel extends Model {
  readonly coefficients: readonly Coefficient[]
}

export function linear(
  named: Named,
  options: Linear,
  strategy: Strategy,
): Omit<Candidate, 'fit'> & {
  readonly fit: (...of: Parameters<Candidate['fit']>) => LinearModel
} {
  const params: Params = {
    booster: 'gblinear',
    objective: 'binary:logistic',
    // The parallel updater ("shotgun") gives other bytes on every run.
    updater: 'coord_descent',
    feature_selector: 'cyclic',
    eta: 1,
    // Each coefficient is a step of its own: threads would only wait for each other.
    nthread: 1,
  }
  return {
    ...named,
    fit: (sample, seed) =>
      strategy.on(sample, seed, (resampled) => {
        const design = designOf(resampled.matrix)
        const matrixOf = (matrix: Matrix, label?: Int8Array) =>
          DMatrix.fromColumns(design.encode(matrix), label ? { label } : {})
        using dtrain = matrixOf(resampled.matrix, resampled.target)
        // Made-up clients are no new information.
        const scarce = 10_000 / Math.min(sample.count, resampled.count)
        const penalty = { lambda: options.lambda * scarce, alpha: options.alpha * Math.sqrt(scarce) }
        const weighted = { ...penalty, scale_pos_weight: strategy.weight(sample.count, sample.defaults) }
        const { booster } = train({ params: { ...params, ...weighted, seed }, dtrain, rounds: options.rounds })
        return {
          coefficients: weights(booster.dump()[0] ?? '').map((value, i) => ({ ...design.columns[i]!, value })),
          margins: (rows) => {
            using data = matrixOf(rows.matrix)
            return booster.predict(data, { output: 'margin' })
          },
          [Symbol.dispose]: () => booster.close(),
        }
      }),
  }
}

/** The coefficients in a linear model's dump: `bias:`, a number, `weight:`, then one number a column. */
function weights(dump: string): number[] {
  const lines = dump.trim().split(/\s+/)
  return lines.slice(lines.indexOf('weight:') + 1).map(Number)
}
