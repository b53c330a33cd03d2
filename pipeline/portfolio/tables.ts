/** The tables as polars frames: CSV read with declared types, sentinels resolved, every problem reported; Parquet in one canonical order. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import pl from 'nodejs-polars'
import { type CsvScan, scanCsv } from './csv-scan.ts'
import { DataError, type Problem } from './data-error.ts'
import type { Column, TableSchema } from './schema/column.ts'
import { type TableName, tableNames, tables } from './schema/tables.ts'

export interface Reading {
  /** Null when it could not be read. */
  readonly frame: pl.DataFrame | null
  readonly scan: CsvScan | null
  /** Columns of the file that the schema does not know; they are left out. */
  readonly ignored: readonly string[]
  readonly problems: readonly Problem[]
}

const shown = 10 // values of one column

const stored = { id: pl.Int32, integer: pl.Int32, number: pl.Float64, text: pl.Utf8 } as const
/** Whole numbers are parsed as float64: the files write 24.0 as well as 24. Exact up to 2^53. */
const parsed = { id: pl.Float64, integer: pl.Float64, number: pl.Float64, text: pl.Utf8 } as const

/** A table without rows, in the types of the schema. */
export function emptyTable(name: TableName): pl.DataFrame {
  return pl.DataFrame(tables[name].columns.map((column) => pl.Series(column.name, [], stored[column.type])))
}

const wanted = ({ type }: Column) => (type === 'number' ? 'a finite number' : 'a whole number')

/** Rows of one column that `bad` marks, as problems; the header is line 1. */
function located(file: string, column: Column, frame: pl.DataFrame, bad: pl.Expr, expected: string): Problem[] {
  const rows = frame.withRowIndex('line', 2).filter(bad).select('line', column.name)
  const found = rows.height
  return rows
    .head(shown)
    .rows()
    .map(([line, value]: unknown[]) => ({
      file,
      column: column.name,
      line: Number(line),
      expected: found > shown ? `${expected} (${found} such rows)` : expected,
      value: value === null ? 'nothing' : String(value),
    }))
}

/** Reads everything as text and names the fields that are not numbers: slow, and only for a file that would not read. */
function unreadable(path: string, schema: TableSchema, cause: unknown): Problem[] {
  const numeric = schema.columns.filter(({ type }) => type !== 'text')
  const texts = pl.readCSV(path, { inferSchemaLength: 0, truncateRaggedLines: false, nullValues: nullTexts })
  const problems = numeric.flatMap((column) => {
    const value = pl.col(column.name)
    const bad = value.isNotNull().and(value.str.strip().cast(pl.Float64, false).isNull())
    return located(schema.file, column, texts, bad, wanted(column))
  })
  const message = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)
  return problems.length > 0 ? problems : [{ file: schema.file, expected: 'a readable CSV file', value: message }]
}

const nullTexts = ['', 'XNA', 'XAP']

interface Check {
  readonly column: Column
  readonly bad: pl.Expr
  readonly expected: string
}

/** The exact check of one column's values, or null where every value will do. */
function checkOf(column: Column): Check | null {
  const value = pl.col(column.name)
  const [low, high] = column.bounds
  if (column.type === 'text') {
    if (!column.closed || !column.levels) return null
    const bad = value.isNotNull().and(value.isIn([...column.levels]).not())
    return { column, bad, expected: `one of ${column.levels.join(', ')}` }
  }
  const whole = column.type !== 'number'
  const inside = [
    whole ? value.eq(value.floor()) : value.isFinite(),
    value.gtEq(low ?? (whole ? -(2 ** 31) : -Number.MAX_VALUE)),
    value.ltEq(high ?? (whole ? 2 ** 31 - 1 : Number.MAX_VALUE)),
  ].reduce((all, each) => all.and(each))
  const allowed = column.sentinels.reduce<pl.Expr>((all, each) => all.or(value.eq(pl.lit(Number(each)))), inside)
  return { column, bad: allowed.not(), expected: range(whole ? 'a whole number' : 'a finite number', low, high) }
}

/**
 * Values that are not whole, not finite, out of bounds or outside a closed set. A polars expression takes about a millisecond to make,
 * so a few expressions over all columns tell which columns are worth one of their own.
 */
