/** Columns for drift from frames and Parquet files; the polars side of this folder. */

import pl from 'nodejs-polars'
import { append } from '../data/append.ts'
import { isMissingText } from '../data/csv-dialect.ts'
import { type ParquetField, parquetFields } from '../data/parquet-fields.ts'
import { type DriftColumn, type FileColumns, isNumber, numberColumn } from './column.ts'
import { packed, packedNumbers, push } from './packed.ts'
import type { PoolColumn } from './pool.ts'

/** Columns of both sides that no model reads: whose row it is, and its outcome. */
export const notInputs = ['SK_ID_CURR', 'TARGET']

const isText = (type: string): boolean => ['Bool', 'Boolean', 'String', 'Utf8', 'Categorical'].includes(type)

function textOf(series: pl.Series, type: 'text' | 'bool'): DriftColumn {
  const known = series.dropNulls()
  const counts: [string, number][] = []
  if (known.length > 0) {
    const [values, sizes] = known.cast(pl.String).valueCounts().getColumns()
    const size = sizes!.toArray() as number[]
    values!.toArray().forEach((value, i) => {
      counts.push([String(value), Number(size[i])])
    })
  }
  counts.sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    name: series.name,
    type,
    rows: series.length,
    missing: series.length - known.length,
    counts: new Map(counts),
  }
}

/** The numbers of a frame by column, NaN where missing, cast in one select: each polars call costs more than a small column's work. */
function numbersOf(frame: pl.DataFrame, series: readonly pl.Series[]): Map<string, Float64Array> {
  const numeric = series.filter(({ dtype }) => !isText(dtype.variant)).map(({ name }) => name)
  if (numeric.length === 0) return new Map()
  const filled = frame.select(pl.col(numeric).cast(pl.Float64).fillNull(pl.lit(Number.NaN))).getColumns()
  return new Map(filled.map((column) => [column.name, Float64Array.from(column.toTypedArray() as Float64Array)]))
}

/** The columns of a frame in its order, but those ignored. In floats NaN and ±∞ count as missing, as null does. */
export function columnsOf(frame: pl.DataFrame, ignore: readonly string[] = []): DriftColumn[] {
  const series = frame.getColumns().filter(({ name }) => !ignore.includes(name))
  const values = numbersOf(frame, series)
  return series.map((column) => {
    const type = column.dtype.variant
    if (isText(type)) return textOf(column, type.startsWith('Bool') ? 'bool' : 'text')
    const made = numberColumn(column.name, values.get(column.name)!, 'float')
    return /^U?Int/.test(type) && made.missing === 0 ? { ...made, type: 'int' as const } : made
  })
}

/** The columns of a frame by row, to draw samples from. */
export function poolOf(frame: pl.DataFrame, ignore: readonly string[] = []): PoolColumn[] {
  const series = frame.getColumns().filter(({ name }) => !ignore.includes(name))
  const values = numbersOf(frame, series)
  return series.map((column): PoolColumn => {
    const { name } = column
    const type = column.dtype.variant
    if (isText(type)) return { name, kind: 'text', values: column.cast(pl.String).toArray() as (string | null)[] }
    return { name, kind: 'number', values: values.get(name)!, whole: /^U?Int/.test(type) && column.nullCount() === 0 }
  })
}

/** Columns read together from a Parquet file: a few frames of these are less memory than one of all, and hardly slower. */
const together = 16

/** The columns of a Parquet file, some at a time, numbers packed, and those that hold neither numbers nor texts. Throws what polars throws. */
export function parquetColumns(file: string, ignore: ReadonlySet<string> = new Set()): FileColumns {
  const all = parquetFields(file)
  const fields = all.filter(({ name }) => !ignore.has(name))
  const read = fields.filter(({ kind }) => kind !== null)
  const columns: DriftColumn[] = []
  const infinite: { name: string; count: number }[] = []
  for (let at = 0; at < read.length; at += together) {
    const some = read.slice(at, at + together)
    const frame = pl
      .scanParquet(file)
      .select(...some.map(asNumbersOrTexts))
      .collectSync()
    append(infinite, infiniteNumbers(frame))
    const kinds = new Map(some.map((field) => [field.name, field.kind]))
    append(
      columns,
      columnsOf(frame).map((column) => packedColumn(asKind(column, kinds.get(column.name)!))),
    )
  }
  const leftOut = fields.flatMap(({ name, kind, type }) => (kind === null ? [{ name, type }] : []))
  return { names: all.map(({ name }) => name), columns, leftOut, infinite }
}

/** Of columns of numbers how many are beyond all bounds, where any is. */
function infiniteNumbers(frame: pl.DataFrame): { name: string; count: number }[] {
  const numeric = frame.getColumns().flatMap(({ name, dtype }) => (dtype.variant === 'Float64' ? [name] : []))
  if (numeric.length === 0) return []
  const counts = frame.select(...numeric.map((name) => pl.col(name).isInfinite().sum())).row(0) as number[]
  return numeric.flatMap((name, i) => (counts[i]! > 0 ? [{ name, count: counts[i]! }] : []))
}

/** A column in one of two types, whatever the file has: polars for Node cannot show all of them. Times are counted in days. */
function asNumbersOrTexts({ name, kind, perDay }: ParquetField): pl.Expr {
  const value = pl.col(name)
  if (kind === 'text' || kind === 'truth') return value.cast(pl.Utf8)
  const number = value.cast(pl.Float64)
  return perDay === 1 ? number : number.div(pl.lit(perDay)).alias(name)
}

/** A column of a frame as what the file calls it; a text that stands for a missing value is one, as in CSV. */
function asKind(column: DriftColumn, kind: NonNullable<ParquetField['kind']>): DriftColumn {
  if (isNumber(column)) return kind === 'whole' && column.missing === 0 ? { ...column, type: 'int' } : column
  const counts = new Map([...column.counts].filter(([text]) => !isMissingText(text.trim())))
  const present = [...counts.values()].reduce((sum, count) => sum + count, 0)
  return { ...column, type: kind === 'truth' ? 'bool' : column.type, counts, missing: column.rows - present }
}

function packedColumn(column: DriftColumn): DriftColumn {
  if (!isNumber(column)) return column
  const numbers = packed()
  for (const value of column.sorted) push(numbers, value)
  return packedNumbers(column, numbers)
}
