/** Matrices: the three ways to make one agree, and what cannot be a matrix is refused with its reason. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Booster, DMatrix, train, XGBoostError } from './index.ts'
import { largestBlock, rowMajor } from './row-major.ts'
import { same } from './testing/compare.ts'
import { lcg, made } from './testing/made.ts'

const rows = 200
const { columns, label } = made(rows, 4, 1)
const featureTypes = ['q', 'q', 'q', 'q', 'c'] as const
const params = { objective: 'binary:logistic', nthread: 1, max_depth: 3 } as const
const model = (dtrain: DMatrix) => train({ params, dtrain, rounds: 3 }).booster.toBuffer()

test('columns, rows and compressed rows of the same values train the same model', () => {
  const values = rowMajor(columns, rows)
  const [indptr, indices, present]: [number[], number[], number[]] = [[0], [], []]
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < 5; column++)
      if (!Number.isNaN(values[row * 5 + column])) {
        indices.push(column)
        present.push(values[row * 5 + column]!)
      }
    indptr.push(indices.length)
  }
  const options = { label, featureTypes }
  const [a, b, c] = [
    DMatrix.fromColumns(columns, options),
    DMatrix.fromRows(values, { rows, columns: 5 }, options),
    DMatrix.fromCSR({ indptr, indices, values: Float32Array.from(present), columns: 5 }, options),
  ].map(model)
  same(a!, b!)
  same(a!, c!)
})

test('a column of every kind of typed array holds the same numbers', () => {
  const kinds = [Float32Array, Float64Array, Int32Array, Uint32Array, Int16Array, Uint16Array, Int8Array, Uint8Array]
  const small = Array.from({ length: 50 }, (_, i) => (i * 7) % 100)
  const labels = small.map((value) => Number(value > 40))
  const [first, ...others] = kinds.map((Kind) => model(DMatrix.fromColumns([Kind.from(small)], { label: labels })))
  for (const other of others) same(other, first!)
})

test('a matrix above the size of the row-major block is read from its columns, and is the same', () => {
  const [tall, wide] = [Math.ceil(largestBlock / 4 / 3000) + 1, 3000]
  const next = lcg(7)
  const large = Array.from({ length: wide }, () =>
    Float32Array.from({ length: tall }, () => (next() < 0.1 ? Number.NaN : Math.round(next() * 50))),
  )
  const [inPlace, inBlock] = [
    DMatrix.fromColumns(large, { label: large[1]!.map((value) => value || 0) }),
    DMatrix.fromRows(rowMajor(large, tall), { rows: tall, columns: wide }),
  ]
  const { booster } = train({
    params: { nthread: 1, max_depth: 5, colsample_bytree: 0.1 },
    dtrain: inPlace.slice(Array.from({ length: 300 }, (_, i) => i)),
    rounds: 5,
  })
  assert.ok(Object.keys(booster.importance('weight')).length > 10)
  same(booster.predict(inPlace), booster.predict(inBlock))
})

test('a number of its own can stand for missing', () => {
  const marked = columns.map((column) => column.map((value) => (Number.isNaN(value) ? -999 : value)))
  same(
    model(DMatrix.fromColumns(marked, { label, featureTypes, missing: -999 })),
    model(DMatrix.fromColumns(columns, { label, featureTypes })),
  )
})

test('a slice holds the rows asked for, with labels, names and types', () => {
  const featureNames = ['a', 'b', 'c', 'd', 'e']
  const matrix = DMatrix.fromColumns(columns, { label, featureTypes, featureNames })
  const picked = [5, 3, 3, 199]
  const slice = matrix.slice(picked)
  assert.equal([slice.rows, slice.columns, slice.featureNames], [4, 5, featureNames])
  same(
    slice.label,
    picked.map((row) => label[row]!),
  )
  const booster = Booster.load(model(matrix))
  const all = booster.predict(matrix)
  same(
    booster.predict(slice),
    picked.map((row) => all[row]!),
  )
})

test('a slice of everything can itself be changed by nothing that happens to the whole', () => {
  const matrix = DMatrix.fromColumns(columns, { label, featureTypes })
  const slice = matrix.slice([0, 1])
  matrix.close()
  same(slice.label, label.slice(0, 2))
})

const one = Float32Array.of(1, 2, 3)
const refusals: [string, () => unknown, RegExp][] = [
  ['no columns', () => DMatrix.fromColumns([]), /at least one of its columns, got 0/],
  ['no rows', () => DMatrix.fromColumns([new Float32Array(0)]), /at least one of its rows, got 0/],
  [
    'no rows, row-major',
    () => DMatrix.fromRows(new Float32Array(0), { rows: 0, columns: 3 }),
    /at least one of its rows/,
  ],
  ['half a row', () => DMatrix.fromRows(one, { rows: 1.5, columns: 2 }), /at least one of its rows, got 1.5/],
  [
    'columns of different lengths',
    () => DMatrix.fromColumns([one, one.slice(1)]),
    /column 1 has 2 rows, column 0 has 3/,
  ],
  ['a plain list for a column', () => DMatrix.fromColumns([[1, 2, 3]] as never), /column 0 is not a typed array/],
  [
    'too few values',
    () => DMatrix.fromRows(one, { rows: 2, columns: 2 }),
    /3 values for 2 rows of 2 columns, expected 4/,
  ],
  ['a label short', () => DMatrix.fromColumns([one], { label: [0, 1] }), /label has 2 values, expected 3/],
  ['a NaN label', () => DMatrix.fromColumns([one], { label: [0, Number.NaN, 1] }), /label\[1\] is NaN/],
  ['an infinite label', () => DMatrix.fromColumns([one], { label: [0, Infinity, 1] }), /label\[1\] is Infinity/],
  ['a text label', () => DMatrix.fromColumns([one], { label: ['0', '1', '0'] as never }), /label\[0\] is 0, expected/],
  ['a negative weight', () => DMatrix.fromColumns([one], { weight: [1, -1, 1] }), /weight\[1\] is -1/],
  [
    'a base margin of another length',
    () => DMatrix.fromColumns([one], { baseMargin: [1, 2, 3, 4] }),
    /baseMargin has 4 values/,
  ],
  [
    'groups that do not add up',
    () => DMatrix.fromColumns([one], { group: [1, 1] }),
    /group adds up to 2 rows, expected 3/,
  ],
  ['group and qid', () => DMatrix.fromColumns([one], { group: [3], qid: [1, 1, 1] }), /not both/],
  ['falling qid', () => DMatrix.fromColumns([one], { qid: [2, 1, 1] }), /XGDMatrixSetInfoFromInterface/],
  ['an infinite value', () => DMatrix.fromColumns([Float32Array.of(1, Infinity)]), /inf/],
  [
    'an infinite value, row-major',
    () => DMatrix.fromRows(Float32Array.of(1, -Infinity), { rows: 2, columns: 1 }),
    /inf/,
  ],
  [
    'an infinite value, compressed',
    () => DMatrix.fromCSR({ indptr: [0, 1], indices: [0], values: Float32Array.of(Infinity), columns: 1 }),
    /inf/,
  ],
  ['a double beyond float32', () => DMatrix.fromColumns([Float64Array.of(1, 1e300)]), /inf/],
  [
    'a negative category',
    () => DMatrix.fromColumns([Float32Array.of(0, -1)], { featureTypes: ['c'] }),
    /category code -1 in column 0, row 1/,
  ],
  [
    'half a category',
    () => DMatrix.fromColumns([Float32Array.of(0, 1.5)], { featureTypes: ['c'] }),
    /category code 1.5/,
  ],
  [
    'a category beyond float32',
    () => DMatrix.fromColumns([Int32Array.of(0, 2 ** 30)], { featureTypes: ['c'] }),
    /category code 1073741824/,
  ],
  [
    'a category out of range, row-major',
    () =>
      DMatrix.fromRows(
        Float32Array.of(0, 1, 0, -2),
        { rows: 2, columns: 2 },
        { featureTypes: ['q', 'c'], featureNames: ['a', 'b'] },
      ),
    /code -2 in column 1 \(b\), row 1/,
  ],
  [
    'names for other columns',
    () => DMatrix.fromColumns([one], { featureNames: ['a', 'b'] }),
    /2 featureNames for 1 columns/,
  ],
  ['a name twice', () => DMatrix.fromColumns([one, one], { featureNames: ['a', 'a'] }), /occurs twice/],
  ['a name XGBoost cannot hold', () => DMatrix.fromColumns([one], { featureNames: ['a<b'] }), /without \[, \] and </],
  [
    'an unknown type',
    () => DMatrix.fromColumns([one], { featureTypes: ['text' as never] }),
    /featureTypes\[0\] is "text"/,
  ],
  [
    'an index past the columns',
    () => DMatrix.fromCSR({ indptr: [0, 1], indices: [7], values: Float32Array.of(1), columns: 2 }),
    /indices\[0\] is 7/,
  ],
  [
    'falling indptr',
    () => DMatrix.fromCSR({ indptr: [0, 2, 1, 2], indices: [0, 1], values: Float32Array.of(1, 2), columns: 2 }),
    /must not fall/,
  ],
  [
    'indptr past the values',
    () => DMatrix.fromCSR({ indptr: [0, 9], indices: [0], values: Float32Array.of(1), columns: 1 }),
    /indptr runs from 0 to 9/,
  ],
  ['a slice of no rows', () => DMatrix.fromColumns([one]).slice([]), /at least one of its rows/],
  [
    'a slice past the end',
    () => DMatrix.fromColumns([one]).slice([3]),
    /row 3 at 0, expected a whole number from 0 to 2/,
  ],
  ['a slice before the start', () => DMatrix.fromColumns([one]).slice([-1]), /row -1/],
]

for (const [what, make, message] of refusals)
  test(`${what}: refused with the reason`, () => {
    assert.throws(make, (error: Error) => error instanceof XGBoostError && message.test(error.message))
  })

test('a closed matrix is refused by everything that would use it, and closes twice', () => {
  const matrix = DMatrix.fromColumns(columns, { label, featureTypes })
  const booster = Booster.load(model(matrix))
  matrix.close()
  matrix.close()
  for (const use of [
    () => matrix.slice([0]),
    () => matrix.label,
    () => booster.predict(matrix),
    () => booster.contributions(matrix),
    () => train({ params, dtrain: matrix, rounds: 1 }),
  ])
    assert.throws(use, /this DMatrix was closed/)
})

test('leaving a scope of `using` closes', () => {
  let outside: DMatrix
  {
    using matrix = DMatrix.fromColumns(columns)
    outside = matrix
  }
  assert.throws(() => outside.label, /was closed/)
})

test.run()
