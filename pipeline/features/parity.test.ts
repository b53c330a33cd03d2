import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../data/schema/tables.ts'
import { applicantsOf } from './applicants.ts'
import { definitions as written } from './definitions/index.ts'
import { parityOf } from './parity.test-data.ts'
import { allTables } from './rules/check/sources.ts'
import { evaluator } from './rules/javascript/evaluator.ts'
import { batch, framesOf } from './rules/polars/features.ts'
import { fittedDefinitions } from './rules/polars/fit.ts'
import { smallPortfolio } from './small-portfolio.test-data.ts'

const frames = smallPortfolio({ clients: 200, seed: 1 })
const shuffled = smallPortfolio({ clients: 200, seed: 1, order: 7 })
const definitions = fittedDefinitions(written, framesOf(frames))
const one = evaluator(definitions)
const together = batch(definitions, frames)

test('one client alone gives the row of the batch, whatever the order of the rows', () => {
  const alone = applicantsOf(shuffled)
  const parity = parityOf(definitions, together, (client) => one(alone.get(client)!))
  console.log(
    `made-up portfolio: ${parity.unequal} of ${parity.cells} cells differ at all, worst ${parity.worst} (${parity.where})`,
  )
  assert.ok(parity.worst < 1e-9, parity.where)
})

test('the batch is the same to the bit when the rows come in another order', () => {
  const other = batch(definitions, shuffled)
  assert.is(together.height, 200)
  for (const { name } of definitions.features) {
    const [a, b] = [together.getColumn(name).toArray(), other.getColumn(name).toArray()]
    assert.equal(a, b, name)
  }
})

test('the batch is the same to the bit when the clients are computed a few at a time', () => {
  const other = batch(definitions, frames, { clientsAtOnce: 37 })
  assert.equal(other.getColumn('SK_ID_CURR').toArray(), together.getColumn('SK_ID_CURR').toArray())
  for (const { name } of definitions.features)
    assert.equal(other.getColumn(name).toArray(), together.getColumn(name).toArray(), name)
})

test('fitted tables and rules do not hang on the order of the rows', () => {
  assert.equal(fittedDefinitions(written, framesOf(shuffled)), definitions)
})

test('a client alone is the same to the bit when the rows come in another order', () => {
  const [first, second] = [applicantsOf(frames), applicantsOf(shuffled)]
  for (const [client, applicant] of first) assert.equal(one(applicant), one(second.get(client)!), `client ${client}`)
})

test('a client without any history has counts of 0 and no other history feature', () => {
  const applicant = applicantsOf(frames).get(10)!
  const values = one(applicant)
  const value = (name: string) => values[definitions.features.findIndex((feature) => feature.name === name)]
  assert.is(value('bureau_count'), 0)
  assert.is(value('prev_refused_365'), 0)
  assert.is(value('bureau_active_debt_sum'), null)
  assert.is(value('inst_late_over7_365'), null)
  assert.is(value('prev_last_product'), null)
})

test('a table without rows is none, a table left out is unknown: whatever reads it is missing, and nothing else changes', () => {
  const applicant = applicantsOf(frames).get(10)!
  const tables = allTables(definitions)
  const none = one(applicant)
  for (const left of historyTables) {
    const { [left]: _, ...history } = { ...applicant.history }
    // this client is known to have no loan elsewhere and no earlier application, so nothing can hang on them
    const first = left === 'bureau' || left === 'previous_application'
    const unknown = one({ ...applicant, history })
    for (const [j, { name }] of definitions.features.entries()) {
      const isLost = first && tables.get(name)!.has(left)
      assert.is(unknown[j], isLost ? null : none[j], `${name} without ${left}`)
    }
  }
  const nothing = one({ ...applicant, history: {} })
  for (const [j, { name }] of definitions.features.entries())
    assert.is(nothing[j], historyTables.some((table) => tables.get(name)!.has(table)) ? null : none[j], name)
})

test('every table that features read has one that tells a client without rows from one whose rows are unknown', () => {
  const none = one(applicantsOf(frames).get(10)!)
  const tables = allTables(definitions)
  for (const table of historyTables)
    assert.ok(
      definitions.features.some(({ name }, j) => tables.get(name)!.has(table) && none[j] === 0),
      `no feature is 0 for a client without rows in ${table}`,
    )
})

test.run()
