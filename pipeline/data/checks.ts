/** What must hold of a table's values, however the file was written, and the types in which its columns are kept. */
import pl from 'nodejs-polars'
import { missingTexts } from './csv-dialect.ts'
import type { Problem } from './data-error.ts'
import { cellLevel, isUnknownLevel, type UnknownLevel } from './levels.ts'
import { type Column, largestWhole, type TableSchema } from './schema/column.ts'

/** How often a problem of one column is reported. */
const shown = 10

/** What reading a table answers instead of throwing. */
export interface Reading {
  /** Null when it could not be read. */
  readonly frame: pl.DataFrame | null
  /** Rows, and the hash of the file's bytes (unpacked); null when there was no file to look at. */
  readonly scan: { readonly rows: number; readonly sha256: string } | null
  /** Columns of the file that the schema does not know; they are left out. */
  readonly ignored: readonly string[]
  /** Texts of open columns that are none of the published levels; they stand in the frame as they are. */
  readonly unknownLevels: readonly UnknownLevel[]
  readonly problems: readonly Problem[]
}

/** A table's rows some at a time, and then what there is to say about all of it. */
export type Blocks = Generator<pl.DataFrame, Omit<Reading, 'frame'>>

export interface ReadOptions {
  /** A file with a header alone is then no problem. */
  readonly mayBeEmpty?: boolean
  /** `optional`: of an application file, the column TARGET may be there or not, and may have gaps. */
  readonly outcomes?: 'required' | 'optional'
}

export const stored = { id: pl.Int32, integer: pl.Int32, number: pl.Float64, text: pl.Utf8 } as const
/** Whole numbers are parsed as float64: the files write 24.0 as well as 24. Exact up to 2^53. */
export const parsed = { id: pl.Float64, integer: pl.Float64, number: pl.Float64, text: pl.Utf8 } as const
/** What stands for a missing value in these tables, mostly, and all that does. */
export const frequentNullTexts = ['', 'XNA', 'XAP']
export const nullTexts = [...missingTexts, 'XNA', 'XAP']

/** A table without rows, in the types of the schema. */
export const emptyFrame = (schema: TableSchema): pl.DataFrame =>
  pl.DataFrame(schema.columns.map((column) => pl.Series(column.name, [], stored[column.type])))

const wanted = ({ type }: Column) => (type === 'number' ? 'a finite number' : 'a whole number')

export const failed = (problems: readonly Problem[], scan: Reading['scan'] = null): Reading => ({
  frame: null,
  scan,
  ignored: [],
  unknownLevels: [],
  problems,
})

/** Columns that the schema asks for and the file lacks. */
export const missingColumns = (
  file: string,
  schema: TableSchema,
  header: readonly string[],
  where: string,
): Problem[] =>
  schema.columns
    .filter(({ name }) => !header.includes(name))
    .map(({ name }) => ({ file, column: name, expected: `this column in the ${where}` }))

/** Where a table was read from, and how its rows are counted in messages: the lines of a CSV file or the rows of a Parquet file. */
export interface Place {
  /** As messages name it. */
  readonly file: string
  readonly rows: 'line' | 'row'
}

/** Rows of one column that `bad` marks, as problems; a line counts the header too. */
export function located(
  { file, rows: by }: Place,
  column: Column,
  frame: pl.DataFrame,
  bad: pl.Expr,
  expected: string,
): Problem[] {
  const rows = frame
    .withRowIndex('place', by === 'line' ? 2 : 1)
    .filter(bad)
    .select('place', column.name)
  const more = rows.height - shown
  return rows
    .head(shown)
    .rows()
    .map(([place, value]: unknown[], at: number) => ({
      file,
      column: column.name,
      [by]: Number(place),
      expected: more > 0 ? `${expected} (${rows.height} such rows)` : expected,
      value: value === null ? 'nothing' : String(value),
      ...(more > 0 && at === shown - 1 && { more }),
    }))
}

/** The numbers that columns of texts stand for, null where a text is none. One expression over all of them: each takes about a millisecond to make. */
export function numbersOf(names: readonly string[], separator = ','): pl.Expr {
  const text = pl
    .cols([...names])
    .cast(pl.Utf8)
    .str.strip()
  return (separator === ',' ? text : text.str.replace(',', '.')).cast(pl.Float64, false)
}

