import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode, encoder, featureTypes } from './encode.ts'
import { matrixOf, targetOf } from './matrix.ts'

const features = [
  { name: 'income', kind: 'number' },
  { name: 'suite', kind: 'category', levels: ['Children', 'Family'] },
  { name: 'loans', kind: 'count' },
] as const

/** Missing values as null, for uvu holds NaN unequal to itself; numbers as float32. */
const shown = (row: ArrayLike<number>) => Array.from(row, (value) => (Number.isNaN(value) ? null : value))

test('a level is its place among the levels, and an unseen one is missing like null', () => {
  assert.equal(featureTypes(features), ['q', 'c', 'q'])
  assert.equal(shown(encode([0.1, 'Family', 2], features)), [Math.fround(0.1), 1, 2])
  assert.equal(shown(encode([null, 'Robot', null], features)), [null, null, null])
})

test('a client is encoded at its place in the matrix, and nowhere else', () => {
  const rows = new Float32Array(6)
  encoder(features)([1, 'Children', 3], rows, 3)
  assert.equal(rows, Float32Array.of(0, 0, 0, 1, 0, 3))
})

test('too few values, a text for a number and a category without levels are refused', () => {
  assert.throws(() => encode([1], features), /expected 3 feature values, found 1/)
  assert.throws(() => encode(['x', 'Family', 1], features), /feature income: expected a number, found the text "x"/)
  assert.throws(() => encode(['x'], [{ name: 'suite', kind: 'category' }]), /suite: a category without levels/)
})

test('a frame is encoded column by column as one client is', () => {
  const frame = pl.DataFrame([
    pl.Series('SK_ID_CURR', [7, 8, 9], pl.Int32),
    pl.Series('TARGET', [0, 1, 0], pl.Int8),
    pl.Series('suite', ['Family', null, 'Robot'], pl.Utf8),
    pl.Series('income', [0.1, null, 3], pl.Float64),
    pl.Series('loans', [null, 0, 2], pl.Float32),
  ])
  const matrix = matrixOf(frame, features)
  const values = [
    [0.1, 'Family', null],
    [null, null, 0],
    [3, 'Robot', 2],
  ]
  values.forEach((client, row) => {
    assert.equal(shown(matrix.columns.map((column) => column[row] as number)), shown(encode(client, features)))
  })
  assert.equal(matrix.ids, Int32Array.of(7, 8, 9))
  assert.equal(targetOf(frame), Int8Array.of(0, 1, 0))
  assert.throws(() => matrixOf(frame.drop('loans'), features), /one for each definition; not there: loans/)
})

test.run()
