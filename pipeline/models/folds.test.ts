import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maximum, minimum } from '../data/extremes.ts'
import { checkFolds, foldsFromCsv, holdOut, stratifiedFolds } from './folds.ts'

const target = Int8Array.from({ length: 1004 }, (_, i) => (i % 13 === 0 ? 1 : 0))
const count = (rows: ArrayLike<number>, value: number) => Array.from(rows).filter((v) => v === value).length

test('folds are of equal size and hold equal numbers of defaults, give or take one', () => {
  const fold = stratifiedFolds(target, 5, 1)
  const sizes = [0, 1, 2, 3, 4].map((k) => count(fold, k))
  const defaults = [0, 1, 2, 3, 4].map((k) => fold.filter((f, i) => f === k && target[i] === 1).length)
  assert.ok(maximum(sizes) - minimum(sizes) <= 1, `sizes ${sizes}`)
  assert.ok(maximum(defaults) - minimum(defaults) <= 1, `defaults ${defaults}`)
})

test('the same seed gives the same folds and another seed others', () => {
  assert.equal(stratifiedFolds(target, 5, 1), stratifiedFolds(target, 5, 1))
  assert.not.equal(stratifiedFolds(target, 5, 1), stratifiedFolds(target, 5, 2))
})

test('more folds than defaults are refused', () => {
  assert.throws(() => stratifiedFolds([0, 0, 0, 1, 1], 3, 1), /fold 2 holds 0 defaults/)
  assert.throws(() => checkFolds([0, 1], Int32Array.from([0, 7]), 1), /row 1 is in fold 7, expected 0 to 0/)
})

test('a hold-out keeps the share of defaults and loses no row', () => {
  const rows = Array.from(target, (_, i) => i).filter((i) => i % 2 === 0)
  const { kept, held } = holdOut(target, rows, 0.2, 9)
  assert.equal(
    [...kept, ...held].sort((a, b) => a - b),
    rows,
  )
  const share = (part: number[]) => part.filter((row) => target[row] === 1).length / part.length
  assert.ok(Math.abs(share(kept) - share(held)) < 0.01)
  assert.ok(Math.abs(held.length / rows.length - 0.2) < 0.01)
})

test('folds can come from a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'folds-'))
  const csv = join(folder, 'folds.csv')
  writeFileSync(csv, 'SK_ID_CURR,seed1,seed2\n7,0,1\n9,1,0\n8,2,2\n')
  assert.equal(Array.from(foldsFromCsv(csv, [8, 7])), [2, 0])
  assert.equal(Array.from(foldsFromCsv(csv, [9, 7], 'seed2')), [0, 1])
  assert.throws(() => foldsFromCsv(csv, [6]), /client 6 needs a fold number/)
  assert.throws(() => foldsFromCsv(csv, [7], 'seed9'), /expected columns SK_ID_CURR and seed9/)
  rmSync(folder, { recursive: true })
})

test.run()
