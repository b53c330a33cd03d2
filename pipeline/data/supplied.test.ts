import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from './schema/tables.ts'
import { historyGroups, notSupplied } from './supplied.ts'

const all = new Set<string>(historyTables)

test('every history table is in one group', () => {
  assert.equal([...historyGroups.flat()].sort(), [...historyTables].sort())
})

test('a table left out is not supplied; an empty first table settles its group, one with rows does not', () => {
  assert.equal(notSupplied({}, all), [...historyTables])
  assert.equal(notSupplied({ bureau: [], previous_application: [] }, all), [])
  assert.equal(notSupplied({ bureau: [{}], previous_application: [] }, all), ['bureau_balance'])
  assert.equal(notSupplied({ bureau: [], previous_application: [{}], installments_payments: [] }, all), [
    'POS_CASH_balance',
    'credit_card_balance',
  ])
  assert.equal(notSupplied({ bureau_balance: [], previous_application: [] }, all), ['bureau'])
})

test('a table that no feature reads is not missed', () => {
  assert.equal(notSupplied({}, new Set(['application', 'credit_card_balance'])), ['credit_card_balance'])
  assert.equal(notSupplied({}, new Set(['application'])), [])
})

test.run()
