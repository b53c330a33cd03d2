import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DataError } from './data-error.ts'
import { type TableName, tables } from './schema/tables.ts'
import { emptyFolder, ownPortfolio, rewrite, smallPortfolio } from './small.test-data.ts'
import { canonical, emptyTable, readParquetTable, readTable, tryReadTable, writeTable } from './tables.ts'

/** What reading a table says after one of its files was spoilt. */
function complaint(table: TableName, spoil: (path: string, folder: string) => void): string {
  const folder = ownPortfolio()
  spoil(join(folder, tables[table].file), folder)
  try {
    readTable(folder, table)
  } catch (error) {
    if (error instanceof DataError) return error.message
    throw error
  }
  return ''
}

/** Changes the fields of one line; line 1 is the header. */
const change = (file: string, line: number, edit: (fields: string[]) => string[]) => (_: string, folder: string) =>
  rewrite(folder, file, (lines) => lines.map((text, i) => (i === line - 1 ? edit(text.split(',')).join(',') : text)))

const set = (table: TableName, line: number, column: string, value: string) => {
  const at = tables[table].columns.findIndex(({ name }) => name === column)
  return change(tables[table].file, line, (fields) => fields.map((field, i) => (i === at ? value : field)))
}

test('numbers, texts and sentinels of a table come out in the declared types', () => {
  const folder = emptyFolder()
  mkdirSync(folder)
  const header = tables.bureau.columns.map(({ name }) => name).join(',')
  const rows = [
    '100001,5000001,Active,currency 1,-10.0,0,365243.0,,,0,450000.0,1.5,,0.0,Credit card,-1,',
    '100001,5000002,XNA,currency 1,-20,0,300,-5,,0,0.0,,,0.0,XAP,365243,12.25',
  ]
  writeFileSync(join(folder, 'bureau.csv'), `${header}\n${rows.join('\n')}\n`)
  const frame = readTable(folder, 'bureau')
  assert.equal(frame.getColumn('DAYS_CREDIT').toArray(), [-10, -20])
  assert.equal(frame.getColumn('DAYS_CREDIT_ENDDATE').toArray(), [null, 300])
  assert.equal(frame.getColumn('DAYS_CREDIT_UPDATE').toArray(), [-1, null])
  assert.equal(frame.getColumn('CREDIT_ACTIVE').toArray(), ['Active', null])
  assert.equal(frame.getColumn('CREDIT_TYPE').toArray(), ['Credit card', null])
  assert.equal(frame.getColumn('AMT_CREDIT_SUM').toArray(), [450000, 0])
  assert.equal(frame.getColumn('AMT_ANNUITY').toArray(), [null, 12.25])
  const types = Object.fromEntries(
    tables.bureau.columns.map(({ name, type }) => [
      name,
      { id: 'Int32', integer: 'Int32', number: 'Float64', text: 'String' }[type],
    ]),
  )
  for (const [name, type] of Object.entries(types)) assert.match(String(frame.getColumn(name).dtype), type, name)
})

test('a table without rows has the types of the schema', () => {
  const types = (frame: ReturnType<typeof emptyTable>) => frame.dtypes.map(String)
  assert.equal(types(emptyTable('bureau')), types(readTable(smallPortfolio(), 'bureau')))
  assert.equal(emptyTable('bureau').columns, readTable(smallPortfolio(), 'bureau').columns)
})

test('a missing file is named with its folder', () => {
  assert.match(
    complaint('bureau', (path) => rmSync(path)),
    /bureau\.csv: expected this file in /,
  )
})

test('a missing column is named', () => {
  const spoil = (_: string, folder: string) =>
    rewrite(folder, 'bureau_balance.csv', (lines) => lines.map((line) => line.split(',').slice(0, 2).join(',')))
  assert.match(complaint('bureau_balance', spoil), /bureau_balance\.csv, STATUS: expected this column in the header/)
})

test('a column that stands twice is named', () => {
  const spoil = (_: string, folder: string) =>
    rewrite(folder, 'bureau_balance.csv', (lines) => lines.map((line) => `${line},${line.split(',')[2]}`))
  assert.match(
    complaint('bureau_balance', spoil),
    /bureau_balance\.csv, line 1, STATUS: expected each column once, found twice/,
  )
})

test('a column that no schema knows is left out and reported', () => {
  const folder = ownPortfolio()
  rewrite(folder, 'bureau_balance.csv', (lines) => lines.map((line, i) => `${line},${i === 0 ? 'MOOD' : 'good'}`))
  const { frame, ignored } = tryReadTable(folder, 'bureau_balance')
  assert.equal(ignored, ['MOOD'])
  assert.equal(frame?.columns, ['SK_ID_BUREAU', 'MONTHS_BALANCE', 'STATUS'])
})

test('an unreadable number is named with file, column, line and value', () => {
  const message = complaint('bureau', set('bureau', 7, 'AMT_CREDIT_SUM', 'a lot'))
  assert.match(message, 'bureau.csv, line 7, AMT_CREDIT_SUM: expected a finite number, found a lot')
})

test('next to an unreadable number the other values of the file are checked too', () => {
  const message = complaint('application_test', (path, folder) => {
    set('application_test', 3, 'AMT_CREDIT', 'much')(path, folder)
    set('application_test', 5, 'DAYS_BIRTH', '12')(path, folder)
  })
  assert.match(message, 'line 3, AMT_CREDIT: expected a finite number, found much')
  assert.match(message, /line 5, DAYS_BIRTH: expected a whole number from -36890 to -6574 \(days before .*\), found 12/)
})

