/** Levels that nobody published, and signs that cannot be: the same answer from CSV, Parquet and a request. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InvalidApplication, parseApplicant, type Row } from './applicant.ts'
import type { Reading } from './checks.ts'
import { cellLevel, levelOf, summed, unknownLevelLines, unknownLevelsOf } from './levels.ts'
import { csvBlocks, readCsv } from './read-csv.ts'
import { readParquet } from './read-parquet.ts'
import { columnOf, tables } from './schema/tables.ts'

const state = columnOf('bureau', 'CREDIT_ACTIVE')

const loan = (change: Row, id = 1): Row => ({
  SK_ID_CURR: 100001,
  SK_ID_BUREAU: id,
  CREDIT_ACTIVE: 'Active',
  CREDIT_CURRENCY: 'currency 1',
  DAYS_CREDIT: -100,
  AMT_CREDIT_SUM: 5000,
  CREDIT_TYPE: 'Consumer credit',
  ...change,
})

function inFile<T>(rows: readonly Row[], use: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'levels-'))
  try {
    const names = tables.bureau.columns.map(({ name }) => name)
    const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? ''))]
    writeFileSync(join(folder, 'bureau.csv'), lines.map((line) => `${line.join(',')}\n`).join(''))
    return use(join(folder, 'bureau.csv'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const fromFile = (rows: readonly Row[]): Reading => inFile(rows, (path) => readCsv(path, 'bureau.csv', tables.bureau))
const fromParquet = (rows: readonly Row[]): Reading =>
  inFile(rows, (path) => {
    // written as texts and numbers of a file that nobody has looked at
    const parquet = path.replace('.csv', '.parquet')
    readCsv(path, 'bureau.csv', tables.bureau).frame!.writeParquet(parquet)
    return readParquet(parquet, 'bureau.parquet', tables.bureau)
  })

const application = {
  SK_ID_CURR: 100001,
  NAME_CONTRACT_TYPE: 'Cash loans',
  AMT_INCOME_TOTAL: 150000,
  AMT_CREDIT: 450000,
  DAYS_BIRTH: -14000,
}
const fromRequest = (rows: readonly Row[]) => parseApplicant({ application, history: { bureau: rows } }).applicant

test('a text is a level but for spaces, not but for capitals', () => {
  assert.is(levelOf(state, ' Bad  debt\u00a0'), 'Bad debt')
  assert.is(levelOf(state, 'bad debt'), 'bad debt')
  assert.is(cellLevel(state, 'XNA '), null)
  assert.is(cellLevel(state, ' nan'), null)
})

test('spaces around a level change nothing, at every door', () => {
  const rows = ['Active ', ' Closed', 'Bad\u00a0debt'].map((text, i) => loan({ CREDIT_ACTIVE: text }, i + 1))
  const levels = ['Active', 'Closed', 'Bad debt']
  for (const { frame, unknownLevels, problems } of [fromFile(rows), fromParquet(rows)]) {
    assert.equal([problems, unknownLevels], [[], []])
    assert.equal(frame!.getColumn('CREDIT_ACTIVE').toArray(), levels)
  }
  const { history } = fromRequest(rows)
  assert.equal(
    history.bureau!.map(({ CREDIT_ACTIVE }) => CREDIT_ACTIVE),
    levels,
  )
  assert.equal(unknownLevelsOf(history), [])
})

test('a level that nobody published is counted, the same from a file, block by block, from Parquet and from a request', () => {
  const texts = ['active', 'active', 'Actif', 'Closed', 'Closed ']
  const rows = texts.map((text, i) => loan({ CREDIT_ACTIVE: text, CREDIT_TYPE: 'Student loan' }, i + 1))
  const found = [
    { column: 'CREDIT_TYPE', value: 'Student loan', rows: 5 },
    { column: 'CREDIT_ACTIVE', value: 'active', rows: 2 },
    { column: 'CREDIT_ACTIVE', value: 'Actif', rows: 1 },
  ]
  assert.equal(summed(fromFile(rows).unknownLevels), found)
  assert.equal(summed(fromParquet(rows).unknownLevels), found)
  inFile(rows, (path) => {
    const blocks = csvBlocks(path, 'bureau.csv', tables.bureau, {}, 60)
    let next = blocks.next()
    while (!next.done) next = blocks.next()
    assert.equal(next.value.unknownLevels, found)
  })
  assert.equal(unknownLevelsOf(fromRequest(rows).history), [{ table: 'bureau', levels: found }])
  assert.equal(unknownLevelLines({ table: 'bureau', levels: found }), [
    'bureau, CREDIT_TYPE: expected a published level, found “Student loan” in 5 rows',
    'bureau, CREDIT_ACTIVE: expected one of Active, Bad debt, Closed, Sold, found “active” in 2 rows (write “Active”), “Actif” in 1 row',
  ])
})

test('a text that stands for a missing value is missing in a file, with spaces or without', () => {
  const { frame, unknownLevels } = fromFile(
    ['nan', ' NA ', 'None', ''].map((text, i) => loan({ CREDIT_ACTIVE: text, AMT_CREDIT_SUM: text }, i + 1)),
  )
  assert.equal(unknownLevels, [])
  assert.is(frame!.getColumn('CREDIT_ACTIVE').nullCount(), 4)
  assert.is(frame!.getColumn('AMT_CREDIT_SUM').nullCount(), 4)
})

test('spaces around numbers change nothing', () => {
  const { frame, problems } = fromFile([loan({ AMT_CREDIT_SUM: ' 5000.5 ', DAYS_CREDIT: '-7\t' })])
  assert.equal(problems, [])
  assert.equal([frame!.getColumn('AMT_CREDIT_SUM').get(0), frame!.getColumn('DAYS_CREDIT').get(0)], [5000.5, -7])
})

test('a day ahead and a negative amount are refused where the published data have none, in a file with the line, in a request with the pointer', () => {
  for (const [change, expected] of [
    [
      { DAYS_CREDIT: 100 },
      /line 2, DAYS_CREDIT: expected a whole number of at most 0 \(days before the application are negative\), found 100/,
    ],
    [{ AMT_CREDIT_SUM: -1 }, /line 2, AMT_CREDIT_SUM: expected a finite number of at least 0, found -1/],
    [{ SK_ID_BUREAU: 3e9 }, /line 2, SK_ID_BUREAU: expected a whole number from 1 to 2147483647, found 3000000000/],
    [{ CNT_CREDIT_PROLONG: 3e9 }, /CNT_CREDIT_PROLONG: expected a whole number from 0 to 2147483647, found 3000000000/],
  ] as const) {
    const [problem] = fromFile([loan(change)]).problems
    const { file, line, column, expected: wanted, value } = problem!
    assert.match(`${file}, line ${line}, ${column}: expected ${wanted}, found ${value}`, expected)
    const [name] = Object.keys(change)
    try {
      fromRequest([loan(change)])
      assert.unreachable(`${name} was taken`)
    } catch (error) {
      assert.instance(error, InvalidApplication, String(error))
      assert.equal(
        (error as InvalidApplication).issues.map(({ pointer, code }) => [pointer, code]),
        [[`/history/bureau/0/${name}`, 'out_of_bounds']],
      )
    }
  }
  assert.equal(fromFile([loan({ DAYS_CREDIT: 365243 })]).problems, [])
})

test.run()
