/** The SQLite journal: recorded before answered, append-only, and honest about a disk that is full. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Prediction } from './journal.ts'
import { migrations } from './migrations.ts'
import { openSqliteJournal, SqliteJournal } from './sqlite.ts'

const prediction = (requestId: string, over: Partial<Prediction> = {}): Prediction => ({
  requestId,
  at: '2026-11-24T13:05:00.000Z',
  source: 'api',
  version: 'a41f09c2d7e3',
  client: 100001,
  input: { client: 100001 },
  probability: 0.114,
  threshold: 0.091,
  greyZone: { lower: 0.086, upper: 0.096 },
  decision: 'refused',
  review: false,
  rank: 0.82,
  explanation: {
    bias: -2.4,
    concepts: [{ concept: 'external', effect: 0.8, features: [{ feature: 'ext', value: 0.27, effect: 0.8 }] }],
  },
  warnings: [{ field: 'ORGANIZATION_TYPE', code: 'unseen_category', text: { fr: 'é', en: 'e' } }],
  assumed: ['FLAG_MOBIL'],
  latencyMs: 1.5,
  ...over,
})

const inFolder = async (body: (path: string) => Promise<void>) => {
  const folder = mkdtempSync(join(tmpdir(), 'journal-'))
  try {
    await body(join(folder, 'journal.sqlite'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

test('a prediction is read back as it was recorded, also after the journal is opened again', () =>
  inFolder(async (path) => {
    const first = openSqliteJournal(path)
    const sent = [prediction('A'), prediction('B', { client: null, rank: null, explanation: null, review: true })]
    await Promise.all(sent.map((p) => first.record(p)))
    await first.close()
    const second = openSqliteJournal(path)
    for (const p of sent) assert.equal(await second.prediction(p.requestId), p)
    assert.is(await second.prediction('C'), null)
    await second.close()
  }))

test('another process sees a prediction as soon as its promise has resolved', () =>
  inFolder(async (path) => {
    const journal = openSqliteJournal(path)
    await journal.record(prediction('A'))
    const other = new DatabaseSync(path, { readOnly: true })
    assert.is(other.prepare('SELECT count(*) AS n FROM predictions').get()?.n, 1)
    other.close()
    await journal.close()
  }))

test('the list is newest first, pages without gap or repeat, and filters', async () => {
  const journal = openSqliteJournal(':memory:')
  for (let i = 0; i < 7; i++) await journal.record(prediction(`P${i}`, { decision: i % 2 ? 'granted' : 'refused' }))
  const first = await journal.predictions({ limit: 4 })
  const second = await journal.predictions({ limit: 4, before: first.at(-1)?.position })
  assert.equal(
    [...first, ...second].map((p) => p.requestId),
    ['P6', 'P5', 'P4', 'P3', 'P2', 'P1', 'P0'],
  )
  assert.equal((await journal.predictions({ limit: 9, decision: 'granted' })).length, 3)
  await journal.close()
})

test('all reviews are kept and the latest counts', async () => {
  const journal = openSqliteJournal(':memory:')
  await journal.record(prediction('A'))
  const reviews = [
    { requestId: 'A', at: '2026-11-24T13:06:00.000Z', outcome: 'escalated', motive: null },
    {
      requestId: 'A',
      at: '2026-11-24T13:07:00.000Z',
      outcome: 'granted',
      motive: { code: 'guarantee', text: 'Caution de 50 000 euros.' },
    },
  ] as const
  for (const review of reviews) await journal.review(review)
  assert.equal(await journal.reviews('A'), reviews)
  assert.is((await journal.predictions({ limit: 1 }))[0]?.outcome, 'granted')
  await journal.close()
})

test('a recorded prediction can be neither changed nor deleted', () =>
  inFolder(async (path) => {
    const journal = openSqliteJournal(path)
    await journal.record(prediction('A'))
    const other = new DatabaseSync(path)
    assert.throws(() => other.exec('UPDATE predictions SET probability = 0'), /append-only/)
    assert.throws(() => other.exec('DELETE FROM predictions'), /append-only/)
    other.close()
    await journal.close()
  }))

test('one request id is recorded once: the second is refused and nothing else of its turn is lost silently', async () => {
  const journal = openSqliteJournal(':memory:')
  await journal.record(prediction('A'))
  const outcomes = await Promise.allSettled([journal.record(prediction('A')), journal.record(prediction('B'))])
  assert.equal(
    outcomes.map((o) => o.status),
    ['rejected', 'fulfilled'],
  )
  assert.ok(await journal.prediction('B'))
  await journal.close()
})

test('on a full disk recording is refused, the check fails, and both recover with the space', async () => {
  const db = new DatabaseSync(':memory:')
  for (const sql of migrations) db.exec(sql)
  const journal = new SqliteJournal(db)
  const pages = Number(db.prepare('PRAGMA page_count').get()?.page_count)
  db.exec(`PRAGMA max_page_count = ${pages}`)
  const large = prediction('A', { input: 'x'.repeat(100_000) })
  const [outcome] = await Promise.allSettled([journal.record(large)])
  assert.is(outcome?.status, 'rejected')
  assert.is(await journal.check(), false)
  db.exec('PRAGMA max_page_count = 100000')
  await journal.record(large)
  assert.is(await journal.check(), true)
  await journal.close()
})

test('a closed journal refuses and a newer schema is not touched', () =>
  inFolder(async (path) => {
    const journal = openSqliteJournal(path)
    await journal.close()
    const [outcome] = await Promise.allSettled([journal.record(prediction('A'))])
    assert.is(outcome?.status, 'rejected')
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    assert.throws(() => openSqliteJournal(path), /version 99/)
  }))

test.run()
