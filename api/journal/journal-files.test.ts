/** The journal's files deleted, replaced, written over: noticed at once and by itself, nothing is answered, and no other file is harmed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Journal, JournalMoved } from './journal.ts'
import { prediction } from './recorded.test-data.ts'
import { openSqliteJournal } from './sqlite.ts'

const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

/** A journal of `count` predictions, closed. */
async function written(path: string, count: number): Promise<void> {
  const journal = openSqliteJournal(path)
  for (let i = 0; i < count; i++) await journal.record(prediction(`${i}`, { input: 'x'.repeat(3000) }))
  await journal.close()
}

const prelude = `
  const { DatabaseSync } = await import('node:sqlite')
  const { openSqliteJournal } = await import('${new URL('./sqlite.ts', import.meta.url)}')
  const { prediction } = await import('${new URL('./recorded.test-data.ts', import.meta.url)}')
  const path = process.argv.at(-1)
`

/** Another process: within one, SQLite takes what lies under one inode for one file. Gives what it writes. */
async function elsewhere(path: string, source: string): Promise<string> {
  const args = ['--conditions=source', '--input-type=module', '-e', prelude + source, path]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [code] = await once(child, 'close')
  assert.is(code, 0)
  return said.trim()
}

/** Of a sound file, as another process finds it. */
const rowsIn = async (path: string): Promise<number> =>
  Number(
    await elsewhere(
      path,
      `const db = new DatabaseSync(path, { readOnly: true })
       if (db.prepare('PRAGMA integrity_check').get().integrity_check !== 'ok') throw new Error('not sound')
       console.log(db.prepare('SELECT count(*) AS n FROM predictions').get().n)`,
    ),
  )

/** An open journal with some predictions that are still in its log, and the checkpoint worker running. */
async function inFolder(body: (o: { folder: string; path: string; journal: Journal }) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const path = join(folder, 'journal.sqlite')
  const journal = openSqliteJournal(path)
  try {
    await after(1200)
    for (let i = 0; i < 6; i++) await journal.record(prediction(`A${i}`, { input: 'y'.repeat(3000) }))
    await body({ folder, path, journal })
  } finally {
    await journal.close()
    rmSync(folder, { recursive: true })
  }
}

async function isRefused(journal: Journal, message: RegExp): Promise<void> {
  for (const work of [
    () => journal.record(prediction('B')),
    () => journal.prediction('A0'),
    () => journal.endSession('s', 2, 1),
    () => journal.kept('k'),
  ]) {
    const error: unknown = await work().catch((reason: unknown) => reason)
    assert.ok(error instanceof JournalMoved, String(error))
    assert.match(String(error), message)
    assert.match(String(error), /Stop the service, put the right files at this path and start it again/)
  }
  assert.instance(await journal.check(), JournalMoved)
}

test('deleted, it refuses at once, and keeps refusing when a file lies there again', () =>
  inFolder(async ({ path, journal }) => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix)
    await isRefused(journal, /was deleted or moved while the service had it open/)
    writeFileSync(path, '')
    await isRefused(journal, /was deleted or moved/)
    assert.is(readFileSync(path).length, 0)
  }))

test('its log deleted, it refuses, and what was in the log is in the file', () =>
  inFolder(async ({ path, journal }) => {
    rmSync(`${path}-wal`)
    await isRefused(journal, /lost its -wal file/)
    await journal.close()
    assert.is(await rowsIn(path), 6)
  }))

test('moved away, what was recorded is complete in the file that was moved, within a second and without a request', () =>
  inFolder(async ({ folder, path, journal }) => {
    renameSync(path, join(folder, 'moved.sqlite'))
    await after(1000)
    copyFileSync(join(folder, 'moved.sqlite'), join(folder, 'alone.sqlite'))
    assert.is(await rowsIn(join(folder, 'alone.sqlite')), 6)
    await isRefused(journal, /was deleted or moved/)
  }))

test('another journal put in its place, by moving or by copying over it, is not touched, now or by whoever opens it next', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const other = join(folder, 'other.sqlite')
  await written(other, 40)
  const content = readFileSync(other)
  const ways = {
    moved: (path: string) => {
      copyFileSync(other, `${path}.new`)
      renameSync(`${path}.new`, path)
    },
    copied: (path: string) => copyFileSync(other, path),
  }
  for (const [way, put] of Object.entries(ways))
    await inFolder(async ({ path, journal }) => {
      put(path)
      await after(2200) // two turns of the checkpoints
      assert.ok(readFileSync(path).equals(content), `${way}: changed while the service runs`)
      await isRefused(
        journal,
        way === 'moved' ? /was replaced by another file/ : /was written over with another journal/,
      )
      await journal.close()
      assert.ok(readFileSync(path).equals(content), `${way}: changed by closing`)
      assert.is(await rowsIn(path), 40)
      const found = await elsewhere(
        path,
        `const journal = openSqliteJournal(path)
         await journal.record(prediction('C'))
         console.log(await journal.prediction('A0'))
         await journal.close()`,
      )
      assert.is(found, 'null')
      assert.is(await rowsIn(path), 41)
      const aside = readdirSync(join(path, '..')).filter((name) => /-wal\.of-lost-journal-\d+$/.test(name))
      assert.is(aside.length, way === 'copied' ? 1 : 0, 'the log of a file that is no more is put aside')
    })
  rmSync(folder, { recursive: true })
})

test('an older copy of itself written over it is noticed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  const [path, old] = [join(folder, 'journal.sqlite'), join(folder, 'old.sqlite')]
  await written(path, 3)
  copyFileSync(path, old)
  const journal = openSqliteJournal(path)
  for (let i = 0; i < 40; i++) await journal.record(prediction(`A${i}`, { input: 'z'.repeat(8000) }))
  const moves = performance.now() + 20_000
  while (statSync(path).size <= statSync(old).size) {
    assert.ok(performance.now() < moves, 'the log was not moved into the file')
    await after(100)
  }
  assert.is(await journal.check(), null)
  copyFileSync(old, path)
  await isRefused(journal, /was cut short or written over/)
  assert.ok(readFileSync(path).equals(readFileSync(old)))
  await journal.close()
  assert.ok(readFileSync(path).equals(readFileSync(old)))
  rmSync(folder, { recursive: true })
})

test('two processes write one journal, one of them leaves, and nothing is wrong with it', () =>
  inFolder(async ({ path, journal }) => {
    const other = elsewhere(
      path,
      `const journal = openSqliteJournal(path)
       for (let i = 0; i < 300; i++) await journal.record(prediction('W' + i, { input: 'x'.repeat(5000) }))
       await new Promise((done) => setTimeout(done, 1500))
       await journal.close()`,
    )
    for (let i = 0; i < 300; i++) await journal.record(prediction(`M${i}`, { input: 'x'.repeat(5000) }))
    await other
    assert.is(await journal.check(), null)
    await after(1200)
    assert.is(await journal.check(), null)
    await journal.close()
    assert.not.ok(existsSync(`${path}-wal`))
    assert.is(await rowsIn(path), 606)
  }))

test.run()
