/** A table from a CSV file: scanned, read with declared types, checked; every problem reported. */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs'
import pl from 'nodejs-polars'
import { append } from './append.ts'
import {
  type Blocks,
  checked,
  emptyFrame,
  failed,
  frequentNullTexts,
  missingColumns,
  noNumberProblems,
  nullTexts,
  numbersOf,
  type Place,
  parsed,
  type Reading,
  type ReadOptions,
  valueProblems,
  withoutNumbers,
} from './checks.ts'
import { carriage, newline, quote } from './csv-dialect.ts'
import { problemOf } from './csv-faults.ts'
import { eachRecord } from './csv-records.ts'
import { type CsvScan, scanCsv, scanProblems } from './csv-scan.ts'
import type { Problem } from './data-error.ts'
import { summed, type UnknownLevel } from './levels.ts'
import type { TableSchema } from './schema/column.ts'

const blockBytes = 1 << 25 // of a file, parsed at a time: some 300 MB of memory

/** Reads everything as text and names the fields that are not numbers, and what is wrong with the others: slow, and only for a file that would not read. */
function unreadable(csv: string | Buffer, schema: TableSchema, scan: CsvScan, place: Place, cause: unknown): Problem[] {
  const numeric = schema.columns.filter(({ type }) => type !== 'text')
  const texts = table(csv, schema, scan, nullTexts, true)
  const problems = noNumberProblems(texts, numeric, place, scan.separator)
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  if (problems.length === 0) return [{ file: place.file, expected: 'a readable CSV file', value: message }]
  return [...problems, ...valueProblems(texts.withColumns(numbersOf(namesOf(numeric), scan.separator)), schema, place)]
}

const namesOf = (columns: TableSchema['columns']): string[] => columns.map(({ name }) => name)

/** What the header and the lines of a file promise: its scan, the columns that no schema knows, and what is wrong before any value is read. */
function looked(
  path: string,
  file: string,
  schema: TableSchema,
  options: ReadOptions,
  blockBytes?: number,
): { scan: CsvScan; ignored: string[]; problems: readonly Problem[] } {
  const scan = scanCsv(path, blockBytes)
  const { header } = scan
  const problems = scanProblems(scan, file)
  if (problems.length > 0) return { scan, ignored: [], problems }
  const columnProblems = missingColumns(file, schema, header, 'header')
  const ignored = header.filter((column) => !schema.columns.some(({ name }) => name === column))
  const none = scan.rows === 0 && !options.mayBeEmpty ? [problemOf(file, { kind: 'no rows' })] : []
  return { scan, ignored, problems: [...columnProblems, ...none] }
}

/** The columns of the schema by the names that polars knows them by, which are not trimmed, and back. */
const rawNames = (schema: TableSchema, { header, rawHeader }: CsvScan) =>
  schema.columns.map(({ name, type }) => ({ name, type, raw: rawHeader[header.indexOf(name)] ?? name }))

function table(
  csv: string | Buffer,
  schema: TableSchema,
  scan: CsvScan,
  nulls: readonly string[],
  allAsTexts: boolean,
): pl.DataFrame {
  const columns = rawNames(schema, scan)
  const frame = pl.readCSV(csv, {
    sep: scan.separator,
    columns: columns.map(({ raw }) => raw),
    dtypes: Object.fromEntries(columns.map(({ raw, type }) => [raw, allAsTexts ? pl.Utf8 : parsed[type]])),
    nullValues: [...nulls],
    truncateRaggedLines: false,
    rechunk: false, // sorting joins the pieces anyway
  })
  const renamed = columns.filter(({ name, raw }) => name !== raw)
  return renamed.length > 0 ? frame.rename(Object.fromEntries(renamed.map(({ name, raw }) => [raw, name]))) : frame
}

/** Rows in `parsed` types, whatever stands around numbers: made from texts, as polars knows no decimal comma and no spaces. @throws where a field is no number */
function fromTexts(csv: string | Buffer, schema: TableSchema, scan: CsvScan): pl.DataFrame {
  const texts = table(csv, schema, scan, nullTexts, true)
  const numeric = schema.columns.filter(({ type }) => type !== 'text')
  const [lost] = withoutNumbers(texts, numeric, scan.separator)
  if (lost !== undefined) throw new Error(`a field of ${lost.name} is no number`)
  return texts.withColumns(numbersOf(namesOf(numeric), scan.separator))
}

/**
 * Rows in stored types, checked. Each text that polars shall take for missing is compared with every cell, and numbers in spaces are made from
 * texts: so the rare ones are asked for only where the rows would not read. @throws where a field is no number
 */
