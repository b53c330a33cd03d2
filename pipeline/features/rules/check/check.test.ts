import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { check, kindOf } from './check.ts'
import {
  algebraVersion,
  type Definitions,
  type FeatureDefinition,
  parseDefinitions,
  type SetDefinition,
} from './definitions.ts'
import type { Schema } from './program.ts'

const words = { fr: 'essai', en: 'trial' }
const schema: Schema = {
  application: { SK_ID_CURR: 'integer', AMT_CREDIT: 'number', AMT_ANNUITY: 'number', CODE: 'text' },
  payments: { SK_ID_CURR: 'integer', ID: 'integer', DAY: 'integer', AMOUNT: 'number', STATE: 'text' },
}
const payments: SetDefinition = {
  from: 'payments',
  columns: { late: 'positive(DAY + 10)' },
  order: ['-DAY', '-ID'],
  clock: { column: 'DAY', unit: 'days', newest: -1 },
  label: words,
  row: words,
}

function define(rules: Readonly<Record<string, string>>, sets: Definitions['sets'] = { payments }): Definitions {
  const features = Object.entries(rules).map(
    ([name, rule]): FeatureDefinition => ({
      name,
      rule,
      kind: 'number',
      unit: 'ratio',
      group: 'trial',
      label: words,
    }),
  )
  return {
    algebra: algebraVersion,
    groups: { trial: { label: words, sensitive: false } },
    sets,
    lists: { pair: ['AMT_CREDIT', 'AMT_ANNUITY'] },
    tables: { level: { entries: [[['a'], 1]] } },
    features,
  }
}

