/** A portfolio cut into parts of some thousand clients on disk (polars), so that scoring it takes the same memory whatever its size. Not part of the service. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { append } from '../data/append.ts'
import { DataError, type Problem } from '../data/data-error.ts'
import type { Input } from '../data/input.ts'
import type { UnknownLevels } from '../data/levels.ts'
import { type HistoryTable, historyTables } from '../data/schema/tables.ts'
import { emptyTable, releaseFrames } from '../data/tables.ts'
import { applicationTable } from '../features/rules/check/program.ts'
import type { Source } from '../features/rules/polars/features.ts'

export const applicationFiles = ['application_train', 'application_test'] as const

/** Clients of one application file that follow each other in it. */
export interface Part {
  /** SK_ID_CURR, in the order of the file. */
  readonly ids: readonly number[]
  /** The outcome of each, null where it is not known. */
  readonly targets: readonly (number | null)[]
  /** Their applications, without TARGET, and all their rows of the history tables. */
  readonly source: Source
  /** Those who have rows in a table that names its clients. */
  readonly clientsIn: (table: HistoryTable) => ReadonlySet<number>
  /** Those who have rows with one of these texts in a column of such a table. */
  readonly clientsWith: (table: HistoryTable, column: string, texts: readonly string[]) => ReadonlySet<number>
}

export interface Parts {
  readonly parts: readonly Part[]
  /** History tables that were not there. */
  readonly absent: ReadonlySet<HistoryTable>
  /** Of the history tables: texts that are none of the published levels. */
  readonly unknownLevels: readonly UnknownLevels[]
}

export interface PartsOptions {
  readonly clientsAtOnce: number
  readonly onProgress: (message: string) => void
  /** Applications with what is known of them beside their file; as they are where left out. */
  readonly completed?: (form: pl.DataFrame) => pl.DataFrame
}

/**
 * Reads the tables that are there once, block by block, and lays the rows of each part's clients into a folder of its own under `scratch`.
 * @throws DataError with all that is wrong with any of the tables
 */
