/** QuantileDMatrix from batches. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Batch, DMatrix, QuantileDMatrix, train } from './index.ts'
import { rowMajor } from './row-major.ts'
import { same } from './testing/compare.ts'
import { made } from './testing/made.ts'

const params = { objective: 'binary:logistic', max_depth: 4, nthread: 1, max_bin: 32 } as const
const featureTypes = ['q', 'q', 'q', 'q', 'c'] as const
const featureNames = ['a', 'b', 'c', 'd', 'e']

const rows = 1000
const { columns, label } = made(rows, 4, 1)

function* batches(): Generator<Batch> {
  for (let start = 0; start < rows; start += 300) {
    const end = Math.min(rows, start + 300)
    yield { columns: columns.map((column) => column.slice(start, end)), label: label.slice(start, end) }
  }
}

test('batches train the model of one matrix of the same rows', () => {
  const [quantile, plain] = [
    QuantileDMatrix.fromBatches(batches, { featureTypes, featureNames, maxBin: 32, nthread: 1 }),
    DMatrix.fromColumns(columns, { label, featureTypes, featureNames }),
  ]
  assert.equal([quantile.rows, quantile.columns], [rows, 5])
  const [a, b] = [quantile, plain].map((dtrain) => train({ params, dtrain, rounds: 10 }).booster)
  // The sketch of several batches may place a cut elsewhere than that of one; on these data it does not.
  same(a!.predict(plain), b!.predict(plain))
  assert.equal(a!.featureNames, featureNames)
})

test('a list of row-major batches and a list of columns are one and the same matrix', () => {
  const parts: Batch[] = [{ values: rowMajor(columns, rows), shape: { rows, columns: 5 }, label }]
  const [a, b] = [
    QuantileDMatrix.fromBatches(parts, { featureTypes, maxBin: 32 }),
    QuantileDMatrix.fromBatches([{ columns, label }], { featureTypes, maxBin: 32 }),
  ]
  const [x, y] = [a, b].map((dtrain) => train({ params, dtrain, rounds: 5 }).booster.toBuffer())
  same(x!, y!)
})

test('a validation matrix shares the bins of the training matrix it refers to', () => {
  const dtrain = QuantileDMatrix.fromBatches(batches, { featureTypes, maxBin: 32 })
  const test = made(200, 4, 1, 9)
  const dtest = QuantileDMatrix.fromBatches([{ columns: test.columns, label: test.label }], {
    featureTypes,
    maxBin: 32,
    ref: dtrain,
  })
  const plain = DMatrix.fromColumns(test.columns, { label: test.label, featureTypes })
  const { evaluations } = train({ params, dtrain, rounds: 5, evals: { binned: dtest, plain } })
  same(evaluations.binned!.logloss!, evaluations.plain!.logloss!)
})

test('an error of the iterator, or in a batch, comes out as it is', () => {
  const failing = function* (): Generator<Batch> {
    yield { columns, label }
    throw new Error('the file ended early')
  }
  assert.throws(() => QuantileDMatrix.fromBatches(failing), /the file ended early/)
  assert.throws(
    () => QuantileDMatrix.fromBatches([{ columns, label: label.slice(1) }]),
    /label has 999 values, expected 1000/,
  )
  assert.throws(
    () => QuantileDMatrix.fromBatches([{ columns }, { columns: columns.slice(1) }]),
    /a batch of 4 columns after one of 5/,
  )
  assert.throws(() => QuantileDMatrix.fromBatches([]), /XGQuantileDMatrixCreateFromCallback/)
  assert.throws(() => QuantileDMatrix.fromBatches(batches()), /gone through once only/)
  assert.throws(() => QuantileDMatrix.fromBatches([{ columns: [Float32Array.of(1, Infinity)], label: [0, 1] }]), /inf/)
})

test('slicing a quantile matrix is refused, not answered wrongly', () => {
  const matrix = QuantileDMatrix.fromBatches(batches, { featureTypes })
  assert.throws(() => matrix.slice([0, 1]), /XGDMatrixSliceDMatrixEx|slice/i)
  matrix.close()
  assert.throws(() => train({ params, dtrain: matrix, rounds: 1 }), /was closed/)
})

test.run()
