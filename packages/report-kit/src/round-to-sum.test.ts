import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { roundToSum } from './round-to-sum.ts'

test('rounded parts add up to their rounded sum, and none moves by a whole last digit', () => {
  for (const values of [[4.64, 3.14, -2.44, 0.15], [0.05, 0.05, 0.05], [-0.04, -0.04, -0.04], []]) {
    const rounded = roundToSum(values, 1)
    const sum = Math.round(values.reduce((a, b) => a + b, 0) * 10) / 10
    assert.ok(Math.abs(rounded.reduce((a, b) => a + b, 0) - sum) < 1e-9)
    rounded.forEach((value, i) => {
      assert.ok(Math.abs(value - values[i]!) < 0.1)
    })
  }
})

test.run()
