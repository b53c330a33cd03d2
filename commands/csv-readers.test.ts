/** Every reader of CSV files on the same odd and malformed files: the same rows, or the same words on the same line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { csvFaultText } from '../api/page/csv-fault-text.ts'
import { readHistories } from '../api/page/histories.ts'
import { wrongFileText } from '../api/page/wrong-file.ts'
import { isMissingText } from '../pipeline/data/csv-dialect.ts'
import { type CsvFault, problemOf } from '../pipeline/data/csv-faults.ts'
import { csvRows } from '../pipeline/data/csv-rows.ts'
import { DataError, type Problem } from '../pipeline/data/data-error.ts'
import { type CsvCase, csvCases } from '../pipeline/data/malformed.test-data.ts'
import { csvBlocks, readCsv } from '../pipeline/data/read-csv.ts'
import type { TableSchema } from '../pipeline/data/schema/column.ts'
import { isNumber } from '../pipeline/drift/column.ts'
import { fileColumns } from '../pipeline/drift/file.ts'
import { outcomesOf } from '../pipeline/drift/outcomes.ts'
import { foldsFromCsv } from '../pipeline/models/folds.ts'

type Rows = readonly (readonly (string | null)[])[]
const isFault = (wanted: CsvCase['wanted']): wanted is CsvFault => 'kind' in wanted

/** A table of these columns, all texts, so that what was read can be held against what stands in the file. */
const schemaOf = (names: readonly string[]): TableSchema => ({
  file: 'table.csv',
  label: { en: 'Table', fr: 'Table' },
  key: [],
  columns: names.map((name) => ({
    name,
    type: 'text',
    unit: null,
    label: { en: name, fr: name },
    bounds: [null, null],
    sentinels: [],
    showsSentinels: false,
    levels: null,
    closed: false,
    whenUnknown: 'missing',
  })),
})

/** The first problem of what was thrown. */
async function problemThrown(read: () => unknown): Promise<Problem | null> {
  try {
    await read()
  } catch (error) {
    assert.ok(error instanceof DataError, String(error))
    return error.problems[0]!
  }
  return null
}

