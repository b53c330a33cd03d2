import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { beta, calibrate, fit, isotonic, methods, platt, sigmoid } from './calibration.ts'
import { brier, logLoss } from './probability.ts'
import { random } from './random.ts'
import { choose, chooseThreshold, crossCalibrated, nested, settle } from './threshold.ts'

const oracles = join(import.meta.dirname, 'oracles')
const expected = JSON.parse(readFileSync(join(oracles, 'calibration.json'), 'utf8'))
const pairs = readFileSync(join(oracles, 'metrics_input.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number))
const half = (from: number) => pairs.slice(from, from + 2500)
const scores = (rows: number[][]) => Float64Array.from(rows, ([, p]) => p as number)
const outcomes = (rows: number[][]) => Int8Array.from(rows, ([y]) => y as number)
const [fitted, predicted] = [half(0), half(2500)]
const logit = (p: number) => {
  const c = Math.min(1 - 1e-6, Math.max(1e-6, p))
  return Math.log(c / (1 - c))
}
const rule = { costs: { falseNegative: 10, falsePositive: 1 }, oneSe: 1 }
const least = { ...rule, oneSe: 0 }

const near = (found: number, wanted: number, within: number, what = '') =>
  assert.ok(Math.abs(found - wanted) <= within, `${what}: expected ${wanted}, found ${found}`)

/** Margins of a model that is too sure of itself (slope 2) and too gloomy (shift 1), with the outcomes of the true log-odds. */
function overconfident(n: number, seed: number) {
  const next = random(seed)
  const truth = Float64Array.from({ length: n }, () => -2.5 + 2.4 * (next() + next() + next() - 1.5))
  const target = Int8Array.from(truth, (z) => (next() < sigmoid(z) ? 1 : 0))
  return { margin: truth.map((z) => 2 * z + 1), target, fold: Int32Array.from(truth, (_, i) => i % 5) }
}

test('Platt scaling finds the optimum of scikit-learn', () => {
  const found = platt(scores(fitted).map(logit), outcomes(fitted))
  near(found.slope, expected.platt.slope, 1e-8)
  near(found.intercept, expected.platt.intercept, 1e-8)
  const probability = scores(predicted).map((p) => calibrate(found, logit(p)))
  expected.platt.prediction.forEach((p: number, i: number) => {
    near(probability[i] as number, p, 1e-8, `row ${i}`)
  })
  near(brier(outcomes(predicted), probability), expected.platt.brier_after, 1e-9)
  near(logLoss(outcomes(predicted), probability), expected.platt.log_loss_after, 1e-9)
})

test('isotonic regression has the knots and the predictions of scikit-learn', () => {
  const found = isotonic(scores(fitted), outcomes(fitted))
  assert.equal(found.x, expected.isotonic.x_thresholds)
  found.y.forEach((y, i) => {
    near(y, expected.isotonic.y_thresholds[i], 1e-14, `knot ${i}`)
  })
  const probability = scores(predicted).map((p) => calibrate(found, Math.log(p / (1 - p))))
  expected.isotonic.prediction.forEach((p: number, i: number) => {
    near(probability[i] as number, p, 1e-11, `row ${i}`)
  })
  near(brier(outcomes(predicted), probability), expected.isotonic.brier_after, 1e-12)
})

test('beta calibration with a = b is Platt scaling', () => {
  const margin = scores(fitted).map(logit)
  const { slope, intercept } = platt(margin, outcomes(fitted))
  for (const m of [-9, -2, 0, 3])
    near(
      calibrate({ method: 'beta', a: slope, b: slope, c: intercept }, m),
      calibrate({ method: 'platt', slope, intercept }, m),
      1e-15,
    )
})

test('beta calibration fits at least as well as Platt scaling where it is not at its bounds', () => {
  const { margin, target } = overconfident(4000, 3)
  const [b, p] = [beta(margin, target), platt(margin, target)]
  assert.ok(b.a > 0 && b.b > 0)
  const loss = (c: typeof b | typeof p) =>
    logLoss(
      target,
      margin.map((m) => calibrate(c, m)),
    )
  assert.ok(loss(b) <= loss(p) + 1e-9)
})

test('Platt scaling undoes a wrong slope and a wrong intercept', () => {
  const { margin, target } = overconfident(200_000, 1)
  const { slope, intercept } = platt(margin, target)
  near(slope, 0.5, 0.02)
  near(intercept, -0.5, 0.05)
})

test('every calibration is monotone and keeps the base rate (none excepted)', () => {
  const { margin, target } = overconfident(5000, 2)
  const rate = target.reduce((a, b) => a + b, 0) / target.length
  for (const method of methods) {
    const calibration = fit(method, margin, target)
    const grid = Array.from({ length: 400 }, (_, i) => calibrate(calibration, -12 + i * 0.06))
    assert.ok(
      grid.every((p, i) => p >= 0 && p <= 1 && (i === 0 || p >= grid[i - 1]!)),
      method,
    )
    if (method !== 'none')
      near(margin.reduce((sum, m) => sum + calibrate(calibration, m), 0) / margin.length, rate, 1e-6, method)
  }
})

test('separable outcomes have a finite Platt scaling', () => {
  const { slope, intercept } = platt([-3, -2, 2, 3], [0, 0, 1, 1])
  assert.ok(Number.isFinite(slope) && Number.isFinite(intercept) && slope > 0)
})

test('cross-fitting never shows a fold its own outcomes', () => {
  const { margin, target, fold } = overconfident(1000, 4)
  const before = crossCalibrated('isotonic', margin, target, fold)
  const flipped = target.map((y, i) => (fold[i] === 2 ? 1 - y : y))
  const after = crossCalibrated('isotonic', margin, flipped, fold)
  before.forEach((p, i) => {
    if (fold[i] === 2) assert.is(after[i], p)
  })
  assert.ok(before.some((p, i) => fold[i] !== 2 && after[i] !== p))
})

test("nested decisions of a fold do not depend on the fold's own outcomes", () => {
  const { margin, target, fold } = overconfident(1500, 5)
  const before = nested(margin, target, fold, rule)
  const after = nested(
    margin,
    target.map((y, i) => (fold[i] === 3 ? 1 - y : y)),
    fold,
    rule,
  )
  fold.forEach((k, i) => {
    if (k !== 3) return
    assert.is(after.probability[i], before.probability[i])
    assert.is(after.declined[i], before.declined[i])
  })
  assert.equal(after.folds[3], before.folds[3])
})

test('the choice undoes an overconfident model, and its threshold lies near one eleventh', () => {
  const { margin, target, fold } = overconfident(20_000, 6)
  const { method, losses, threshold, calibration } = settle(margin, target, fold, rule)
  assert.is.not(method, 'none')
  assert.ok(losses.none - losses[method] > 0.01)
  near(threshold, 1 / 11, 0.03)
  assert.is(calibration.method, method)
})

test('margins that are right already are left almost alone', () => {
  const { margin, target, fold } = overconfident(20_000, 7)
  const { losses, method } = choose(
    margin.map((m) => (m - 1) / 2),
    target,
    fold,
    rule,
  )
  assert.ok(losses.none - losses[method] < 3e-4)
})

test('the cheapest threshold is cheapest, and the nearest to theory among equals', () => {
  assert.is(chooseThreshold([0, 0, 1], [0.02, 0.05, 0.4], least), 0.091)
  assert.is(chooseThreshold([0, 1], [0.3, 0.4], least), 0.301)
})

test('a threshold that costs no less than noise gives way to the theoretical one, and a clear gain does not', () => {
  const probability = [0.05, 0.12, 0.12, 0.12, 0.5]
  const [noise, clear] = [
    [0, 0, 0, 0, 1],
    [0, ...new Array<number>(60).fill(0), 1],
  ]
  assert.is(chooseThreshold(noise, probability, least), 0.121)
  assert.is(chooseThreshold(noise, probability, { ...rule, oneSe: 2 }), 0.091)
  const many = [0.05, ...new Array<number>(60).fill(0.12), 0.5]
  assert.is(chooseThreshold(clear, many, { ...rule, oneSe: 2 }), 0.121)
})

test('two folds are too few for nesting', () => {
  assert.throws(() => nested([0, 1, 2, 3], [0, 1, 0, 1], [0, 0, 1, 1], rule), /at least 3 folds/)
})

test.run()
