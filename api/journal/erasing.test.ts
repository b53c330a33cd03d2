/** Both journals, by the same tests: a chain that names what was changed, and records that are erased for good. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inRanges, rangesOf } from './chain.ts'
import { startDatabase } from './database.test-data.ts'
import { exportJournal } from './export.ts'
import type { Journal } from './journal.ts'
import { openPostgresJournal } from './postgres.ts'
import { prediction } from './recorded.test-data.ts'
import { openSqliteJournal } from './sqlite.ts'
import { faultText, verifyJournal } from './verify.ts'

interface Place {
  open(): Promise<Journal>
  /** As somebody who may write to the database by himself, past every trigger. */
  tamper(sql: string): Promise<void>
}

const folder = mkdtempSync(join(tmpdir(), 'journal-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const database = await startDatabase()
let files = 0

const stores: Readonly<Record<string, () => Promise<Place>>> = {
  SQLite: async () => {
    const path = join(folder, `${files++}.sqlite`)
    return {
      open: async () => openSqliteJournal(path),
      async tamper(sql) {
        const db = new DatabaseSync(path, { enableForeignKeyConstraints: false })
        const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
        for (const { name } of triggers) db.exec(`DROP TRIGGER ${name}`)
        db.exec(sql)
        db.close()
      },
    }
  },
  PostgreSQL: async () => {
    const url = await database.create()
    return {
      open: () => openPostgresJournal(url),
      async tamper(sql) {
        const client = new Client(url)
        await client.connect()
        await client.query(`SET session_replication_role = replica; ${sql}`) // no trigger, no foreign key
        await client.end()
      },
    }
  },
}

const at = '2026-11-24T13:06:00.000Z'

/** Ten applications, the even ones reviewed, the third with an outcome and seen by somebody. */
async function filled(journal: Journal): Promise<void> {
  for (let i = 0; i < 10; i++)
    await journal.record(
      prediction(`P${i}`, { client: 100_000 + i, input: { application: { NAME: `secret-of-${i}` } } }),
      {
        key: `k${i}`,
        asked: 'h',
        requestId: `P${i}`,
        answer: `answer-of-${i}`,
      },
    )
  for (let i = 0; i < 10; i += 2)
    await journal.review({
      requestId: `P${i}`,
      at,
      decision: 'approved',
      overrideReason: { code: 'other', text: `override-of-${i}` },
    })
  await journal.recordOutcomes([{ requestId: 'P2', at, status: 'repaid', date: '2027-01-01' }])
  await journal.access({ at, caller: 'M. D.', purpose: 'opened', client: null, requestId: 'P2' })
}

const told = async (journal: Journal) => (await verifyJournal(journal)).faults.map(faultText)

for (const [name, place] of Object.entries(stores)) {
  const check = (title: string, body: (place: Place, journal: Journal) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const made = await place()
      const journal = await made.open()
      try {
        await filled(journal)
        await body(made, journal)
      } finally {
        await journal.close()
      }
    })

  check(
    'what was recorded verifies, also when two write at once, and a noted head is found again',
    async (made, one) => {
      const { head, ...before } = await verifyJournal(one)
      assert.equal(before, { records: 17, erased: 0, faults: [] })
      const other = await made.open()
      await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          (i % 2 ? one : other).record(prediction(`Q${i}`, { rank: i % 3 ? null : 1e-7 })),
        ),
      )
      await other.close()
      const after = await verifyJournal(one, head)
      assert.equal([after.records, after.faults], [57, []])
      const [fault] = (await verifyJournal(one, { ...head, link: 'f'.repeat(64) })).faults
      assert.is(fault?.kind, 'other history')
      assert.is((await verifyJournal(one, { position: 999, link: head.link })).faults[0]?.kind, 'link removed')
    },
  )

  check('a changed record is named', async ({ tamper }, journal) => {
    await tamper("UPDATE predictions SET probability = 0.999 WHERE request_id = 'P3'")
    await tamper("UPDATE reviews SET override_text = 'another' WHERE request_id = 'P4'")
    assert.equal(await told(journal), [
      'predictions, position 4 (request P3): changed after it was recorded',
      'reviews, position 3 (request P4): changed after it was recorded',
    ])
  })

  check('a removed record is named, whoever removed it', async ({ tamper }, journal) => {
    await tamper(
      "DELETE FROM outcomes; DELETE FROM answers WHERE request_id = 'P9'; DELETE FROM predictions WHERE request_id = 'P9'",
    )
    assert.equal(await told(journal), [
      'predictions, position 10: removed, and no erasure speaks of it',
      'outcomes, position 1: removed, and no erasure speaks of it',
    ])
  })

  check('a replaced record is named', async ({ tamper }, journal) => {
    await tamper(
      `CREATE TABLE other AS SELECT * FROM predictions WHERE request_id = 'P5';
       DELETE FROM predictions WHERE request_id = 'P5';
       UPDATE other SET probability = 0.999, position = 77;
       INSERT INTO predictions ${name === 'SQLite' ? '' : 'OVERRIDING SYSTEM VALUE '}SELECT * FROM other`,
    )
    assert.equal(await told(journal), [
      'predictions, position 6: removed, and no erasure speaks of it',
      'predictions, position 77 (request P5): put in the place of a record that was removed',
    ])
  })

  check('a link that was changed, or removed with its record, is named', async ({ tamper }, journal) => {
    await tamper("DELETE FROM chain WHERE record = 'outcomes'; DELETE FROM outcomes")
    assert.match((await told(journal)).join(), /chain, position 17: links before it were removed/)
    await tamper("UPDATE chain SET digest = 'x' WHERE position = 3")
    assert.match((await told(journal)).join('\n'), /chain, position 3: this link, or the one before it, was changed\n/)
  })

  check(
    'an erased client is gone from every table, the others are not, and the chain still verifies',
    async (made, journal) => {
      const erased = await journal.eraseClient(100_002, { at, caller: 'DPO', cause: 'request' })
      assert.equal(erased, { answers: 1, accesses: 1, outcomes: 1, reviews: 1, predictions: 1 })
      assert.is(await journal.prediction('P2'), null)
      assert.is(await journal.kept('k2'), null)
      assert.equal(await journal.accesses(100_002, ['P2']), [])
      assert.is((await journal.predictions({ limit: 99 })).length, 9)
      const verified = await verifyJournal(journal)
      assert.equal([verified.records, verified.erased, verified.faults], [14, 4, []])
      assert.equal(await journal.eraseClient(100_002, { at, caller: null, cause: 'request' }), {
        ...erased,
        answers: 0,
        accesses: 0,
        outcomes: 0,
        reviews: 0,
        predictions: 0,
      })
      assert.is((await journal.rows('erasures', 0, 9)).length, 1, 'nothing erased, nothing recorded')
      await journal.record(prediction('P2'))
      await made.tamper("DELETE FROM predictions WHERE request_id = 'P2'")
      assert.equal(await told(journal), ['predictions, position 11: removed, and no erasure speaks of it'])
    },
  )

  check('requests are erased one by one, and what is older than its time by tables', async (_, journal) => {
    const erasure = { at, caller: null, cause: 'retention' } as const
    assert.is((await journal.eraseRequests(['P0', 'nobody'], erasure)).predictions, 1)
    assert.is((await journal.eraseBefore('accesses', at, erasure)).accesses, 0)
    assert.is((await journal.eraseBefore('accesses', '2026-12-01', erasure)).accesses, 1)
    assert.is((await journal.eraseBefore('answers', '2026-12-01', erasure)).answers, 9)
    assert.is((await journal.predictions({ limit: 99 })).length, 9)
    const all = await journal.eraseBefore('predictions', '2026-12-01', erasure)
    assert.equal([all.predictions, all.reviews, all.outcomes], [9, 4, 1])
    assert.equal(await told(journal), [])
  })
}

