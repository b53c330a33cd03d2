/** Where a portfolio comes from: a folder of .csv, .csv.gz or Parquet files, or a zip archive of such files. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { z } from 'zod'
import { failed, type Reading, type ReadOptions } from './checks.ts'
import { DataError, type Problem } from './data-error.ts'
import { readCsv } from './read-csv.ts'
import { readParquet } from './read-parquet.ts'
import type { TableSchema } from './schema/column.ts'
import { type TableName, tableNames, tables } from './schema/tables.ts'
import { noteFile, origin, type Synthetic } from './synthetic/note.ts'
import { type Archive, gunzip, openArchive } from './unpack.ts'

/** A portfolio to read, one table at a time; to be closed. */
export interface Input {
  /** Whether there is a file of that table. */
  readonly has: (table: TableName) => boolean
  /** Reads one table, rows in the order of the file, and answers all that is wrong with it. */
  readonly read: (table: TableName, options?: ReadOptions) => Promise<Reading>
  /** Whether the tables with these hashes are generated ones; see `origin`. */
  readonly origin: (hashes: Hashes) => { readonly note: Synthetic | null; readonly problem: Problem | null }
  /** Removes what was unpacked. */
  readonly close: () => void
}

type Hashes = Readonly<Record<string, { readonly sha256: string }>>

/** A file of the portfolio: what it is called in messages, and how it comes to lie on the disk. */
interface Found {
  readonly file: string
  readonly kind: Kind
  readonly unpacked: (scratch: string) => Promise<string>
}

const kinds = ['csv', 'csv.gz', 'parquet'] as const
type Kind = (typeof kinds)[number]

/** The note that `ingest` writes beside its Parquet files. */
export const portfolioFile = 'portfolio.json'
const portfolioNote = z.object({
  synthetic: z
    .object({ generator: z.string(), parameters: z.object({ clients: z.int(), new_clients: z.int(), seed: z.int() }) })
    .nullable(),
})

const kindOf = (name: string): Kind | null => kinds.find((kind) => name.endsWith(`.${kind}`)) ?? null
const tableOf = (name: string): TableName | null => {
  const kind = kindOf(name)
  return tableNames.find((table) => kind && name === `${table}.${kind}`) ?? null
}

/**
 * Opens `path`: a folder, a zip archive, or a folder with one zip archive and no tables. Files that are no table of the portfolio are ignored.
 * What must be unpacked lies under `scratch`, one table at a time. Throws DataError when the archive cannot be read.
 */
export async function openInput(path: string, scratch: string = tmpdir()): Promise<Input> {
  if (!existsSync(path)) throw new DataError([{ file: path, expected: 'a folder or a zip archive', value: 'none' }])
  if (!statSync(path).isDirectory()) return fromArchive(path, scratch)
  const names = readdirSync(path).filter((name) => !name.startsWith('.'))
  const zips = names.filter((name) => name.toLowerCase().endsWith('.zip'))
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
      if (kind !== 'csv.gz') return path
      const target = join(place, name.slice(0, -'.gz'.length))
      await gunzip(path, target, name)
      return target
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
      if (entry.fileName.endsWith('/') || entry.fileName.startsWith('__MACOSX/')) return []
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
  const read = async (table: TableName, options: ReadOptions = {}): Promise<Reading> => {
    const found = of(table)
    const [one, ...others] = found
    const { file } = tables[table]
    if (!one)
      return failed([
        { file, expected: `this file in ${place} (or ${table}.csv.gz, or ${table}.parquet)`, value: 'none' },
      ])
    if (others.length > 0)
      return failed([
        { file, expected: `one file of this table in ${place}`, value: found.map((each) => each.file).join(' and ') },
      ])
    const folder = mkdtempSync(join(scratch, 'table-'))
    try {
      return readFile(await one.unpacked(folder), one, tables[table], options)
    } catch (error) {
      if (error instanceof DataError) return failed(error.problems)
      throw error
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  return {
    has: (table) => of(table).length > 0,
    read,
    origin: (hashes) => originOf(notes, hashes, (table) => of(table).some(({ kind }) => kind === 'parquet')),
    close,
  }
}

function readFile(path: string, { file, kind }: Found, schema: TableSchema, options: ReadOptions): Reading {
  const reader = kind === 'parquet' ? readParquet : readCsv
  if (options.outcomes !== 'optional') return reader(path, file, schema, options)
  // with TARGET where the file has it, and else without
  const form = { ...schema, columns: tables.application_test.columns }
  const full = { ...schema, columns: tables.application_train.columns }
  const reading = reader(path, file, full, options)
  const lacks = reading.problems.some(
    ({ column, line, row }) => column === 'TARGET' && line === undefined && row === undefined,
  )
  return lacks ? reader(path, file, form, options) : reading
}

/** A note speaks of the bytes of CSV files; of Parquet files it is taken at its word, since made-up clients must not pass for real ones. */
function originOf(
  folder: string,
  hashes: Hashes,
  isParquet: (table: TableName) => boolean,
): ReturnType<Input['origin']> {
  const path = join(folder, portfolioFile)
  if (!existsSync(join(folder, noteFile)) && existsSync(path) && tableNames.every(isParquet)) {
    const parsed = portfolioNote.safeParse(JSON.parse(readFileSync(path, 'utf8')))
    return { note: parsed.success ? parsed.data.synthetic : null, problem: null }
  }
  return origin(folder, hashes, tableNames.filter(isParquet))
}
