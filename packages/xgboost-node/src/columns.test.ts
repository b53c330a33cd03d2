/** Values at every door: each kind of typed array is read as what it holds, in a matrix of any size; anything else is refused. */
import { runInNewContext } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, type InterfaceColumn, QuantileDMatrix, train, XGBoostError } from './index.ts'
import { largestBlock } from './row-major.ts'
import { same } from './testing/compare.ts'

/** Node 24 has Float16Array, the library of TypeScript that this package is compiled with has not. */
const Float16Array = (globalThis as unknown as { Float16Array: { from(values: Iterable<number>): InterfaceColumn } })
  .Float16Array

const kinds: Record<string, (numbers: readonly number[]) => InterfaceColumn> = {
  Float16Array: (numbers) => Float16Array.from(numbers),
  Float32Array: (numbers) => Float32Array.from(numbers),
  Float64Array: (numbers) => Float64Array.from(numbers),
  Int32Array: (numbers) => Int32Array.from(numbers),
  Uint32Array: (numbers) => Uint32Array.from(numbers),
  Int16Array: (numbers) => Int16Array.from(numbers),
  Uint16Array: (numbers) => Uint16Array.from(numbers),
  Int8Array: (numbers) => Int8Array.from(numbers),
  Uint8Array: (numbers) => Uint8Array.from(numbers),
  Uint8ClampedArray: (numbers) => Uint8ClampedArray.from(numbers),
  BigInt64Array: (numbers) => BigInt64Array.from(numbers, BigInt),
  BigUint64Array: (numbers) => BigUint64Array.from(numbers, BigInt),
  'Float32Array of another realm': (numbers) => runInNewContext('Float32Array.from(numbers)', { numbers }),
  'Float64Array of another realm': (numbers) => runInNewContext('Float64Array.from(numbers)', { numbers }),
  'BigInt64Array of another realm': (numbers) =>
    runInNewContext('BigInt64Array.from(numbers, BigInt)', { numbers: [...numbers] }),
}

/** A model with a leaf for each of the numbers 0 to 100, so that a value that was misread is a prediction of its own. */
const numbers = Array.from({ length: 101 }, (_, i) => i)
const rulerOf = (width: number) =>
  train({
    params: { max_depth: 7, eta: 1, lambda: 0, min_child_weight: 0, base_score: 0, tree_method: 'exact', nthread: 1 },
    dtrain: DMatrix.fromColumns([Float32Array.from(numbers), ...zeros(width - 1, numbers.length)], { label: numbers }),
    rounds: 1,
  }).booster
const zeros = (columns: number, rows: number) => new Array<Float32Array>(columns).fill(new Float32Array(rows))
const ruler = rulerOf(1)

test('the ruler predicts each number as itself', () => {
  same(ruler.predict(DMatrix.fromColumns([Float32Array.from(numbers)])), numbers)
})

for (const [kind, make] of Object.entries(kinds)) {
  test(`${kind}: a small matrix holds its numbers`, () => {
    using matrix = DMatrix.fromColumns([make(numbers)])
    same(ruler.predict(matrix), numbers)
  })

  test(`${kind}: as category codes it trains what Float32Array trains`, () => {
    const codes = numbers.map((i) => i % 7)
    const label = codes.map((code) => code % 2)
    const [own, floats] = [make(codes), Float32Array.from(codes)].map((column) => {
      using dtrain = DMatrix.fromColumns([column], { label, featureTypes: ['c'] })
      return train({ params: { objective: 'binary:logistic', nthread: 1 }, dtrain, rounds: 3 }).booster.toBuffer()
    })
    same(own!, floats!)
  })

  test(`${kind}: batches of it train what batches of Float32Array train`, () => {
    const [own, floats] = [make(numbers), Float32Array.from(numbers)].map((column) => {
      using dtrain = QuantileDMatrix.fromBatches([
        { columns: [column], label: numbers },
        { columns: [column], label: numbers },
      ])
      return train({ params: { nthread: 1 }, dtrain, rounds: 3 }).booster.toBuffer()
    })
    same(own!, floats!)
  })
}

const width = 200
const rows = Math.ceil(largestBlock / Float32Array.BYTES_PER_ELEMENT / width) + 1
const long = Array.from({ length: rows }, (_, i) => (i * 7) % 101)
const wideRuler = rulerOf(width)
for (const kind of [
  'Float16Array',
  'BigInt64Array',
  'BigUint64Array',
  'Uint8ClampedArray',
  'Float64Array of another realm',
])
  test(`${kind}: a matrix above 32 MB holds its numbers`, () => {
    using matrix = DMatrix.fromColumns([kinds[kind]!(long), ...zeros(width - 1, rows)])
    same(wideRuler.predict(matrix), long)
  })