/** Where a text stands for neither a number nor a missing value. */
function isNoNumber(names: readonly string[], separator: string): pl.Expr {
  const texts = pl.cols([...names])
  return texts.isNotNull().and(texts.str.strip().isIn(nullTexts).not()).and(numbersOf(names, separator).isNull())
}

/** The columns of texts, among `columns`, in which some text is neither a number nor missing. */
export function withoutNumbers(frame: pl.DataFrame, columns: readonly Column[], separator = ','): Column[] {
  if (columns.length === 0) return []
  const names = columns.map(({ name }) => name)
  const counts = frame.select(isNoNumber(names, separator).cast(pl.UInt32).sum()).row(0)
  return columns.filter((_, index) => Number(counts[index] ?? 0) > 0)
}

/** The texts in columns of numbers that are neither a number nor missing, as problems. */
export const noNumberProblems = (
  frame: pl.DataFrame,
  columns: readonly Column[],
  place: Place,
  separator = ',',
): Problem[] =>
  withoutNumbers(frame, columns, separator).flatMap((column) =>
    located(place, column, frame, isNoNumber([column.name], separator), wanted(column)),
  )

/** The texts of a frame read as levels, and those that are none. Only the distinct texts of a column are looked at. */
function leveled(frame: pl.DataFrame, schema: TableSchema): { frame: pl.DataFrame; unknownLevels: UnknownLevel[] } {
  const read: pl.Expr[] = []
  const unknownLevels: UnknownLevel[] = []
  for (const column of schema.columns.filter(({ type }) => type === 'text')) {
    const { name } = column
    const texts = (frame.getColumn(name).unique().toArray() as (string | null)[]).filter((text) => text !== null)
    const others = texts
      .map((text) => [text, cellLevel(column, text)] as const)
      .filter(([text, level]) => level !== text)
    if (others.length > 0) {
      const value = pl.col(name)
      read.push(value.replace(...(transposed(others) as [string[], string[]])).alias(name))
    }
    if (column.closed) continue
    for (const value of texts)
      if (cellLevel(column, value) === value && isUnknownLevel(column, value))
        unknownLevels.push({ column: name, value, rows: frame.filter(pl.col(name).eq(pl.lit(value))).height })
  }
  return { frame: read.length > 0 ? frame.withColumns(...read) : frame, unknownLevels }
}

const transposed = (pairs: readonly (readonly [string, string | null])[]): [string[], (string | null)[]] => [
  pairs.map(([text]) => text),
  pairs.map(([, level]) => level),
]

interface Check {
  readonly column: Column
  readonly bad: pl.Expr
  readonly expected: string
}

/** The exact check of one column's values, of which `most` is the greatest, or null where every value will do. */
function checkOf(column: Column, most: number): Check | null {
  const value = pl.col(column.name)
  const [low, high] = column.bounds
  if (column.type === 'text') {
    if (!column.levels) return null
    const bad = value.isNotNull().and(value.isIn([...column.levels]).not())
    return { column, bad, expected: `one of ${column.levels.join(', ')}` }
  }
  const whole = column.type !== 'number'
  const inside = [
    whole ? value.eq(value.floor()) : value.isFinite(),
    value.gtEq(low ?? (whole ? -(2 ** 31) : -Number.MAX_VALUE)),
    value.ltEq(high ?? (whole ? largestWhole : Number.MAX_VALUE)),
  ].reduce((all, each) => all.and(each))
  const allowed = column.sentinels.reduce<pl.Expr>((all, each) => all.or(value.eq(pl.lit(Number(each)))), inside)
  const limit = whole && most > largestWhole ? largestWhole : null // reported only where a number exceeds it
  const expected = range(whole ? 'a whole number' : 'a finite number', low, high ?? limit)
  return { column, bad: allowed.not(), expected: `${expected}${explained(column)}` }
}

/** What a bound of days means, and what stands for no such day. */
function explained({ unit, sentinels, showsSentinels, bounds: [low, high] }: Column): string {
  if (unit !== 'days' || high === null) return ''
  const none = showsSentinels ? `; ${sentinels.join(', ')} for none` : ''
  return ` (days before the application${low === null ? ' are negative' : ''}${none})`
}

