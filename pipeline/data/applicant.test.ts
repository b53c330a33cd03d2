import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { notRun, sharedSample } from '../../testing/shared.ts'
import { applicationSchema, historySchema, InvalidApplication, parseApplicant, type Row } from './applicant.ts'
import { historyTables, tables } from './schema/tables.ts'
import { smallPortfolio } from './small.test-data.ts'
import { readTable } from './tables.ts'

const least = {
  NAME_CONTRACT_TYPE: 'Cash loans',
  AMT_INCOME_TOTAL: 150000,
  AMT_CREDIT: 450000,
  AMT_ANNUITY: 22500,
  DAYS_BIRTH: -14000,
}

function issuesOf(input: {
  application: unknown
  history?: unknown
}): readonly { pointer: string; code: string; detail: string }[] {
  try {
    parseApplicant(input)
  } catch (error) {
    if (error instanceof InvalidApplication) return error.issues
    throw error
  }
  return []
}

test('four answers make an applicant with every column, and no history table is made up', () => {
  const { applicant } = parseApplicant({ application: least })
  assert.equal(
    Object.keys(applicant.application),
    tables.application_test.columns.map(({ name }) => name),
  )
  assert.equal(applicant.history, {})
})

test('what is left out takes its usual value and is reported; what may be missing stays missing', () => {
  const { applicant, imputed } = parseApplicant({ application: least })
  assert.is(applicant.application.NAME_INCOME_TYPE, 'Working')
  assert.is(applicant.application.FLAG_DOCUMENT_3, 1)
  assert.is(applicant.application.EXT_SOURCE_1, null)
  assert.is(applicant.application.CODE_GENDER, null)
  assert.ok(imputed.includes('NAME_INCOME_TYPE') && imputed.includes('FLAG_DOCUMENT_3'))
  assert.not.ok(imputed.includes('EXT_SOURCE_1') || imputed.includes('AMT_CREDIT'))
})

test('what follows from other answers is derived from them', () => {
  const { applicant } = parseApplicant({
    application: {
      ...least,
      NAME_INCOME_TYPE: 'Pensioner',
      NAME_FAMILY_STATUS: 'Married',
      CNT_CHILDREN: 2,
      REGION_RATING_CLIENT_W_CITY: 3,
      REG_CITY_NOT_WORK_CITY: 1,
      FLAG_DOCUMENT_6: 1,
    },
  })
  const { application } = applicant
  assert.is(application.DAYS_EMPLOYED, null)
  assert.is(application.FLAG_EMP_PHONE, 0)
  assert.is(application.CNT_FAM_MEMBERS, 4)
  assert.is(application.REGION_RATING_CLIENT, 3)
  assert.is(application.LIVE_CITY_NOT_WORK_CITY, 1)
  assert.is(application.FLAG_DOCUMENT_3, 0)
})

test('a value stated as null stays missing and is not imputed', () => {
  const { applicant, imputed } = parseApplicant({ application: { ...least, AMT_ANNUITY: null, CNT_CHILDREN: null } })
  assert.is(applicant.application.AMT_ANNUITY, null)
  assert.is(applicant.application.CNT_CHILDREN, null)
  assert.not.ok(imputed.includes('CNT_CHILDREN'))
})

test('365243, XNA and XAP become missing, in the form and in the history', () => {
  const { applicant } = parseApplicant({
    application: { ...least, DAYS_EMPLOYED: 365243, ORGANIZATION_TYPE: 'XNA' },
    history: {
      previous_application: [
        { SK_ID_PREV: 7, CODE_REJECT_REASON: 'XAP', DAYS_TERMINATION: 365243, DAYS_DECISION: -40 },
      ],
    },
  })
  assert.is(applicant.application.DAYS_EMPLOYED, null)
  assert.is(applicant.application.ORGANIZATION_TYPE, null)
  const row = applicant.history.previous_application![0]!
  assert.equal([row.CODE_REJECT_REASON, row.DAYS_TERMINATION, row.DAYS_DECISION], [null, null, -40])
  assert.is(Object.keys(row).length, tables.previous_application.columns.length)
})

