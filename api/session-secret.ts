/** What signs the page's sessions: SESSION_SECRET, else a random secret made once and kept with the journal, never in it where it is a file. */
import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Journal } from './journal/journal.ts'
import type { JournalSettings } from './journal/open.ts'

const bytes = 32

/**
 * Beside a SQLite journal the file NAME.session-secret, of mode 0600, so that a copy of the journal lets nobody in. In PostgreSQL a row: the
 * containers have nothing else in common, and who must not sign sessions must not read the journal's database, or SESSION_SECRET is set.
 * @throws Error where the file is readable by others or holds something else
 */
export async function sessionSecretOf(
  set: JournalSettings & { readonly sessionSecret: Buffer | null },
  journal: Journal,
): Promise<Buffer> {
  if (set.sessionSecret) return set.sessionSecret
  if (set.databaseUrl !== null)
    return Buffer.from(await journal.secret('session', randomBytes(bytes).toString('hex')), 'hex')
  return keptSecret(`${set.journal}.session-secret`)
}

function keptSecret(path: string): Buffer {
  const unfinished = `${path}.${process.pid}`
  if (!statSync(path, { throwIfNoEntry: false })) {
    writeFileSync(unfinished, `${randomBytes(bytes).toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    try {
      linkSync(unfinished, path) // whole or not at all; of two processes the first
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    } finally {
      rmSync(unfinished)
    }
  }
  const { mode } = statSync(path)
  if ((mode & 0o077) !== 0)
    throw new Error(
      `${path}: expected a file that only its owner reads (mode 600), found mode ${(mode & 0o777).toString(8)}: whoever has read it can sign in as anybody. Delete it, and everyone signs in again; or set SESSION_SECRET`,
    )
  const text = readFileSync(path, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/.test(text))
    throw new Error(
      `${path}: expected ${2 * bytes} hex digits, found something else. Delete it, and everyone signs in again; or set SESSION_SECRET`,
    )
  return Buffer.from(text, 'hex')
}
