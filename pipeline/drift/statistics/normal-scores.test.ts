import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../../models/random.ts'
import { robustDeviation, wassersteinScores } from './normal-scores.ts'
import { deviation, wassersteinNormed } from './wasserstein.ts'

const sorted = (values: readonly number[]) => Float64Array.from(values).sort()
const made = (count: number, of: (i: number) => number) => Array.from({ length: count }, (_, i) => of(i))

/** Box and Muller. */
function normal(seed: number, count: number): number[] {
  const next = random(seed)
  return made(count, () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()))
}
const incomes = (seed: number, count = 2000) => normal(seed, count).map((z) => 150_000 * Math.exp(0.45 * z))
const times = (values: readonly number[], factor: number) => values.map((value) => value * factor)
const near = (got: number, want: number, tolerance: number) =>
  assert.ok(Math.abs(got - want) <= tolerance, `${got}, expected ${want} ± ${tolerance}`)

test('the distance is that of scipy 1.17.1 and numpy: rankdata, norm.ppf, interp, wasserstein_distance ÷ std', () => {
  const a = made(60, (i) => (i * i) % 97)
  const b = made(45, (i) => ((i * i) % 89) + (i % 7))
  near(wassersteinScores(sorted(a), sorted(b)), 0.18162308968265092, 1e-12)
  near(wassersteinScores(sorted(a), sorted(times(a, 1.8))), 1.0377939012980295, 1e-12)
  near(
    wassersteinScores(sorted([...made(30, () => 0), ...a]), sorted([...made(20, () => 0), ...b])),
    0.11094844629565508,
    1e-12,
  )
})

test('a normal column that moved by a part of its standard deviation is at that distance, as by Wasserstein ÷ sd', () => {
  const [before, after] = [sorted(normal(1, 50_000)), sorted(normal(2, 50_000))]
  for (const shift of [0.1, 0.3, 1]) {
    const moved = after.map((value) => value + shift)
    near(wassersteinScores(before, moved), wassersteinNormed(before, moved), 0.01)
  }
})

test('the unit does not matter, from 1e-12 to 1e12, nor from where one counts', () => {
  const [before, after] = [incomes(1), times(incomes(2), 1.1)]
  const at = (unit: number, zero = 0) =>
    wassersteinScores(sorted(before.map((x) => x * unit + zero)), sorted(after.map((x) => x * unit + zero)))
  for (const unit of [1e-12, 1e-6, 1e12]) near(at(unit), at(1), 1e-9)
  near(at(1, 1e6), at(1), 1e-6)
  assert.ok(at(1) > 0.2)
})

test('values far out in the reference do not hide a move of all others, whether one or two in a hundred', () => {
  for (const count of [100, 292, 2000])
    for (const outliers of [1, Math.ceil(0.02 * count)]) {
      const before = incomes(1, count).map((value, i) => (i < outliers ? 117e6 : value))
      const moved = wassersteinScores(sorted(before), sorted(times(incomes(2, count), 1.8)))
      assert.ok(moved > 0.9, `${count} values, ${outliers} far out: ${moved}`)
    }
})

test('a value far out in the current data adds no more than its share of it', () => {
  const [before, after] = [incomes(1, 292), incomes(2, 292)]
  const distance = (odd: number) =>
    wassersteinScores(sorted(before), sorted(after.map((value, i) => (i === 0 ? odd : value))))
  const usual = distance(after[0]!)
  for (const odd of [1e12, -1e12, 0]) assert.ok(Math.abs(distance(odd) - usual) < 7 / 292, `${odd}: ${distance(odd)}`)
})

test('a code such as 365243 that stands in for a fifth does not set the scale', () => {
  const days = (seed: number, factor: number) =>
    normal(seed, 2000).map((z, i) => (i % 5 === 0 ? 365_243 : -2000 * factor * Math.exp(z)))
  const [before, after] = [sorted(days(1, 1)), sorted(days(2, 1.5))]
  assert.ok(wassersteinNormed(before, after) < 0.1)
  assert.ok(wassersteinScores(before, after) > 0.2)
})

test('rounding moves nothing: single precision, thousands, a zero that is nearly zero', () => {
  const before = incomes(1)
  near(wassersteinScores(sorted(before), sorted(before.map(Math.fround))), 0, 1e-6)
  near(wassersteinScores(sorted(before), sorted(before.map((value) => Math.round(value / 1000) * 1000))), 0, 0.01)
  const half = (zero: number) => before.map((value, i) => (i % 2 ? zero : value))
  near(wassersteinScores(sorted(half(0)), sorted(half(1e-9))), 0, 1e-6)
})

test('a reference that hardly varies takes the scale of both sides together', () => {
  const constant = (value: number) => sorted(made(2000, () => value))
  const spread = (seed: number, at: number, by: number) => sorted(normal(seed, 2000).map((z) => at + by * z))
  near(wassersteinScores(constant(5), constant(5)), 0, 0)
  for (const [at, by] of [
    [5, 1],
    [5e-7, 1e-9],
  ] as const)
    assert.ok(wassersteinScores(constant(at), spread(1, at, by)) > 0.5)
  const oneOut = sorted([117e6, ...made(1999, () => 0)])
  const some = sorted(normal(2, 2000).map((z, i) => (i % 12 ? 0 : 100 + z)))
  assert.ok(wassersteinScores(oneOut, some) > 0.2)
})

test('the distance of a sample to itself is 0, and what lies beyond the reference’s range is at its end', () => {
  const before = sorted(incomes(1))
  assert.is(wassersteinScores(before, before), 0)
  const [far, farther] = [100, 1e6].map((factor) => wassersteinScores(before, sorted(times(incomes(2), factor))))
  assert.ok(far! > 3 && far! < 4)
  near(farther!, far!, 0.01)
})

test('the robust deviation is the standard deviation of a normal column, and of one with a value far out', () => {
  const values = normal(3, 50_000)
  near(robustDeviation(sorted(values)), 1, 0.02)
  near(robustDeviation(sorted([...values, 1e9])), 1, 0.02)
  assert.ok(deviation(sorted([...values, 1e9])) > 1e6)
  assert.ok(robustDeviation(sorted([...made(99, () => 0), 5])) > 0)
})

test.run()