function rowsOf(
  csv: string | Buffer,
  schema: TableSchema,
  scan: CsvScan,
  place: Place,
  ignored: readonly string[],
  options: ReadOptions,
): Reading {
  const asTyped = scan.separator === ',' ? [frequentNullTexts, nullTexts] : []
  for (const nulls of asTyped)
    try {
      const reading = checked(table(csv, schema, scan, nulls, false), schema, place, scan, ignored, options)
      if (reading.frame) return reading
    } catch {
      // read once more below
    }
  return checked(fromTexts(csv, schema, scan), schema, place, scan, ignored, options)
}

/** The bytes without their blank lines, which polars would take for rows. They begin with a line of their own. */
function withoutBlankLines(bytes: Buffer): Buffer {
  const kept: Buffer[] = []
  let [from, quoted] = [0, false]
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === quote) quoted = !quoted
    if (quoted || (bytes[at] !== newline && at < bytes.length - 1)) continue
    const isBlank = bytes[at] === newline && (at === from || (at === from + 1 && bytes[from] === carriage))
    if (!isBlank) kept.push(bytes.subarray(from, at + 1))
    from = at + 1
  }
  return Buffer.concat(kept)
}

/** What polars reads of a file: the file itself, or its bytes without blank lines. */
const readableOf = (path: string, { hasBlankLines }: CsvScan): string | Buffer =>
  hasBlankLines ? withoutBlankLines(readFileSync(path)) : path

/** The problems with the lines of the file, where they were counted by rows: with blank lines or line ends in quotes these are not the same. */
function onTheirLines(problems: readonly Problem[], path: string, { isRowPerLine }: CsvScan): readonly Problem[] {
  if (isRowPerLine || problems.every(({ line }) => line === undefined)) return problems
  const lines: number[] = []
  eachRecord(path, path, ({ line }) => lines.push(line) > 0)
  return problems.map((problem) =>
    problem.line === undefined ? problem : { ...problem, line: lines[problem.line - 1] ?? problem.line },
  )
}

/** Reads `path` as that table; messages call it `file`. */
export function readCsv(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const place: Place = { file, rows: 'line' }
  const { scan, ignored, problems } = looked(path, file, schema, options)
  if (problems.length > 0) return failed(problems, scan)
  if (scan.rows === 0) return { frame: emptyFrame(schema), scan, ignored, unknownLevels: [], problems: [] }
  const csv = readableOf(path, scan)
  let reading: Reading
  try {
    reading = rowsOf(csv, schema, scan, place, ignored, options)
  } catch (cause) {
    return failed(onTheirLines(unreadable(csv, schema, scan, place, cause), path, scan), scan)
  }
  if (reading.frame && reading.frame.height !== scan.rows)
    return failed([{ file, expected: `${scan.rows} rows`, value: `${reading.frame.height}` }], scan)
  return { ...reading, problems: onTheirLines(reading.problems, path, scan) }
}

/**
 * The same, but the rows come as frames of some megabytes each, in the order of the file, so that memory does not grow with it. Where anything is
 * wrong the whole file is read once more, for all its problems; the frames that came before are then of no use. Whether two blocks of an
 * application file hold the same client is the caller's to find.
 */
export function* csvBlocks(
  path: string,
  file: string,
  schema: TableSchema,
  options: ReadOptions,
  bytesAtOnce = blockBytes,
): Blocks {
  const { scan, ignored, problems } = looked(path, file, schema, options, bytesAtOnce)
  if (problems.length > 0) return failed(problems, scan)
  const handle = openSync(path, 'r')
  try {
    const header = Buffer.alloc(scan.cuts[0] ?? 0)
    readSync(handle, header, 0, header.length, 0)
    let rows = 0
    const unknownLevels: UnknownLevel[] = []
    for (const [k, start] of scan.cuts.slice(0, -1).entries()) {
      const bytes = Buffer.alloc(header.length + scan.cuts[k + 1]! - start)
      header.copy(bytes)
      readSync(handle, bytes, header.length, bytes.length - header.length, start)
      const block = blockOf(scan.hasBlankLines ? withoutBlankLines(bytes) : bytes, file, schema, scan, options)
      if (!block?.frame) return readCsv(path, file, schema, options)
      rows += block.frame.height
      append(unknownLevels, block.unknownLevels)
      if (block.frame.height > 0) yield block.frame
    }
    return rows === scan.rows
      ? { scan, ignored, unknownLevels: summed(unknownLevels), problems: [] }
      : readCsv(path, file, schema, options)
  } finally {
    closeSync(handle)
  }
}

/** One block read, or null where it would not read. */
function blockOf(csv: Buffer, file: string, schema: TableSchema, scan: CsvScan, options: ReadOptions): Reading | null {
  try {
    return rowsOf(csv, schema, scan, { file, rows: 'line' }, [], options)
  } catch {
    return null
  }
}
