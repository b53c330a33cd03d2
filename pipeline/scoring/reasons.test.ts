/** Reasons in words: the sentences of the design, plurals, what is missing, and what is never said. */

import type { Lang } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Value } from '../data/applicant.ts'
import { tables } from '../data/schema/tables.ts'
import { definitions } from '../features/definitions/index.ts'
import { type Catalogue, catalogueOf, reasons } from './reasons.ts'
import type { ReferenceSpread } from './reference.ts'
import { type Contribution, explainer, steps } from './steps.ts'
import { measures } from './wording/measures.ts'
import { said } from './wording/sentence.ts'

const features = new Map(definitions.features.map((feature) => [feature.name, feature]))
const spread = (p25: number, p50: number, p75: number, mode = p50, modeShare = 0.1): ReferenceSpread => ({
  ...{ p10: p25, p25, p50, p75, p90: p75, mode, modeShare, count: 100 },
})
/** A feature as the client hears it, claim and sentence, with plain spaces. */
function heard(feature: string, value: Value, usual: ReferenceSpread | undefined, language: Lang): string {
  const { claim, text } = said(features.get(feature)!, value, usual)
  return `${claim?.[language] ?? ''}. ${text[language]}`.replaceAll('\u00a0', ' ')
}

test('every measure is a feature of the definitions, and every reason group has one', () => {
  assert.equal(
    Object.keys(measures).filter((name) => !features.has(name)),
    [],
  )
  const said = new Set(Object.keys(measures).map((name) => features.get(name)?.group))
  assert.equal(
    Object.keys(definitions.groups).filter((group) => !said.has(group)),
    [],
  )
})

test('no text of a measure is empty, names a column or is the same in both languages', () => {
  const columns = Object.values(tables).flatMap((table) => table.columns.map(({ name }) => name))
  for (const [name, { own, alone, negative, low, high, none, missing }] of Object.entries(measures))
    for (const text of [own, alone, negative, low, high, none?.claim, none?.text, missing?.claim, missing?.text]) {
      if (!text) continue
      assert.ok(text.fr !== '' && text.en !== '', name)
      assert.ok(text.fr !== text.en || text.fr === '{v}', `${name}: ${text.fr}`)
      assert.not.ok(
        columns.some((column) => `${text.fr} ${text.en}`.includes(column)),
        name,
      )
    }
})

test('no measure reads gender, weekday or hour, which the default parameters keep from the model', () => {
  for (const name of Object.keys(measures))
    assert.not.match(features.get(name)!.rule, /CODE_GENDER|WEEKDAY_APPR|HOUR_APPR/, name)
})

test('the sentences of the design are said word for word', () => {
  const late = spread(0, 0, 0, 0, 0.7)
  const cases: [string, Value, ReferenceSpread | undefined, string, string][] = [
    [
      'ext_mean',
      0.27,
      spread(0.4, 0.53, 0.66),
      'Cotes externes basses. 27 sur 100 en moyenne ; la moitié des clients se situe entre 40 et 66.',
      'Low external scores. 27 out of 100 on average; half of clients are between 40 and 66.',
    ],
    [
      'annuity_over_income',
      0.31,
      spread(0.12, 0.165, 0.23),
      'Mensualité élevée. Elle prend 31 % des revenus ; d’habitude entre 12 et 23 %.',
      'High instalment. It takes 31% of income; usually 12 to 23%.',
    ],
    [
      'bureau_debt_over_credit',
      0.78,
      spread(0.1, 0.34, 0.6),
      'Dettes en cours. Il reste à payer 78 % des sommes empruntées ailleurs ; médiane 34 %.',
      'Outstanding debts. 78% of what was borrowed elsewhere is still owed; median 34%.',
    ],
    [
      'employed_years',
      0.6,
      spread(2, 4.58, 9),
      'Emploi récent. En poste depuis 7 mois ; la médiane est de 4 ans et 7 mois.',
      'Recent job. 7 months in the job; the median is 4 years 7 months.',
    ],
    [
      'credit_over_income',
      6.2,
      spread(1.9, 3, 4.6),
      'Crédit élevé pour les revenus. 6,2 fois les revenus ; d’habitude entre 1,9 et 4,6.',
      'Large loan for the income. 6.2 times income; usually 1.9 to 4.6.',
    ],
    [
      'inst_early_mean_all',
      11,
      spread(4, 7, 9),
      'Paiements en avance. Échéances réglées 11 jours avant la date en moyenne ; d’habitude entre 4 et 9 jours.',
      'Paid ahead. Instalments paid 11 days early on average; usually 4 to 9 days.',
    ],
    [
      'prev_refused_count',
      4,
      late,
      'Refus antérieurs. 4 demandes refusées chez nous, contre 0 chez la plupart des clients.',
      'Earlier refusals. 4 requests declined by us; most clients have 0.',
    ],
    [
      'has_bureau',
      0,
      undefined,
      'Peu d’informations. Aucun crédit connu ailleurs : le modèle reste prudent.',
      'Little information. No credit known elsewhere: the model stays cautious.',
    ],
  ]
  for (const [feature, value, usual, fr, en] of cases) {
    assert.is(heard(feature, value, usual, 'fr'), fr)
    assert.is(heard(feature, value, usual, 'en'), en)
  }
})

