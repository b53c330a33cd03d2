/** A table from a Parquet file: its types brought to those that CSV gives, then the same checks; every problem reported. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import pl from 'nodejs-polars'
import { append } from './append.ts'
import {
  type Blocks,
  checked,
  emptyFrame,
  failed,
  missingColumns,
  noNumberProblems,
  numbersOf,
  type Place,
  type Reading,
  type ReadOptions,
} from './checks.ts'
import type { Problem } from './data-error.ts'
import { formatOf, formatWords } from './file-format.ts'
import { summed, type UnknownLevel } from './levels.ts'
import { type ParquetField, parquetFields } from './parquet-fields.ts'
import type { Column, TableSchema } from './schema/column.ts'

const blockCells = 1 << 23 // read at a time, of all columns
const magic = 'PAR1' // the first and the last four bytes of every Parquet file

/** The hash of the bytes, and what is wrong at first sight. */
function look(path: string, file: string): { sha256: string; problems: Problem[] } {
  const handle = openSync(path, 'r')
  try {
    if (!fstatSync(handle).isFile())
      return { sha256: '', problems: [{ file, expected: 'a Parquet file', value: 'a folder' }] }
    const hash = createHash('sha256')
    const chunk = Buffer.allocUnsafe(1 << 22)
    let [head, tail] = ['', '']
    for (let size = readSync(handle, chunk); size > 0; size = readSync(handle, chunk)) {
      const bytes = chunk.subarray(0, size)
      hash.update(bytes)
      if (head.length < 1024) head += bytes.toString('latin1', 0, 1024 - head.length)
      tail = (tail + bytes.toString('latin1', Math.max(0, size - 4))).slice(-4)
    }
    const sha256 = hash.digest('hex')
    if (head === '') return { sha256, problems: [{ file, expected: 'a Parquet file', value: 'an empty file' }] }
    const format = formatOf(Buffer.from(head, 'latin1'))
    if (format !== 'Parquet') {
      const value = format ? formatWords(format).en : 'other data'
      return { sha256, problems: [{ file, expected: 'a Parquet file', value }] }
    }
    if (tail !== magic)
      return { sha256, problems: [{ file, expected: 'a whole Parquet file', value: 'one that is cut off' }] }
    return { sha256, problems: [] }
  } finally {
    closeSync(handle)
  }
}

/** Whether a column of the file can be brought to what CSV would have given. */
const isUsable = ({ type }: Column, { kind }: ParquetField): boolean =>
  type === 'text' ? kind === 'text' || kind === 'nothing' : kind !== null && kind !== 'time'

interface Looked {
  readonly sha256: string
  readonly fields: readonly ParquetField[]
  readonly problems: readonly Problem[]
}

/** The columns of a file, and what is wrong before any value is read. */
function looked(path: string, file: string, schema: TableSchema): Looked {
  const { sha256, problems } = look(path, file)
  if (problems.length > 0) return { sha256, fields: [], problems }
  try {
    const fields = parquetFields(path)
    const header = fields.map(({ name }) => name)
    const strange = pairs(schema, fields).filter(([column, field]) => !isUsable(column, field))
    const typeProblems = strange.map(([column, field]) => ({
      file,
      column: column.name,
      expected: column.type === 'text' ? 'a column of texts' : 'a column of numbers',
      value: `one of ${field.type}`,
    }))
    return { sha256, fields, problems: [...missingColumns(file, schema, header, 'file'), ...typeProblems] }
  } catch (cause) {
    return { sha256, fields: [], problems: [unreadable(file, cause)] }
  }
}

/** The columns of the schema that the file has, in the schema's order, with what the file says of them. */
const pairs = (schema: TableSchema, fields: readonly ParquetField[]): [Column, ParquetField][] =>
  schema.columns.flatMap((column) => {
    const field = fields.find(({ name }) => name === column.name)
    return field ? [[column, field] as [Column, ParquetField]] : []
  })

const unreadable = (file: string, cause: unknown): Problem => {
  const value = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return { file, expected: 'a readable Parquet file', value }
}

