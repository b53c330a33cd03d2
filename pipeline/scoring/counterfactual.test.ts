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

test('at least 70 in 100 of the declined within 0.03 of the threshold get an alternative', () => {
  assert.ok(found.length >= 10, `only ${found.length} clients lie near the threshold`)
  const helped = found.filter(({ own }) => own.length > 0).length
  assert.ok(helped >= 0.7 * found.length, `${helped} of ${found.length}`)
})

test('each alternative, scored again from its raw fields, has the stated risk; approved is clear of the threshold, referred goes to a person', () => {
  for (const { applicant, own } of found)
    for (const { changes, probability, outcome } of own) {
      const again = scorer.score(changed(applicant, changes), { explain: false })
      assert.is(again.probability, probability)
      if (outcome === 'referred') {
        assert.ok(again.referred)
        continue
      }
      assert.equal([again.decision, again.referred, outcome], ['approved', false, 'approved'])
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

test('another term is stated in numbers of instalments, and a down payment is “more” only of who pays one already', () => {
  const seen = { term: 0, first: 0 }
  for (const { applicant, own } of found)
    for (const { kind, changes, text } of own) {
      const { AMT_CREDIT: credit, AMT_ANNUITY: annuity, AMT_GOODS_PRICE: price } = applicant.application
      const now = Math.round(Number(credit) / Number(annuity))
      const then = Math.round(Number(changes.AMT_CREDIT ?? credit) / Number(changes.AMT_ANNUITY ?? annuity))
      assert.not.match(`${text.fr} ${text.en}`, /durée plus|longer term|shorter term/)
      if (kind.endsWith('term') && now !== then) {
        seen.term++
        assert.ok(text.fr.endsWith(`, sur ${then} mensualités environ au lieu de ${now}`), text.fr)
        assert.ok(text.en.endsWith(`, over about ${then} instalments instead of ${now}`), text.en)
      }
      if (!kind.startsWith('down')) continue
      if (Number(price) <= Number(credit)) seen.first++
      assert.is(/ de plus/.test(text.fr), Number(price) > Number(credit), text.fr)
      assert.is(/ more of a down payment/.test(text.en), Number(price) > Number(credit), text.en)
    }
  assert.ok(seen.term > 0 && seen.first > 0, JSON.stringify(seen))
})

test('who is approved gets no alternative, and the riskiest client gets only what holds, or the main reason', () => {
  const [first] = found
  assert.equal(alternatives(scorer, first!.applicant, { decision: 'approved', referred: false }), [])
  const worst = rows.reduce((a, b) => (b.probability > a.probability ? b : a))
  const applicant = clients.get(Number(worst.SK_ID_CURR))!
  for (const one of alternatives(scorer, applicant, { decision: 'declined', referred: false }))
    assert.is(scorer.score(changed(applicant, one.changes), { explain: false }).decision, 'approved')
  const none = nothingSuffices([{ group: 'lateness' }], scorer.catalogue)
  assert.is(
    none.en,
    'Neither the amount, nor the instalment, nor a down payment is enough. The main reason: late payments.',
  )
  const fr = (group: string) => nothingSuffices([{ group }], scorer.catalogue).fr.split('. ')[1]
  assert.is(fr('external'), 'Ce sont surtout les cotes externes qui pèsent.')
  assert.is(fr('employment'), 'C’est surtout l’emploi qui pèse.')
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
