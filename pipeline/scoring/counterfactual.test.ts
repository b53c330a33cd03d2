/** What would change the proposal, on the real model of a small portfolio: every alternative is scored again, and most near the line have one. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import { type Applicant, applicationSchema } from '../data/applicant.ts'
import { Clients } from './clients.ts'
import { alternatives, changed, nothingSuffices } from './counterfactual.ts'
import { Scorer } from './scorer.ts'

const bundle = smallBundle()
const scorer = Scorer.open(bundle)
const clients = Clients.open(bundle)
const { threshold } = scorer.bundle
const bytes = readFileSync(join(bundle, 'scores.parquet'))
const rows = await parquetReadObjects({
  file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
})
const found = rows
  .filter(({ decision, probability }) => decision === 'declined' && probability < threshold + 0.03)
  .map(({ SK_ID_CURR }) => {
    const applicant = clients.get(Number(SK_ID_CURR))!
    return { applicant, own: alternatives(scorer, applicant, { decision: 'declined', referred: false }) }
  })

test('at least 70 in 100 of the declined within 0.03 of the threshold are told an alternative', () => {
  assert.ok(found.length >= 10, `only ${found.length} clients lie near the threshold`)
  const helped = found.filter(({ own }) => own.length > 0).length
  assert.ok(helped >= 0.7 * found.length, `${helped} of ${found.length}`)
})

test('each alternative, scored again from its raw fields, is approved with the risk that was told, clear of the threshold', () => {
  for (const { applicant, own } of found)
    for (const { changes, probability, outcome } of own) {
      const again = scorer.score(changed(applicant, changes), { explain: false })
      assert.equal([again.decision, again.probability, outcome], ['approved', probability, 'approved'])
      assert.ok(probability <= threshold - 0.003)
    }
})

test('only the loan’s own terms change, within the schema’s bounds and what a lender offers', () => {
  for (const { applicant, own } of found)
    for (const { changes } of own) {
      const { application } = changed(applicant, changes)
      assert.ok(Object.keys(changes).every((name) => ['AMT_CREDIT', 'AMT_ANNUITY', 'AMT_GOODS_PRICE'].includes(name)))
      assert.ok(applicationSchema.safeParse({ ...application, SK_ID_CURR: undefined }).success)
      const [credit, annuity, income] = [application.AMT_CREDIT, application.AMT_ANNUITY, application.AMT_INCOME_TOTAL]
      const own = applicant.application
      assert.ok(Number(credit) <= Number(own.AMT_CREDIT) && Number(credit) >= 0.3 * Number(own.AMT_CREDIT) - 500)
      assert.ok(Number(annuity) <= Math.max(0.4 * Number(income), Number(own.AMT_ANNUITY)))
    }
})

test('at most three of different kinds, smallest first, each with its words in both languages', () => {
  for (const { own } of found) {
    assert.ok(own.length <= 3)
    assert.is(new Set(own.map(({ kind }) => kind)).size, own.length)
    own.forEach(({ distance, text }, i) => {
      assert.ok(i === 0 || distance >= own[i - 1]!.distance)
      assert.match(text.fr, /au lieu de .*€/)
      assert.match(text.en, /instead of €/)
    })
  }
})

test('who is approved is told nothing, and the riskiest client is told only what holds, or what weighs most', () => {
  const [first] = found
  assert.equal(alternatives(scorer, first!.applicant, { decision: 'approved', referred: false }), [])
  const worst = rows.reduce((a, b) => (b.probability > a.probability ? b : a))
  const applicant = clients.get(Number(worst.SK_ID_CURR))!
  for (const one of alternatives(scorer, applicant, { decision: 'declined', referred: false }))
    assert.is(scorer.score(changed(applicant, one.changes), { explain: false }).decision, 'approved')
  const none = nothingSuffices([{ group: 'lateness' }], scorer.catalogue)
  assert.is(none.en, 'No change of the loan is enough; what weighs most: late payments.')
  assert.is(nothingSuffices([], scorer.catalogue).fr, 'Ni le montant, ni la mensualité, ni l’apport ne suffisent.')
})

test('no other loan is advised while a history is missing, though one would be if it were known to be empty', () => {
  const told = (history: Applicant['history']) =>
    found.filter(({ applicant }) => {
      const { application } = applicant
      const score = scorer.score({ application, history }, { explain: false })
      return alternatives(scorer, { application, history }, score).length > 0
    }).length
  assert.ok(told({ bureau: [], previous_application: [] }) > 0)
  assert.is(told({}), 0)
})

test.run()
