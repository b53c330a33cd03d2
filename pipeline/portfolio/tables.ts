/** The tables as polars frames: read from CSV or Parquet files of a folder; kept as Parquet in one canonical order. */
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import v8 from 'node:v8'
import vm from 'node:vm'
import pl from 'nodejs-polars'
import { emptyFrame, failed, type Reading, type ReadOptions } from './checks.ts'
import { DataError } from './data-error.ts'
import { readCsv } from './read-csv.ts'
import { type TableName, tables } from './schema/tables.ts'

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