async function inFile(bytes: Uint8Array, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'csv-readers-'))
  const path = join(folder, 'table.csv')
  writeFileSync(path, bytes)
  try {
    await use(path)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** A reader: what it makes of a file; null where it is content with it. */
interface Reader {
  readonly name: string
  readonly read: (path: string, names: readonly string[]) => Promise<{ problem: Problem | null; rows?: Rows }>
}

const readers: readonly Reader[] = [
  {
    name: 'a table of the portfolio',
    read: async (path, names) => {
      const { frame, problems } = readCsv(path, path, schemaOf(names))
      return { problem: problems[0] ?? null, ...(frame ? { rows: frame.rows() as Rows } : {}) }
    },
  },
  {
    name: 'a table of the portfolio, block by block',
    read: async (path, names) => {
      const rows: (readonly (string | null)[])[] = []
      const blocks = csvBlocks(path, path, schemaOf(names), {}, 1)
      for (;;) {
        const next = blocks.next()
        if (next.done) return { problem: next.value.problems[0] ?? null, rows }
        rows.push(...(next.value.rows() as Rows))
      }
    },
  },
]

const rowsOf = (bytes: Buffer): Rows =>
  csvRows(bytes).rows.map(({ cells }) => cells.map((cell) => (isMissingText(cell) ? null : cell)))

for (const { name, bytes, wanted } of csvCases) {
  const problem = (path: string) => (isFault(wanted) ? problemOf(path, wanted) : null)
  const names = isFault(wanted) ? ['SK_ID_CURR', 'TARGET', 'NOTE'] : wanted.names
  const rows = isFault(wanted) ? [] : wanted.rows

  for (const reader of readers)
    test(`${name}: ${reader.name}`, () =>
      inFile(bytes, async (path) => {
        const found = await reader.read(path, names)
        assert.equal(found.problem, problem(path))
        if (!isFault(wanted)) assert.equal(found.rows, rows)
      }))

  test(`${name}: a table of drift, its columns' values in any order`, () =>
    inFile(bytes, async (path) => {
      assert.equal(await problemThrown(() => fileColumns(path)), problem(path))
      if (isFault(wanted)) return
      const { columns } = await fileColumns(path)
      assert.equal(
        columns.map((column) => column.name),
        names,
      )
      for (const [i, column] of columns.entries()) {
        const cells = rows.flatMap((row) => row[i] ?? [])
        assert.is(column.missing, rows.length - cells.length)
        const found = isNumber(column)
          ? Array.from(column.sorted, String)
          : [...column.counts].flatMap(([text, count]) => Array<string>(count).fill(text))
        assert.equal(found.toSorted(), cells.toSorted())
      }
    }))

  test(`${name}: a small file by rows, with the line of each`, () => {
    const found = csvRows(bytes)
    assert.equal(found.faults[0] ?? null, isFault(wanted) ? wanted : null)
    if (isFault(wanted)) return
    assert.equal(found.names, names)
    assert.equal(rowsOf(bytes), rows)
    assert.equal(
      found.rows.map(({ line }) => line),
      wanted.lines,
    )
  })

  test(`${name}: an upload to the page`, () => {
    const { problems } = readHistories('', [{ name: 'table.csv', bytes }])
    if (!isFault(wanted)) assert.match(problems[0]!.en, /its columns belong to no table \(“TARGET” is unknown\)/)
    else if (wanted.kind === 'no rows') assert.match(problems[0]!.en, /its columns belong to no table/)
    else if (wanted.kind === 'binary' && wanted.format)
      assert.equal(problems[0], wrongFileText('table.csv', wanted.format))
    else assert.equal(problems[0], csvFaultText('table.csv', wanted))
  })

  test(`${name}: folds and outcomes`, () =>
    inFile(bytes, async (path) => {
      const ids = rows.map((row) => Number(row[0]))
      const targets = rows.map((row) => Number(row[1]))
      assert.equal(await problemThrown(() => foldsFromCsv(path, ids)), problem(path))
      assert.equal(await problemThrown(() => outcomesOf(path, Float64Array.from(ids))), problem(path))
      if (isFault(wanted)) return
      assert.equal([...foldsFromCsv(path, ids)], targets)
      assert.equal([...outcomesOf(path, Float64Array.from(ids))], targets)
    }))
}

/** Spellings of a number, and the number that every reader takes them for; null: none. */
const spellings: readonly (readonly [text: string, value: number | null])[] = [
  ['12.5', 12.5],
  [' 12.5 ', 12.5],
  ['+12', 12],
  ['-12', -12],
  ['1e3', 1000],
  ['.5', 0.5],
  ['5.', 5],
  ['0x10', null],
  ['1_000', null],
  ['1 000', null],
  ['12 %', null],
  ['(12)', null],
]

for (const [text, value] of spellings)
  test(`the number ${JSON.stringify(text)} is ${value ?? 'none'} to a table of the portfolio, to drift and to an upload`, () =>
    inFile(Buffer.from(`SK_ID_CURR,SK_ID_BUREAU,AMT_CREDIT_SUM\n1,2,${text}\n`), async (path) => {
      const [schema] = [schemaOf(['SK_ID_CURR', 'SK_ID_BUREAU', 'AMT_CREDIT_SUM'])]
      const numeric = { ...schema, columns: schema.columns.map((column) => ({ ...column, type: 'number' as const })) }
      const { frame, problems } = readCsv(path, path, numeric)
      assert.equal(frame ? frame.row(0)[2] : null, value)
      assert.is(problems.length, value === null ? 1 : 0)
      const { columns } = await fileColumns(path)
      const last = columns[2]!
      assert.equal(isNumber(last) ? [...last.sorted] : null, value === null ? null : [value])
      const upload = readHistories('', [{ name: 'bureau.csv', bytes: readFileSync(path) }])
      assert.is(upload.history?.bureau?.[0]?.AMT_CREDIT_SUM ?? null, value)
      assert.is(upload.problems.length, value === null ? 1 : 0)
    }))

test.run()
