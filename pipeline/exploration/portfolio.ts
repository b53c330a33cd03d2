/** The portfolio as `ingest` left it, and what has to be said about it before anything else. */
import type pl from 'nodejs-polars'
import { number } from 'report-kit'
import { readPortfolioNote } from '../data/portfolio-note.ts'
import type { TableName } from '../data/schema/tables.ts'
import { readParquetTable } from '../data/tables.ts'

export interface Portfolio {
  /** Clients whose loan has run: the application and TARGET, 1 for a default. */
  readonly known: pl.DataFrame
  /** Clients who apply now. */
  readonly fresh: pl.DataFrame
  readonly synthetic: boolean
  readonly hash: string
  readonly rows: Readonly<Record<string, number>>
  /** Some columns of a table. */
  table(name: TableName, columns: readonly string[]): pl.DataFrame
}

/** Opens `artifacts/portfolio`; histories are read when they are asked for. */
export function openPortfolio(folder: string): Portfolio {
  const { synthetic, tables, hash } = readPortfolioNote(folder)
  const table = (name: TableName, columns?: readonly string[]) => readParquetTable(folder, name, columns)
  return {
    known: table('application_train'),
    fresh: table('application_test'),
    synthetic: synthetic !== null,
    hash,
    rows: Object.fromEntries(Object.entries(tables).map(([name, { rows }]) => [name, rows])),
    table,
  }
}

/** One paragraph of Markdown: what the data are, how many, and which. */
export function provenance({ synthetic, rows, hash, known, fresh }: Portfolio): string {
  const history = Object.entries(rows).reduce((sum, [name, n]) => sum + (name.startsWith('application') ? 0 : n), 0)
  const size = `${number(known.height)} known and ${number(fresh.height)} new clients, ${number(history)} rows of history`
  const which = `data ${hash.slice(0, 8)}`
  return synthetic
    ? `> **Synthetic data.** No client below exists: the portfolio was generated to look like the Home Credit tables (${size}; ${which}). Put the real files into \`data/\`, run \`npm run repro\`, replay, and every number and sentence below is computed anew.`
    : `**Real data**: ${size} (${which}).`
}