test('one is singular, zero has its own words, and what is missing says so', () => {
  const none = spread(0, 0, 0, 0, 0.8)
  assert.match(heard('prev_refused_count', 1, none, 'fr'), /1 demande refusée chez nous, /)
  assert.match(heard('prev_refused_count', 1, none, 'en'), /1 request declined by us;/)
  assert.is(heard('prev_refused_count', 0, none, 'fr'), 'Aucun refus précédent. Aucune demande refusée chez nous.')
  assert.is(heard('ext_mean', null, undefined, 'en'), 'No external score. No external score is available.')
  assert.match(heard('inst_late_mean_all', 1.5, none, 'fr'), /payées 1,5 jour après/)
  assert.match(heard('inst_late_mean_all', 1.5, none, 'en'), /paid 1.5 days late/)
  assert.match(heard('age_years', 1, undefined, 'fr'), / 1 an\./)
  assert.match(heard('income_minus_sector', -12_000, none, 'fr'), /12 000 € de moins que la médiane du secteur\./)
})

test('a car of this year is less than a year old, and debts represent so many times the income', () => {
  assert.match(heard('car_years', 0, undefined, 'fr'), /Voiture de moins d’un an\.$/)
  assert.match(heard('car_years', 0, undefined, 'en'), /A car of less than a year\.$/)
  assert.match(
    heard('total_debt_over_income', 0.2, undefined, 'fr'),
    /L’ensemble des dettes représente 0,2 fois les revenus/,
  )
})

test('no arrears elsewhere are said once, and no French sentence says “fait … fois”', () => {
  const none = spread(0, 0, 0, 0, 0.9)
  const overdue = Object.keys(measures).find((name) => features.get(name)?.group === 'overdue' && measures[name]?.none)!
  assert.is(heard(overdue, 0, none, 'fr'), 'Aucun impayé ailleurs. Le fichier des crédits n’en signale aucun.')
  for (const [name, { own, alone }] of Object.entries(measures))
    assert.not.match(`${own.fr} ${alone?.fr}`, /\b(fait|font) \{v\}/, name)
})

test('a value beside a quartile gets the decimal that tells them apart', () => {
  assert.match(heard('inst_late_over0_all', 0.334, spread(0, 0.1, 0.33), 'en'), /33\.4% of .*usually 0 to 33\.0%/)
  assert.match(heard('inst_late_over0_all', 0.5, spread(0, 0.1, 0.33), 'en'), /50% of .*usually 0 to 33%/)
})

