/** Training: logs, early stopping, continuing, custom objectives, metrics, cancelling. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseEvaluation } from './evaluation-log.ts'
import { DMatrix, type Round, train } from './index.ts'
import { same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const params = {
  objective: 'binary:logistic',
  max_depth: 3,
  eta: 0.3,
  nthread: 1,
  seed: 1,
  eval_metric: ['logloss', 'auc'],
} as const

function matrices(): { dtrain: DMatrix; dtest: DMatrix } {
  const [a, b] = [made(400, 5, 1, 1), made(200, 5, 1, 2)]
  const featureTypes = ['q', 'q', 'q', 'q', 'q', 'c'] as const
  return {
    dtrain: DMatrix.fromColumns(a.columns, { label: a.label, featureTypes }),
    dtest: DMatrix.fromColumns(b.columns, { label: b.label, featureTypes }),
  }
}

test('early stopping keeps the rounds up to the best one and the log of all', () => {
  const { dtrain, dtest } = matrices()
  const seen: Round[] = []
  const evals = { train: dtrain, test: dtest }
  const stopped = train({
    params,
    dtrain,
    rounds: 200,
    evals,
    earlyStopping: { rounds: 5, metric: 'logloss' },
    onRound: (round) => seen.push(round),
  })
  const log = stopped.evaluations.test!.logloss!
  assert.is(log.length, seen.length)
  assert.ok(log.length < 200)
  assert.is(stopped.bestRound, log.indexOf(Math.min(...log)))
  assert.is(stopped.bestScore, Math.min(...log))
  assert.is(stopped.bestRound, log.length - 1 - 5)
  assert.is(stopped.booster.rounds, stopped.bestRound + 1)
  assert.is(stopped.booster.attribute('best_iteration'), String(stopped.bestRound))
  const again = train({ params, dtrain, rounds: stopped.bestRound + 1 })
  same(stopped.booster.predict(dtest), again.booster.predict(dtest))
})

test('early stopping maximises AUC, and minimises a metric of its own when asked to', () => {
  const { dtrain, dtest } = matrices()
  const climbing = train({ params, dtrain, rounds: 60, evals: { test: dtest }, earlyStopping: { rounds: 4 } })
  const auc = climbing.evaluations.test!.auc!
  assert.is(climbing.bestScore, Math.max(...auc))
  const least = train({
    params,
    dtrain,
    rounds: 60,
    evals: { test: dtest },
    earlyStopping: { rounds: 4, metric: 'auc', maximize: false },
  })
  assert.is(least.bestScore, Math.min(...least.evaluations.test!.auc!))
})

test('names of evaluation matrices may hold any character', () => {
  const { dtrain } = matrices()
  const { evaluations } = train({ params, dtrain, rounds: 2, evals: { 'a-b: c\td': dtrain } })
  assert.is(evaluations['a-b: c\td']!.logloss!.length, 2)
  assert.equal(parseEvaluation('[3]\t0-error@0.5:0.25\t0-ndcg@3-:-inf\t1-auc:nan', ['x', 'y']), {
    x: { 'error@0.5': 0.25, 'ndcg@3-': -Infinity },
    y: { auc: Number.NaN },
  })
})

test('a custom logistic objective trains the model of binary:logistic', () => {
  const { dtrain, dtest } = matrices()
  const label = dtrain.label
  const { objective: _, ...rest } = params
  const logistic = (margins: Float32Array) => {
    const p = margins.map((margin) => 1 / (1 + Math.exp(-margin)))
    return {
      gradient: p.map((value, i) => value - label[i]!),
      hessian: p.map((value) => Math.max(value * (1 - value), 1e-16)),
    }
  }
  const own = train({
    params: { ...rest, base_score: 0, eval_metric: 'rmse' },
    dtrain,
    rounds: 10,
    objective: logistic,
  })
  const builtIn = train({ params: { ...params, base_score: 0.5 }, dtrain, rounds: 10 })
  const [a, b] = [own, builtIn].map(({ booster }) => booster.predict(dtest, { output: 'margin' }))
  assert.ok(a!.every((value, i) => Math.abs(value - b![i]!) < 1e-4))
})

test('continuing a training gives the model of one training', () => {
  const { dtrain, dtest } = matrices()
  const first = train({ params, dtrain, rounds: 6 })
  const rounds: number[] = []
  const second = train({ params, dtrain, rounds: 4, from: first.booster, onRound: ({ round }) => rounds.push(round) })
  const whole = train({ params, dtrain, rounds: 10 })
  assert.equal(rounds, [6, 7, 8, 9])
  assert.is(first.booster.rounds, 6)
  assert.is(second.bestRound, 9)
  same(second.booster.predict(dtest), whole.booster.predict(dtest))
})

test('a custom metric joins the log and can be watched', () => {
  const { dtrain, dtest } = matrices()
  const metric = {
    name: 'half',
    evaluate: (p: Float32Array) => p.reduce((sum, value) => sum + Math.abs(value - 0.5), 0) / p.length,
  }
  const { evaluations, bestScore } = train({
    params,
    dtrain,
    rounds: 5,
    evals: { test: dtest },
    metric,
    earlyStopping: { rounds: 2, metric: 'half', maximize: true },
  })
  assert.is(bestScore, Math.max(...evaluations.test!.half!))
})

test('an aborted training throws the reason of its signal and trains no further', () => {
  const { dtrain } = matrices()
  const controller = new AbortController()
  let rounds = 0
  const onRound = () => {
    rounds += 1
    if (rounds === 3) controller.abort(new Error('enough'))
  }
  assert.throws(() => train({ params, dtrain, rounds: 50, signal: controller.signal, onRound }), /enough/)
  assert.is(rounds, 3)
})

test('an unknown parameter is named with the nearest known one', () => {
  const { dtrain } = matrices()
  assert.throws(
    () => train({ params: { maxdepth: 3 } as object, dtrain, rounds: 1 }),
    /"maxdepth": did you mean "max_depth"/,
  )
  assert.throws(() => train({ params: { eta: Number.NaN }, dtrain, rounds: 1 }), /parameter eta is/)
  assert.throws(() => train({ params: { subsample: 3 }, dtrain, rounds: 1 }), /subsample/)
})

test.run()
