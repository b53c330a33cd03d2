import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { extent, linear, rounded, ticks } from './scale.ts'

test('a scale sends the ends of its domain to the ends of its range', () => {
  const x = linear([2, 4], [10, 30])
  assert.equal([x(2), x(3), x(4)], [10, 20, 30])
})

test('ticks are round, inside the domain, and not more than asked', () => {
  assert.equal(ticks([0, 1]), [0, 0.25, 0.5, 0.75, 1])
  assert.equal(ticks([0.03, 0.29]), [0.05, 0.1, 0.15, 0.2, 0.25])
  for (const domain of [
    [0, 7],
    [-3, 1e6],
    [0.0012, 0.0013],
    [-1, 1],
  ] as const) {
    const made = ticks(domain, 5)
    assert.ok(made.length >= 2 && made.length <= 5, `${domain}: ${made}`)
    assert.ok(made.every((tick) => tick >= domain[0] && tick <= domain[1]))
  }
})

test('a rounded domain holds the given one', () => {
  const [low, high] = rounded([0.013, 0.93])
  assert.ok(low <= 0.013 && high >= 0.93)
})

test('the extent of nothing finite is the unit interval', () => {
  assert.equal(extent([Number.NaN, Number.POSITIVE_INFINITY]), [0, 1])
})

test.run()
