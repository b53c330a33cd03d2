import { test } from 'uvu'
import * as assert from 'uvu/assert'
import describe from './statistics/describe.json' with { type: 'json' }
import history from './statistics/history.json' with { type: 'json' }
import {
  columnsWithLevels,
  describedColumns,
  describeOf,
  informationValues,
  levelsOf,
  trainClients,
} from './statistics.ts'
import { historyTables, publishedColumns, tableNames } from './tables.ts'

test('every column of which a statistic is published is a column of its table', () => {
  for (const table of tableNames)
    for (const column of Object.keys(describedColumns(table)))
      assert.ok(publishedColumns[table].includes(column), `${table} ${column}`)
  for (const column of [...columnsWithLevels, ...Object.keys(informationValues)])
    assert.ok(publishedColumns.application_train.includes(column), column)
  for (const table of historyTables)
    for (const column of Object.keys(history.levels[table]))
      assert.ok(publishedColumns[table].includes(column), `${table} ${column}`)
})

test('quartiles rise from minimum to maximum, and missing is a share', () => {
  for (const table of tableNames)
    for (const [column, [missing, , sd, ...rising]] of Object.entries(describedColumns(table))) {
      assert.ok(missing! >= 0 && missing! < 1 && sd! >= 0, `${table} ${column}`)
      assert.is(rising.length, 5)
      for (const [i, value] of rising.slice(1).entries()) assert.ok(rising[i]! <= value, `${table} ${column}`)
    }
})

test('the clients of the levels of a column are all clients, or those of whom it is known', () => {
  assert.is(trainClients, describe.tables.application_train.rows)
  for (const column of columnsWithLevels) {
    const counted = levelsOf(column).reduce((sum, { clients }) => sum + clients, 0)
    assert.ok(counted <= trainClients, `${column}: ${counted}`)
  }
  const types = levelsOf('NAME_CONTRACT_TYPE')
  assert.is(
    types.reduce((sum, { clients }) => sum + clients, 0),
    trainClients,
  )
})

test('a column without published statistics is refused by name', () => {
  assert.throws(() => describeOf('bureau', 'CREDIT_ACTIVE'), /bureau\.CREDIT_ACTIVE/)
})

test.run()
