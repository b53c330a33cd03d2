/** A table on disk as columns to compare, CSV or Parquet, whatever may be wrong with it said in words (DataError of what stands in a CSV file, DriftInputError of the rest). */
import { statSync } from 'node:fs'
import { extname } from 'node:path'
import { formatOf, formatWords } from '../data/file-format.ts'
import { headOf } from '../data/unpack.ts'
import { withUnpacked } from '../data/unpacked.ts'
import { declared, type FileColumns } from './column.ts'
import { csvTable } from './csv.ts'
import { DriftInputError } from './input.ts'

export type DeclaredType = 'number' | 'category' | 'text'

export interface FileOptions {
  /** Of columns by name: how they are read, whatever their values look like. */
  readonly types?: ReadonlyMap<string, DeclaredType>
  readonly ignore?: ReadonlySet<string>
}

const wantedName = 'expected a name ending in .csv or .parquet, or one of these packed (.gz, or .zip with one file)'

/** Reads a table, packed or not (.gz, .zip); polars is loaded for Parquet only, since loading it takes longer than comparing a small CSV. */
export async function fileColumns(file: string, options: FileOptions = {}): Promise<FileColumns> {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) throw new DriftInputError(`${file}: expected a CSV or Parquet file, found none; check the path`)
  if (!/\.(csv|parquet|gz|zip)$/i.test(file)) throw new DriftInputError(`${file}: ${wantedName}`)
  if (!found.isFile()) throw new DriftInputError(`${file}: expected a file, found a folder`)
  return withUnpacked(file, file, async (path, name) => {
    const kind = extname(name).toLowerCase()
    if (kind !== '.csv' && kind !== '.parquet') throw new DriftInputError(`${file}: ${wantedName}, found ${name} in it`)
    const { types = new Map<string, DeclaredType>(), ignore = new Set<string>() } = options
    const texts = new Set([...types].flatMap(([column, type]) => (type === 'number' ? [] : [column])))
    const read =
      kind === '.csv'
        ? { ...csvTable(path, { file, texts, ignore }), leftOut: [] }
        : await fromParquet(path, file, ignore)
    if (read.columns.length === 0 && read.leftOut.length > 0)
      throw new DriftInputError(`${file}: no column holds numbers or texts`)
    if (read.columns[0]?.rows === 0) throw new DriftInputError(`${file}: holds no rows`)
    const columns = read.columns.map((column) => {
      const type = types.get(column.name)
      return type ? declared(column, type) : column
    })
    return { ...read, columns }
  })
}

/** Imported when it is wanted: polars. */
async function fromParquet(path: string, file: string, ignore: ReadonlySet<string>): Promise<FileColumns> {
  const format = formatOf(headOf(path))
  if (format !== 'Parquet')
    throw new DriftInputError(
      `${file}: cannot be read as Parquet: expected a Parquet file, found ${format ? formatWords(format).en : statSync(path).size === 0 ? 'an empty file' : 'other data'}`,
    )
  try {
    return (await import('./read.ts')).parquetColumns(path, ignore)
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('\n')
    throw new DriftInputError(`${file}: cannot be read as Parquet: ${reason}`)
  }
}
