import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describedColumns, fileOf, publishedColumns, tableNames as publishedNames } from 'synthetic-credit/published'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedSample } from '../../../testing/shared.ts'
import { columnOf, tableNames, tables } from './tables.ts'

test('the schemas have the tables, files and columns of the published data, in the same order', () => {
  assert.equal([...tableNames], [...publishedNames])
  for (const name of tableNames) {
    assert.is(tables[name].file, fileOf(name))
    assert.equal(
      tables[name].columns.map((column) => column.name),
      publishedColumns[name],
      name,
    )
  }
})

test('the tables have as many columns as the published ones, each name once', () => {
  const counts = tableNames.map((name) => tables[name].columns.length)
  assert.equal(counts, [122, 121, 17, 3, 37, 8, 8, 23])
  for (const name of tableNames) {
    const names = tables[name].columns.map((column) => column.name)
    assert.is(new Set(names).size, names.length, name)
  }
})

test('the applications of new clients are those of known ones without TARGET', () => {
  const known = tables.application_train.columns.map(({ name }) => name).filter((name) => name !== 'TARGET')
  assert.equal(
    tables.application_test.columns.map(({ name }) => name),
    known,
  )
})

test('every key is made of columns of its table', () => {
  for (const name of tableNames) for (const column of tables[name].key) assert.ok(columnOf(name, column))
})

test('every DAYS column takes 365243 for none, every text XNA and XAP', () => {
  for (const name of tableNames)
    for (const column of tables[name].columns) {
      if (column.name.startsWith('DAYS_')) assert.equal(column.sentinels, [365243], column.name)
      if (column.type === 'text') assert.equal(column.sentinels, ['XNA', 'XAP'], column.name)
    }
})

test('every column has a label in French and in English, told apart within its table', () => {
  for (const name of tableNames)
    for (const language of ['fr', 'en'] as const) {
      const labels = tables[name].columns.map(({ label }) => label[language])
      assert.ok(labels.every((label) => label.length > 2))
      assert.is(new Set(labels).size, labels.length, `${name} ${language}`)
    }
})

test('a column that training never saw missing is not assumed to be missing', () => {
  const notAsked = new Set(['CODE_GENDER', 'WEEKDAY_APPR_PROCESS_START', 'HOUR_APPR_PROCESS_START']) // no model reads them
  const published = describedColumns('application_train')
  for (const { name, whenUnknown } of tables.application_test.columns) {
    const figures = published[name]
    if (figures && figures[0] === 0 && !notAsked.has(name) && name !== 'AMT_ANNUITY' && name !== 'CNT_FAM_MEMBERS')
      assert.is.not(whenUnknown, 'missing', name)
  }
})

test('usual values lie inside the bounds and levels of their columns', () => {
  for (const { name, whenUnknown, bounds, levels } of tables.application_test.columns) {
    if (typeof whenUnknown !== 'object') continue
    const { usual } = whenUnknown
    if (typeof usual === 'string') assert.ok(levels?.includes(usual), name)
    else assert.ok(usual >= (bounds[0] ?? -Infinity) && usual <= (bounds[1] ?? Infinity), name)
  }
})

test('the schemas name the columns of the real files in their order', () => {
  const sample = sharedSample()
  if (!sample) return notRun('the schemas name the columns of the real files in their order')
  for (const name of tableNames) {
    const header = readFileSync(join(sample, tables[name].file), 'utf8').split('\n', 1)[0]
    assert.is(tables[name].columns.map((column) => column.name).join(','), header, name)
  }
})

test.run()
