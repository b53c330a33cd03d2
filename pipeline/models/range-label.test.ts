import { number } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { boundText, rangeLabel } from './range-label.ts'

test('a range names its bounds, and what has none is all', () => {
  assert.is(rangeLabel(undefined, 270_000), 'up to 270,000')
  assert.is(rangeLabel(-1611.4, -948), 'above \u22121,610 to \u2212948')
  assert.is(rangeLabel(0.6961, undefined), 'above 0.696')
  assert.is(rangeLabel(undefined, undefined), 'all')
  assert.is(rangeLabel(1.25, 2, String), 'above 1.25 to 2')
})

test('a bound is written as the pages write a number of three significant digits', () => {
  for (const value of [0, -0, 5, -0.0265, 1e-7, -1234.5, 999_499, 123_456_789, 0.1 + 0.2, Number.NaN])
    assert.is(boundText(value), number(value, { significant: 3 }), String(value))
})

test.run()