const strangers = (fields: readonly ParquetField[], schema: TableSchema): string[] =>
  fields.map(({ name }) => name).filter((name) => !schema.columns.some((column) => column.name === name))

/** `most` rows from the row `from` on, as they stand in the file but for the types that polars cannot show. */
function rowsOf(path: string, schema: TableSchema, fields: readonly ParquetField[], from = 0, most = 2 ** 32 - 1) {
  const columns = pairs(schema, fields)
  const isText = ([{ type }, { kind }]: (typeof columns)[number]) => type === 'text' || kind === 'text'
  const [texts, numbers] = [columns.filter(isText), columns.filter((pair) => !isText(pair))].map((some) =>
    pl.cols(some.map(([{ name }]) => name)),
  )
  const asNumbers = numbers!.cast(pl.Float64).fillNan(pl.lit(null)) // NaN is how pandas writes a missing number
  return pl.scanParquet(path).select(texts!.cast(pl.Utf8), asNumbers).slice(from, most).collectSync()
}

/** Reads `path` as that table; messages call it `file`, and count its rows from 1. */
export function readParquet(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const { sha256, fields, problems } = looked(path, file, schema)
  if (problems.length > 0) return failed(problems, fields.length > 0 ? { rows: 0, sha256 } : null)
  let frame: pl.DataFrame
  try {
    frame = rowsOf(path, schema, fields)
  } catch (cause) {
    return failed([unreadable(file, cause)])
  }
  const scan = { rows: frame.height, sha256 }
  if (frame.height === 0 && !options.mayBeEmpty)
    return failed([{ file, expected: 'at least one row', value: 'none' }], scan)
  const ignored = strangers(fields, schema)
  if (frame.height === 0) return { frame: emptyFrame(schema), scan, ignored, unknownLevels: [], problems: [] }
  return typed(frame, fields, { file, rows: 'row' }, schema, scan, ignored, options)
}

/** The same, but the rows come some at a time, in the order of the file; see `csvBlocks`. */
export function* parquetBlocks(
  path: string,
  file: string,
  schema: TableSchema,
  options: ReadOptions,
  cellsAtOnce = blockCells,
): Blocks {
  const { fields, sha256, problems } = looked(path, file, schema)
  if (problems.length > 0) return readParquet(path, file, schema, options)
  const most = Math.ceil(cellsAtOnce / schema.columns.length)
  const place: Place = { file, rows: 'row' }
  const ignored = strangers(fields, schema)
  const unknownLevels: UnknownLevel[] = []
  for (let rows = 0; ; rows += most) {
    let frame: pl.DataFrame
    try {
      frame = rowsOf(path, schema, fields, rows, most)
    } catch {
      return readParquet(path, file, schema, options)
    }
    const [height, scan] = [frame.height, { rows: rows + frame.height, sha256 }]
    if (height === 0 && rows === 0) return readParquet(path, file, schema, options)
    if (height === 0) return { scan, ignored, unknownLevels: summed(unknownLevels), problems: [] }
    const block = typed(frame, fields, place, schema, scan, [], options)
    if (!block.frame) return readParquet(path, file, schema, options)
    append(unknownLevels, block.unknownLevels)
    yield block.frame
    if (height < most) return { scan, ignored, unknownLevels: summed(unknownLevels), problems: [] }
  }
}

/** Brings a frame's types to those that CSV gives, and checks it. */
function typed(
  frame: pl.DataFrame,
  fields: readonly ParquetField[],
  place: Place,
  schema: TableSchema,
  scan: NonNullable<Reading['scan']>,
  ignored: readonly string[],
  options: ReadOptions,
): Reading {
  const written = pairs(schema, fields).flatMap(([column, { kind }]) =>
    column.type !== 'text' && kind === 'text' ? [column] : [],
  )
  const unread = noNumberProblems(frame, written, place)
  if (unread.length > 0) return failed(unread, scan)
  const numbers = numbersOf(written.map(({ name }) => name)).fillNan(pl.lit(null))
  return checked(written.length > 0 ? frame.withColumns(numbers) : frame, schema, place, scan, ignored, options)
}
