import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { leavingOut, parseApplicant } from '../data/applicant.ts'
import { definitions as all } from '../features/definitions/index.ts'
import { sigmoid } from '../models/calibration.ts'
import { refusedFrom } from '../models/strategic-gains.ts'
import { referralOf } from './referral.ts'
import { concernsOf } from './strategic.ts'
import { strategicBehaviour } from './strategic-behaviour.ts'
import { strategicWarnings } from './strategic-warnings.ts'

const label = { fr: 'Cotes externes', en: 'External scores' }
const strategic = {
  blanks: [{ name: 'external', label, columns: ['EXT_SOURCE_1', 'EXT_SOURCE_2'], from: 0.05 }],
  ranges: [{ column: 'AMT_INCOME_TOTAL', label: { fr: 'Revenus', en: 'Income' }, low: 1000, high: 2000, from: 0.02 }],
}
const zone = { lower: 0.1, upper: 0.1 }
const codesAt = (probability: number, row: Record<string, number | null>, leftOut: string[] = []) =>
  referralOf(probability, zone, strategicWarnings(concernsOf(strategic, row, leftOut), probability, 0.1)).map(
    ({ code }) => code,
  )

test('an approval is referred where a listed group is wholly blank, null or left out, from its probability on and below the threshold', () => {
  const blank = { EXT_SOURCE_1: null, EXT_SOURCE_2: null, AMT_INCOME_TOTAL: 1500 }
  assert.equal(codesAt(0.06, blank), ['left_blank'])
  assert.equal(codesAt(0.06, { ...blank, EXT_SOURCE_2: 0.5 }, ['EXT_SOURCE_2']), ['left_blank'])
  assert.equal(codesAt(0.06, { ...blank, EXT_SOURCE_2: 0.5 }), [])
  assert.equal(codesAt(0.04, blank), [])
  assert.equal(codesAt(0.1, blank), [])
})

test('an approval is referred where a listed value is below or above those of training, and not on their bounds', () => {
  const row = (income: number) => ({ EXT_SOURCE_1: 0.5, EXT_SOURCE_2: null, AMT_INCOME_TOTAL: income })
  for (const income of [999, 2001]) assert.equal(codesAt(0.03, row(income)), ['outside_experience'])
  for (const income of [1000, 2000]) assert.equal(codesAt(0.03, row(income)), [])
})

test('of 100 clients one may pass unreferred: the line is the second smallest probability', () => {
  const risks = Float64Array.from({ length: 100 }, (_, i) => 0.01 + i / 1000)
  assert.is(refusedFrom(risks, 0.1), risks[1])
  assert.is(refusedFrom(risks, 0.011), null)
  assert.is(refusedFrom(risks, 0.0105), null)
})

const form = { NAME_CONTRACT_TYPE: 'Cash loans', AMT_INCOME_TOTAL: 150_000, AMT_CREDIT: 500_000, DAYS_BIRTH: -12_000 }
const definitions = {
  ...all,
  features: all.features.filter(({ name }) => ['ext_source_2', 'income', 'bureau_count'].includes(name)),
}

test('an applicant who leaves columns out is one whose form never stated them', () => {
  const { applicant } = parseApplicant({ application: { ...form, EXT_SOURCE_2: 0.1, FLAG_OWN_CAR: 'Y' } })
  const left = leavingOut(applicant, ['EXT_SOURCE_2', 'FLAG_OWN_CAR'])
  const never = parseApplicant({ application: form })
  assert.equal(left.application, never.applicant.application)
  assert.equal(left.leftOut, ['FLAG_OWN_CAR'])
})

test('a planted model that takes blanks and large incomes for good news is caught, and what it reads rightly is not', () => {
  const names = definitions.features.map(({ name }) => name)
  assert.ok(names.includes('ext_source_2') && names.includes('income'), names.join(', '))
  const place = (name: string) => names.indexOf(name)
  const declined = Array.from({ length: 200 }, (_, i) => {
    const { applicant } = parseApplicant({
      application: { ...form, EXT_SOURCE_2: 0.1 + i / 2000 },
      history: { bureau: [] },
    })
    return applicant
  })
  const found = strategicBehaviour({
    definitions,
    declined,
    threshold: 0.1,
    rangeOf: (column) => (column === 'AMT_INCOME_TOTAL' ? [100_000, 200_000] : null),
    probabilities: (values) =>
      values.map((one) => {
        const [score, income] = [one[place('ext_source_2')], Number(one[place('income')])]
        return sigmoid((score === null ? -4 : 2 - Number(score)) - (income > 1_000_000 ? 5 : 0))
      }),
  })
  const gain = (name: string) => found.gains.find((one) => one.name === name)!
  assert.equal([gain('EXT_SOURCE_2').approved, gain('everything').approved], [1, 1])
  assert.equal([gain('AMT_INCOME_TOTAL above').approved, gain('AMT_INCOME_TOTAL below').approved], [1, 0])
  for (const { unreferred, name } of found.gains) assert.ok(unreferred <= 0.01, name)
  assert.equal(
    found.strategic.blanks.map(({ name }) => name),
    ['everything', 'EXT_SOURCE_2'],
  )
  assert.equal(
    found.strategic.ranges.map(({ column, low, high }) => [column, low, high]),
    [['AMT_INCOME_TOTAL', 100_000, 200_000]],
  )
})

test.run()
