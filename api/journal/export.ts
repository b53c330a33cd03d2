/** The journal as Parquet files, one a table, read a page at a time so that its size does not matter. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileWriter, parquetWriteRows } from 'hyparquet-writer'
import { abandon, begin, putInPlace } from '../../pipeline/data/write-whole.ts'
import { type Journal, type JournalTable, journalTables } from './journal.ts'
import { columns } from './rows.ts'

const page = 1000

const kinds = { text: 'STRING', bigint: 'INT64', float8: 'DOUBLE' } as const

const written = {
  text: (value: unknown) => String(value),
  bigint: (value: unknown) => BigInt(String(value)),
  float8: (value: unknown) => Number(value),
} as const

/** Writes a Parquet file for each of `journalTables` into a folder; answers the rows of each. */
export async function exportJournal(journal: Journal, folder: string): Promise<Record<JournalTable, number>> {
  mkdirSync(folder, { recursive: true })
  const counts = { predictions: 0, reviews: 0, outcomes: 0, accesses: 0, erasures: 0 }
  for (const table of journalTables) {
    // The salt is of use to the chain alone.
    const { salt: _, ...own } = columns[table]
    const types = { position: 'bigint', ...own } as const
    const path = join(folder, `${table}.parquet`)
    const unfinished = begin(path)
    try {
      await parquetWriteRows({
        writer: fileWriter(unfinished),
        columns: Object.entries(types).map(([name, type]) => ({ name, type: kinds[type], nullable: true })),
        rowGroupSize: page * 10,
        rows: rowsOf(table, types),
      })
      putInPlace(path, unfinished)
    } catch (error) {
      abandon(unfinished)
      throw error
    }
  }
  return counts

  async function* rowsOf(table: JournalTable, types: Readonly<Record<string, keyof typeof kinds>>) {
    for (let after = 0; ; ) {
      const rows = await journal.rows(table, after, page)
      for (const row of rows) {
        counts[table]++
        yield Object.fromEntries(
          Object.entries(types).map(([name, type]) => [name, row[name] === null ? null : written[type](row[name])]),
        )
      }
      if (rows.length < page) return
      after = Number(rows.at(-1)?.position)
    }
  }
}