test('all problems of form and history come at once, each with a pointer', () => {
  const issues = issuesOf({
    application: {
      AMT_INCOME_TOTAL: '150000',
      AMT_CREDIT: null,
      DAYS_BIRTH: 12,
      FLAG_OWN_CAR: 'yes',
      CNT_CHILDREN: 1.5,
      TARGET: 0,
    },
    history: { bureau: [{ DAYS_CREDIT: 'long ago', MOOD: 1 }], cards: [] },
  })
  const found = Object.fromEntries(issues.map(({ pointer, code }) => [pointer, code]))
  assert.equal(found, {
    '/application/AMT_INCOME_TOTAL': 'wrong_type',
    '/application/AMT_CREDIT': 'wrong_type',
    '/application/NAME_CONTRACT_TYPE': 'missing',
    '/application/DAYS_BIRTH': 'out_of_bounds',
    '/application/FLAG_OWN_CAR': 'unknown_level',
    '/application/CNT_CHILDREN': 'wrong_type',
    '/application/TARGET': 'unknown_field',
    '/history/bureau/0/DAYS_CREDIT': 'wrong_type',
    '/history/bureau/0/MOOD': 'unknown_field',
    '/history/cards': 'unknown_field',
  })
})

test('a problem tells what was expected and what came', () => {
  const [issue] = issuesOf({ application: { ...least, DAYS_BIRTH: 12 } })
  assert.match(issue!.detail, /whole number from -36890 to -6574, found 12/)
})

test('rows of another client and months of an unknown loan are refused', () => {
  const issues = issuesOf({
    application: { ...least, SK_ID_CURR: 100001 },
    history: {
      bureau: [{ SK_ID_CURR: 100002, SK_ID_BUREAU: 5 }],
      bureau_balance: [{ SK_ID_BUREAU: 6, MONTHS_BALANCE: 0, STATUS: 'C' }],
    },
  })
  assert.equal(
    issues.map(({ pointer, code }) => [pointer, code]),
    [
      ['/history/bureau/0/SK_ID_CURR', 'another_client'],
      ['/history/bureau_balance/0/SK_ID_BUREAU', 'unknown_loan'],
    ],
  )
})

test('something that is not an object is refused with its place', () => {
  assert.equal(
    issuesOf({ application: 'me', history: [] }).map(({ pointer }) => pointer),
    ['/application', '/history'],
  )
})

test('a level never seen is accepted where levels are open', () => {
  const { applicant } = parseApplicant({ application: { ...least, ORGANIZATION_TYPE: 'Space travel' } })
  assert.is(applicant.application.ORGANIZATION_TYPE, 'Space travel')
})

test('the schema of the form describes every column', () => {
  for (const { name } of tables.application_test.columns) assert.ok(applicationSchema.shape[name]?.description, name)
})

const rowsOf = (folder: string) => readTable(folder, 'application_test').head(50).toRecords() as Row[]

test('rows read from files are applicants as they are, with nothing imputed', () => {
  for (const row of rowsOf(smallPortfolio())) {
    const { applicant, imputed } = parseApplicant({ application: row })
    assert.equal(applicant.application, row)
    assert.equal(imputed, [])
  }
})

test('rows of real new clients are applicants as they are', () => {
  const sample = sharedSample()
  if (!sample) return notRun('rows of real new clients are applicants as they are')
  for (const row of rowsOf(sample)) assert.equal(parseApplicant({ application: row }).applicant.application, row)
})

test('a value is accepted exactly where the schema accepts it, in the form and in every history table', () => {
  const values: unknown[] = [
    null,
    '',
    'XNA',
    'XAP',
    'Cash loans',
    'x'.repeat(101),
    true,
    [],
    {},
    1.5,
    0,
    -0,
    1,
    2,
    24,
    -1,
  ]
  values.push(365243, 2 ** 31, -(2 ** 31), 1e300, -1e300, Number.NaN, Number.POSITIVE_INFINITY, '3')
  const read = (input: { application: unknown; history?: unknown }) => {
    try {
      parseApplicant(input)
      return true
    } catch (error) {
      assert.ok(error instanceof InvalidApplication)
      return error.issues.every(({ code }) => code === 'another_client' || code === 'unknown_loan')
    }
  }
  const required = { NAME_CONTRACT_TYPE: 'Cash loans', AMT_CREDIT: 1, AMT_INCOME_TOTAL: 1, DAYS_BIRTH: -9000 }
  for (const { name } of tables.application_test.columns)
    for (const value of values) {
      const application = { ...required, [name]: value }
      assert.is(read({ application }), applicationSchema.safeParse(application).success, `${name}: ${String(value)}`)
    }
  for (const table of historyTables)
    for (const { name } of tables[table].columns)
      for (const value of values) {
        const history = { [table]: [{}, { [name]: value }] }
        const accepted = historySchema.safeParse(history).success
        assert.is(read({ application: required, history }), accepted, `${table}.${name}: ${String(value)}`)
      }
})

test.run()