export async function cutIntoParts(
  input: Input,
  scratch: string,
  { clientsAtOnce, onProgress, completed = (form) => form }: PartsOptions,
): Promise<Parts> {
  const folder = mkdtempSync(join(scratch, 'parts-'))
  const problems: Problem[] = []
  const pieces: Map<string, string[]>[] = []
  const lay = (frame: pl.DataFrame, part: number, table: string) => {
    pieces[part] ??= new Map()
    const files = pieces[part].get(table) ?? []
    pieces[part].set(table, files)
    const file = join(folder, String(part), `${table}-${files.length}.parquet`)
    mkdirSync(join(folder, String(part)), { recursive: true })
    frame.writeParquet(file, { compression: 'lz4' })
    files.push(file)
  }

  const parts: { ids: number[]; targets: (number | null)[] }[] = []
  for (const table of applicationFiles.filter((name) => input.has(name))) {
    onProgress(`reading ${table}`)
    const firstPart = parts.length
    const seen = new Set<number>()
    const found = await input.readBlocks(table, { outcomes: 'optional' }, async (block) => {
      const ids = block.getColumn('SK_ID_CURR').toArray() as number[]
      const hasTarget = block.columns.includes('TARGET')
      const targets = hasTarget ? (block.getColumn('TARGET').toArray() as (number | null)[]) : []
      const form = completed(hasTarget ? block.drop('TARGET') : block)
      for (let from = 0; from < ids.length; ) {
        const open = parts.length > firstPart ? parts.at(-1)! : null
        const room = open ? clientsAtOnce - open.ids.length : 0
        if (!open || room === 0) {
          parts.push({ ids: [], targets: [] })
          continue
        }
        const to = Math.min(ids.length, from + room)
        lay(form.slice(from, to - from), parts.length - 1, applicationTable)
        for (let row = from; row < to; row++) {
          open.ids.push(ids[row]!)
          open.targets.push(targets[row] ?? null)
          seen.add(ids[row]!)
        }
        from = to
      }
      await releaseFrames()
    })
    append(problems, found.problems)
    leftOut(table, found.ignored).forEach(onProgress)
    const read = parts.slice(firstPart).reduce((sum, { ids }) => sum + ids.length, 0)
    // The same client in two blocks: the file is read whole, for the message that names its lines.
    if (found.problems.length === 0 && seen.size < read)
      append(problems, (await input.read(table, { outcomes: 'optional' })).problems)
  }

  const places = placesOf(parts)
  let loans = pl.DataFrame([pl.Series('SK_ID_BUREAU', [], pl.Int32), pl.Series('part', [], pl.Int32)])
  const loanBlocks: pl.DataFrame[] = []
  const absent = new Set(historyTables.filter((table) => !input.has(table)))
  const unknownLevels: UnknownLevels[] = []
  for (const table of historyTables.filter((name) => input.has(name))) {
    onProgress(`reading ${table}`)
    const [owners, owner] =
      table === 'bureau_balance' ? ([loans, 'SK_ID_BUREAU'] as const) : ([places, 'SK_ID_CURR'] as const)
    const found = await input.readBlocks(table, { mayBeEmpty: true }, async (block) => {
      const placed = block.lazy().join(owners.lazy(), { on: owner, how: 'inner', maintainOrder: 'left' }).collectSync()
      if (table === 'bureau') loanBlocks.push(placed.select('SK_ID_BUREAU', 'part').unique())
      for (const part of placed.getColumn('part').unique().toArray() as number[])
        lay(placed.filter(pl.col('part').eq(pl.lit(part))).drop('part'), part, table)
      await releaseFrames()
    })
    append(problems, found.problems)
    leftOut(table, found.ignored).forEach(onProgress)
    if (found.unknownLevels.length > 0) unknownLevels.push({ table, levels: found.unknownLevels })
    if (table === 'bureau' && loanBlocks.length > 0) loans = pl.concat(loanBlocks).unique()
  }
  if (problems.length > 0) {
    rmSync(folder, { recursive: true, force: true })
    throw new DataError(problems)
  }
  const sourceOf =
    (part: number): Source =>
    (table, columns) => {
      const files = pieces[part]?.get(table)
      const rows = files
        ? pl.concat(files.map((file) => pl.scanParquet(file)))
        : emptyTable(table as HistoryTable).lazy()
      return rows.select(...columns)
    }
  const whole = parts.map(({ ids, targets }, part): Part => {
    const source = sourceOf(part)
    const clientsOf = (rows: pl.LazyDataFrame) =>
      new Set(rows.select('SK_ID_CURR').unique().collectSync().getColumn('SK_ID_CURR').toArray() as number[])
    return {
      ids,
      targets,
      source,
      clientsIn: (table) => clientsOf(source(table, ['SK_ID_CURR'])),
      clientsWith: (table, column, texts) =>
        clientsOf(source(table, ['SK_ID_CURR', column]).filter(pl.col(column).isIn([...texts]))),
    }
  })
  return { parts: whole, absent, unknownLevels }
}

const named = 5

/** What is said of columns that the table does not have by its schema: nothing is computed from them. */
function leftOut(table: string, columns: readonly string[]): string[] {
  if (columns.length === 0) return []
  const [some, more] = [columns.slice(0, named).join(', '), columns.length - named]
  return [`${table}: not a column of this table, and left out: ${some}${more > 0 ? ` and ${more} more` : ''}`]
}

function placesOf(parts: readonly { readonly ids: readonly number[] }[]): pl.DataFrame {
  const [ids, places]: [number[], number[]] = [[], []]
  parts.forEach((part, place) => {
    for (const id of part.ids) {
      ids.push(id)
      places.push(place)
    }
  })
  return pl.DataFrame([pl.Series('SK_ID_CURR', ids, pl.Int32), pl.Series('part', places, pl.Int32)])
}
