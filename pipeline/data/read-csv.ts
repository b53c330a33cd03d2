/** A table from a CSV file: scanned, read with declared types, checked; every problem reported. */
import { closeSync, openSync, readSync } from 'node:fs'
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
  parsed,
  type Reading,
  type ReadOptions,
  valueProblems,
  wanted,
} from './checks.ts'
import { type CsvScan, scanCsv } from './csv-scan.ts'
import type { Problem } from './data-error.ts'
import type { TableSchema } from './schema/column.ts'

const blockBytes = 1 << 25 // of a file, parsed at a time: some 300 MB of memory

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

/** What the header and the lines of a file promise: its scan, the columns that no schema knows, and what is wrong before any value is read. */
function looked(
  path: string,
  file: string,
  schema: TableSchema,
  options: ReadOptions,
  blockBytes?: number,
): { scan: CsvScan; ignored: string[]; problems: readonly Problem[] } {
  const scan = scanCsv(path, file, blockBytes)
  const { header } = scan
  if (scan.problems.length > 0) return { scan, ignored: [], problems: scan.problems }
  if (header.length === 0)
    return { scan, ignored: [], problems: [{ file, expected: 'a header and rows', value: 'an empty file' }] }
  const twice = header.filter((column, index) => header.indexOf(column) !== index)
  const columnProblems = [
    ...missingColumns(file, schema, header, 'header'),
    ...twice.map((column) => ({ file, column, expected: 'each column once', value: 'twice' })),
  ]
  const ignored = header.filter((column) => !schema.columns.some(({ name }) => name === column))
  const none =
    scan.rows === 0 && !options.mayBeEmpty
      ? [{ file, expected: 'at least one row after the header', value: 'none' }]
      : []
  return { scan, ignored, problems: [...columnProblems, ...none] }
}

const parse = (csv: string | Buffer, schema: TableSchema): pl.DataFrame =>
  pl.readCSV(csv, {
    columns: schema.columns.map(({ name }) => name),
    dtypes: Object.fromEntries(schema.columns.map((column) => [column.name, parsed[column.type]])),
    nullValues: nullTexts,
    truncateRaggedLines: false,
    rechunk: false, // sorting joins the pieces anyway
  })

/** Reads `path` as that table; messages call it `file`. */
export function readCsv(path: string, file: string, schema: TableSchema, options: ReadOptions = {}): Reading {
  const place: Place = { file, rows: 'line' }
  const { scan, ignored, problems } = looked(path, file, schema, options)
  if (problems.length > 0) return failed(problems, scan)
  if (scan.rows === 0) return { frame: emptyFrame(schema), scan, ignored, problems: [] }
  let frame: pl.DataFrame
  try {
    frame = parse(path, schema)
  } catch (cause) {
    return failed(unreadable(path, schema, place, cause), scan)
  }
  if (frame.height !== scan.rows)
    return failed([{ file, expected: `${scan.rows} rows`, value: `${frame.height}` }], scan)
  return checked(frame, schema, place, scan, ignored, options)
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
    for (const [k, start] of scan.cuts.slice(0, -1).entries()) {
      const bytes = Buffer.alloc(header.length + scan.cuts[k + 1]! - start)
      header.copy(bytes)
      readSync(handle, bytes, header.length, bytes.length - header.length, start)
      const block = blockOf(bytes, { file, rows: 'line' }, schema, options)
      if (!block) return readCsv(path, file, schema, options)
      rows += block.height
      yield block
    }
    return rows === scan.rows ? { scan, ignored, problems: [] } : readCsv(path, file, schema, options)
  } finally {
    closeSync(handle)
  }
}

/** The rows of one block, or null where something is wrong with them. */
function blockOf(csv: Buffer, place: Place, schema: TableSchema, options: ReadOptions): pl.DataFrame | null {
  let frame: pl.DataFrame
  try {
    frame = parse(csv, schema)
  } catch {
    return null
  }
  return checked(frame, schema, place, null, [], options).frame
}
