import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sigmoid } from './calibration.ts'
import { stratifiedFolds } from './folds.ts'
import { chooseRounds, dmatrix, outOfFold, type Plan, scaledRounds } from './out-of-fold.ts'
import { random } from './random.ts'
import { rocAuc } from './ranking.ts'

const plan: Plan = {
  params: {
    objective: 'binary:logistic',
    eval_metric: 'logloss',
    tree_method: 'hist',
    max_depth: 3,
    eta: 0.1,
    seed: 1,
    nthread: 1,
  },
  rounds: 200,
  earlyStopping: 10,
  innerShare: 0.2,
  seed: 1,
}

/** Two columns, one of which says something, a category that says something, and a column of noise with gaps. */
function portfolio(n: number, seed: number) {
  const next = random(seed)
  const [a, b, c] = [new Float32Array(n), new Float32Array(n), new Float32Array(n)]
  const target = new Int8Array(n)
  for (let i = 0; i < n; i++) {
    a[i] = next() * 4 - 2
    b[i] = Math.floor(next() * 3)
    c[i] = next() < 0.3 ? Number.NaN : next()
    target[i] = next() < sigmoid(-2 + (a[i] as number) + (b[i] === 1 ? 1.5 : 0)) ? 1 : 0
  }
  const matrix = {
    ids: Int32Array.from(target, (_, i) => i),
    columns: [a, b, c],
    names: ['a', 'b', 'c'],
    types: ['q', 'c', 'q'] as const,
  }
  return { matrix, target, fold: stratifiedFolds(target, 3, 1) }
}

test('out-of-fold margins rank clients and are the same on every run', () => {
  const { matrix, target, fold } = portfolio(1500, 1)
  using data = dmatrix(matrix, target)
  const heard: number[] = []
  const run = outOfFold(data, target, fold, plan, ({ fold: k }) => heard.push(k))
  assert.ok(rocAuc(target, run.margin) > 0.7)
  assert.equal(heard, [0, 1, 2])
  assert.equal(outOfFold(data, target, fold, plan).margin, run.margin)
})

test("a fold's margins do not depend on its own outcomes", () => {
  const { matrix, target, fold } = portfolio(900, 2)
  const flipped = target.map((y, i) => (fold[i] === 1 ? 1 - y : y))
  using data = dmatrix(matrix, target)
  using other = dmatrix(matrix, flipped)
  const [before, after] = [outOfFold(data, target, fold, plan), outOfFold(other, flipped, fold, plan)]
  const ofFold = (margins: Float32Array, k: number) => margins.filter((_, i) => fold[i] === k)
  assert.equal(ofFold(before.margin, 1), ofFold(after.margin, 1))
  assert.not.equal(ofFold(before.margin, 0), ofFold(after.margin, 0))
})

test('outcomes that nothing explains get few rounds', () => {
  const { matrix, target } = portfolio(1500, 3)
  const noise = portfolio(1500, 4).target
  const every = Array.from(target, (_, i) => i)
  using data = dmatrix(matrix, target)
  using dull = dmatrix(matrix, noise)
  const [signal, none] = [chooseRounds(data, target, every, plan), chooseRounds(dull, noise, every, plan)]
  assert.ok(none.best < signal.best, `${none.best} against ${signal.best}`)
  assert.is(signal.trainedOn, 1200)
})

test('rounds grow with the clients they are fitted to', () => {
  assert.is(scaledRounds(100, 800, 1000), 125)
  assert.is(scaledRounds(0.4, 800, 800), 1)
})

test.run()