const catalogue: Catalogue = catalogueOf({
  definitions,
  reference: {
    clients: 100,
    risks: [],
    spreads: { ext_mean: spread(0.4, 0.5, 0.6), ext_std: spread(0, 0.1, 0.2), age_years: spread(34, 43, 54) },
  },
})
const contribution = (feature: string, value: Value, effect: number): Contribution => {
  const { name, group, label } = features.get(feature)!
  return { feature: name, group, value, label, contribution: effect }
}
const reasonsFor = (...contributions: Contribution[]) => reasonsWithout([], ...contributions)
const reasonsWithout = (notSupplied: readonly string[], ...contributions: Contribution[]) => {
  const explanation = explainer(contributions.map(({ feature, group }) => ({ name: feature, group })))(
    contributions.map(({ value }) => value),
    [...contributions.map((one) => one.contribution), -2],
  )
  return reasons(explanation, steps(explanation, { method: 'none' }).steps, catalogue, new Set(notSupplied))
}

test('an occupation that raises the risk is called more exposed, one that lowers it less', () => {
  const job = (effect: number) => reasonsFor(contribution('occupation', 'Sales staff', effect))
  assert.is(job(0.5).against[0]?.headline.fr, 'Métier plus exposé')
  assert.match(job(0.5).against[0]?.text.fr ?? '', /^Métier\u00a0: /)
  assert.is(job(-0.5).for[0]?.headline.fr, 'Métier moins exposé')
  assert.is(job(-0.5).for[0]?.code, 'employment.level')
})

test('sensitive reason groups come last, under their name alone, whatever their size', () => {
  const { against } = reasonsFor(contribution('age_years', 24, 1.5), contribution('ext_mean', 0.2, 0.4))
  assert.equal(
    against.map(({ code }) => code),
    ['external.low', 'age.low'],
  )
  assert.is(against[1]?.headline.fr, 'Âge')
})

test('a claim never goes against its side: low scores that lowered the risk are named without a claim', () => {
  const odd = reasonsFor(contribution('ext_mean', 0.2, -0.8))
  assert.is(odd.for[0]?.headline.en, 'External scores')
  assert.match(odd.for[0]?.text.en ?? '', /20.out of.100/)
})

test('a feature without words lends its place to one of the reason group that has them, or several facts are spoken of', () => {
  const lent = reasonsFor(contribution('ext_std', 0.3, 0.9), contribution('ext_mean', 0.2, 0.2))
  assert.is(lent.against[0]?.code, 'external.low')
  const alone = reasonsFor(contribution('ext_std', 0.3, 0.9))
  assert.equal([alone.against[0]?.code, alone.against[0]?.headline.en], ['external.other', 'External scores'])
})

test('at most four a side, largest first, none below 0.3 points', () => {
  const names = ['ext_mean', 'credit', 'income', 'annuity_over_income', 'employed_years', 'owns_home', 'phone_years']
  const { against, for: inFavour } = reasonsFor(...names.map((name, i) => contribution(name, 1, 0.05 + 0.1 * i)))
  assert.is(against.length, 4)
  assert.equal(
    against.map(({ attribution }) => attribution),
    against.map(({ attribution }) => attribution).toSorted((a, b) => b - a),
  )
  assert.equal(inFavour, [])
  assert.equal(reasonsFor(contribution('ext_mean', 0.2, 0.01)).against, [])
})

test('what was not supplied is no reason: its reason group gives its place to the next, unless known facts move it more', () => {
  const [late, bureau, low] = [
    contribution('inst_late_mean_all', null, 0.9),
    contribution('bureau_count', 0, 0.8),
    contribution('ext_mean', 0.2, 0.4),
  ]
  const codes = (notSupplied: readonly string[], ...all: Contribution[]) =>
    reasonsWithout(notSupplied, ...all).against.map(({ code }) => code)
  assert.equal(codes([], late, bureau, low), ['lateness.missing', 'bureau.none', 'external.low'])
  assert.equal(codes(['bureau'], late, bureau, low), ['lateness.missing', 'external.low'])
  assert.equal(codes(['bureau', 'installments_payments'], late, bureau, low), ['external.low'])
  assert.equal(codes(['credit_card_balance'], late, bureau, low), codes([], late, bureau, low))
  const [unknown, known] = [contribution('has_bureau', 0, 0.5), contribution('missing_answers', 60, 0.3)]
  assert.equal(codes(['bureau'], unknown, known), [])
  assert.equal(codes(['bureau'], { ...unknown, contribution: 0.2 }, known), ['information.usual'])
})

test.run()
