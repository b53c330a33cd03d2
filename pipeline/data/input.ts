/** Where a portfolio comes from: a folder of .csv or Parquet files, packed one by one (.gz, .zip) or not, or a zip archive of such files. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type pl from 'nodejs-polars'
import { noteFile, syntheticSchema } from 'synthetic-credit/note'
import { failed, type Reading, type ReadOptions } from './checks.ts'
import { DataError, type Problem } from './data-error.ts'
import { type Hashes, type Origin, origin } from './origin.ts'
import { portfolioFile, portfolioNoteSchema } from './portfolio-note.ts'
import { csvBlocks, readCsv } from './read-csv.ts'
import { parquetBlocks, readParquet } from './read-parquet.ts'
import type { TableSchema } from './schema/column.ts'
import { type TableName, tableNames, tables } from './schema/tables.ts'
import { type Archive, gunzip, isOfNoInterest, openArchive } from './unpack.ts'
import { onlyEntry } from './unpacked.ts'

/** A portfolio to read, one table at a time; to be closed. */
export interface Input {
  /** Whether there is a file of that table. */
  readonly has: (table: TableName) => boolean
  /** Reads one table, rows in the order of the file, and answers all that is wrong with it. */
  readonly read: (table: TableName, options?: ReadOptions) => Promise<Reading>
  /**
   * Reads one table some rows at a time, in the order of the file, and answers all that is wrong with it; of a table with problems, and of one
   * with the same client in two blocks, what was given before is of no use.
   */
  readonly readBlocks: (
    table: TableName,
    options: ReadOptions,
    onBlock: (frame: pl.DataFrame) => Promise<void>,
  ) => Promise<Omit<Reading, 'frame'>>
  /** Whether the tables with these hashes are generated ones; see `origin`. */
  readonly origin: (hashes: Hashes) => Origin
  /** Removes what was unpacked. */
  readonly close: () => void
}

/** A file of the portfolio: what it is called in messages, and how it comes to lie on the disk. */
interface Found {
  readonly file: string
  readonly kind: Kind
  readonly unpacked: (scratch: string) => Promise<string>
}

const kinds = ['csv', 'csv.gz', 'parquet', 'csv.zip', 'parquet.zip', 'zip'] as const
type Kind = (typeof kinds)[number]

/** What a note says of Parquet files that are taken at its word. */
const syntheticNote = portfolioNoteSchema.pick({ synthetic: true }).extend({ synthetic: syntheticSchema.nullable() })

/** Names are compared without regard to capitals: application_test.CSV is that table. */
const kindOf = (name: string): Kind | null => kinds.find((kind) => name.toLowerCase().endsWith(`.${kind}`)) ?? null
const tableOf = (name: string): TableName | null =>
  tableNames.find((table) => kinds.some((kind) => name.toLowerCase() === `${table}.${kind}`.toLowerCase())) ?? null

/**
 * Opens `path`: a folder, a zip archive, or a folder with one zip archive and no tables. Files that are no table of the portfolio are ignored.
 * What must be unpacked lies under `scratch`, one table at a time. Throws DataError when the archive cannot be read.
 */
export async function openInput(path: string, scratch: string = tmpdir()): Promise<Input> {
  if (!existsSync(path)) throw new DataError([{ file: path, expected: 'a folder or a zip archive', value: 'none' }])
  if (!statSync(path).isDirectory()) return fromArchive(path, scratch)
  const names = readdirSync(path).filter((name) => !name.startsWith('.'))
  const zips = names.filter((name) => name.toLowerCase().endsWith('.zip') && tableOf(name) === null)
  if (zips.length === 0) return fromFolder(path, names, scratch)
  if (zips.length === 1 && !names.some((name) => tableOf(name) !== null || name === noteFile))
    return fromArchive(join(path, zips[0]!), scratch)
  const expected = 'either one zip archive or the tables themselves in this folder'
  throw new DataError([
    {
      file: path,
      expected,
      value: names.filter((name) => zips.includes(name) || tableOf(name) || name === noteFile).join(', '),
    },
  ])
}

function fromFolder(folder: string, names: readonly string[], scratch: string): Input {
  const files = names.map((name): [string, Found] => {
    const path = join(folder, name)
    const kind = kindOf(name)
    const unpacked = async (place: string) => {
      if (kind === 'csv.gz') {
        const target = join(place, name.slice(0, -'.gz'.length))
        await gunzip(path, target, name)
        return target
      }
      if (!kind?.endsWith('zip')) return path
      const archive = await openArchive(path, name)
      try {
        return (await onlyEntry(archive, name, place)).target
      } finally {
        archive.close()
      }
    }
    return [name, { file: name, kind: kind ?? 'csv', unpacked }]
  })
  return inputOf(files, { place: folder, scratch, notes: folder, close: () => {} })
}

