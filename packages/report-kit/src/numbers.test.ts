import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { amount, bytes, number, percent, points, pValue } from './numbers.ts'

test('the examples of the design are written letter for letter in both languages', () => {
  assert.is(amount(1234.5, { digits: 1, lang: 'fr' }), '1\u00a0234,5\u00a0€')
  assert.is(amount(1234.5, { digits: 1 }), '€1,234.5')
  assert.is(percent(0.123, { lang: 'fr' }), '12,3\u00a0%')
  assert.is(percent(0.123), '12.3%')
  assert.is(number(-0.4, { digits: 1, lang: 'fr' }), '\u22120,4')
  assert.is(points(0.046, { lang: 'fr' }), '+4,6')
  assert.is(points(-0.024), '\u22122.4')
})

test('no narrow space and no hyphen-minus occurs in any formatted number', () => {
  for (const value of [0, -0.0004, 1234567.891, -9876543, 1e-9, 0.5])
    for (const lang of ['fr', 'en'] as const)
      for (const text of [
        number(value, { digits: 3, lang }),
        percent(value, { lang }),
        amount(value, { lang }),
        points(value, { lang }),
      ])
        assert.not.match(text, /[\u202f\u2009 -]/)
})

test('a value that rounds to zero has no sign', () => {
  assert.is(number(-0.0001, { digits: 1 }), '0.0')
  assert.is(points(-0.00001), '0.0')
})

test('missing values are a dash, not NaN', () => {
  for (const missing of [null, undefined, Number.NaN]) {
    assert.is(number(missing), '–')
    assert.is(percent(missing), '–')
    assert.is(points(missing), '–')
  }
})

test('small p-values are bounded, not rounded to zero', () => {
  assert.is(pValue(0), '<\u00a00.0001')
  assert.is(pValue(0.0123, 'fr'), '0,012')
})

test('sizes change unit at a thousand', () => {
  assert.equal([bytes(999), bytes(12_345), bytes(600_000)], ['999\u00a0B', '12.3\u00a0kB', '600.0\u00a0kB'])
})

test.run()
