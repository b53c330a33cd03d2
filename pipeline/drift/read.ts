/** Columns for drift from files and frames; the polars side of this folder. */
import { existsSync } from 'node:fs'
import { extname } from 'node:path'
import pl from 'nodejs-polars'
import { type Column, numberColumn } from './column.ts'
import type { PoolColumn } from './pool.ts'

/** What pandas.read_csv takes for a missing value. */
const pandasMissing = [
  '',
  '#N/A',
  '#N/A N/A',
  '#NA',
  '-1.#IND',
  '-1.#QNAN',
  '-NaN',
  '-nan',
  '1.#IND',
  '1.#QNAN',
  '<NA>',
  'N/A',
  'NA',
  'NULL',
  'NaN',
  'None',
  'n/a',
  'nan',
  'null',
]

/** A file that cannot be compared: not there, unreadable, empty. */
export class DriftInputError extends Error {
  override readonly name = 'DriftInputError'
}

const isText = (type: string): boolean => ['Bool', 'Boolean', 'String', 'Utf8', 'Categorical'].includes(type)

function textOf(series: pl.Series, type: 'text' | 'bool'): Column {
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
export function columnsOf(frame: pl.DataFrame, ignore: readonly string[] = []): Column[] {
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

/** A CSV (types and missing values as pandas would infer them) or Parquet file. */
export function readFrame(file: string): pl.DataFrame {
  if (!existsSync(file))
    throw new DriftInputError(`${file}: expected a CSV or Parquet file, found none; check the path`)
  const kind = extname(file).toLowerCase()
  if (kind !== '.csv' && kind !== '.parquet')
    throw new DriftInputError(`${file}: expected a name ending in .csv or .parquet`)
  let frame: pl.DataFrame
  try {
    frame =
      kind === '.parquet'
        ? pl.readParquet(file)
        : pl.readCSV(file, { inferSchemaLength: 1_000_000_000, nullValues: pandasMissing })
  } catch (error) {
    throw new DriftInputError(`${file}: cannot be read as ${kind.slice(1).toUpperCase()}: ${(error as Error).message}`)
  }
  if (frame.height === 0) throw new DriftInputError(`${file}: holds no rows`)
  return frame
}