function valueProblems(frame: pl.DataFrame, schema: TableSchema): Problem[] {
  const numeric = schema.columns.filter(({ type }) => type !== 'text')
  const whole = numeric.filter(({ type }) => type !== 'number')
  const over = (columns: readonly Column[]) => pl.cols(columns.map(({ name }) => name))
  const values = frame.select(over(numeric))
  const [least, most, sums] = [values.min(), values.max(), values.sum()].map((row) => row.row(0).map(Number))
  const fraction = frame.select(over(whole).neq(over(whole).floor()).cast(pl.UInt32).sum()).row(0)
  const broken = new Set(whole.filter((_, index) => Number(fraction[index]) > 0).map(({ name }) => name))
  const strange = numeric.filter((column, index) => {
    const [low, high] = column.bounds
    const [smallest, greatest] = [least?.[index] ?? 0, most?.[index] ?? 0]
    const limit = column.type === 'number' ? Number.MAX_VALUE : 2 ** 31 - 1
    return (
      broken.has(column.name) ||
      !Number.isFinite(sums?.[index] ?? 0) ||
      smallest < (low ?? -limit) ||
      greatest > (high ?? limit)
    )
  })
  const checks = [...strange, ...schema.columns.filter(({ type }) => type === 'text')]
    .map(checkOf)
    .filter((check) => check !== null)
  if (checks.length === 0) return []
  const counts = frame.select(...checks.map(({ column, bad }) => bad.cast(pl.UInt32).sum().alias(column.name))).row(0)
  return checks.flatMap(({ column, bad, expected }, index) =>
    Number(counts[index] ?? 0) > 0 ? located(schema.file, column, frame, bad, expected) : [],
  )
}

const range = (kind: string, low: number | null, high: number | null) =>
  low !== null && high !== null
    ? `${kind} from ${low} to ${high}`
    : low !== null
      ? `${kind} of at least ${low}`
      : high !== null
        ? `${kind} of at most ${high}`
        : kind

/** From parsed to stored types; sentinels of numbers become null (those of texts already are). */
function resolve(frame: pl.DataFrame, schema: TableSchema): pl.DataFrame {
  const named = (keep: (column: Column) => boolean) => schema.columns.filter(keep).map(({ name }) => name)
  const whole = ({ type }: Column) => type === 'id' || type === 'integer'
  const plain = named((column) => whole(column) && column.sentinels.length === 0)
  const infinite = schema.columns.filter((column) => whole(column) && column.sentinels.length > 0)
  const resolved = infinite.map(({ name, sentinels }) => {
    const missing = sentinels.map((each) => pl.col(name).eq(pl.lit(Number(each)))).reduce((all, each) => all.or(each))
    return pl.when(missing).then(pl.lit(null)).otherwise(pl.col(name)).cast(pl.Int32, true).alias(name)
  })
  const typed = frame.withColumns(pl.cols(plain).cast(pl.Int32, true), ...resolved)
  return typed.select(pl.cols(schema.columns.map(({ name }) => name)))
}

/** Reads one table and answers all that is wrong with it instead of throwing. */
export function tryReadTable(folder: string, name: TableName, options: { mayBeEmpty?: boolean } = {}): Reading {
  const schema = tables[name]
  const path = join(folder, schema.file)
  const failed = (problems: readonly Problem[], scan: CsvScan | null = null): Reading => ({
    frame: null,
    scan,
    ignored: [],
    problems,
  })
  if (!existsSync(path)) return failed([{ file: schema.file, expected: `this file in ${folder}`, value: 'none' }])
  const scan = scanCsv(path, schema.file)
  const { header } = scan
  if (scan.problems.length > 0) return failed(scan.problems, scan)
  if (header.length === 0)
    return failed([{ file: schema.file, expected: 'a header and rows', value: 'an empty file' }], scan)
  const names = schema.columns.map((column) => column.name)
  const columnProblems = [
    ...names
      .filter((column) => !header.includes(column))
      .map((column) => ({ file: schema.file, column, expected: 'this column in the header' })),
    ...header
      .filter((column, index) => header.indexOf(column) !== index)
      .map((column) => ({ file: schema.file, column, expected: 'each column once', value: 'twice' })),
  ]
  if (columnProblems.length > 0) return failed(columnProblems, scan)
  const ignored = header.filter((column) => !names.includes(column))
  if (scan.rows === 0) {
    if (options.mayBeEmpty) return { frame: emptyTable(name), scan, ignored, problems: [] }
    return failed([{ file: schema.file, expected: 'at least one row after the header', value: 'none' }], scan)
  }
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
    return failed(unreadable(path, schema, cause), scan)
  }
  if (frame.height !== scan.rows)
    return failed([{ file: schema.file, expected: `${scan.rows} rows`, value: `${frame.height}` }], scan)
  const problems = valueProblems(frame, schema)
  if (problems.length > 0) return failed(problems, scan)
  const typed = resolve(frame, schema)
  const more = clientProblems(typed, schema)
  return more.length > 0 ? failed(more, scan) : { frame: typed, scan, ignored, problems: [] }
}

