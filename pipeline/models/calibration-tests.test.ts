/** Tests of the calibration tests: error rates on drawn outcomes, what each is sensitive to, and identities. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sigmoid } from './calibration.ts'
import { type CalibrationTests, calibrationTests, observedIntervals } from './calibration-tests.ts'
import { reliability } from './probability.ts'
import { random } from './random.ts'

/** Clients whose true log-odds are spread about -2.3, and outcomes drawn from them. */
function drawn(seed: number, clients: number): { x: number[]; target: number[] } {
  const next = random(seed)
  const x = Array.from({ length: clients }, () => -2.3 + 2 * (next() + next() + next() - 1.5))
  return { x, target: x.map((value) => (next() < sigmoid(value) ? 1 : 0)) }
}

const runs = Array.from({ length: 400 }, (_, seed) => drawn(seed + 1, 1000))

test('true probabilities are rejected by each test in about 5 of 100 runs at p < 0.05', () => {
  const found = runs.map(({ x, target }) => calibrationTests(target, x.map(sigmoid)))
  const share = (p: (one: CalibrationTests) => number) => found.filter((one) => p(one) < 0.05).length / found.length
  const shares = {
    hosmer_lemeshow: share((one) => one.hosmer_lemeshow.p),
    spiegelhalter: share((one) => one.spiegelhalter.p),
    slope: share((one) => one.slope.p),
    in_the_large: share((one) => one.in_the_large.p),
  }
  // 400 runs at 5%: a standard error of 1.1 points.
  for (const [name, value] of Object.entries(shares))
    assert.ok(value > 0.015 && value < 0.095, `${name} rejects ${value} of calibrated runs, expected 0.05`)
  const any = found.filter(({ rejected }) => rejected.length > 0).length / found.length
  assert.ok(any < 0.085, `one of four rejects ${any} of calibrated runs, expected at most 0.05`)
})

test('the intervals of slope and in-the-large hold the truth in about 95 of 100 runs', () => {
  const found = runs.map(({ x, target }) =>
    calibrationTests(
      target,
      x.map((value) => sigmoid((value + 0.4) / 0.8)),
    ),
  )
  const held = found.filter(({ slope }) => slope.lower <= 0.8 && slope.upper >= 0.8).length / found.length
  assert.ok(held > 0.91 && held < 0.985, `slope: ${held}`)
  const shifted = runs.map(({ x, target }) =>
    calibrationTests(
      target,
      x.map((value) => sigmoid(value - 0.5)),
    ),
  )
  const heldShift =
    shifted.filter(({ in_the_large: { lower, upper } }) => lower <= 0.5 && upper >= 0.5).length / shifted.length
  assert.ok(heldShift > 0.91 && heldShift < 0.985, `in the large: ${heldShift}`)
})

test('risks that are halved fail in the large; risks that are too extreme fail by their slope', () => {
  const { x, target } = drawn(7, 20_000)
  const halved = calibrationTests(
    target,
    x.map((value) => sigmoid(value) / 2),
  )
  assert.ok(halved.rejected.includes('in_the_large') && halved.in_the_large.estimate > 0.5)
  const extreme = calibrationTests(
    target,
    x.map((value) => sigmoid(2 * (value + 2.3) - 2.3)),
  )
  assert.ok(extreme.rejected.includes('slope') && extreme.slope.upper < 0.7, `slope ${extreme.slope.estimate}`)
  assert.ok(extreme.rejected.includes('hosmer_lemeshow'))
})

test('one probability for all: Hosmer-Lemeshow is one group and its statistic the square of the binomial z', () => {
  const target = Array.from({ length: 200 }, (_, i) => (i < 30 ? 1 : 0))
  const { hosmer_lemeshow, in_the_large, spiegelhalter } = calibrationTests(target, new Float64Array(200).fill(0.1))
  const z = (30 - 20) / Math.sqrt(200 * 0.1 * 0.9)
  assert.is(hosmer_lemeshow.freedom, 1)
  assert.ok(Math.abs(hosmer_lemeshow.statistic - z ** 2) < 1e-9)
  assert.ok(Math.abs(hosmer_lemeshow.p - spiegelhalter.p) < 1e-9, 'both are the same test here')
  assert.ok(Math.abs(in_the_large.estimate - (Math.log(0.15 / 0.85) - Math.log(0.1 / 0.9))) < 1e-9)
})

test('probabilities of 0 and 1 give finite results, one class alone is refused', () => {
  const found = calibrationTests([0, 0, 1, 1, 0, 1], [0, 0, 1, 1, 0.4, 0.6])
  assert.not.match(JSON.stringify(found), 'null')
  assert.throws(() => calibrationTests([0, 0], [0.1, 0.2]), 'found 0 defaults of 2 clients')
})

test("Wilson's interval is its textbook value and is never left of 0", () => {
  const bin = { lower: 0, upper: 1, predicted: 0.1 }
  const [ten, none, empty] = observedIntervals([
    { ...bin, clients: 100, observed: 0.1 },
    { ...bin, clients: 50, observed: 0 },
    { ...bin, clients: 0, observed: Number.NaN },
  ])
  // Newcombe 1998, method 3: 10 of 100 is 0.0552 to 0.1744.
  assert.ok(ten && Math.abs(ten.lower - 0.0552) < 5e-5 && Math.abs(ten.upper - 0.1744) < 5e-5, JSON.stringify(ten))
  assert.is(none?.lower, 0)
  assert.is(empty, null)
  const { x, target } = drawn(3, 500)
  const bins = reliability(target, x.map(sigmoid), { by: 'quantile' })
  for (const [i, one] of observedIntervals(bins).entries())
    assert.ok(one && one.lower <= (bins[i]?.observed ?? -1) && one.upper >= (bins[i]?.observed ?? 2))
})

test.run()
