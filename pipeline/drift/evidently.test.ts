import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedOracle, sharedSample } from '../../testing/shared.ts'
import { type DriftColumn, numberColumn, textColumn } from './column.ts'
import { compareColumns } from './compare.ts'
import { csvColumns } from './csv.ts'
import { defaultTest, drifted, kindOf, scoreOf, severity, type Test, tests } from './evidently.ts'

const known = new Map<number, { reference: DriftColumn[]; current: DriftColumn[] }>()

/** Columns of the first `rows` rows of both sides of the real sample, read as pandas reads them; read once. */
function sides(folder: string, rows: number): { reference: DriftColumn[]; current: DriftColumn[] } {
  const made = known.get(rows) ?? read(folder, rows)
  known.set(rows, made)
  return made
}

function read(folder: string, rows: number): { reference: DriftColumn[]; current: DriftColumn[] } {
  const side = (name: string) =>
    csvColumns(join(folder, name), { rows }).filter((column) => !['SK_ID_CURR', 'TARGET'].includes(column.name))
  return { reference: side('application_train.csv'), current: side('application_test.csv') }
}

const records = (path: string) => {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\n')
  const names = head.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i]!, value])))
}

/** 1e-9 relative; z p-values are multiples of 2e-16 far out, so 1e-15 absolute (docs/data-sources.md#reference-numbers-of-the-tests). */
function close(test: Test, got: number, want: number): boolean {
  return test === 'z' ? Math.abs(got - want) <= 1e-15 : Math.abs(got - want) <= 1e-9 * Math.abs(want)
}

for (const [setting, rows] of [
  ['large', 2500],
  ['small', 800],
] as const) {
  const title = `each of the 120 columns of "${setting}" has Evidently's type, test, score, verdict and counts`
  test(title, () => {
    const [folder, oracle] = [sharedSample(), sharedOracle(`drift_evidently_${setting}.csv`)]
    if (!folder || !oracle) return notRun(title)
    const { reference, current } = sides(folder, rows)
    const now = new Map(current.map((column) => [column.name, column]))
    const before = new Map(reference.map((column) => [column.name, column]))
    const wanted = records(oracle)
    assert.is(wanted.length, 120)
    for (const want of wanted) {
      const [a, b] = [before.get(want.column!)!, now.get(want.column!)!]
      assert.is(kindOf(b), want.type, want.column)
      const picked = defaultTest(a, b)
      assert.is(tests[picked].name, want.stattest, want.column)
      const score = scoreOf(picked, a, b)
      assert.ok(close(picked, score, Number(want.score)), `${want.column}: ${score}, Evidently ${want.score}`)
      assert.is(tests[picked].threshold, Number(want.threshold))
      assert.is(String(drifted(picked, score)), want.drifted, want.column)
      assert.is(a.rows - a.missing, Number(want.n_ref))
    }
    const counted = wanted.filter(({ drifted }) => drifted === 'true').length
    const { dataset } = compareColumns(reference, current, { policy: 'evidently', share: 0.5 })
    assert.equal([dataset.columns, dataset.drifted, dataset.verdict], [120, counted, 'no drift'])
  })

  const methodsTitle = `all seven named methods on twelve columns of "${setting}" give Evidently's scores`
  test(methodsTitle, () => {
    const [folder, oracle] = [sharedSample(), sharedOracle('drift_evidently_methods.csv')]
    if (!folder || !oracle) return notRun(methodsTitle)
    const { reference, current } = sides(folder, rows)
    let checked = 0
    for (const want of records(oracle).filter((record) => record.setting === setting)) {
      const method = want.method as Test
      const applies = (tests[method].kinds as readonly string[]).includes(want.type!)
      assert.is(applies, want.error === '', `${want.column} ${method}`)
      if (!applies) continue
      const [a, b] = [reference, current].map((side) => side.find(({ name }) => name === want.column)!)
      const score = scoreOf(method, a!, b!)
      assert.ok(close(method, score, Number(want.score)), `${want.column} ${method}: ${score}, Evidently ${want.score}`)
      assert.is(String(drifted(method, score)), want.drifted)
      checked++
    }
    assert.is(checked, 60)
  })
}

test('the type is read off the current side only', () => {
  const few = numberColumn(
    'x',
    Array.from({ length: 40 }, (_, i) => i % 8),
  )
  const many = numberColumn(
    'x',
    Array.from({ length: 40 }, (_, i) => i % 12),
  )
  assert.is(kindOf(few), 'cat')
  assert.is(kindOf(many), 'num')
  assert.is(defaultTest(many, few), 'chisquare')
  assert.is(defaultTest(few, many), 'ks')
})

test('texts that mostly differ are free text, whole numbers with a gap are numbers', () => {
  assert.is(kindOf(textColumn('t', ['a', 'b', 'c', 'a'])), 'text')
  assert.is(kindOf(textColumn('t', ['a', 'b', 'a', 'b'])), 'cat')
  assert.is(kindOf(numberColumn('x', [1, 2, Number.NaN])), 'num')
})

test('the choice of test changes at 1,001 reference values and at 5 and 2 distinct values', () => {
  const made = (n: number, distinct: number) =>
    numberColumn(
      'x',
      Array.from({ length: n }, (_, i) => (i % distinct) + 0.5),
    )
  assert.is(defaultTest(made(1000, 6), made(50, 6)), 'ks')
  assert.is(defaultTest(made(1001, 6), made(50, 6)), 'wasserstein')
  assert.is(defaultTest(made(1000, 5), made(50, 5)), 'chisquare')
  assert.is(defaultTest(made(1000, 2), made(50, 2)), 'z')
  assert.is(defaultTest(made(1001, 5), made(50, 5)), 'jensenshannon')
})

test('at the threshold itself a distance and Kolmogorov-Smirnov are drift, chi-square and z are not', () => {
  assert.equal(
    (['wasserstein', 'jensenshannon', 'psi', 'kl_div'] as const).map((name) => drifted(name, 0.1)),
    [true, true, true, true],
  )
  assert.equal(
    (['ks', 'chisquare', 'z'] as const).map((name) => drifted(name, 0.05)),
    [true, false, false],
  )
})

test('severity is 1 at the threshold of every test and rises with the evidence', () => {
  for (const [name, { threshold, measure }] of Object.entries(tests) as [
    Test,
    { threshold: number; measure: string },
  ][]) {
    assert.ok(Math.abs(severity(name, threshold) - 1) < 1e-12)
    assert.ok(severity(name, measure === 'p' ? threshold / 10 : threshold * 10) > 1)
  }
})

test.run()
