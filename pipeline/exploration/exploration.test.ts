import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { application_test, application_train } from '../data/schema/application.ts'
import { type TableName, tables } from '../data/schema/tables.ts'
import { answer } from './answer.ts'
import { externalScores, meanScore, spreadOfFifths } from './external-scores.ts'
import { coverage } from './histories.ts'
import { besideScores, meanGap, warningSigns } from './history-lift.ts'
import { buildingKnown, explained, gaps, gapsSentence } from './missing.ts'
import { shifts, shiftsSentence, standardised } from './new-clients.ts'
import type { Portfolio } from './portfolio.ts'
import { provenance } from './portfolio.ts'
import { rateOf } from './rate.ts'
import { sentinels, sentinelsSentence } from './sentinels.ts'
import { signals } from './signals.ts'
import { ages, portrait, portraitSentence } from './who-applies.ts'

type Cell = string | number | null
const stored = { id: pl.Int32, integer: pl.Int32, number: pl.Float64, text: pl.Utf8 } as const

/** A table of the schema's columns: those given, the others null. */
function frame(name: TableName, rows: number, given: Record<string, readonly Cell[]>): pl.DataFrame {
  return pl.DataFrame(
    tables[name].columns.map((column) =>
      pl.Series(column.name, [...(given[column.name] ?? Array<null>(rows).fill(null))], stored[column.type]),
    ),
  )
}

