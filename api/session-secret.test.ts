/** The secret of sessions: set, or made once beside the journal, or one for all containers of a database. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDatabase } from './journal/database.test-data.ts'
import { openJournal } from './journal/open.ts'
import { openPostgresJournal } from './journal/postgres.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { sessionSecretOf } from './session-secret.ts'

const inFolder = async (body: (journal: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'secret-'))
  try {
    await body(join(folder, 'journal.sqlite'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
const memory = openSqliteJournal(':memory:')
const secretOf = (journal: string, sessionSecret: Buffer | null = null) =>
  sessionSecretOf({ journal, journalSync: 'normal', databaseUrl: null, sessionSecret }, memory)

test('beside a SQLite journal it is made once, for its owner only, and read again', () =>
  inFolder(async (journal) => {
    const [first, second] = await Promise.all([secretOf(journal), secretOf(journal)])
    assert.is(first.length, 32)
    assert.equal(first, second)
    assert.equal(await secretOf(journal), first)
    const file = `${journal}.session-secret`
    assert.is(statSync(file).mode & 0o777, 0o600)
    assert.equal(readdirSync(join(journal, '..')), ['journal.sqlite.session-secret'])
    rmSync(file)
    assert.not.equal(await secretOf(journal), first)
  }))

test('SESSION_SECRET goes before it, and no file is made', () =>
  inFolder(async (journal) => {
    const set = Buffer.from('x'.repeat(32))
    assert.is(await secretOf(journal, set), set)
    assert.not.ok(existsSync(`${journal}.session-secret`))
  }))

test('a file that others may read or that holds something else is refused, with what to do and without what it holds', () =>
  inFolder(async (journal) => {
    const file = `${journal}.session-secret`
    const refused = async () => String(await secretOf(journal).catch((error: unknown) => error))
    await secretOf(journal)
    chmodSync(file, 0o644)
    assert.match(await refused(), /mode 600.* found mode 644.*Delete it/)
    assert.not.ok((await refused()).includes(readFileSync(file, 'utf8').trim()))
    chmodSync(file, 0o600)
    for (const text of ['', 'hello', 'ab'.repeat(31)]) {
      writeFileSync(file, text)
      assert.match(await refused(), /expected 64 hex digits.*Delete it/)
    }
  }))

test('a journal is made for its owner only, and so is its log', () =>
  inFolder(async (path) => {
    const journal = await openJournal({ journal: path, journalSync: 'normal', databaseUrl: null })
    for (const file of readdirSync(join(path, '..')))
      assert.is(statSync(join(path, '..', file)).mode & 0o777, 0o600, file)
    assert.ok(existsSync(`${path}-wal`))
    await journal.close()
  }))

test('containers on one database have the same secret, another database has another', async () => {
  const database = await startDatabase()
  try {
    const secrets: Buffer[] = []
    for (const databaseUrl of [await database.create(), await database.create()]) {
      const journals = await Promise.all([openPostgresJournal(databaseUrl), openPostgresJournal(databaseUrl)])
      const set = { journal: '/nowhere', journalSync: 'normal', databaseUrl, sessionSecret: null } as const
      const [one, two] = await Promise.all(journals.map((journal) => sessionSecretOf(set, journal)))
      assert.is(one!.length, 32)
      assert.equal(one, two)
      secrets.push(one!)
      for (const journal of journals) await journal.close()
    }
    assert.not.equal(secrets[0], secrets[1])
  } finally {
    await database.stop()
  }
})

test.run()
