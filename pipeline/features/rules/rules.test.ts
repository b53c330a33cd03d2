import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Applicant, Row, Value } from '../../data/applicant.ts'
import { algebraVersion, type Definitions } from './check/definitions.ts'
import type { Schema } from './check/program.ts'
import { evaluator } from './javascript/evaluator.ts'
import { freeOfInterest, monthlyRate } from './javascript/values.ts'
import { batch } from './polars/features.ts'

/** Worked examples: what a rule gives for a client with loans and for one without, in both evaluators. */
type Example = readonly [rule: string, withLoans: Value, without: Value]

const schema: Schema = {
  application: { SK_ID_CURR: 'integer', a: 'number', zero: 'number', gap: 'number', t: 'text' },
  bureau: { SK_ID_CURR: 'integer', id: 'integer', day: 'integer', x: 'number', state: 'text' },
  previous_application: { SK_ID_CURR: 'integer', id: 'integer', part: 'integer', y: 'number' },
}
const words = { fr: 'essai', en: 'trial' }

// newest first by day, then by id: 5 (-1), 4 (-365), 3 (-365), 2 (-366), 1 (-900)
const loans: Row[] = [
  { SK_ID_CURR: 1, id: 3, day: -365, x: null, state: 'refused' },
  { SK_ID_CURR: 1, id: 1, day: -900, x: 8, state: 'refused' },
  { SK_ID_CURR: 1, id: 5, day: -1, x: 1, state: 'granted' },
  { SK_ID_CURR: 1, id: 2, day: -366, x: 4, state: 'refused' },
  { SK_ID_CURR: 1, id: 4, day: -365, x: 2, state: null },
]
// parts of loans: two of loan 5, one of loan 2, one of a loan that is not there
const parts: Row[] = [
  { SK_ID_CURR: 1, id: 2, part: 1, y: 7 },
  { SK_ID_CURR: 1, id: 5, part: 2, y: 3 },
  { SK_ID_CURR: 1, id: 9, part: 1, y: 100 },
  { SK_ID_CURR: 1, id: 5, part: 1, y: null },
]
const clients: Row[] = [
  { SK_ID_CURR: 1, a: 6, zero: 0, gap: null, t: 'C' },
  { SK_ID_CURR: 2, a: 6, zero: 0, gap: null, t: 'unheard of' },
]

const sets: Definitions['sets'] = {
  loans: {
    from: 'bureau',
    columns: { refused: "state = 'refused'", monthly: 'rate(1, 1.05 * x, x)' },
    order: ['-day', '-id'],
    clock: { column: 'day', unit: 'days', newest: -1 },
    label: words,
    row: words,
  },
  recent: { from: 'loans where x is known newest 2', label: words, row: words },
  largest: { from: 'loans', order: ['-x', '-id'], label: words, row: words },
  smallest: { from: 'loans', order: ['x', 'id'], label: words, row: words },
  parts: { from: 'previous_application', order: ['-id', '-part'], label: words, row: words },
  joined: {
    from: 'parts',
    parent: { set: 'loans', key: 'id', columns: ['x', 'day'] },
    columns: { product: 'x * y' },
    label: words,
    row: words,
  },
  by_loan: {
    from: 'parts',
    per: ['id'],
    columns: {
      parts: 'count(rows)',
      y_sum: 'sum(y of rows)',
      first: 'latest(y of rows)',
      twice: 'y_sum * 2',
      monthly: 'rate(1, 1.02 * y_sum, y_sum)',
    },
    order: ['-id'],
    label: words,
    row: words,
  },
}