function portfolio(
  known: Record<string, readonly Cell[]>,
  histories: Partial<Record<TableName, Record<string, readonly Cell[]>>> = {},
  fresh: Record<string, readonly Cell[]> = known,
): Portfolio {
  const size = (columns: Record<string, readonly Cell[]>) => Object.values(columns)[0]?.length ?? 0
  const { TARGET: _, ...without } = fresh
  return {
    known: frame('application_train', size(known), known),
    fresh: frame('application_test', size(without), without),
    synthetic: true,
    hash: '0123456789abcdef',
    rows: { application_train: size(known), bureau: 3, bureau_balance: 4 },
    table: (name, columns) => frame(name, size(histories[name] ?? {}), histories[name] ?? {}).select(...columns),
  }
}
const near = (actual: number, expected: number, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`)

const four = { SK_ID_CURR: [1, 2, 3, 4], TARGET: [1, 0, 0, 1] }

test('synthetic data say so, real data do not', () => {
  const made = portfolio(four)
  assert.match(
    provenance(made),
    /^> \*\*Synthetic data\.\*\* .*4 known and 4 new clients, 7 rows of history; data 01234567/,
  )
  assert.match(provenance({ ...made, synthetic: false }), /^\*\*Real data\*\*: 4 known/)
})

test('the portrait counts shares and medians of both groups', () => {
  const people = portrait(
    portfolio(
      {
        ...four,
        CODE_GENDER: ['F', 'F', 'M', 'F'],
        DAYS_BIRTH: [-10957.5, -14610, -18262.5, -21915].map(Math.floor),
        AMT_INCOME_TOTAL: [1, 2, 4, 100],
        AMT_CREDIT: [6, 6, 12, 12],
      },
      {},
      { SK_ID_CURR: [5, 6], CODE_GENDER: ['M', 'F'] },
    ),
  )
  const of = (trait: string) => people.find((row) => row.trait === trait)
  assert.equal([of('women')?.known, of('women')?.fresh], [0.75, 0.5])
  assert.equal([of('income, median')?.known, of('loan, median')?.known, of('clients')?.fresh], [3, 9, 2])
  near(of('age, median')?.known ?? 0, 45, 0.01)
  assert.match(
    portraitSentence(people),
    /4 known clients 75% are women; half are older than \*\*45 years\*\*.* \*\*9\*\*, that is 3\.0 times/,
  )
})

test('ages are shares of all clients by gender; the very old count in the last band', () => {
  const { women, men } = ages(
    frame('application_train', 4, {
      ...four,
      CODE_GENDER: ['F', 'M', 'F', 'F'],
      DAYS_BIRTH: [-8000, -8000, -30000, -15000],
    }),
  )
  assert.equal(
    women,
    [0.25, 0, 0, 0, 0.25, 0, 0, 0, 0, 0.25].map((share, index) => (index === 4 ? women[4] : share)),
  )
  assert.is(women[4], 0.25)
  assert.is(men[0], 0.25)
})

test('a gap is explained when the reason separates those who lack the value from those who have it', () => {
  const found = gaps(
    portfolio(
      {
        ...four,
        FLAG_OWN_CAR: ['N', 'N', 'Y', 'Y'],
        OWN_CAR_AGE: [null, null, 3, 9],
        NAME_INCOME_TYPE: ['Working', 'Pensioner', 'Working', 'Working'],
        DAYS_EMPLOYED: [-100, -200, null, -300],
        EXT_SOURCE_1: [0.1, 0.2, 0.3, 0.4],
      },
      { bureau: { SK_ID_CURR: [1, 1, 2], SK_ID_BUREAU: [10, 11, 12] } },
    ),
  )
  const of = (name: string) => found.find((gap) => gap.name === name)
  const car = of('the age of the car')
  assert.equal([car?.missing, car?.when, car?.otherwise, car && explained(car)], [0.5, 1, 0, true])
  assert.equal([car?.without.defaults, car?.without.clients, car?.given.defaults, car?.given.clients], [1, 2, 1, 2])
  const job = of('the time in the job')
  near(job?.otherwise ?? 0, 1 / 3)
  assert.equal([job?.missing, job?.when, job && explained(job)], [0.25, 0, false])
  assert.is(of('external score 1'), undefined)
  // Clients 3 and 4 are unknown to the bureau; the enquiries are missing for all.
  assert.equal([of('enquiries')?.when, of('enquiries')?.otherwise, of('enquiries')?.columns.length], [1, 1, 6])
  assert.match(gapsSentence(found), /^\*\*1\*\* of \d groups of gaps have a reason/)
})

test('a client’s building is known wholly, in part, or not at all', () => {
  const { columns } = tables.application_train
  const building = columns.map(({ name }) => name).filter((name) => /_(AVG|MODE|MEDI)$/.test(name))
  const given = Object.fromEntries(
    building.map((name) => [
      name,
      [columns.find((each) => each.name === name)?.type === 'text' ? 'x' : 1, null, null, null],
    ]),
  )
  const known = frame('application_train', 4, { ...four, ...given, APARTMENTS_AVG: [1, 0.5, null, null] })
  assert.equal(buildingKnown(known), { none: 0.5, some: 0.25, all: 0.25 })
})

test('a null among other dates of a loan was a sentinel; a loan without any was never paid out', () => {
  const found = sentinels(
    portfolio(
      { ...four, DAYS_EMPLOYED: [-365, -731, null, null], CODE_GENDER: ['F', 'M', null, 'F'] },
      {
        previous_application: {
          SK_ID_CURR: [1, 1, 2],
          DAYS_FIRST_DUE: [-100, null, -50],
          DAYS_LAST_DUE: [null, null, -10],
        },
      },
    ),
  )
  const of = (column: string) => found.find((each) => each.column === column)
  assert.equal([of('DAYS_EMPLOYED')?.rows, of('DAYS_EMPLOYED')?.of], [2, 4])
  assert.equal([of('DAYS_LAST_DUE')?.rows, of('DAYS_LAST_DUE')?.of], [1, 2])
  assert.equal([of('NAME_GOODS_CATEGORY')?.rows, of('NAME_GOODS_CATEGORY')?.of], [3, 3])
})

test('two sentinels among four clients turn 1.5 years in the job into minus 499 (hand: (365 + 731 − 2 · 365243) / 4 / 365.25)', () => {
  const { known } = portfolio({ ...four, DAYS_EMPLOYED: [-365, -731, null, null] })
  assert.match(
    sentinelsSentence({ known }),
    /2 clients without an employer .*\*\*−499\.2 years\*\* instead of \*\*1\.5\*\*/,
  )
})

const ten = {
  SK_ID_CURR: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  TARGET: [1, 1, 0, 1, 0, 0, 0, 0, 0, 1],
  EXT_SOURCE_1: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, null, null],
  EXT_SOURCE_2: [0.3, null, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, null, 0.9],
}

test('the mean score is that of the scores a client has', () => {
  const mean = meanScore(frame('application_train', 10, ten))
  near(mean[0] ?? 0, 0.2)
  assert.is(mean[1], 0.2)
  assert.ok(Number.isNaN(mean[8]))
})

test('a score is judged on the clients who have it: 14 of 15 pairs in order, a fifth of eight at each end', () => {
  const [first] = externalScores(frame('application_train', 10, { ...ten, EXT_SOURCE_3: ten.EXT_SOURCE_1 }))
  // Defaults at 0.1, 0.2, 0.4, others at 0.3, 0.5, 0.6, 0.7, 0.8: only 0.4 against 0.3 is out of order.
  near(first?.auc ?? 0, 14 / 15)
  assert.is(first?.missing, 0.2)
  assert.equal(
    first?.fifths.map(({ clients }) => clients),
    [2, 1, 2, 1, 2],
  )
  assert.equal(
    first?.fifths.map(({ defaults }) => defaults),
    [2, 0, 1, 0, 0],
  )
  assert.equal([first?.without.clients, first?.without.defaults, first?.overall], [2, 1, 0.4])
  assert.is(first && spreadOfFifths(first), Number.POSITIVE_INFINITY)
})

test('coverage counts the clients with rows, finding those of bureau_balance through the bureau', () => {
  const found = coverage(
    portfolio(four, {
      bureau: { SK_ID_CURR: [1, 1, 2], SK_ID_BUREAU: [10, 11, 12] },
      bureau_balance: { SK_ID_BUREAU: [11, 11, 11, 99], STATUS: ['0', '0', 'C', '0'] },
    }),
  )
  const of = (table: string) => found.find((each) => each.table === table)
  assert.equal(
    [of('loans elsewhere')?.share, of('loans elsewhere')?.rowsEach, of('loans elsewhere')?.having.rate],
    [0.5, 1.5, 0.5],
  )
  assert.equal([of('months of loans elsewhere')?.clients, of('months of loans elsewhere')?.rowsEach], [1, 3])
  assert.is(of('months of cards here')?.lacking.clients, 4)
})

/** Twenty clients; those who default were refused more often. */
const twenty = {
  SK_ID_CURR: Array.from({ length: 20 }, (_, index) => index + 1),
  TARGET: Array.from({ length: 20 }, (_, index) => (index % 4 === 0 ? 1 : 0)),
  EXT_SOURCE_2: Array.from({ length: 20 }, (_, index) => (index + 1) / 20),
}
const refused = {
  SK_ID_CURR: twenty.SK_ID_CURR.flatMap((id) => [id, id]),
  NAME_CONTRACT_STATUS: twenty.TARGET.flatMap((target) =>
    target === 1 ? ['Refused', 'Approved'] : ['Approved', 'Approved'],
  ),
}

test('a figure that only defaulters have separates wholly, and its riskiest group is they alone', () => {
  const found = signals(portfolio(twenty, { previous_application: refused }))
  assert.equal(
    found.map(({ name }) => name),
    ['share of earlier applications refused'],
  )
  const [signal] = found
  assert.equal([signal?.auc, signal?.rising, signal?.clients], [1, true, 20])
  assert.equal([signal?.risky.clients, signal?.risky.rate, signal?.others.rate], [5, 1, 0])
})

test('a figure that falls with risk is turned round', () => {
  const days = {
    SK_ID_CURR: twenty.SK_ID_CURR,
    SK_ID_BUREAU: twenty.SK_ID_CURR,
    DAYS_CREDIT: twenty.TARGET.map((target, index) => (target === 1 ? -10 : -500) - index),
  }
  const [signal] = signals(portfolio(twenty, { bureau: days }))
  assert.equal(
    [signal?.name, signal?.rising, signal?.auc, signal?.risky.defaults],
    ['days since the last loan elsewhere', false, 1, 4],
  )
})

test('warning signs are counted a client over all figures', () => {
  const signal = signals(portfolio(twenty, { previous_application: refused }))
  assert.equal(
    [...warningSigns(20, [...signal, ...signal])],
    twenty.TARGET.map((target) => 2 * target),
  )
})

test('the mean gap of two series is that of the fifths where both have clients, with independent errors', () => {
  const { gap, low, high } = meanGap(
    [rateOf('a', 100, 30), rateOf('b', 0, 0)],
    [rateOf('a', 100, 10), rateOf('b', 50, 5)],
  )
  near(gap, 0.2)
  near(high - gap, 1.959964 * Math.sqrt((0.3 * 0.7 + 0.1 * 0.9) / 100))
  near(gap - low, high - gap)
})

test('at the same external score, clients with signs default and those without do not', () => {
  const { known, table } = portfolio(twenty, { previous_application: refused })
  const [signal] = signals({ known, table })
  if (!signal) throw new Error('one signal was expected')
  const found = besideScores(known, [signal, signal])
  assert.equal(
    found.several.map(({ clients, defaults }) => [clients, defaults]),
    [
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  )
  assert.equal([found.none[0]?.clients, found.none[0]?.defaults, found.gap, found.clear], [3, 0, 1, true])
})

test('a standardised difference is the difference of means over the pooled deviation', () => {
  near(standardised({ mean: 1, sd: 3 }, { mean: 6, sd: 4 }), 5 / Math.sqrt(12.5))
  assert.is(standardised({ mean: 1, sd: 0 }, { mean: 1, sd: 0 }), 0)
})

test('each answer names what moved most: its mean, a level, or its gaps', () => {
  const known = {
    ...four,
    AMT_CREDIT: [1, 2, 3, 4],
    NAME_CONTRACT_TYPE: ['Cash loans', 'Cash loans', 'Revolving loans', 'Revolving loans'],
    EXT_SOURCE_1: [0.5, 0.5, 0.5, 0.5],
  }
  const fresh = {
    SK_ID_CURR: [5, 6, 7, 8],
    AMT_CREDIT: [3, 4, 5, 6],
    NAME_CONTRACT_TYPE: ['Cash loans', 'Cash loans', 'Cash loans', 'Revolving loans'],
    EXT_SOURCE_1: [0.5, null, null, 0.5],
  }
  const found = shifts(portfolio(known, {}, fresh))
  const of = (column: string) => found.find((shift) => shift.column === column)
  assert.equal([of('AMT_CREDIT')?.what, of('AMT_CREDIT')?.known, of('AMT_CREDIT')?.fresh], ['mean', '2.50', '4.50'])
  near(of('AMT_CREDIT')?.difference ?? 0, 2 / Math.sqrt(5 / 3))
  assert.equal(
    [of('NAME_CONTRACT_TYPE')?.known, of('NAME_CONTRACT_TYPE')?.fresh],
    ['50.0%', '75.0%'],
    'levels that mirror each other: the rarer one, or the first by name',
  )
  near(of('NAME_CONTRACT_TYPE')?.difference ?? 0, 0.25 / Math.sqrt((0.25 + 0.1875) / 2))
  assert.equal([of('EXT_SOURCE_1')?.what, of('EXT_SOURCE_1')?.fresh], ['missing', '50.0%'])
  assert.is(found.length, application_test.columns.length - 1)
  assert.match(shiftsSentence(found), /^\*\*3\*\* of 120 answers moved/)
})

test('new clients like the known ones are said to be so', () => {
  const same = shifts(portfolio({ ...four, AMT_CREDIT: [1, 2, 3, 4] }))
  assert.match(shiftsSentence(same), /the new clients look like the known ones/)
})

test('the answer is two sentences whose claims follow the numbers', () => {
  const strong = portfolio(
    { ...twenty, CODE_GENDER: twenty.SK_ID_CURR.map(() => 'M'), DAYS_BIRTH: twenty.SK_ID_CURR.map(() => -14610) },
    { previous_application: refused },
  )
  const told = signals(strong)
  const text = answer(
    strong,
    externalScores(
      portfolio({ ...twenty, EXT_SOURCE_1: twenty.EXT_SOURCE_2, EXT_SOURCE_3: twenty.EXT_SOURCE_2 }).known,
    ),
    told,
    shifts(strong),
  )
  assert.match(
    text,
    /^The typical applicant is a man of 40 .*\*\*25\.0%\*\* of the known clients failed to repay\. “Share of earlier applications refused” tells most of it, before the external scores, /,
  )
  assert.match(text, /new clients look like the known ones\.$/)
})

test('the schema’s columns are the ones that the notebook counts', () => {
  assert.equal([application_train.columns.length, application_test.columns.length], [122, 121])
})

test.run()
