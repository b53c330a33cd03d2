import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../models/random.ts'
import { type DriftColumn, numberColumn, textColumn } from './column.ts'
import { type CompareOptions, compareColumns } from './compare.ts'
import { falseDiscovery } from './false-discovery.ts'

const defaults: CompareOptions = { policy: 'default', share: 0.5 }

/** Sum of twelve uniforms, so nearly normal with sd 1. */
function noise(seed: number, n: number, shift = 0): number[] {
  const next = random(seed)
  return Array.from({ length: n }, () => Array.from({ length: 12 }, next).reduce((sum, u) => sum + u, shift - 6))
}

const one = (reference: DriftColumn, current: DriftColumn, options = defaults) =>
  compareColumns([reference], [current], options).columns[0]!

test('samples of one population are not called drifted, a shift of 0.3 standard deviations is', () => {
  const before = numberColumn('x', noise(1, 3000))
  assert.is(one(before, numberColumn('x', noise(2, 3000))).band, 'none')
  const moved = one(before, numberColumn('x', noise(3, 3000, 0.3)))
  assert.is(moved.drifted, true)
  assert.is(moved.band, 'major')
})

test('a shift too small to matter is not drift, however many rows prove it', () => {
  const moved = one(numberColumn('x', noise(1, 40_000)), numberColumn('x', noise(2, 40_000, 0.05)))
  assert.ok(moved.adjusted_p! < 1e-3)
  assert.is(moved.drifted, false)
})

test('a distance that chance explains is not drift', () => {
  const small = one(numberColumn('x', noise(1, 100)), numberColumn('x', noise(4, 100)))
  assert.is(small.drifted, false)
})

test('too few values are a row with a reason, not a verdict', () => {
  const row = one(numberColumn('x', noise(1, 99)), numberColumn('x', noise(2, 500, 5)))
  assert.equal([row.drifted, row.band, row.score], [false, 'unknown', null])
  assert.match(row.reason!, /99 and 500 values, at least 100/)
})

test('a column that is empty, or on one side only, or of another type, is a row with its reason', () => {
  const full = numberColumn('x', noise(1, 200))
  const empty = numberColumn('x', new Array(200).fill(Number.NaN), 'float')
  assert.match(one(full, empty).reason!, /no value in the current/)
  assert.match(one(full, textColumn('x', new Array(200).fill('a'))).reason!, /text \(“a” in 200 of 200 values\) now/)
  const { columns, dataset } = compareColumns([full], [numberColumn('y', noise(2, 200))], defaults)
  assert.equal(
    columns.map(({ column, reason }) => [column, reason]),
    [
      ['x', 'only in the reference'],
      ['y', 'only in the current data'],
    ],
  )
  assert.equal([dataset.columns, dataset.tested, dataset.drifted], [2, 0, 0])
})

test('missing values that appear are found though the values that are left have not moved', () => {
  const next = random(9)
  const values = noise(5, 4000)
  const gaps = (share: number) =>
    numberColumn(
      'x',
      values.map((value) => (next() < share ? Number.NaN : value)),
      'float',
    )
  const row = one(gaps(0.4), gaps(0.56))
  assert.is(row.drifted, false)
  assert.equal([row.missing.drifted, row.missing.band], [true, 'major'])
  assert.is(one(gaps(0.4), gaps(0.42)).missing.drifted, false)
})

test('one row of a new category is a note under the default policy and p = 0 under Evidently’s', () => {
  const before = textColumn(
    'c',
    Array.from({ length: 900 }, (_, i) => 'abc'[i % 3]!),
  )
  const after = textColumn('c', [...Array.from({ length: 899 }, (_, i) => 'abc'[i % 3]!), 'd'])
  const ours = one(before, after)
  assert.is(ours.drifted, false)
  assert.equal(
    ours.new_categories.map(({ name }) => name),
    ['d'],
  )
  const theirs = one(before, after, { policy: 'evidently', share: 0.5 })
  assert.equal([theirs.score, theirs.drifted], [0, true])
})

test('the data set has drifted when half of the columns, or of the importance, have', () => {
  const columns = (shift: number) =>
    ['a', 'b', 'c', 'd'].map((name, i) => numberColumn(name, noise(i + 1, 800, i < 1 ? shift : 0)))
  const [before, after] = [columns(0), columns(1)]
  assert.is(compareColumns(before, after, defaults).dataset.verdict, 'no drift')
  const importance = new Map([
    ['a', 3],
    ['b', 1],
    ['c', 1],
  ])
  const weighed = compareColumns(before, after, { ...defaults, importance }).dataset
  assert.equal([weighed.verdict, weighed.importance_drifted], ['drift', 0.6])
  assert.is(compareColumns(before, after, { ...defaults, importance, policy: 'evidently' }).dataset.verdict, 'no drift')
})

test('columns come worst first, whatever their test', () => {
  const before = [
    numberColumn('x', noise(1, 900)),
    textColumn(
      'c',
      Array.from({ length: 900 }, (_, i) => 'ab'[i % 2]!),
    ),
    numberColumn('z', noise(2, 900)),
  ]
  const after = [
    numberColumn('x', noise(3, 900, 0.15)),
    textColumn(
      'c',
      Array.from({ length: 900 }, (_, i) => 'ab'[i % 9 ? 1 : 0]!),
    ),
    numberColumn('z', noise(4, 900)),
  ]
  const { columns } = compareColumns(before, after, defaults)
  assert.equal(
    columns.map(({ column }) => column),
    ['c', 'x', 'z'],
  )
  for (let i = 1; i < columns.length; i++) assert.ok(columns[i - 1]!.severity! >= columns[i]!.severity!)
})

test('adjusted p-values are those of Benjamini and Hochberg, nulls left out (R: p.adjust)', () => {
  const adjusted = falseDiscovery([0.01, null, 0.04, 0.03, 0.005])
  const wanted = [0.02, null, 0.04, 0.04, 0.02]
  adjusted.forEach((p, i) => {
    if (wanted[i] === null) assert.is(p, null)
    else assert.ok(Math.abs(p! - wanted[i]!) < 1e-15)
  })
})

test('the result does not depend on the order of the rows', () => {
  const values = noise(7, 500)
  const after = noise(8, 500, 0.2)
  assert.equal(
    one(numberColumn('x', values), numberColumn('x', after)),
    one(numberColumn('x', values.toReversed()), numberColumn('x', after.toReversed())),
  )
})

test.run()
