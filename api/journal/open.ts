/** The journal that the settings name: PostgreSQL by DATABASE_URL, else a SQLite file. */
import { existsSync } from 'node:fs'
import { type Journal, JournalError } from './journal.ts'
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

/** The same for a command that reads what was recorded: a file that is not there is a mistyped path, not an empty journal. @throws JournalError */
export async function openExistingJournal(settings: JournalSettings): Promise<Journal> {
  if (settings.databaseUrl === null) journalFileExists(settings.journal)
  return openJournal(settings)
}

/** @throws JournalError where there is no such file */
export function journalFileExists(path: string): void {
  if (!existsSync(path)) throw new JournalError(`${path}: expected the journal (JOURNAL), and there is no such file`)
}
