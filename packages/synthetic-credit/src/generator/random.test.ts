import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { describeOf } from '../published/statistics.ts'
import { cholesky, normalShare, spread, spreadOf } from './distribution.ts'
import { Stream } from './random.ts'

const near = (found: number, wanted: number, tolerance: number, what = '') =>
  assert.ok(Math.abs(found - wanted) <= tolerance, `${what} found ${found}, wanted ${wanted} ± ${tolerance}`)

function momentsOf(draw: (stream: Stream) => number, n = 40000) {
  const stream = new Stream().start(3, 1, 4)
  const values = Float64Array.from({ length: n }, () => draw(stream))
  const mean = values.reduce((sum, x) => sum + x, 0) / n
  return { mean, variance: values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n }
}

test('a stream starts anew with the same numbers, and others for another seed, client or purpose', () => {
  const stream = new Stream()
  const first = (seed: number, client: number, purpose: number) => stream.start(seed, client, purpose).uniform()
  assert.is(first(1, 2, 3), first(1, 2, 3))
  const others = [first(1, 2, 3), first(2, 2, 3), first(1, 3, 3), first(1, 2, 4)]
  assert.is(new Set(others).size, 4)
})

test('the numbers of a stream are the same on every machine', () => {
  const stream = new Stream().start(20261124, 100001, 0)
  const words = Array.from({ length: 4 }, () => Math.floor(stream.uniform() * 2 ** 32))
  assert.equal(words, [3541051067, 171790649, 3938333164, 2614564590])
})

test('the draws have the mean and variance of their distributions', () => {
  const cases: [string, (stream: Stream) => number, number, number][] = [
    ['uniform', (s) => s.uniform(), 0.5, 1 / 12],
    ['normal', (s) => s.normal(), 0, 1],
    ['exponential', (s) => s.exponential(), 1, 1],
    ['geometric', (s) => s.geometric(0.25), 3, 12],
    ['gamma 2.5', (s) => s.gamma(2.5), 2.5, 2.5],
    ['gamma 0.5', (s) => s.gamma(0.5), 0.5, 0.5],
    ['poisson 3', (s) => s.poisson(3), 3, 3],
    ['poisson 80', (s) => s.poisson(80), 80, 80],
    ['overdispersed', (s) => s.overdispersed(2, 0.8), 2, 7],
    ['pick', (s) => s.pick([1, 2, 1]), 1, 0.5],
  ]
  for (const [name, draw, mean, variance] of cases) {
    const found = momentsOf(draw)
    near(found.mean, mean, 5 * Math.sqrt(variance / 40000), name)
    near(found.variance, variance, 0.08 * variance, name)
  }
})

test('a spread meets its quantiles, the published mean within 2% and the deviation within 15%', () => {
  for (const column of ['DAYS_BIRTH', 'AMT_CREDIT', 'EXT_SOURCE_2', 'DAYS_REGISTRATION']) {
    const row = describeOf('application_train', column)
    const [, mean, sd, least, q25, median, q75, most] = row
    const at = spreadOf(row)
    near(at(0.25), q25!, 1e-9, column)
    near(at(0.5), median!, 1e-9, column)
    near(at(0.75), q75!, 1e-9, column)
    near(at(0), least!, 1e-9, column)
    near(at(1), most!, 1e-9, column)
    const values = Float64Array.from({ length: 20000 }, (_, i) => at((i + 0.5) / 20000))
    const found = values.reduce((sum, x) => sum + x, 0) / values.length
    near(found, mean!, 0.02 * Math.abs(mean!), `mean of ${column}`)
    near(
      Math.sqrt(values.reduce((sum, x) => sum + (x - found) ** 2, 0) / values.length),
      sd!,
      0.15 * sd!,
      `sd of ${column}`,
    )
  }
})

test('a spread rises', () => {
  const at = spread(
    [
      [0, 1],
      [0.4, 3],
      [0.6, 4],
      [1, 10],
    ],
    { lowPower: 2, highPower: 3 },
  )
  for (let i = 1; i <= 100; i++) assert.ok(at(i / 100) >= at((i - 1) / 100))
})

test('the triangle of a correlation matrix gives the matrix back', () => {
  const matrix = [[1], [0.5, 1], [-0.2, 0.3, 1]]
  const lower = cholesky(matrix)
  for (const [i, row] of matrix.entries())
    for (const [j, value] of row.entries()) {
      const product = lower[i]!.reduce((sum, x, k) => sum + x * (lower[j]![k] ?? 0), 0)
      near(product, value, 1e-12)
    }
  assert.throws(() => cholesky([[1], [0.9, 1], [-0.9, 0.9, 1]]), /cannot hold together/)
})

test('half of the clients lie below a score of 0, 97.7% below 2', () => {
  near(normalShare(0), 0.5, 1e-15)
  near(normalShare(2), 0.9772498680518208, 1e-12)
})

test.run()