const message = (definitions: Definitions): string => {
  try {
    check(definitions, schema)
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'nothing wrong'
}
const complaint = (rule: string): string => message(define({ x: rule }))

test('an unknown column is shown under its caret, with the nearest word that is there', () => {
  assert.is(
    complaint('share(lates > 7 of payments last 365 days)'),
    [
      'feature x: no column "lates" in payments; did you mean "late"?',
      '  share(lates > 7 of payments last 365 days)',
      '        ^^^^^',
    ].join('\n'),
  )
})

const complaints: Readonly<Record<string, readonly [rule: string, says: string]>> = {
  'a set that is not there': ['count(payment)', 'no set "payment"; did you mean "payments"?'],
  'a missing bracket': ['count(payments', 'expected ")", not the end'],
  'an unfinished rule': ['AMT_CREDIT /', 'expected a number, a text, a name or "(", not the end'],
  'a word too many': ['AMT_CREDIT AMT_ANNUITY', 'expected the end of the rule, not "AMT_ANNUITY"'],
  'a character of no rule': ['AMT_CREDIT # 2', 'cannot read "#"'],
  'an open quote': ["CODE = 'a", 'a text without its closing quote'],
  'a text where a number belongs': ['AMT_CREDIT + CODE', 'expected a number, found a text'],
  'a number compared with a text': ["AMT_CREDIT = 'a'", 'expected a number, found a text'],
  'a number as a condition': ['if(AMT_CREDIT, 1)', 'expected a condition, found a number'],
  'a condition as a number': ['sum(late > 1 of payments)', 'expected a number, found a condition'],
  'months of a clock that counts days': ['count(payments last 6 months)', '"payments" counts in days'],
  'a window of nothing': ['count(payments last 0 days)', 'expected a whole number of at least 1, not "0"'],
  'a window without a unit': ['count(payments last 6)', 'expected "days" or "months", not ")"'],
  'an aggregate without a set': ['median(AMT_CREDIT)', 'median aggregates a set'],
  'an aggregate that is not there': ['average(late of payments)', 'no aggregate "average"'],
  'a function that is not there': ['absolute(AMT_CREDIT)', 'no function "absolute"'],
  'an unknown list': ['mean(...pairs)', 'no list "pairs"; did you mean "pair"?'],
  'a list on its own': ['abs(...pair)', 'a list belongs in'],
  'an unknown lookup table': ['lookup(levels, CODE)', 'no lookup table "levels"; did you mean "level"?'],
  'too many keys': ['lookup(level, CODE, CODE)', 'level has 1 key(s), not 2'],
  'a column of another place': ['sum(AMT_CREDIT of payments)', 'no column "AMT_CREDIT" in payments'],
  'an aggregate inside an aggregate': [
    'sum(count(payments) of payments)',
    'no set "payments"; aggregates belong in features',
  ],
  'a rate of many rows at once': ['sum(rate(12, DAY, DAY) of payments)', 'make it a column of the set first'],
  'a rate of two numbers': ['rate(12, AMT_CREDIT)', 'a number of months, a payment and an amount'],
  'known of what': ['AMT_CREDIT is there', 'expected "known" or "missing", not "there"'],
  'branches of two kinds': ["if(AMT_CREDIT > 1, 1, 'a')", 'expected a number, found a text'],
}

for (const [title, [rule, says]] of Object.entries(complaints))
  test(`refused with its reason: ${title}`, () => {
    const text = complaint(rule)
    assert.ok(text.includes(says), `${rule}\n${text}`)
    assert.match(text, /\n {2}.*\n {2,}\^+$/, 'a caret stands under the word')
  })

test('all faulty rules are reported at once', () => {
  const text = message(define({ one: 'AMT_CREDITS', two: 'AMT_CREDIT', three: 'count(pay)' }))
  assert.match(text, /feature one: no column "AMT_CREDITS" in the application; did you mean "AMT_CREDIT"/)
  assert.match(text, /feature three: no set "pay"/)
  assert.not.match(text, /feature two/)
})

test('a feature may name another, but not itself, however long the way', () => {
  assert.is(message(define({ one: 'AMT_CREDIT / 2', two: 'one * 3' })), 'nothing wrong')
  assert.match(message(define({ one: 'two + 1', two: 'one + 1' })), /one is defined by itself: one → two → one/)
})

test('two features with the same tree are refused, however they are written', () => {
  const text = message(define({ one: 'AMT_CREDIT / AMT_ANNUITY', two: '( AMT_CREDIT/AMT_ANNUITY )' }))
  assert.match(text, /feature two: the same rule as one/)
})

test('the kind must suit the rule', () => {
  assert.match(complaint('CODE'), /its kind is number, but the rule gives a text/)
  const [count, share, text, sum] = check(
    {
      ...define({ a: 'count(payments)', b: 'share(late > 1 of payments)', c: 'AMT_CREDIT', d: 'count(payments) + 1' }),
    },
    schema,
  ).features.map(({ tree }) => kindOf(tree))
  assert.equal([count, share, text, sum], ['count', 'number', 'number', 'number'])
})

test('a set says what is wrong with it', () => {
  const faulty = (change: Partial<SetDefinition>) => message(define({}, { payments: { ...payments, ...change } }))
  assert.match(faulty({ from: 'payment' }), /set payments: no table or earlier set "payment"; did you mean "payments"/)
  assert.match(faulty({ order: ['-DAYS'] }), /set payments: no column "DAYS" for order; did you mean "DAY"/)
  assert.match(faulty({ order: undefined }), /states its order, newest first/)
  assert.match(faulty({ clock: { column: 'STATE', unit: 'days', newest: -1 } }), /the clock STATE is not a number/)
  assert.match(faulty({ columns: { DAY: 'ID' } }), /"DAY" is there already/)
  assert.match(faulty({ columns: { where: 'ID' } }), /"where" is a word of the algebra/)
  assert.match(faulty({ columns: { n: 'count(rows)' } }), /set payments, column n: no set "rows"; aggregates belong/)
  assert.match(faulty({ parent: { set: 'loans', key: 'ID', columns: [] } }), /no earlier set "loans" as parent/)
})

test('definitions in JSON of another algebra are refused', () => {
  assert.equal(parseDefinitions(JSON.parse(JSON.stringify(define({ x: 'AMT_CREDIT' })))), define({ x: 'AMT_CREDIT' }))
  assert.throws(
    () => parseDefinitions({ ...define({}), algebra: 2 }),
    /rules of algebra 2: this program reads algebra 1 only/,
  )
})

test.run()
