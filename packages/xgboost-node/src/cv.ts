/** Cross-validation over given folds: one booster a fold, trained in step, scored on the rows it did not see. */
import { type EarlyStopping, Watch } from './early-stopping.ts'
import { XGBoostError } from './error.ts'
import { append, type Log, ownField, put, type Scores } from './evaluation-log.ts'
import { checkIsMatrix } from './features.ts'
import type { DMatrix } from './matrix.ts'
import type { Params } from './params.ts'
import { boosting, type Metric, type Objective, type Training, type TrainOptions } from './train.ts'

/** The rows of a fold, by index: to score on (`test`), and to train on (`train`; default: all others). */
export interface Fold {
  readonly test: ArrayLike<number>
  readonly train?: ArrayLike<number>
}

export interface CvOptions {
  readonly params: Params
  readonly data: DMatrix
  readonly folds: readonly Fold[]
  readonly rounds: number
  /** Watches the mean over the folds; `on` is `test` (the default) or `train`. */
  readonly earlyStopping?: EarlyStopping
  readonly objective?: Objective
  readonly metric?: Metric
  readonly onRound?: (round: { round: number; mean: Scores }) => void
  readonly signal?: AbortSignal
}

export interface CrossValidation {
  /** Every round's mean and standard deviation over the folds (of the whole, not of a sample: numpy's default), by `train` or `test` and metric. */
  readonly mean: Log
  readonly deviation: Log
  readonly bestRound: number
  readonly bestScore: number | null
}

const fn = 'cv'

function rowsOf(fold: Fold, rows: number): { train: ArrayLike<number>; test: ArrayLike<number> } {
  if (fold.train) return { train: fold.train, test: fold.test }
  const held = new Set(Array.from(fold.test))
  return { train: Array.from({ length: rows }, (_, row) => row).filter((row) => !held.has(row)), test: fold.test }
}

/** Mean and standard deviation over the folds, round by round. Logs end at the best round when training stopped early, as xgboost.cv's do. */
export function cv(options: CvOptions): CrossValidation {
  const { params, data, folds, rounds, earlyStopping, objective, metric, onRound, signal } = options
  checkIsMatrix(fn, 'data', data)
  if (folds.length < 2) throw new XGBoostError(fn, `${folds.length} folds, expected at least 2`)
  const matrices: DMatrix[] = []
  const runs: Generator<unknown, Training, void>[] = []
  try {
    const steps: ReturnType<typeof boosting>[] = []
    for (const fold of folds) {
      const { train, test } = rowsOf(fold, data.rows)
      const dtrain = data.slice(train)
      matrices.push(dtrain)
      const dtest = data.slice(test)
      matrices.push(dtest)
      const run: TrainOptions = {
        params,
        dtrain,
        rounds,
        evals: { train: dtrain, test: dtest },
        ...(objective && { objective }),
        ...(metric && { metric }),
        ...(signal && { signal }),
      }
      const step = boosting(run)
      steps.push(step)
      runs.push(step)
    }
    const watch = earlyStopping ? new Watch(fn, { on: 'test', ...earlyStopping }) : null
    const [mean, deviation]: [CrossValidation['mean'], CrossValidation['deviation']] = [{}, {}]
    let round = 0
    for (; round < rounds; round++) {
      const scores = steps.map((step) => {
        const { value, done } = step.next()
        if (done) throw new XGBoostError(fn, `a fold ended after ${round} rounds`)
        return value.scores
      })
      const now: Scores = {}
      for (const name of Object.keys(scores[0] ?? {}))
        for (const metricName of Object.keys(scores[0]![name] ?? {})) {
          const values = scores.map((one) => one[name]![metricName]!)
          const average = values.reduce((sum, value) => sum + value, 0) / values.length
          const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length)
          append(mean, name, metricName, average)
          append(deviation, name, metricName, spread)
          put(ownField(now, name) ?? put(now, name, {}), metricName, average)
        }
      onRound?.({ round, mean: now })
      if (watch?.see(fn, round, now).stop) break
    }
    const best = watch?.best ?? null
    const bestRound = best?.round ?? Math.min(round, rounds - 1)
    if (best)
      for (const log of [mean, deviation])
        for (const metrics of Object.values(log))
          for (const values of Object.values(metrics)) values.length = bestRound + 1
    return { mean, deviation, bestRound, bestScore: best?.score ?? null }
  } finally {
    // Closing a generator frees its booster.
    for (const run of runs) run.return({} as Training)
    for (const matrix of matrices) matrix.close()
  }
}