/** Whether a column of a closed set of texts holds another one. */
const holdsOtherLevels = (frame: pl.DataFrame, { name, type, closed, levels }: Column): boolean =>
  type === 'text' &&
  closed &&
  levels !== null &&
  frame
    .getColumn(name)
    .unique()
    .toArray()
    .some((text: unknown) => text !== null && !levels.includes(String(text)))

/**
 * Values that are not whole, not finite, out of bounds or outside a closed set. A polars expression takes about a millisecond to make,
 * so a few expressions over all columns tell which columns are worth one of their own.
 */
export function valueProblems(frame: pl.DataFrame, schema: TableSchema, place: Place): Problem[] {
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
    const limit = column.type === 'number' ? Number.MAX_VALUE : largestWhole
    return (
      broken.has(column.name) ||
      !Number.isFinite(sums?.[index] ?? 0) ||
      smallest < (low ?? -limit) ||
      greatest > (high ?? limit)
    )
  })
  const checks = [...strange, ...schema.columns.filter((column) => holdsOtherLevels(frame, column))]
    .map((column) => checkOf(column, most?.[numeric.indexOf(column)] ?? 0))
    .filter((check) => check !== null)
  if (checks.length === 0) return []
  const counts = frame.select(...checks.map(({ column, bad }) => bad.cast(pl.UInt32).sum().alias(column.name))).row(0)
  return checks.flatMap(({ column, bad, expected }, index) =>
    Number(counts[index] ?? 0) > 0 ? located(place, column, frame, bad, expected) : [],
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
  const bySentinels = Map.groupBy(
    schema.columns.filter((column) => whole(column) && column.sentinels.length > 0),
    ({ sentinels }) => sentinels.join(),
  )
  const resolved = [...bySentinels.values()].map((columns) => {
    const values = pl.cols(columns.map(({ name }) => name))
    const present = columns[0]!.sentinels
      .map((each) => values.neq(pl.lit(Number(each))))
      .reduce((all, each) => all.and(each))
    return pl.when(present).then(values).otherwise(pl.lit(null)).cast(pl.Int32, true)
  })
  const typed = frame.withColumns(pl.cols(plain).cast(pl.Int32, true), ...resolved)
  return typed.select(pl.cols(schema.columns.map(({ name }) => name)))
}

/** Of an application file: a client without number or twice, a TARGET that is missing. */
function clientProblems(
  frame: pl.DataFrame,
  schema: TableSchema,
  place: Place,
  { outcomes = 'required' }: ReadOptions,
): Problem[] {
  const ids = schema.columns.filter(({ type }) => type === 'id')
  const nameless = ids.flatMap((column) =>
    frame.getColumn(column.name).nullCount() > 0
      ? located(place, column, frame, pl.col(column.name).isNull(), 'a number')
      : [],
  )
  if (!schema.file.startsWith('application')) return nameless
  const twice = ids.flatMap((column) =>
    frame.getColumn(column.name).nUnique() < frame.height
      ? located(place, column, frame, pl.col(column.name).isDuplicated(), 'each client once')
      : [],
  )
  const targets = outcomes === 'required' ? schema.columns.filter(({ name }) => name === 'TARGET') : []
  const unknown = targets.flatMap((column) => located(place, column, frame, pl.col('TARGET').isNull(), '0 or 1'))
  return [...nameless, ...twice, ...unknown]
}

/** Checks the values of a frame in `parsed` types, columns as in the schema, and brings it into the stored types. */
export function checked(
  frame: pl.DataFrame,
  schema: TableSchema,
  place: Place,
  scan: Reading['scan'],
  ignored: readonly string[],
  options: ReadOptions,
): Reading {
  const { frame: read, unknownLevels } = leveled(frame, schema)
  const problems = valueProblems(read, schema, place)
  if (problems.length > 0) return failed(problems, scan)
  const typed = resolve(read, schema)
  const more = clientProblems(typed, schema, place, options)
  return more.length > 0 ? failed(more, scan) : { frame: typed, scan, ignored, unknownLevels, problems: [] }
}
