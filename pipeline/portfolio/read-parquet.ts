/** A table from a Parquet file: its types brought to those that CSV gives, then the same checks; every problem reported. */
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import pl from 'nodejs-polars'
import {
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

/** Reads `path` as that table; messages call it `file`, and count its rows from 1. */
export function readParquet(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const place: Place = { file, rows: 'row' }
  const { sha256, problems } = look(path, file)
  if (problems.length > 0) return failed(problems)
  let header: readonly string[]
  let frame: pl.DataFrame
  try {
    header = pl.scanParquet(path).columns
    const columnProblems = missingColumns(file, schema, header, 'file')
    if (columnProblems.length > 0) return failed(columnProblems, { rows: 0, sha256 })
    frame = pl.readParquet(path, { columns: schema.columns.map(({ name }) => name) })
  } catch (cause) {
    const value = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
    return failed([{ file, expected: 'a readable Parquet file', value }])
  }
  const scan = { rows: frame.height, sha256 }
  const ignored = header.filter((name) => !schema.columns.some((column) => column.name === name))
  if (frame.height === 0 && !options.mayBeEmpty)
    return failed([{ file, expected: 'at least one row', value: 'none' }], scan)
  if (frame.height === 0) return { frame: emptyFrame(schema), scan, ignored, problems: [] }
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
  const typed = frame.select(...made.filter((expression) => expression !== null))
  return checked(typed, schema, place, scan, ignored, options)
}
