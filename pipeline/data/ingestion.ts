/** From a folder of CSV files to typed Parquet tables, all or nothing, and what there is to say about the quality of the data. */

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import type { Synthetic } from 'synthetic-credit/note'
import { append } from './append.ts'
import type { Reading } from './checks.ts'
import { DataError, type Problem } from './data-error.ts'
import { type Input, openInput } from './input.ts'
import { unknownLevelLines } from './levels.ts'
import { type PortfolioNote, portfolioFile } from './portfolio-note.ts'
import { type HistoryTable, historyTables, type TableName, tableNames, tables } from './schema/tables.ts'
import { emptyTable, releaseFrames, writeTable } from './tables.ts'
import { abandon, begin, putInPlace } from './write-whole.ts'

export interface TableQuality {
  readonly table: TableName
  readonly rows: number
  /** Share of missing cells in all columns. */
  readonly missing: number
  /** Distinct clients (of bureau_balance: distinct loans). */
  readonly clients: number
  /** Rows whose client is in neither application file; of bureau_balance, whose loan is not in bureau. */
  readonly unknown: number
  /** Columns of the file that no schema knows, left out. */
  readonly ignored: readonly string[]
  /** Texts that are none of their column's published levels, in words. */
  readonly unknown_levels: readonly string[]
  readonly columns: readonly { readonly name: string; readonly missing: number }[]
}

export interface Quality {
  readonly synthetic: Synthetic | null
  readonly hash: string
  readonly clients: { readonly train: number; readonly new: number; readonly defaults: number }
  readonly tables: readonly TableQuality[]
  /** History tables that are not there; no feature reads them. */
  readonly absent?: readonly HistoryTable[]
}

const clientsOf: Partial<Record<TableName, string>> = { bureau_balance: 'SK_ID_BUREAU' }

function qualityOf(
  frame: pl.DataFrame,
  table: TableName,
  known: pl.DataFrame | null,
  { ignored, unknownLevels }: Pick<Reading, 'ignored' | 'unknownLevels'>,
): TableQuality {
  const owner = clientsOf[table] ?? 'SK_ID_CURR'
  const nulls = frame.nullCount().row(0).map(Number)
  const columns = tables[table].columns.map(({ name }, index) => ({
    name,
    missing: (nulls[index] ?? 0) / frame.height,
  }))
  const rowsOf = frame.groupBy(owner).agg(pl.col(owner).count().alias('n'))
  const strangers = known?.height ? rowsOf.join(known, { on: owner, how: 'anti' }) : rowsOf
  const unknown = known === null ? 0 : Number(strangers.getColumn('n').sum() ?? 0)
  return {
    table,
    rows: frame.height,
    missing: columns.reduce((sum, column) => sum + column.missing, 0) / columns.length,
    clients: rowsOf.height,
    unknown,
    ignored,
    unknown_levels: unknownLevelLines({ table, levels: unknownLevels }),
    columns,
  }
}

/** Clients of the second application file that are in the first one too. */
function inBoth(train: pl.DataFrame, fresh: pl.DataFrame): Problem[] {
  const lines = fresh.select('SK_ID_CURR').withRowIndex('line', 2)
  const twice = lines.join(train, { on: 'SK_ID_CURR', how: 'semi' }).select('line', 'SK_ID_CURR')
  return twice
    .head(10)
    .rows()
    .map(([line, client]: unknown[]) => ({
      file: tables.application_test.file,
      column: 'SK_ID_CURR',
      line: Number(line),
      expected: `a client that is not in ${tables.application_train.file}${twice.height > 10 ? ` (${twice.height} such rows)` : ''}`,
      value: String(client),
    }))
}

export interface IngestOptions {
  /** Largest tolerated share of a history table's rows whose client is in neither application file. */
  readonly unknownClients: number
  readonly onProgress?: (text: string) => void
}

/**
 * Reads, checks and types the tables of `data` (see `openInput`; a history table may be absent, and is then written without rows), and writes them with portfolio.json into the folder `output`, which it replaces.
 * One table is in memory at a time. Throws DataError with the problems of all tables; `output` is then as it was.
 */
export async function ingestPortfolio(data: string, output: string, options: IngestOptions): Promise<Quality> {
  const progress = options.onProgress ?? (() => {})
  const unfinished = begin(output)
  mkdirSync(unfinished)
  let input: Input | null = null
  try {
    const opened = await openInput(data, unfinished)
    input = opened
    const problems: Problem[] = []
    const qualities: TableQuality[] = []
    const hashes: Record<string, { rows: number; sha256: string }> = {}
    let train: pl.DataFrame | null = null
    let clients: pl.DataFrame | null = null
    let loans: pl.DataFrame | null = null
    let defaults = 0
    const one = async (table: TableName) => {
      progress(tables[table].file)
      const reading = await opened.read(table)
      const { frame, scan, problems: found } = reading
      append(problems, found)
      if (scan) hashes[table] = { rows: scan.rows, sha256: scan.sha256 }
      if (!frame) return
      const known = table === 'bureau_balance' ? loans : table.startsWith('application') ? null : clients
      const quality = qualityOf(frame, table, known, reading)
      quality.unknown_levels.forEach(progress)
      qualities.push(quality)
      if (table === 'application_train') {
        train = frame.select('SK_ID_CURR')
        defaults = frame.getColumn('TARGET').sum()
      }
      if (table === 'application_test' && train) {
        append(problems, inBoth(train, frame))
        clients = pl.concat([train, frame.select('SK_ID_CURR')])
      }
      if (table === 'bureau') loans = frame.select('SK_ID_BUREAU')
      if (table !== 'bureau_balance' && quality.unknown > options.unknownClients * quality.rows)
        problems.push({
          file: tables[table].file,
          column: 'SK_ID_CURR',
          expected: `at most ${options.unknownClients * 100}% of rows of clients that are in neither application file (ingest.unknown_clients)`,
          value: `${quality.unknown} of ${quality.rows} rows`,
        })
      if (problems.length === 0) writeTable(frame, unfinished, table)
    }
    const absent = historyTables.filter((table) => !opened.has(table))
    for (const table of tableNames) {
      if (absent.some((name) => name === table)) {
        progress(`${tables[table].file} is not there: no feature will read it`)
        writeTable(emptyTable(table), unfinished, table)
      } else await one(table)
      await releaseFrames()
    }
    const synthetic = opened.origin(hashes)
    if (synthetic.problem) problems.push(synthetic.problem)
    if (problems.length > 0) throw new DataError(problems)
    const note: PortfolioNote = {
      synthetic: synthetic.note,
      tables: hashes,
      ...(absent.length > 0 && { absent }),
      hash: createHash('sha256')
        .update(tableNames.map((table) => `${table} ${hashes[table]?.sha256}\n`).join(''))
        .digest('hex'),
    }
    writeFileSync(join(unfinished, portfolioFile), `${JSON.stringify(note, null, 2)}\n`)
    opened.close()
    putInPlace(output, unfinished)
    const rowsOf = (table: TableName) => hashes[table]?.rows ?? 0
    return {
      synthetic: synthetic.note,
      hash: note.hash,
      clients: { train: rowsOf('application_train'), new: rowsOf('application_test'), defaults },
      tables: qualities,
      ...(absent.length > 0 && { absent }),
    }
  } finally {
    input?.close()
    abandon(unfinished)
  }
}