test('a fraction where only whole numbers stand is named', () => {
  const message = complaint('bureau', set('bureau', 4, 'DAYS_CREDIT', '-3.5'))
  assert.match(message, /bureau\.csv, line 4, DAYS_CREDIT: expected a whole number.*, found -3\.5/)
})

test('a number that is not finite is named', () => {
  assert.match(
    complaint('bureau', set('bureau', 3, 'AMT_CREDIT_SUM', 'inf')),
    /line 3, AMT_CREDIT_SUM: expected a finite number/,
  )
})

test('a value out of bounds is named', () => {
  const message = complaint('application_test', set('application_test', 5, 'DAYS_BIRTH', '12'))
  assert.match(message, /line 5, DAYS_BIRTH: expected a whole number from -36890 to -6574 \(days before .*\), found 12/)
})

test('a value outside a closed list of levels is named', () => {
  const message = complaint('bureau_balance', set('bureau_balance', 9, 'STATUS', 'Q'))
  assert.match(message, /bureau_balance\.csv, line 9, STATUS: expected one of 0, 1, .* found Q/)
})

test('a TARGET that is neither 0 nor 1, or missing, is named', () => {
  assert.match(
    complaint('application_train', set('application_train', 3, 'TARGET', '2')),
    /line 3, TARGET: expected a whole number from 0 to 1, found 2/,
  )
  assert.match(
    complaint('application_train', set('application_train', 3, 'TARGET', '')),
    /line 3, TARGET: expected 0 or 1, found nothing/,
  )
})

test('a client who stands twice is named on both lines', () => {
  const spoil = (_: string, folder: string) =>
    rewrite(folder, 'application_train.csv', (lines) => [...lines, lines[1]!])
  const message = complaint('application_train', spoil)
  assert.match(message, /line 2, SK_ID_CURR: expected each client once, found 100001/)
  assert.match(message, /line 202, SK_ID_CURR: expected each client once, found 100001/)
})

test('a row without client number is named', () => {
  assert.match(
    complaint('bureau', set('bureau', 6, 'SK_ID_CURR', '')),
    /bureau\.csv, line 6, SK_ID_CURR: expected a number, found nothing/,
  )
})

test('an empty file and one with a header alone have different errors', () => {
  assert.match(
    complaint('bureau', (path) => writeFileSync(path, '')),
    /bureau\.csv: expected a header and rows, found an empty file/,
  )
  const spoil = (_: string, folder: string) => rewrite(folder, 'bureau.csv', (lines) => lines.slice(0, 1))
  assert.match(complaint('bureau', spoil), /bureau\.csv: expected at least one row after the header, found none/)
})

test('a file cut off in the middle of a line is refused', () => {
  const spoil = (path: string, folder: string) => {
    rewrite(folder, 'bureau.csv', (lines) => lines)
    writeFileSync(path, `${tables.bureau.columns.map(({ name }) => name).join(',')}\n100001,5000001,Act`)
  }
  assert.match(
    complaint('bureau', spoil),
    /bureau\.csv, line 2: expected 17 fields, found 3 \(the file seems to be cut off\)/,
  )
})

test('a zip archive under the name of a table is refused', () => {
  const spoil = (path: string) => writeFileSync(path, Buffer.from([0x50, 0x4b, 3, 4, 20, 0, 0, 0]))
  assert.match(complaint('bureau', spoil), /bureau\.csv: expected CSV text in UTF-8, found a zip archive/)
})

test('a file in another encoding is refused', () => {
  const spoil = (path: string) =>
    writeFileSync(
      path,
      Buffer.from(`${tables.bureau_balance.columns.map(({ name }) => name).join(',')}\n5,0,\xe9\n`, 'latin1'),
    )
  assert.match(
    complaint('bureau_balance', spoil),
    /bureau_balance\.csv, line 2: expected CSV text in UTF-8, found another encoding/,
  )
})

test('all problems of a table come at once, the first ten of a column', () => {
  const folder = ownPortfolio()
  rewrite(folder, 'bureau.csv', (lines) =>
    lines.map((line, i) => {
      const fields = line.split(',')
      if (i > 0 && i <= 30) fields[4] = '-1.5'
      if (i === 40) fields[10] = 'inf'
      return fields.join(',')
    }),
  )
  const { problems } = tryReadTable(folder, 'bureau')
  assert.is(problems.filter(({ column }) => column === 'DAYS_CREDIT').length, 10)
  assert.match(problems[0]!.expected, '30 such rows')
  assert.is(problems.filter(({ column }) => column === 'AMT_CREDIT_SUM').length, 1)
})

test('Parquet gives back what was written, in canonical order', () => {
  const folder = emptyFolder()
  mkdirSync(folder)
  const frame = readTable(smallPortfolio(), 'previous_application')
  writeTable(frame, folder, 'previous_application')
  const back = readParquetTable(folder, 'previous_application')
  assert.ok(back.frameEqual(canonical(frame, 'previous_application')))
  assert.equal(readParquetTable(folder, 'previous_application', ['SK_ID_CURR']).columns, ['SK_ID_CURR'])
})

test('rows with the same key are ordered by their other columns', () => {
  const frame = readTable(smallPortfolio(), 'bureau').head(20)
  const doubled = frame.vstack(frame.withColumns(frame.getColumn('AMT_CREDIT_SUM').add(1)))
  const one = canonical(doubled, 'bureau')
  const other = canonical(doubled.reverse(), 'bureau')
  assert.ok(one.frameEqual(other, true))
})

test.run()
