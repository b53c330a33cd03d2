import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { greyZoneOf, reviewsOf, thresholdInterval } from './grey-zone.ts'
import { random } from './random.ts'

const costs = { falseNegative: 10, falsePositive: 1 }
const interval = { lower: 0.08, upper: 0.12 }

test('the interval sets the band, a number its width, 0 none, and the band always holds the threshold', () => {
  assert.equal(greyZoneOf('interval', 0.1, interval), interval)
  assert.equal(greyZoneOf('interval', 0.07, interval), { lower: 0.07, upper: 0.12 })
  assert.equal(greyZoneOf(0.25, 0.5, interval), { lower: 0.375, upper: 0.625 })
  assert.equal(greyZoneOf(0, 0.1, interval), { lower: 0.1, upper: 0.1 })
})

test('a right review saves what the model costs inside the band: 1 default approved and 2 good clients declined among 4 save 3 each', () => {
  const judged = {
    target: [1, 0, 0, 0, 1, 0],
    probability: [0.09, 0.11, 0.115, 0.085, 0.5, 0.01],
    declined: [0, 1, 1, 0, 1, 0],
  }
  const found = reviewsOf('interval', interval, interval, judged, costs)
  assert.equal([found.clients, found.defaults, found.value], [4, 1, 12 / 4])
  assert.is(found.share, 4 / 6)
  assert.is(found.cost, 12 / 6)
  assert.ok(Math.abs(found.cost_reviewed) < 1e-12)
  const none = reviewsOf(0, { lower: 0.1, upper: 0.1 }, interval, judged, costs)
  assert.equal([none.clients, none.value, none.cost_reviewed], [0, 0, 2])
})

test('the threshold is known better from more clients, and theory’s 1/11 lies in its interval on honest probabilities', () => {
  const made = (count: number) => {
    const next = random(4)
    const probability = Float64Array.from({ length: count }, () => next() ** 3 / 2)
    return { probability, target: Int8Array.from(probability, (p) => (next() < p ? 1 : 0)) }
  }
  const of = ({ target, probability }: ReturnType<typeof made>) =>
    thresholdInterval(target, probability, { costs, oneSe: 0 }, 1)
  const [few, many] = [of(made(500)), of(made(10_000))]
  assert.ok(many.upper - many.lower < (few.upper - few.lower) * 0.7, JSON.stringify([few, many]))
  for (const { lower, upper } of [few, many]) assert.ok(lower <= 1 / 11 && upper >= 1 / 11, `${lower} to ${upper}`)
  assert.equal(of(made(500)), few)
})

test.run()
