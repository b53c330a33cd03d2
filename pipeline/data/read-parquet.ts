/** A table from a Parquet file: its types brought to those that CSV gives, then the same checks; every problem reported. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import pl from 'nodejs-polars'
import {
  type Blocks,
  checked,
  emptyFrame,
  failed,
  located,
  missingColumns,
  nullTexts,
  type Place,
  type Reading,
  type ReadOptions,
  wanted,
} from './checks.ts'
import type { Problem } from './data-error.ts'
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
      if (head.length < 4) head += bytes.toString('latin1', 0, 4 - head.length)
      tail = (tail + bytes.toString('latin1', Math.max(0, size - 4))).slice(-4)
    }
    const sha256 = hash.digest('hex')
    if (head === '') return { sha256, problems: [{ file, expected: 'a Parquet file', value: 'an empty file' }] }
    if (head !== magic) return { sha256, problems: [{ file, expected: 'a Parquet file', value: 'other data' }] }
    if (tail !== magic)
      return { sha256, problems: [{ file, expected: 'a whole Parquet file', value: 'one that is cut off' }] }
    return { sha256, problems: [] }
  } finally {
    closeSync(handle)
  }
}

const isNumber = (type: string): boolean => /^(U?Int|Float|Bool)/.test(type)
const isText = (type: string): boolean => /^(Utf8|String|Categorical|Enum)/.test(type)

/** A column as CSV would have given it, or null where its type cannot be understood. */
function likeCsv(column: Column, type: string): pl.Expr | null {
  const value = pl.col(column.name)
  const nothing = type === 'Null'
  if (column.type === 'text') {
    if (!isText(type) && !nothing) return null
    const text = value.cast(pl.Utf8)
    return pl.when(text.isIn(nullTexts)).then(pl.lit(null)).otherwise(text).alias(column.name)
  }
  if (type.startsWith('Float')) return value.cast(pl.Float64).fillNan(pl.lit(null)).alias(column.name) // pandas' gap
  if (isNumber(type) || isText(type) || nothing) return value.cast(pl.Float64, false)
  return null
}

interface Looked {
  readonly sha256: string
  readonly header: readonly string[]
  readonly problems: readonly Problem[]
}

/** The columns of a file, and what is wrong before any value is read. */
function looked(path: string, file: string, schema: TableSchema): Looked {
  const { sha256, problems } = look(path, file)
  if (problems.length > 0) return { sha256, header: [], problems }
  try {
    const header = pl.scanParquet(path).columns
    return { sha256, header, problems: missingColumns(file, schema, header, 'file') }
  } catch (cause) {
    return { sha256, header: [], problems: [unreadable(file, cause)] }
  }
}

const unreadable = (file: string, cause: unknown): Problem => {
  const value = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return { file, expected: 'a readable Parquet file', value }
}

const namesOf = (schema: TableSchema): string[] => schema.columns.map(({ name }) => name)
const strangers = (header: readonly string[], schema: TableSchema): string[] =>
  header.filter((name) => !schema.columns.some((column) => column.name === name))

/** Reads `path` as that table; messages call it `file`, and count its rows from 1. */
export function readParquet(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const { sha256, header, problems } = looked(path, file, schema)
  if (problems.length > 0) return failed(problems, header.length > 0 ? { rows: 0, sha256 } : null)
  let frame: pl.DataFrame
  try {
    frame = pl.readParquet(path, { columns: namesOf(schema) })
  } catch (cause) {
    return failed([unreadable(file, cause)])
  }
  const scan = { rows: frame.height, sha256 }
  if (frame.height === 0 && !options.mayBeEmpty)
    return failed([{ file, expected: 'at least one row', value: 'none' }], scan)
  const ignored = strangers(header, schema)
  if (frame.height === 0) return { frame: emptyFrame(schema), scan, ignored, problems: [] }
  return typed(frame, { file, rows: 'row' }, schema, scan, ignored, options)
}

/** The same, but the rows come some at a time, in the order of the file; see `csvBlocks`. */
export function* parquetBlocks(
  path: string,
  file: string,
  schema: TableSchema,
  options: ReadOptions,
  cellsAtOnce = blockCells,
): Blocks {
  const { header, sha256, problems } = looked(path, file, schema)
  if (problems.length > 0) return readParquet(path, file, schema, options)
  const most = Math.ceil(cellsAtOnce / schema.columns.length)
  const place: Place = { file, rows: 'row' }
  for (let rows = 0; ; rows += most) {
    let frame: pl.DataFrame
    try {
      frame = pl
        .scanParquet(path)
        .select(...namesOf(schema))
        .slice(rows, most)
        .collectSync()
    } catch {
      return readParquet(path, file, schema, options)
    }
    const [height, scan] = [frame.height, { rows: rows + frame.height, sha256 }]
    if (height === 0 && rows === 0) return readParquet(path, file, schema, options)
    if (height === 0) return { scan, ignored: strangers(header, schema), problems: [] }
    const block = typed(frame, place, schema, scan, [], options)
    if (!block.frame) return readParquet(path, file, schema, options)
    yield block.frame
    if (height < most) return { scan, ignored: strangers(header, schema), problems: [] }
  }
}

/** Brings a frame's types to those that CSV gives, and checks it. */
function typed(
  frame: pl.DataFrame,
  place: Place,
  schema: TableSchema,
  scan: NonNullable<Reading['scan']>,
  ignored: readonly string[],
  options: ReadOptions,
): Reading {
  const { file } = place
  const typeOf = ({ name }: Column) => frame.getColumn(name).dtype.variant
  const made = schema.columns.map((column) => likeCsv(column, typeOf(column)))
  const strange = schema.columns.filter((_, index) => made[index] === null)
  const unread = schema.columns
    .filter((column) => column.type !== 'text' && isText(typeOf(column)))
    .flatMap((column) => {
      const text = pl.col(column.name).cast(pl.Utf8)
      const bad = text.isNotNull().and(text.cast(pl.Float64, false).isNull())
      return located(place, column, frame, bad, wanted(column))
    })
  const typeProblems = strange.map((column) => ({
    file,
    column: column.name,
    expected: column.type === 'text' ? 'a column of texts' : 'a column of numbers',
    value: `one of ${typeOf(column)}`,
  }))
  if (typeProblems.length + unread.length > 0) return failed([...typeProblems, ...unread], scan)
  const likeText = frame.select(...made.filter((expression) => expression !== null))
  return checked(likeText, schema, place, scan, ignored, options)
}