const examples: Record<string, readonly Example[]> = {
  'arithmetic with a missing side is missing, and so is a division by zero': [
    ['a + gap', null, null],
    ['a * gap - 1', null, null],
    ['a / zero', null, null],
    ['zero / a', 0, 0],
    ['a / 4', 1.5, 1.5],
    ['-a', -6, -6],
    ['2 + 3 * a - 4 / 2', 18, 18],
    ['positive(zero - a)', 0, 0],
    ['positive(gap)', null, null],
    ['abs(zero - a)', 6, 6],
    ['gap ?? a', 6, 6],
    ['rate(1, 110, 100)', 0.1, 0.1],
    ['max(monthly of loans)', 0.05, null],
    ['mean(monthly of by_loan)', 0.02, null],
    ['rate(a, 10, 60)', 0, 0],
    ['rate(a, 10, 70)', 0, 0],
    ['rate(a, gap, 60)', null, null],
    ['rate(zero, 10, 60)', null, null],
    ['rate(a, 10, zero)', null, null],
  ],
  'conditions are three-valued: unknown is not true and not false': [
    ['gap > 1', null, null],
    ['gap > 1 and a > 100', 0, 0],
    ['gap > 1 or a > 1', 1, 1],
    ['gap > 1 or a > 100', null, null],
    ['gap > 1 and a > 1', null, null],
    ['not gap > 1', null, null],
    ['gap is missing and gap != 3 is missing', 1, 1],
    ['gap in (1, 2)', null, null],
    ["t in ('C', 'D')", 1, 0],
    ["t = '\"}; throw 1 // ` \\'", 0, 0],
    ['(gap > 1) = (gap > 2)', null, null],
    ['(a > 1) = (zero > 1)', 0, 0],
    ['(gap > 1) ?? (a > 1)', 1, 1],
    ['(a > 10) ?? (a > 1)', 0, 0],
    ['if(a > 1, gap > 1, a > 2)', null, null],
    ['if(a > 10, gap > 1, a > 2)', 1, 1],
    ['if(gap > 1, 10, 20)', 20, 20],
    ['if(gap > 1, 10)', null, null],
    ['if(not gap > 1, 10, 20)', 20, 20],
  ],
  'lists and aggregates ignore gaps, and over nothing they are missing': [
    ['sum(a, gap, 1)', 7, 7],
    ['sum(gap, gap)', null, null],
    ['mean(a, gap, 2)', 4, 4],
    ['product(a, gap, 2)', 12, 12],
    ['std(a, gap)', 0, 0],
    ['std(a, 2)', 2, 2],
    ['max(gap, zero)', 0, 0],
    ['min(gap)', null, null],
    ['missing(a, gap, t)', 1, 1],
    ['sum(x of loans)', 15, null],
    ['mean(x of loans)', 3.75, null],
    ['median(x of loans)', 3, null],
    ['min(x of loans where x > 100)', null, null],
    ['sum(x of loans where x > 100)', null, null],
  ],
  'a count over no rows is 0, and a condition that is unknown does not count': [
    ['count(loans)', 5, 0],
    ['count(loans where refused)', 3, 0],
    ['count(loans where not refused)', 1, 0],
    ['count(loans where x > 1 or refused)', 4, 0],
    ['distinct(state of loans)', 2, 0],
    ['distinct(state of loans where x > 100)', 0, 0],
  ],
  'a share has all rows below the line, the unknown ones too': [
    ['share(refused of loans)', 0.6, null],
    ['share(refused of loans where state is known)', 0.75, null],
    ['share(x > 1 of loans)', 0.6, null],
    ['share(x > 1 of loans where x > 100)', null, null],
  ],
  'clauses work from the left: the newest of the refused are not the refused of the newest': [
    ['count(loans newest 3 where refused)', 1, 0],
    ['count(loans where refused newest 3)', 3, 0],
    ['sum(x of loans newest 3 where refused)', null, null],
    ['sum(x of loans where refused newest 2)', 4, null],
    ['sum(x of loans where refused oldest 1)', 8, null],
    ['mean(x of loans newest 3)', 1.5, null],
    ['count(loans newest 4 where refused newest 1 where x is known)', 0, 0],
    ['sum(id of loans newest 4 where refused oldest 1)', 2, null],
  ],
  'ties are broken by the order, and the latest row counts even when its value is missing': [
    ['latest(x of loans where day = -365)', 2, null],
    ['latest(x of loans where refused)', null, null],
    ['earliest(x of loans)', 8, null],
    ['latest(state of loans)', 'granted', null],
    ['latest(state of loans where day = -365)', null, null],
    ['sum(id of loans newest 2)', 9, null],
  ],
  'a missing value comes last, whether the order rises or falls': [
    ['latest(id of largest)', 1, null],
    ['earliest(id of largest)', 3, null],
    ['latest(id of smallest)', 5, null],
    ['earliest(id of smallest)', 3, null],
  ],
  'a window is closed at its old end': [
    ['count(loans last 365 days)', 3, 0],
    ['count(loans last 364 days)', 1, 0],
    ['count(loans last 366 days)', 4, 0],
    ['count(loans where refused last 365 days)', 1, 0],
  ],
  'the deviation of one value is 0, of a sample of one it is missing': [
    ['std(x of loans where x = 8)', 0, null],
    ['std_sample(x of loans where x = 8)', null, null],
    ['std(x of loans where x in (2, 4))', 1, null],
    ['std_sample(x of loans where x in (2, 4))', Math.SQRT2, null],
  ],
  'a set of a set has the clauses of its origin': [
    ['count(recent)', 2, 0],
    ['sum(id of recent)', 9, null],
    ['latest(x of recent)', 1, null],
  ],
  'a row without a parent is dropped, and a parent lends its columns': [
    ['count(joined)', 3, 0],
    ['sum(product of joined)', 31, null],
    ['min(day of joined)', -366, null],
  ],
  'a set per keys has one row for each key, whose columns aggregate the rows': [
    ['count(by_loan)', 3, 0],
    ['max(parts of by_loan)', 2, null],
    ['sum(twice of by_loan)', 220, null],
    ['sum(first of by_loan where parts = 2)', 3, null],
    ['latest(y_sum of by_loan)', 100, null],
  ],
  'a key that a lookup table does not hold is missing': [['lookup(levels, t)', 0, null]],
}

