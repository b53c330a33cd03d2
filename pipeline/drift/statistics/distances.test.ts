import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { populationStability } from '../../models/population-stability.ts'
import { binCounts, deciles, doane, filled, linspace, shares, sturges } from './bins.ts'
import { chiSquareFit, chiSquareHomogeneity, chiSquareTail } from './chi-square.ts'
import { hellinger } from './hellinger.ts'
import { jensenShannon } from './jensen-shannon.ts'
import { kullbackLeibler } from './kullback-leibler.ts'
import { lInfinity } from './l-infinity.ts'
import { proportions } from './proportions.ts'
import { deviation, wasserstein, wassersteinNormed } from './wasserstein.ts'

const near = (got: number, want: number, tolerance = 1e-12) =>
  assert.ok(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)), `${got}, expected ${want}`)
const p = [0.5, 0.3, 0.2]
const q = [0.4, 0.3, 0.3]

test('every distance of a distribution to itself is 0', () => {
  for (const distance of [jensenShannon, populationStability, kullbackLeibler, hellinger, lInfinity])
    assert.is(distance(p, p), 0)
})

test('distances that are symmetric do not depend on which side is the reference', () => {
  for (const distance of [jensenShannon, populationStability, hellinger, lInfinity])
    near(distance(p, q), distance(q, p), 1e-15)
})

test('distributions without a common value are at the largest distance', () => {
  near(jensenShannon([1, 0], [0, 1]), Math.sqrt(Math.log(2)))
  near(jensenShannon([1, 0], [0, 1], 2), 1)
  near(hellinger([1, 0], [0, 1]), 1)
  assert.is(lInfinity([1, 0], [0, 1]), 1)
})

test('PSI is the sum of both Kullback-Leibler divergences', () => {
  near(populationStability(p, q), kullbackLeibler(p, q) + kullbackLeibler(q, p), 1e-14)
})

test('a shift moves the Wasserstein distance by itself, whatever the sizes', () => {
  const a = Float64Array.from([1, 2, 4, 8])
  near(
    wasserstein(
      a,
      a.map((value) => value + 3),
    ),
    3,
  )
  near(wasserstein(Float64Array.from([0, 0, 1]), Float64Array.from([0, 1])), 1 / 6)
})

test('the normed distance does not depend on the unit, and a constant reference is divided by 0.001', () => {
  const a = Float64Array.from([1, 2, 4, 8])
  const b = Float64Array.from([2, 3, 9])
  near(
    wassersteinNormed(a, b),
    wassersteinNormed(
      a.map((x) => x * 1000),
      b.map((x) => x * 1000),
    ),
  )
  near(wassersteinNormed(Float64Array.from([5, 5]), Float64Array.from([6])), 1000)
  near(deviation(Float64Array.from([2, 4, 4, 4, 5, 5, 7, 9])), 2)
})

test('chi-square tails are those of the tables, far out too', () => {
  near(chiSquareTail(3.841458820694124, 1), 0.05)
  near(chiSquareTail(18.307038053275146, 10), 0.05)
  near(chiSquareTail(200, 1) / 2.0884875837625446e-45, 1, 1e-9)
  assert.is(chiSquareTail(Number.POSITIVE_INFINITY, 3), 0)
})

test('counts in the reference’s proportions fit perfectly, a category the reference lacks gives 0', () => {
  assert.is(chiSquareFit([10, 20, 30], [1, 2, 3]), 1)
  assert.is(chiSquareFit([10, 0], [9, 1]), 0)
})

test('a 2 × 2 table has Yates’ correction by default (scipy.stats.chi2_contingency)', () => {
  near(chiSquareHomogeneity([10, 20], [20, 10]).p, 0.02013675155034633, 1e-12)
  near(chiSquareHomogeneity([10, 20], [20, 10], { yates: false }).p, 0.009823274507519235, 1e-12)
})

test('without the correction a 2 × 2 chi-square is the z test of two proportions', () => {
  const { p: byZ } = proportions(10, 30, 20, 30)
  near(byZ, chiSquareHomogeneity([10, 20], [20, 10], { yates: false }).p, 1e-12)
})

test('two constant and equal samples do not differ', () => {
  assert.is(proportions(5, 5, 9, 9).p, 1)
  assert.is(proportions(0, 5, 0, 9).p, 1)
})

test('bins: the last one holds its right end, and all values are counted once', () => {
  const values = Float64Array.from([0, 1, 1, 2, 5, 10])
  assert.equal([...binCounts(values, linspace(0, 10, 5))], [3, 1, 1, 0, 1])
  assert.is(
    binCounts(values, sturges(values, values)).reduce((a, b) => a + b),
    6,
  )
  assert.is(
    binCounts(values, doane(values)).reduce((a, b) => a + b),
    6,
  )
})

test('deciles of a continuous reference hold a tenth each, repeats are joined', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i)
  for (const share of shares(binCounts(values, deciles(values)))) near(share, 0.1)
  const mostlyZero = Float64Array.from({ length: 100 }, (_, i) => (i < 80 ? 0 : i))
  assert.is(deciles(mostlyZero).length, 5)
})

test('Evidently’s fill is 0.0001, or a millionth of the smallest share where that is smaller still', () => {
  assert.equal([...filled(Float64Array.from([0.6, 0.4, 0]))], [0.6, 0.4, 0.0001])
  assert.equal([...filled(Float64Array.from([0.99995, 0.00005, 0]))], [0.99995, 0.00005, 0.00005 / 1e6])
})

test.run()
