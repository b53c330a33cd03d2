/** What the verdict on a data set counts: columns tested, columns whose schema changed, and neither where there is no saying. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../models/random.ts'
import { type DriftColumn, declared, numberColumn, textColumn } from './column.ts'
import { compareColumns } from './compare.ts'

const options = { policy: 'default', share: 0.5 } as const
const compare = (before: readonly DriftColumn[], after: readonly DriftColumn[]) =>
  compareColumns(before, after, options)
const verdict = (before: readonly DriftColumn[], after: readonly DriftColumn[]) =>
  compare(before, after).dataset.verdict

/** Sum of twelve uniforms, so nearly normal with sd 1. */
function numbers(name: string, seed: number, count = 2000, shift = 0): DriftColumn {
  const next = random(seed)
  const draw = () => Array.from({ length: 12 }, next).reduce((sum, u) => sum + u, shift - 6)
  return numberColumn(name, Array.from({ length: count }, draw), 'float')
}
const texts = (name: string, count: number, of: (i: number) => string | null) =>
  textColumn(
    name,
    Array.from({ length: count }, (_, i) => of(i)),
  )
const empty = (name: string, count = 2000) => numberColumn(name, new Array<number>(count).fill(Number.NaN), 'float')
const reasonOf = (before: DriftColumn, after: DriftColumn) => compare([before], [after]).columns[0]!

test('where nothing could be tested there is no verdict of "no drift"', () => {
  const before = ['a', 'b', 'c'].map((name) => numbers(name, 1))
  const { dataset } = compare(
    before,
    ['a', 'b', 'c'].map((name) => numbers(name, 2, 8)),
  )
  assert.equal([dataset.verdict, dataset.tested, dataset.untested], ['not enough tested', 0, 3])
  assert.is(verdict([empty('a')], [empty('a')]), 'not enough tested')
  assert.is(verdict(before, [numbers('a', 2, 0), numbers('b', 2, 0), numbers('c', 2, 0)]), 'not enough tested')
  assert.is(verdict([numbers('a', 1, 1)], [numbers('a', 1)]), 'not enough tested', 'a reference of one row')
  assert.is(verdict([], []), 'not enough tested')
})

test('columns that were not tested are no part of the share, and no verdict falls when they outnumber those that were', () => {
  const few = (name: string) => [numbers(name, 3), numbers(name, 4, 50)] as const
  const [u, v, w] = [few('u'), few('v'), few('w')]
  const still = [numbers('a', 1), numbers('a', 2)] as const
  const moved = [numbers('m', 1), numbers('m', 2, 2000, 1)] as const
  const sides = (...columns: (readonly [DriftColumn, DriftColumn])[]) =>
    [columns.map(([before]) => before), columns.map(([, after]) => after)] as const
  assert.is(verdict(...sides(still, u)), 'no drift')
  assert.is(verdict(...sides(still, u, v)), 'not enough tested')
  const { dataset } = compare(...sides(moved, u, v, w))
  assert.equal([dataset.verdict, dataset.share, dataset.tested], ['drift', 1, 1])
  assert.is(verdict(...sides(moved, still, u)), 'drift')
})

test('both columns that can be compared moved, three changed their type: drift', () => {
  const before = ['a', 'b', 'c', 'd', 'e'].map((name, i) => numbers(name, i + 1))
  const after = before.map((column, i) =>
    i < 2 ? numbers(column.name, i + 9, 2000, 1) : texts(column.name, 2000, (row) => `${row}x`),
  )
  const { dataset } = compare(before, after)
  assert.equal([dataset.verdict, dataset.tested, dataset.drifted, dataset.schema_changes], ['drift', 2, 2, 3])
})

test('vanished, new and retyped columns count as moved and are listed first', () => {
  const names = Array.from({ length: 12 }, (_, i) => `c${i}`)
  const before = names.map((name, i) => numbers(name, i + 1))
  const same = names.map((name, i) => numbers(name, i + 50))
  assert.is(verdict(before, same), 'no drift')
  const lost = compare(before, same.slice(0, 5))
  assert.equal([lost.dataset.verdict, lost.dataset.schema_changes, lost.dataset.share], ['drift', 7, 0])
  assert.is(verdict(before.slice(0, 5), same), 'drift')
  const { dataset, columns } = compare(before, [...same.slice(0, 11), numbers('fresh', 3)])
  assert.is(dataset.verdict, 'no drift')
  assert.equal(
    columns.slice(0, 2).map(({ column, schema_change }) => [column, schema_change]),
    [
      ['c11', 'vanished'],
      ['fresh', 'new'],
    ],
  )
})

test('a vanished column weighs what the model makes of it', () => {
  const importance = new Map([
    ['a', 3],
    ['b', 1],
    ['c', 1],
  ])
  const before = ['a', 'b', 'c', 'd', 'e', 'f'].map((name, i) => numbers(name, i + 1))
  const after = ['b', 'c', 'd', 'e', 'f'].map((name, i) => numbers(name, i + 20))
  assert.is(compareColumns(before, after, options).dataset.verdict, 'no drift')
  const { verdict, importance_drifted } = compareColumns(before, after, { ...options, importance }).dataset
  assert.equal([verdict, importance_drifted], ['drift', 0.6])
})