test('SQLite: of an erased client no byte is left in the file, its log or an export, and the others’ are', async () => {
  const place = join(folder, 'erased')
  const path = join(place, 'journal.sqlite')
  const journal = openSqliteJournal(path)
  const text = (i: number) => `secret-of-${i};`
  // Rows of all sizes, so that pages are split, moved and freed.
  for (let i = 0; i < 400; i++)
    await journal.record(
      prediction(`R${i}`, {
        client: 500_000 + i,
        input: { note: text(i).repeat(1 + ((i * 37) % 900)) },
        caller: text(i),
      }),
      { key: `key-${i}`, asked: 'h', requestId: `R${i}`, answer: text(i).repeat(1 + ((i * 53) % 300)) },
    )
  for (let i = 0; i < 400; i += 3)
    await journal.review({
      requestId: `R${i}`,
      at,
      decision: 'approved',
      overrideReason: { code: 'other', text: text(i) },
    })
  const erased = [7, 8, 9, 150, 151, 152, 153, 300, 399]
  for (const i of erased) await journal.eraseClient(500_000 + i, { at, caller: null, cause: 'request' })
  const out = join(folder, 'exported')
  await exportJournal(journal, out)
  const bytes = (where: string) => readdirSync(where).map((file) => readFileSync(join(where, file), 'latin1'))
  const all = [...bytes(place), ...bytes(out)]
  const traces = erased.filter((i) => all.some((content) => content.includes(text(i)) || content.includes(`"R${i}"`)))
  assert.equal(traces, [])
  assert.ok(
    all.some((content) => content.includes(text(10))),
    'the search finds what is there',
  )
  assert.equal(await told(journal), [])
  await journal.close()
})

test('ranges say which positions they were made of, and no others', () => {
  const positions = [9, 1, 2, 3, 7, 10]
  assert.is(rangesOf(positions), '1-3,7,9-10')
  const isIn = inRanges(rangesOf(positions))
  assert.equal(
    Array.from({ length: 12 }, (_, i) => i).filter(isIn),
    positions.toSorted((a, b) => a - b),
  )
  assert.not.ok(inRanges('')(0))
})

test('the database is stopped', () => database.stop())

test.run()
