/** The tables as polars frames: read from CSV or Parquet files of a folder; kept as Parquet in one canonical order. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import pl from 'nodejs-polars'
import { emptyFrame, failed, type Reading, type ReadOptions } from './checks.ts'
import { DataError } from './data-error.ts'
import { packedKey } from './packed-key.ts'
import { readCsv } from './read-csv.ts'
import { type TableName, tables } from './schema/tables.ts'
import { makeWhole } from './write-whole.ts'

/** A table without rows, in the types of the schema. */
export const emptyTable = (name: TableName): pl.DataFrame => emptyFrame(tables[name])

/** Reads one table from its CSV file in a folder and answers all that is wrong with it instead of throwing. */
export function tryReadTable(folder: string, name: TableName, options: ReadOptions = {}): Reading {
  const { file } = tables[name]
  const path = join(folder, file)
  if (!existsSync(path)) return failed([{ file, expected: `this file in ${folder}`, value: 'none' }])
  return readCsv(path, file, tables[name], options)
}

/** One table of a folder of CSV files, rows in the order of the file. Throws DataError with all its problems. */
export function readTable(folder: string, name: TableName): pl.DataFrame {
  const { frame, problems } = tryReadTable(folder, name)
  if (!frame) throw new DataError(problems)
  return frame
}

const [packed, position] = ['the key in one number', 'the place of a row']

/**
 * The rows in an order that depends on nothing but their values: by key, and by all columns where a key occurs twice.
 * They are sorted by as much of the key as one number holds; then those rows that it does not tell apart, among themselves.
 */
export function canonical(frame: pl.DataFrame, name: TableName): pl.DataFrame {
  const { columns } = tables[name]
  if (frame.height < 2) return frame
  const { key, holds } = packedKey(
    frame,
    tables[name].key.map((column) => ({ column })),
    'first',
  )
  if (holds === 0) return frame.sort(everything(name))
  const same = pl.col(packed).eq(pl.col(packed).shift(1)).fillNull(pl.lit(false))
  const sorted = frame.lazy().withColumns(key.alias(packed)).sort(packed).withRowIndex(position).collectSync()
  const tied = sorted.withColumns(same.or(same.shift(-1).fillNull(pl.lit(false))).alias(packed)) // packed is of no more use
  const rows = tied.filter(pl.col(packed)).drop(packed)
  const ofTable = pl.cols(columns.map((column) => column.name))
  if (rows.height === 0) return tied.select(ofTable)
  const places = rows.getColumn(position)
  const ordered = rows.drop(position).sort(everything(name)).withColumns(places)
  const others = tied.filter(pl.col(packed).not()).drop(packed)
  return pl
    .concat([others.select(...ordered.columns), ordered])
    .lazy()
    .sort(position)
    .select(ofTable)
    .collectSync()
}

/** The key, then the other columns. */
const everything = (name: TableName): string[] => {
  const { key, columns } = tables[name]
  return [...key, ...columns.map((column) => column.name).filter((column) => !key.includes(column))]
}

/** Writes `folder`/`name`.parquet in canonical order, under a temporary name first. */
export function writeTable(frame: pl.DataFrame, folder: string, name: TableName): void {
  makeWhole(join(folder, `${name}.parquet`), (unfinished) =>
    canonical(frame, name).writeParquet(unfinished, { compression: 'snappy' }),
  )
}

/** A table as `ingest` wrote it. */
export function readParquetTable(folder: string, name: TableName, columns?: readonly string[]): pl.DataFrame {
  return pl.readParquet(join(folder, `${name}.parquet`), columns ? { columns: [...columns] } : {})
}

/** The same, read when it is asked for. */
export const scanParquetTable = (folder: string, name: TableName): pl.LazyDataFrame =>
  pl.scanParquet(join(folder, `${name}.parquet`))

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
