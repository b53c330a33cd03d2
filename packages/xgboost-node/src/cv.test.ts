/** Cross-validation over given folds. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cv, DMatrix, train } from './index.ts'
import { near, same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const rows = 400
const { columns, label } = made(rows, 5)
const data = DMatrix.fromColumns(columns, { label })
const params = { objective: 'binary:logistic', max_depth: 3, nthread: 1, eval_metric: ['logloss', 'auc'] } as const
const folds = [0, 1, 2, 3].map((fold) => ({ test: Array.from({ length: rows / 4 }, (_, i) => i * 4 + fold) }))

test('the mean over the folds is the mean of trainings on each', () => {
  const { mean, deviation, bestRound, bestScore } = cv({ params, data, folds, rounds: 5 })
  const logs = folds.map(({ test: held }) => {
    const others = Array.from({ length: rows }, (_, row) => row).filter((row) => !held.includes(row))
    const [dtrain, dtest] = [data.slice(others), data.slice(held)]
    return train({ params, dtrain, rounds: 5, evals: { test: dtest } }).evaluations.test!.auc!
  })
  const means = [0, 1, 2, 3, 4].map((round) => logs.reduce((sum, log) => sum + log[round]!, 0) / 4)
  near(mean.test!.auc!, means, 1e-12)
  near(
    deviation.test!.auc!,
    means.map((average, round) => Math.sqrt(logs.reduce((sum, log) => sum + (log[round]! - average) ** 2, 0) / 4)),
    1e-12,
  )
  assert.equal([mean.train!.logloss!.length, bestRound, bestScore], [5, 4, null])
})

test('early stopping watches the mean of the test folds and ends the log at its best', () => {
  const long = cv({ params, data, folds, rounds: 60 }).mean.test!.logloss!
  const stopped = cv({ params, data, folds, rounds: 60, earlyStopping: { rounds: 5, metric: 'logloss' } })
  assert.is(stopped.bestScore, Math.min(...long))
  assert.is(stopped.bestRound, long.indexOf(Math.min(...long)))
  same(stopped.mean.test!.logloss!, long.slice(0, stopped.bestRound + 1))
})

test('the rows to train on can be given, and an abort ends it', () => {
  const given = folds.map(({ test: held }) => ({ test: held, train: held }))
  const { mean } = cv({ params, data, folds: given, rounds: 3 })
  same(mean.train!.logloss!, mean.test!.logloss!)
  const signal = AbortSignal.abort(new Error('stop'))
  assert.throws(() => cv({ params, data, folds, rounds: 3, signal }), /stop/)
  assert.throws(() => cv({ params, data, folds: folds.slice(1, 2), rounds: 3 }), /1 folds, expected at least 2/)
  assert.throws(() => cv({ params, data, folds: [{ test: [1] }, { test: [rows] }], rounds: 3 }), /row 400/)
})

test.run()
