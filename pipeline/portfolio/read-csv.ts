/** A table from a CSV file: scanned, read with declared types, checked; every problem reported. */
import pl from 'nodejs-polars'
import {
  checked,
  emptyFrame,
  failed,
  located,
  missingColumns,
  nullTexts,
  type Place,
  parsed,
  type Reading,
  type ReadOptions,
  valueProblems,
  wanted,
} from './checks.ts'
import { scanCsv } from './csv-scan.ts'
import type { Problem } from './data-error.ts'
import type { TableSchema } from './schema/column.ts'

/** Reads everything as text and names the fields that are not numbers, and what is wrong with the others: slow, and only for a file that would not read. */
function unreadable(path: string, schema: TableSchema, place: Place, cause: unknown): Problem[] {
  const numeric = schema.columns.filter(({ type }) => type !== 'text')
  const texts = pl.readCSV(path, { inferSchemaLength: 0, truncateRaggedLines: false, nullValues: nullTexts })
  const problems = numeric.flatMap((column) => {
    const value = pl.col(column.name)
    const bad = value.isNotNull().and(value.str.strip().cast(pl.Float64, false).isNull())
    return located(place, column, texts, bad, wanted(column))
  })
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  if (problems.length === 0) return [{ file: place.file, expected: 'a readable CSV file', value: message }]
  const readable = numeric.map(({ name }) => pl.col(name).str.strip().cast(pl.Float64, false))
  return [...problems, ...valueProblems(texts.withColumns(...readable), schema, place)]
}

/** Reads `path` as that table; messages call it `file`. */
export function readCsv(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const place: Place = { file, rows: 'line' }
  const scan = scanCsv(path, file)
  const { header } = scan
  if (scan.problems.length > 0) return failed(scan.problems, scan)
  if (header.length === 0) return failed([{ file, expected: 'a header and rows', value: 'an empty file' }], scan)
  const twice = header.filter((column, index) => header.indexOf(column) !== index)
  const columnProblems = [
    ...missingColumns(file, schema, header, 'header'),
    ...twice.map((column) => ({ file, column, expected: 'each column once', value: 'twice' })),
  ]
  if (columnProblems.length > 0) return failed(columnProblems, scan)
  const names = schema.columns.map((column) => column.name)
  const ignored = header.filter((column) => !names.includes(column))
  if (scan.rows === 0 && !options.mayBeEmpty)
    return failed([{ file, expected: 'at least one row after the header', value: 'none' }], scan)
  if (scan.rows === 0) return { frame: emptyFrame(schema), scan, ignored, problems: [] }
  let frame: pl.DataFrame
  try {
    frame = pl.readCSV(path, {
      columns: names,
      dtypes: Object.fromEntries(schema.columns.map((column) => [column.name, parsed[column.type]])),
      nullValues: nullTexts,
      truncateRaggedLines: false,
      rechunk: false, // sorting joins the pieces anyway
    })
  } catch (cause) {
    return failed(unreadable(path, schema, place, cause), scan)
  }
  if (frame.height !== scan.rows)
    return failed([{ file, expected: `${scan.rows} rows`, value: `${frame.height}` }], scan)
  return checked(frame, schema, place, scan, ignored, options)
}
