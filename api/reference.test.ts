/** The reference portfolio: usual values. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceOf } from './reference.ts'

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