const all = Object.values(examples).flat()
const definitions: Definitions = {
  algebra: algebraVersion,
  groups: { trial: { label: words, sensitive: false } },
  sets,
  lists: {},
  tables: {
    levels: {
      entries: [
        [['0'], 0],
        [['C'], 0],
        [['1'], 1],
      ],
    },
  },
  features: all.map(([rule, value], index) => ({
    name: `f${index}`,
    rule,
    kind: typeof value === 'string' || rule.startsWith('latest(state') ? 'category' : 'number',
    unit: 'ratio',
    group: 'trial',
    label: words,
  })),
}

function frame(table: string, rows: readonly Row[]): pl.DataFrame {
  const types = { integer: pl.Int32, number: pl.Float64, text: pl.Utf8, condition: pl.Bool }
  return pl.DataFrame(
    Object.entries(schema[table]!).map(([name, type]) =>
      pl.Series(
        name,
        rows.map((row) => row[name]!),
        types[type],
      ),
    ),
  )
}

const applicant = (client: Row): Applicant => ({
  application: client,
  history: {
    bureau: client.SK_ID_CURR === 1 ? loans : [],
    previous_application: client.SK_ID_CURR === 1 ? parts : [],
    bureau_balance: [],
    POS_CASH_balance: [],
    installments_payments: [],
    credit_card_balance: [],
  },
})

const together = batch(
  definitions,
  {
    application: frame('application', clients),
    bureau: frame('bureau', loans),
    previous_application: frame('previous_application', parts),
  },
  { schema },
)
const alone = evaluator(definitions, schema)

for (const [title, cases] of Object.entries(examples))
  test(title, () => {
    for (const [rule, ...expected] of cases) {
      const index = all.findIndex(([other]) => other === rule)
      assert.equal(
        clients.map((client) => close(alone(applicant(client))[index]!)),
        expected.map(close),
        `${rule}, in JavaScript`,
      )
      const column = together.getColumn(`f${index}`).toArray() as (Value | undefined)[]
      assert.equal(
        column.map((value) => close(value ?? null)),
        expected.map(close),
        `${rule}, in polars`,
      )
    }
  })

test('the rate of a loan over 48 months is the one that spreadsheets give', () => {
  const found = monthlyRate(48, 200, 8000)! // RATE(48, -200, 8000)
  assert.ok(Math.abs(found / 0.00770147248820204 - 1) < 2e-7, String(found))
})

test('payments at the rate that was found repay the amount, for any term and any cost', () => {
  for (const months of [1, 1.5, 3, 6, 12, 24.7, 36, 60, 120, 480])
    for (const rate of [0.0001, 0.001, 0.01, 0.03, 0.1, 0.3, 1, 10]) {
      const payment = (1e5 * rate) / -Math.expm1(-months * Math.log1p(rate))
      const found = monthlyRate(months, payment, 1e5)!
      if (payment * months < freeOfInterest * 1e5) assert.is(found, 0)
      else assert.ok(Math.abs(found / rate - 1) < 2e-7, `${months} months at ${rate}: ${found}`)
    }
})

/** Twelve significant digits: the square root of two is not a matter of algebra. */
function close(value: Value): Value {
  return typeof value === 'number' ? Number(value.toPrecision(12)) : value
}

test.run()