/** Of an application file: a client without number or twice, a TARGET that is missing. */
function clientProblems(frame: pl.DataFrame, schema: TableSchema): Problem[] {
  const ids = schema.columns.filter(({ type }) => type === 'id')
  const nameless = ids.flatMap((column) =>
    frame.getColumn(column.name).nullCount() > 0
      ? located(schema.file, column, frame, pl.col(column.name).isNull(), 'a number')
      : [],
  )
  if (!schema.file.startsWith('application')) return nameless
  const twice = ids.flatMap((column) =>
    frame.getColumn(column.name).nUnique() < frame.height
      ? located(schema.file, column, frame, pl.col(column.name).isDuplicated(), 'each client once')
      : [],
  )
  const targets = schema.columns.filter(({ name }) => name === 'TARGET')
  const unknown = targets.flatMap((column) => located(schema.file, column, frame, pl.col('TARGET').isNull(), '0 or 1'))
  return [...nameless, ...twice, ...unknown]
}

/** One table of a folder of CSV files, rows in the order of the file. Throws DataError with all its problems. */
export function readTable(folder: string, name: TableName): pl.DataFrame {
  const { frame, problems } = tryReadTable(folder, name)
  if (!frame) throw new DataError(problems)
  return frame
}

export type Portfolio = Readonly<Record<TableName, pl.DataFrame>>

/** All tables of a folder, as long as they fit in memory together; one that is neither there nor `required` has no rows. */
export function readPortfolio(folder: string, { required }: { required: readonly TableName[] }): Portfolio {
  const problems: Problem[] = []
  const frames = tableNames.map((name): [TableName, pl.DataFrame] => {
    const must = required.includes(name)
    if (!must && !existsSync(join(folder, tables[name].file))) return [name, emptyTable(name)]
    const reading = tryReadTable(folder, name, { mayBeEmpty: !must })
    problems.push(...reading.problems)
    return [name, reading.frame ?? emptyTable(name)]
  })
  if (problems.length > 0) throw new DataError(problems)
  return Object.fromEntries(frames) as Record<TableName, pl.DataFrame>
}

/** The rows in an order that depends on nothing but their values: by key, and by all columns where a key occurs twice. */
export function canonical(frame: pl.DataFrame, name: TableName): pl.DataFrame {
  const { key, columns } = tables[name]
  const sorted = frame.sort([...key])
  if (key.length === columns.length || sorted.height < 2) return sorted
  const same = key.map((column) => pl.col(column).eq(pl.col(column).shift(1)))
  const twice = same
    .reduce((all, each) => all.and(each))
    .cast(pl.UInt32)
    .sum()
    .alias('twice')
  if (!sorted.select(twice).row(0)[0]) return sorted
  return sorted.sort([...key, ...columns.map((column) => column.name).filter((column) => !key.includes(column))])
}

/** Writes `folder`/`name`.parquet in canonical order, under a temporary name first. */
export function writeTable(frame: pl.DataFrame, folder: string, name: TableName): void {
  const path = join(folder, `${name}.parquet`)
  const unfinished = `${path}.unfinished`
  rmSync(unfinished, { force: true })
  canonical(frame, name).writeParquet(unfinished, { compression: 'snappy' })
  renameSync(unfinished, path)
}

/** A table as `ingest` wrote it. */
export function readParquetTable(folder: string, name: TableName, columns?: readonly string[]): pl.DataFrame {
  return pl.readParquet(join(folder, `${name}.parquet`), columns ? { columns: [...columns] } : {})
}

/**
 * Lets go of frames that are no longer used: to be awaited after each large table. They live outside the JavaScript heap, so that the collector
 * does not see how large they are, and Node frees them only between two turns of its loop.
 */
export async function releaseFrames(): Promise<void> {
  v8.setFlagsFromString('--expose-gc')
  const collect: unknown = vm.runInNewContext('gc')
  if (typeof collect === 'function') collect()
  await setImmediate()
}
