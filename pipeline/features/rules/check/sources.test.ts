import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { definitions } from '../../definitions/index.ts'
import { allSources, allTables, sources, without } from './sources.ts'

test('the sources of a feature are the columns that its sets read, keys and parents included', () => {
  assert.equal(sources(definitions, 'inst_late_over7_365'), [
    'installments_payments.DAYS_ENTRY_PAYMENT',
    'installments_payments.DAYS_INSTALMENT',
    'installments_payments.NUM_INSTALMENT_NUMBER',
    'installments_payments.NUM_INSTALMENT_VERSION',
    'installments_payments.SK_ID_PREV',
  ])
  assert.equal(sources(definitions, 'owed_over_income'), [
    'POS_CASH_balance.CNT_INSTALMENT_FUTURE',
    'POS_CASH_balance.MONTHS_BALANCE',
    'POS_CASH_balance.SK_ID_PREV',
    'application.AMT_INCOME_TOTAL',
    'previous_application.AMT_ANNUITY',
    'previous_application.NAME_CONTRACT_STATUS',
    'previous_application.SK_ID_PREV',
  ])
  assert.throws(() => sources(definitions, 'ext_meen'), /no feature "ext_meen"; did you mean "ext_mean"/)
})

test('no feature that reads an excluded column is left, through whichever sets and lookups it reads it', () => {
  const excluded = ['DAYS_INSTALMENT', 'STATUS', 'previous_application.NAME_CONTRACT_STATUS', 'EXT_SOURCE_3']
  const kept = without(definitions, excluded)
  const gone = new Set(definitions.features.map(({ name }) => name))
  for (const { name } of kept.features) gone.delete(name)
  for (const name of [
    'inst_count',
    'inst_late_mean_60',
    'bb_worst_status',
    'bb_loans_worst_mean',
    'owed_over_income',
    'prev_refused_share',
    'ext_mean',
    'age_over_ext3',
    'missing_answers',
  ])
    assert.ok(gone.has(name), name)
  for (const name of [
    'bureau_count',
    'bb_months',
    'prev_count',
    'pos_future_sum',
    'credit',
    'inst_paid_365_over_income',
  ])
    assert.not(gone.has(name), name)
  for (const [name, columns] of allSources(kept))
    for (const column of excluded)
      assert.not(
        columns.some((source) => source === column || source.endsWith(`.${column}`)),
        `${name} reads ${column}`,
      )
})

test('what excluded features alone needed goes with them', () => {
  const kept = without(definitions, ['CODE_GENDER', 'STATUS'])
  assert.not(JSON.stringify(kept).includes('CODE_GENDER'))
  assert.not('status_level' in kept.tables)
  assert.not('bad' in (kept.sets.bureau_months?.columns ?? {}))
  assert.ok('bureau_months' in kept.sets, 'bb_months still counts its rows')
})

test('a column that no table has cannot be excluded', () => {
  assert.throws(
    () => without(definitions, ['CODE_GENDRE']),
    /cannot exclude "CODE_GENDRE": no table has this column; did you mean "CODE_GENDER"/,
  )
})

test('nothing excluded, nothing lost', () => {
  assert.equal(
    without(definitions, []).features.map(({ name }) => name),
    definitions.features.map(({ name }) => name),
  )
})

test('a feature is made from the tables whose rows it counts or reads, and not from those that only training read', () => {
  const tables = allTables(definitions)
  const of = (name: string) => [...tables.get(name)!].sort()
  assert.equal(of('bureau_count'), ['bureau'])
  assert.equal(of('bb_months'), ['bureau', 'bureau_balance'])
  assert.equal(of('cc_months'), ['credit_card_balance'])
  assert.equal(of('owed_over_income'), ['POS_CASH_balance', 'application', 'previous_application'])
  assert.equal(of('income_minus_sector'), ['application'])
})

test.run()
