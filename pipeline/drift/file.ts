/** A table on disk as columns to compare, CSV or Parquet, whatever may be wrong with it said in words (DataError of what stands in a CSV file, DriftInputError of the rest). */
import { statSync } from 'node:fs'
import { extname } from 'node:path'
import type { DriftColumn } from './column.ts'
import { csvColumns } from './csv.ts'
import { DriftInputError } from './input.ts'

/** Reads a table; polars is loaded for Parquet only, since loading it takes longer than comparing a small CSV. */
export async function fileColumns(file: string): Promise<DriftColumn[]> {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) throw new DriftInputError(`${file}: expected a CSV or Parquet file, found none; check the path`)
  const kind = extname(file).toLowerCase()
  if (kind !== '.csv' && kind !== '.parquet')
    throw new DriftInputError(`${file}: expected a name ending in .csv or .parquet`)
  if (!found.isFile()) throw new DriftInputError(`${file}: expected a file, found a folder`)
  if (found.size === 0 && kind === '.parquet')
    throw new DriftInputError(`${file}: is empty; expected a Parquet file with rows`)
  let columns: DriftColumn[]
  try {
    columns = kind === '.csv' ? csvColumns(file) : (await import('./read.ts')).parquetColumns(file)
  } catch (error) {
    if (kind === '.csv') throw error
    const [reason = ''] = (error as Error).message.split('\n')
    throw new DriftInputError(`${file}: cannot be read as Parquet: ${reason}`)
  }
  if (columns[0]?.rows === 0) throw new DriftInputError(`${file}: holds no rows`)
  return columns
}
