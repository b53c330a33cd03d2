/** The note that `ingest` writes with its Parquet files: whose data these are, and by which hash they are known. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { historyTables } from './schema/tables.ts'

export const portfolioFile = 'portfolio.json'

export const portfolioNoteSchema = z.object({
  /** How the clients were generated; null for real ones. */
  synthetic: z.record(z.string(), z.unknown()).nullable(),
  tables: z.record(z.string(), z.object({ rows: z.number(), sha256: z.string() })),
  /** History tables that were not there: nothing is known of them. */
  absent: z.array(z.enum(historyTables)).optional(),
  /** Over the hashes of the eight files. */
  hash: z.string(),
})
export type PortfolioNote = z.output<typeof portfolioNoteSchema>

/** The note of the folder `artifacts/portfolio`. @throws when there is none, or when it holds something else */
export const readPortfolioNote = (folder: string): PortfolioNote =>
  portfolioNoteSchema.parse(JSON.parse(readFileSync(join(folder, portfolioFile), 'utf8')))
