/** `npm run journal -- OUT`: the journal of JOURNAL or DATABASE_URL as Parquet files, also while the service writes to it. */
import { resolve } from 'node:path'
import { exportJournal } from '../api/journal/export.ts'
import { openJournal } from '../api/journal/open.ts'
import { settings } from '../api/settings.ts'
import { argumentsOf } from './usage.ts'

const usage = `npm run journal -- OUT

Writes OUT/predictions.parquet, OUT/reviews.parquet and OUT/outcomes.parquet from the journal that
JOURNAL (a SQLite file; default: journal.sqlite) or DATABASE_URL (PostgreSQL) names. Inputs of applicants are in it: keep it safe.`

async function main(): Promise<void> {
  const { positionals } = argumentsOf(usage, { allowPositionals: true })
  const [out] = positionals
  if (!out || positionals.length !== 1) throw new Error(usage)
  const folder = resolve(process.env.INIT_CWD || process.cwd(), out)
  const journal = await openJournal(settings({ ...process.env, HOST: '', API_KEYS: '' }, process.cwd()))
  try {
    const counts = await exportJournal(journal, folder)
    for (const [table, rows] of Object.entries(counts)) console.log(`${folder}/${table}.parquet: ${rows} rows`)
  } finally {
    await journal.close()
  }
}

main().catch((error) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