test('a column of big integers beside one of floats: both hold their numbers, and a number stands for missing', () => {
  const label = numbers.map((i) => (i > 50 ? 1 : 0))
  const options = { label, missing: -1 }
  const marked = numbers.map((i) => (i % 10 === 0 ? -1 : i))
  const [own, floats] = [
    DMatrix.fromColumns([BigInt64Array.from(marked, BigInt), Float32Array.from(numbers)], options),
    DMatrix.fromColumns([Float32Array.from(marked), Float32Array.from(numbers)], options),
  ].map((dtrain) => train({ params: { nthread: 1 }, dtrain, rounds: 3 }).booster.toBuffer())
  same(own!, floats!)
})

const wrong: Record<string, unknown> = {
  DataView: new DataView(new ArrayBuffer(8)),
  ArrayBuffer: new ArrayBuffer(8),
  Date: new Date(0),
  Array: ['1', '2'],
  'a string': '12',
  null: null,
  undefined,
  Object: { length: 2, 0: 1, 1: 2 },
}
const refused = (run: () => unknown, message: RegExp) =>
  assert.throws(run, (error: Error) => error instanceof XGBoostError && message.test(error.message))

for (const [what, value] of Object.entries(wrong)) {
  test(`${what} in place of a column is refused at each door, with its name`, () => {
    const named = new RegExp(`column 1 \\(b\\).* is not a typed array of numbers but ${what}`)
    const columns = [Float32Array.of(1, 2), value] as never
    refused(() => DMatrix.fromColumns(columns, { featureNames: ['a', 'b'] }), named)
    refused(() => QuantileDMatrix.fromBatches([{ columns }], { featureNames: ['a', 'b'] }), named)
  })

  test(`${what} in place of row-major values is refused at each door, with its name`, () => {
    const named = new RegExp(`values must be a Float32Array, not ${what}`)
    refused(() => DMatrix.fromRows(value as never, { rows: 2, columns: 1 }), named)
    refused(() => ruler.predictRows(value as never, 1), named)
    refused(() => DMatrix.fromCSR({ indptr: [0, 1], indices: [0], values: value as never, columns: 1 }), named)
    refused(() => QuantileDMatrix.fromBatches([{ values: value as never, shape: { rows: 2, columns: 1 } }]), named)
  })
}

test('a hole in the list of columns is a column that is not there', () => {
  // biome-ignore lint/suspicious/noSparseArray: the hole is the case
  refused(() => DMatrix.fromColumns([Float32Array.of(1), , Float32Array.of(1)] as never), /column 1 .* but undefined/)
})

test('what is no list of columns, of batches or of names is refused with what it is', () => {
  refused(
    () => DMatrix.fromColumns(Float32Array.of(1, 2) as never),
    /expected a list of typed arrays.* got Float32Array/,
  )
  refused(() => DMatrix.fromColumns('ab' as never), /got a string/)
  refused(() => QuantileDMatrix.fromBatches(Float32Array.of(1) as never), /a batch is a number/)
  refused(() => QuantileDMatrix.fromBatches(5 as never), /expected a list of batches/)
  const two = [Float32Array.of(1), Float32Array.of(2)]
  refused(() => DMatrix.fromColumns(two, { featureNames: 'ab' as never }), /featureNames is a string/)
  refused(() => DMatrix.fromColumns(two, { featureTypes: 'qc' as never }), /featureTypes is a string/)
  refused(() => DMatrix.fromColumns(two, { missing: '-1' as never }), /missing is a string \(-1\)/)
})

test('numbers beyond float32 are refused as labels, weights and margins, which the library keeps so', () => {
  const column = [Float32Array.of(1, 2)]
  for (const field of ['label', 'weight', 'baseMargin'])
    refused(() => DMatrix.fromColumns(column, { [field]: [1, 1e39] }), new RegExp(`${field}\\[1\\] is 1e\\+39`))
})

test('a batch without the labels that another batch has is refused: rows would get the labels of others', () => {
  const columns = [Float32Array.of(1, 2)]
  refused(
    () => QuantileDMatrix.fromBatches([{ columns, label: [0, 1] }, { columns }]),
    /a batch with nothing after one with label/,
  )
})

test('a class that is called with new, as in Python, is refused and ends nothing', () => {
  for (const value of [Float32Array.of(1), 'train.csv', 123, 123n, undefined])
    refused(() => Reflect.construct(DMatrix, [value, { label: [1] }]), /use DMatrix.fromColumns/)
})

test.run()