test('a single "?" makes numbers a text: the type changed, and the value is named with its count', () => {
  const before = numbers('x', 1)
  const after = texts('x', 2000, (i) => (i === 7 ? '?' : i === 8 ? null : (i / 7).toFixed(2)))
  const row = reasonOf(before, after)
  assert.is(row.schema_change, 'type')
  assert.match(row.reason!, /number in the reference, text \(“\?” in 1 of 1,999 values\) now/)
  assert.match(reasonOf(after, before).reason!, /text \(“\?” in 1 of 1,999 values\) in the reference, number now/)
  const strings = texts('x', 2000, (i) => String(i))
  assert.match(reasonOf(before, strings).reason!, /every text of it reads as a number/)
  assert.match(
    reasonOf(
      before,
      texts('x', 2000, (i) => `${'long '.repeat(30)}${i}`),
    ).reason!,
    /“(long ){8}…”.* and 1,997 more in 2,000 of 2,000 values/,
  )
  const flags = { ...texts('x', 2000, (i) => (i % 2 ? 'True' : 'False')), type: 'bool' as const }
  assert.match(reasonOf(before, flags).reason!, /true or false \(“False”, “True” in 2,000 of 2,000 values\) now/)
})

test('a column without a value has not changed its type; emptied beyond chance it has moved, empty on both sides it has not', () => {
  const words = texts('x', 2000, (i) => 'abc'[i % 3]!)
  const emptied = reasonOf(words, empty('x'))
  assert.equal([emptied.schema_change, emptied.reason], ['emptied', 'no value in the current data'])
  assert.equal(reasonOf(empty('x'), words).schema_change, 'filled')
  assert.is(verdict([words], [empty('x')]), 'drift')
  const both = reasonOf(empty('x'), empty('x'))
  assert.equal([both.schema_change, both.reason], [null, 'no value on either side'])
  const seldom = texts('x', 2000, (i) => (i % 50 ? null : 'a'))
  assert.is(reasonOf(seldom, empty('x', 20)).schema_change, null, 'twenty rows may well hold no value')
})

test('constant columns that stay are tested and have not moved, those that change have, at every scale', () => {
  const constant = (value: number) => numberColumn('x', new Array<number>(500).fill(value))
  assert.is(verdict([constant(5)], [constant(5)]), 'no drift')
  for (const value of [5e-9, 5, 5e9]) assert.is(verdict([constant(value)], [constant(1.2 * value)]), 'drift')
  const level = (word: string) => texts('c', 500, () => word)
  assert.is(verdict([level('a')], [level('a')]), 'no drift')
  assert.is(verdict([level('a')], [level('b')]), 'drift')
})

test('identical data of every kind have not moved', () => {
  const columns = [
    numbers('n', 1),
    texts('day', 2000, (i) => `2026-01-${String(1 + (i % 28)).padStart(2, '0')}`),
    { ...texts('flag', 2000, (i) => (i % 3 ? 'true' : 'false')), type: 'bool' as const },
    declared(
      texts('code', 2000, (i) => String(i)),
      'category',
    ),
  ]
  const { dataset } = compare(columns, columns)
  assert.equal([dataset.verdict, dataset.tested, dataset.drifted], ['no drift', 4, 0])
})

test('days and flags that moved are found', () => {
  const days = (month: number) => texts('day', 2000, (i) => `2026-${month}-${10 + (i % 18)}`)
  const flags = (every: number) => ({ ...texts('f', 2000, (i) => String(i % every === 0)), type: 'bool' as const })
  assert.is(verdict([days(1)], [days(2)]), 'drift')
  assert.is(verdict([flags(2)], [flags(5)]), 'drift')
})

test('one income of 117 million among 2,000 does not hide that all incomes are 1.8 times what they were', () => {
  const incomes = (seed: number, factor: number) => {
    const column = numbers('income', seed)
    if (!('sorted' in column)) throw new TypeError('numbers expected')
    return Array.from(column.sorted, (z) => factor * 150_000 * Math.exp(0.45 * z))
  }
  const before = numberColumn('income', [...incomes(1, 1).slice(1), 117e6])
  const now = numberColumn('income', incomes(2, 1.8))
  const row = reasonOf(before, now)
  assert.equal([row.drifted, row.band], [true, 'major'])
  const plain = compareColumns([before], [now], { policy: 'evidently', share: 0.5 }).columns[0]!
  assert.is(plain.drifted, false, 'Evidently divides by the standard deviation')
  assert.is(reasonOf(before, numberColumn('income', incomes(2, 1))).band, 'none')
})

test('one typo among 292 values is not an alarm, even where the others moved a little and beyond chance', () => {
  const before = numbers('ratio', 1, 5000)
  const now = numbers('ratio', 2, 292, 0.12)
  if (!('sorted' in now)) throw new TypeError('numbers expected')
  const typo = numberColumn('ratio', [...now.sorted.subarray(1), 3000])
  const [plain, odd] = [reasonOf(before, now), reasonOf(before, typo)]
  assert.ok(Math.abs(odd.score! - plain.score!) < 0.05)
  assert.is.not(odd.band, 'major')
  assert.ok(odd.statistics.wasserstein_normed! > 5, 'what the typo makes of Wasserstein ÷ sd')
})

test.run()
