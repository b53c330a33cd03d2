import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { quantile, quantileOf } from './quantile.ts'

test('quantiles are numpy’s: numpy.quantile([1, 2, 4, 8, 16], q)', () => {
  for (const [share, value] of [
    [0, 1],
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 4],
    [0.75, 8],
    [0.9, 12.8],
    [1, 16],
  ] as const)
    assert.ok(Math.abs(quantile([1, 2, 4, 8, 16], share) - value) < 1e-12, `${share}`)
})

test('a quantile at a value is that value, even next to an infinite one; of nothing it is NaN', () => {
  assert.is(quantile([1, 2, Number.POSITIVE_INFINITY], 0.5), 2)
  assert.is(quantile([7], 0.3), 7)
  assert.ok(Number.isNaN(quantile([], 0.5)))
})

test('the order of the values given to quantileOf does not matter, and it leaves them as they were', () => {
  const values = [10, 2, 33, 4]
  assert.is(quantileOf(values, 0.5), 7)
  assert.equal(values, [10, 2, 33, 4])
})

test.run()
