/** Logistic regression with an elastic net (XGBoost's `gblinear`, coordinate descent) on imputed, scaled, one-hot features. */
import { type Booster, DMatrix, type Params, train } from 'xgboost-node'
import type { Strategy } from '../imbalance/strategy.ts'
import { addLinearMargins } from '../members/linear.ts'
import type { LinearMember } from '../members/member.ts'
import type { Named } from './boosting.ts'
import { type Candidate, logit, type Model } from './candidate.ts'
import { type Design, designOf } from './design.ts'

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

export interface LinearModel extends Model {
  /** Those that are not 0. */
  readonly member: LinearMember
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
        const design = designOf(resampled.matrix, resampled.weight)
        using dtrain = DMatrix.fromColumns(design.encode(resampled.matrix), {
          label: resampled.target,
          ...(resampled.weight ? { weight: resampled.weight } : {}),
        })
        // Made-up clients are no new information.
        const scarce = 10_000 / Math.min(sample.weightSum, resampled.weightSum)
        const penalty = { lambda: options.lambda * scarce, alpha: options.alpha * Math.sqrt(scarce) }
        const weighted = { ...penalty, scale_pos_weight: strategy.weight(sample.count, sample.defaults) }
        const given = { ...params, ...weighted, base_score: resampled.rate, seed }
        const { booster } = train({ params: given, dtrain, rounds: options.rounds })
        const member = { ...memberOf(booster, design, logit(Math.fround(resampled.rate))), fit: { ...options } }
        booster.close()
        return {
          member,
          margins: ({ matrix }) => {
            const places = new Map(matrix.names.map((name, j) => [name, matrix.columns[j] as Float32Array]))
            const out = new Float64Array(matrix.ids.length)
            addLinearMargins(member, out.length, (feature) => (row) => places.get(feature)![row] as number, out)
            return out
          },
          members: () => [{ member }],
          [Symbol.dispose]: () => {},
        }
      }),
  }
}

/** The coefficients of a linear booster, from its JSON: those of the columns, then the bias. Columns of coefficient 0 are left out. */
function memberOf(booster: Booster, { columns }: Design, base: number): LinearMember {
  const model = JSON.parse(Buffer.from(booster.toBuffer('json')).toString('utf8')) as {
    learner: { gradient_booster: { model: { weights: number[] } } }
  }
  const { weights } = model.learner.gradient_booster.model
  const kept = columns.map((column, i) => ({ ...column, coefficient: weights[i] as number }))
  return {
    family: 'linear',
    weight: 1,
    intercept: base + (weights.at(-1) as number),
    columns: kept.filter(({ coefficient }) => coefficient !== 0),
  }
}
