import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describedColumns, fileOf, publishedColumns, tableNames as publishedNames } from 'synthetic-credit/published'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedSample } from '../../../testing/shared.ts'
import { columnOf, historyTables, tableNames, tables } from './tables.ts'

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

test('messages name 365243 where the published files hold it (describe() of each, docs/data-sources.md), and nowhere else', () => {
  const showing = tableNames
    .flatMap((name) => [...tables[name].columns])
    .filter(({ type, showsSentinels, sentinels }) => type !== 'text' && showsSentinels && sentinels.length > 0)
    .map(({ name }) => name)
  assert.equal([...new Set(showing)].sort(), [
    'DAYS_EMPLOYED',
    'DAYS_FIRST_DRAWING',
    'DAYS_FIRST_DUE',
    'DAYS_LAST_DUE',
    'DAYS_LAST_DUE_1ST_VERSION',
    'DAYS_TERMINATION',
  ])
})

test('every DAYS column takes 365243 for none, every text XNA and XAP', () => {
  for (const name of tableNames)
    for (const column of tables[name].columns) {
      if (column.name.startsWith('DAYS_')) assert.equal(column.sentinels, [365243], column.name)
      if (column.type === 'text') assert.equal(column.sentinels, ['XNA', 'XAP'], column.name)
    }
})

test('every column has a label in French and in English, unique within its table', () => {
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

test('no bound of a history table refuses a published figure, and a sign that the published data never have is refused', () => {
  let bounded = 0
  for (const name of historyTables)
    for (const column of tables[name].columns) {
      const figures = describedColumns(name)[column.name]
      if (!figures || column.type === 'text') continue
      const [least, most, [low, high]] = [figures[3]!, figures.at(-1)!, column.bounds]
      assert.ok(low === null || least >= low, `${name}.${column.name}: ${least} below ${low}`)
      assert.ok(
        high === null || most <= high || column.sentinels.includes(most),
        `${name}.${column.name}: ${most} above ${high}`,
      )
      if (/^(AMT|CNT|NUM|SK_DPD)/.test(column.name) && least >= 0) assert.is(low, 0, `${name}.${column.name}`)
      if (/^DAYS/.test(column.name) && most <= 0) assert.is(high, 0, `${name}.${column.name}`)
      if (low !== null || high !== null) bounded++
    }
  assert.ok(bounded > 30, `${bounded}`)
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
