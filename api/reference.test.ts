/** The reference portfolio: quantiles, ranks and usual values. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { quantile, rank, referenceOf } from './reference.ts'

test('quantiles are numpy’s: numpy.quantile([1, 2, 4, 8, 16], q)', () => {
  const values = [1, 2, 4, 8, 16]
  const expected = [
    [0, 1],
    [0.1, 1.4],
    [0.25, 2],
    [0.5, 4],
    [0.6, 5.6],
    [0.9, 12.8],
    [1, 16],
  ] as const
  for (const [q, value] of expected) assert.ok(Math.abs(quantile(values, q) - value) < 1e-12, `${q}`)
})

test('a rank is the share of values strictly below', () => {
  const values = [0.1, 0.2, 0.2, 0.4]
  assert.equal(
    [0, 0.1, 0.15, 0.2, 0.3, 0.4, 1].map((value) => rank(values, value)),
    [0, 0, 0.25, 0.25, 0.75, 0.75, 1],
  )
  assert.is(rank([], 0.5), 0)
})

test('the most frequent value is found with its share, and an unknown feature has no spread', () => {
  const reference = referenceOf(
    new Map([
      ['late', [0, 3, 0, 0, 7]],
      ['probability', [0.3, 0.1]],
      ['TARGET', [0, 1, 0, 0]],
    ]),
  )
  const spread = reference.spread('late')
  assert.equal([spread?.mode, spread?.modeShare, spread?.p50], [0, 0.6, 0])
  assert.is(reference.spread('none'), undefined)
  const paired = referenceOf(
    new Map([
      ['late', [1, 2, Number.NaN, 4]],
      ['probability', [0.1, 0.2, 0.3, 0.4]],
    ]),
  )
  assert.equal(
    [paired.spreadWhere('late', (risk) => risk > 0.15)?.p50, paired.spreadWhere('late', (risk) => risk > 0.15)?.count],
    [3, 2],
  )
  assert.is(
    paired.spreadWhere('late', (risk) => risk > 1),
    undefined,
  )
  assert.equal([[...reference.risks], reference.defaultRate], [[0.1, 0.3], 0.25])
})

test.run()