async function fromArchive(path: string, scratch: string): Promise<Input> {
  const zip = basename(path)
  const archive = await openArchive(path, zip)
  const notes = mkdtempSync(join(scratch, 'archive-'))
  try {
    const files = archive.entries.flatMap((entry): [string, Found][] => {
      const name = basename(entry.fileName)
      if (isOfNoInterest(entry.fileName)) return []
      return [
        [
          name,
          {
            file: `${entry.fileName} in ${zip}`,
            kind: kindOf(name) ?? 'csv',
            unpacked: unpacking(archive, entry, zip),
          },
        ],
      ]
    })
    for (const note of [noteFile, portfolioFile])
      for (const [name, { unpacked }] of files) if (name === note) await unpacked(notes)
    const close = () => {
      if (!existsSync(notes)) return
      archive.close()
      rmSync(notes, { recursive: true, force: true })
    }
    return inputOf(files, { place: zip, scratch, notes, close })
  } catch (error) {
    archive.close()
    rmSync(notes, { recursive: true, force: true })
    throw error
  }
}

const unpacking = (archive: Archive, entry: Archive['entries'][number], zip: string) => async (place: string) => {
  const name = basename(entry.fileName)
  const file = `${entry.fileName} in ${zip}`
  const target = join(place, name)
  await archive.unpack(entry, target, file)
  if (kindOf(name) !== 'csv.gz') return target
  const inner = target.slice(0, -'.gz'.length)
  await gunzip(target, inner, file)
  rmSync(target)
  return inner
}

interface Surroundings {
  readonly place: string
  readonly scratch: string
  /** Where the notes of generated data lie. */
  readonly notes: string
  readonly close: () => void
}

function inputOf(files: readonly (readonly [string, Found])[], { place, scratch, notes, close }: Surroundings): Input {
  const of = (table: TableName) => files.filter(([name]) => tableOf(name) === table).map(([, found]) => found)
  const failing = (problem: Omit<Problem, 'file'>, table: TableName) =>
    failed([{ file: tables[table].file, ...problem }])

  /** Lays a table's one file on the disk for `work`. */
  async function withFile<T>(table: TableName, work: (path: string, found: Found) => T | Promise<T>) {
    const found = of(table)
    const [one, ...others] = found
    if (!one)
      return failing(
        { expected: `this file in ${place} (or ${table}.csv.gz, ${table}.csv.zip or ${table}.parquet)`, value: 'none' },
        table,
      )
    if (others.length > 0)
      return failing(
        { expected: `one file of this table in ${place}`, value: found.map((each) => each.file).join(' and ') },
        table,
      )
    const folder = mkdtempSync(join(scratch, 'table-'))
    try {
      return await work(await one.unpacked(folder), one)
    } catch (error) {
      if (error instanceof DataError) return failed(error.problems)
      throw error
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }

  const read = (table: TableName, options: ReadOptions = {}): Promise<Reading> =>
    withFile(table, (path, found) => readFile(path, found, table, options))

  const readBlocks: Input['readBlocks'] = (table, options, onBlock) =>
    withFile(table, (path, { file }) =>
      asItStands(table, options, async (schema) => {
        const blocks = (isParquet(path) ? parquetBlocks : csvBlocks)(path, file, schema, options)
        for (let next = blocks.next(); ; next = blocks.next()) {
          if (next.done) return next.value
          await onBlock(next.value)
        }
      }),
    )

  return {
    has: (table) => of(table).length > 0,
    read,
    readBlocks,
    origin: (hashes) => originOf(notes, hashes, (table) => of(table).some(({ kind }) => kind.startsWith('parquet'))),
    close,
  }
}

/** By the name of the file as it lies on the disk, unpacked. */
const isParquet = (path: string): boolean => path.toLowerCase().endsWith('.parquet')

const readFile = (path: string, { file }: Found, table: TableName, options: ReadOptions): Promise<Reading> =>
  asItStands(table, options, async (schema) => (isParquet(path) ? readParquet : readCsv)(path, file, schema, options))

/** Reads a table by its schema; where outcomes are optional, with TARGET if the file has it, and else without. */
async function asItStands<R extends Omit<Reading, 'frame'>>(
  table: TableName,
  { outcomes }: ReadOptions,
  read: (schema: TableSchema) => Promise<R>,
): Promise<R> {
  if (outcomes !== 'optional') return read(tables[table])
  const { [table]: schema, application_test: form, application_train: full } = tables
  const reading = await read({ ...schema, columns: full.columns })
  const lacks = reading.problems.some(
    ({ column, line, row }) => column === 'TARGET' && line === undefined && row === undefined,
  )
  return lacks ? read({ ...schema, columns: form.columns }) : reading
}

/** A note speaks of the bytes of CSV files; of Parquet files it is taken at its word, since made-up clients must not pass for real ones. */
function originOf(
  folder: string,
  hashes: Hashes,
  cameAsParquet: (table: TableName) => boolean,
): ReturnType<Input['origin']> {
  const path = join(folder, portfolioFile)
  if (!existsSync(join(folder, noteFile)) && existsSync(path) && tableNames.every(cameAsParquet)) {
    const parsed = syntheticNote.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return { note: parsed.success ? parsed.data.synthetic : null, problem: null }
  }
  return origin(folder, hashes, tableNames.filter(cameAsParquet))
}
