/** The journal that the settings name: PostgreSQL by DATABASE_URL, else a SQLite file. */
import type { Journal } from './journal.ts'
import { openSqliteJournal } from './sqlite.ts'

export interface JournalSettings {
  readonly journal: string
  readonly journalSync: 'normal' | 'full'
  readonly databaseUrl: string | null
}

/** @throws JournalError when it cannot be opened */
export async function openJournal({ journal, journalSync, databaseUrl }: JournalSettings): Promise<Journal> {
  if (databaseUrl === null) return openSqliteJournal(journal, { sync: journalSync })
  // Read only where it is used: the client costs memory.
  const { openPostgresJournal } = await import('./postgres.ts')
  return openPostgresJournal(databaseUrl)
}
