/** What only the SQLite journal has: a disk that fills, a file that another program made, a log that is kept short. */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { listing } from './listing.ts'
import { prediction } from './recorded.test-data.ts'
import { StoredJournal } from './sql-journal.ts'
import { migrateSqlite, openSqliteJournal, sqliteStore } from './sqlite.ts'

const inFolder = async (body: (path: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  try {
    await body(join(folder, 'journal.sqlite'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('on a full disk recording is refused, the check fails, and both recover with the space', async () => {
  const db = new DatabaseSync(':memory:')
  migrateSqlite(db, ':memory:')
  const journal = new StoredJournal(sqliteStore(db, null))
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
  db.exec(`PRAGMA max_page_count = ${pages}`)
  const large = prediction('A', { input: 'x'.repeat(100_000) })
  const [outcome] = await Promise.allSettled([journal.record(large)])
  assert.is(outcome?.status, 'rejected')
  assert.is((await journal.check()) === null, false)
  db.exec('PRAGMA max_page_count = 100000')
  await journal.record(large)
  assert.is((await journal.check()) === null, true)
  await journal.close()
})

test('a file of the first version is brought up to date and keeps what it holds', () =>
  inFolder(async (path) => {
    const db = new DatabaseSync(path)
    migrateSqlite(db, path, 1)
    db.exec(
      `INSERT INTO predictions (request_id, at, source, version, input, probability, threshold, lower, upper, decision, review,
         explanation, warnings, assumed, latency_ms)
       VALUES ('A', '2026-01-01T00:00:00.000Z', 'api', 'v', '{}', 0.5, 0.1, 0.1, 0.1, 'refused', 0, 'null', '[]', '[]', 1)`,
    )
    db.close()
    const journal = openSqliteJournal(path)
    assert.is((await journal.prediction('A'))?.probability, 0.5)
    await journal.recordOutcomes([
      { requestId: 'A', at: '2027-01-01T00:00:00.000Z', status: 'repaid', date: '2027-01-01' },
    ])
    await journal.close()
  }))

test('whatever the list is filtered by, no row that holds a request is read but those that are listed', () => {
  const db = new DatabaseSync(':memory:')
  migrateSqlite(db, ':memory:')
  const asked = [
    {},
    { from: '2026-11-24T00:00:00.000Z', until: '2026-11-25T00:00:00.000Z' },
    { referred: false, decision: 'approved' },
    { version: 'a41f09c2d7e3', before: 9 },
    { reviewDecision: 'none' },
    { reviewDecision: 'declined' },
  ] as const
  for (const query of asked) {
    const { sql, values } = listing({ limit: 50, ...query })
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${sql.replaceAll('$', '?')}`).all(...values)
    const steps = plan.map(({ detail }) => String(detail)).filter((detail) => / predictions( |$)/.test(detail))
    assert.is(steps[0], 'SEARCH predictions USING INTEGER PRIMARY KEY (rowid=?)')
    assert.match(steps.slice(1).join(), /^(SCAN|SEARCH) predictions USING COVERING INDEX \w+( \([^)]*\))?$/)
  }
  db.close()
})

test('while another connection holds the file a record waits without holding up the process, and is written then', () =>
  inFolder(async (path) => {
    const journal = openSqliteJournal(path)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    let written = false
    const recorded = journal.record(prediction('A')).then(() => {
      written = true
    })
    const checked = journal.check()
    await new Promise((resolve) => setTimeout(resolve, 50))
    assert.is(written, false)
    other.exec('COMMIT')
    other.close()
    await recorded
    assert.is(await checked, null)
    assert.is((await journal.prediction('A'))?.requestId, 'A')
    await journal.close()
  }))

test('a newer schema is not touched', () =>
  inFolder(async (path) => {
    await openSqliteJournal(path).close()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.throws(() => openSqliteJournal(path), /version 99/)
  }))

test('the log is moved into the file while records arrive, and is gone when the journal is closed', () =>
  inFolder(async (path) => {
    const journal = openSqliteJournal(path)
    const before = statSync(path).size
    const input = 'x'.repeat(10_000)
    for (let i = 0; statSync(path).size < before + 1_000_000; i++) {
      await Promise.all(Array.from({ length: 20 }, (_, j) => journal.record(prediction(`${i}-${j}`, { input }))))
      await new Promise((resolve) => setTimeout(resolve, 20))
      assert.ok(i < 2000, 'the worker moved nothing into the file')
    }
    await journal.close()
    assert.not.ok(existsSync(`${path}-wal`))
  }))

test.run()
