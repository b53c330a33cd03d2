import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../../../data/schema/tables.ts'
import { definitions } from '../../definitions/index.ts'
import { evaluator } from '../javascript/evaluator.ts'
import { allSources, allTables, withoutReading } from './sources.ts'

test('without a table no feature is left that reads it or was fitted on it, and the others are as they were', () => {
  for (const table of historyTables) {
    const left = withoutReading(definitions, [table])
    const names = new Set(left.features.map(({ name }) => name))
    const [tables, sources] = [allTables(definitions), allSources(definitions)]
    for (const { name } of definitions.features) {
      const reads = tables.get(name)!.has(table) || sources.get(name)!.some((source) => source.startsWith(`${table}.`))
      assert.is(names.has(name), !reads, `${name} without ${table}`)
    }
    assert.ok(names.size < definitions.features.length, table)
    assert.is(evaluator(left)({ application: {}, history: {} }).length, names.size)
  }
  assert.is(withoutReading(definitions, []), definitions)
})

test('without any history features of the form alone are left', () => {
  const left = withoutReading(definitions, historyTables)
  assert.ok(left.features.length > 50)
  for (const [name, tables] of allTables(left))
    assert.equal(
      [...tables].filter((table) => table !== 'application'),
      [],
      name,
    )
})

test.run()
