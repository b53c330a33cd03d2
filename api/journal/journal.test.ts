/** Both journals, by the same tests: recorded before answered, append-only, all or nothing where it must be. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Client } from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startDatabase } from './database.test-data.ts'
import { type Journal, JournalError, KeyTaken, type LoanOutcome, type PredictionQuery } from './journal.ts'
import { openPostgresJournal } from './postgres.ts'
import { prediction } from './recorded.test-data.ts'
import { openSqliteJournal } from './sqlite.ts'

/** A place where a journal lies: opened any number of times, and reached from outside with SQL. */
interface Place {
  open(): Promise<Journal>
  run(sql: string): Promise<readonly Record<string, unknown>[]>
}

const folder = mkdtempSync(join(tmpdir(), 'journal-'))
const database = await startDatabase()
let files = 0

const stores: Readonly<Record<string, () => Promise<Place>>> = {
  SQLite: async () => {
    const path = join(folder, `${files++}.sqlite`)
    return {
      open: async () => openSqliteJournal(path),
      run: async (sql) => {
        const db = new DatabaseSync(path)
        try {
          return db.prepare(sql).all()
        } finally {
          db.close()
        }
      },
    }
  },
  PostgreSQL: async () => {
    const url = await database.create()
    return {
      open: () => openPostgresJournal(url),
      run: async (text) => {
        const client = new Client(url)
        await client.connect()
        try {
          return (await client.query(text)).rows
        } finally {
          await client.end()
        }
      },
    }
  },
}

const rejected = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => assert.unreachable('expected a refusal'),
    (error: unknown) => error,
  )

for (const [name, place] of Object.entries(stores)) {
  const check = (title: string, body: (place: Place, journal: Journal) => Promise<void>) =>
    test(`${name}: ${title}`, async () => {
      const made = await place()
      const journal = await made.open()
      try {
        await body(made, journal)
      } finally {
        await journal.close()
      }
    })

  check('a prediction is read back as it was recorded, also after the journal is opened again', async (made, first) => {
    const sent = [
      prediction('A'),
      prediction('B', { client: null, rank: null, explanation: null, referred: true, probability: 0.1 + 0.2 }),
      prediction('C', { client: 2 ** 53 - 1, input: { text: 'Zoë \u0000 \ud800 "quoted" \\' } }),
    ]
    await Promise.all(sent.map((p) => first.record(p)))
    await first.close()
    const second = await made.open()
    for (const p of sent) assert.equal(await second.prediction(p.requestId), p)
    assert.is(await second.prediction('D'), null)
    assert.equal([...(await second.known(['A', 'C', 'D']))].sort(), ['A', 'C'])
    await second.close()
  })

  check('another program sees a prediction as soon as its promise has resolved', async ({ run }, journal) => {
    await journal.record(prediction('A'))
    assert.is(Number((await run('SELECT count(*) AS n FROM predictions'))[0]?.n), 1)
  })

  check('the list is newest first, pages without gap or repeat, and filters', async (_, journal) => {
    for (let i = 0; i < 7; i++)
      await journal.record(prediction(`P${i}`, { decision: i % 2 ? 'approved' : 'declined', version: `v${i % 3}` }))
    const first = await journal.predictions({ limit: 4 })
    const second = await journal.predictions({ limit: 4, before: first.at(-1)?.position })
    assert.equal(
      [...first, ...second].map((p) => p.requestId),
      ['P6', 'P5', 'P4', 'P3', 'P2', 'P1', 'P0'],
    )
    const ids = async (query: { decision?: 'approved'; version?: string }) =>
      (await journal.predictions({ limit: 9, ...query })).map(({ requestId }) => requestId)
    assert.equal(await ids({ decision: 'approved' }), ['P5', 'P3', 'P1'])
    assert.equal(await ids({ version: 'v0' }), ['P6', 'P3', 'P0'])
    assert.equal(await ids({ decision: 'approved', version: 'v0' }), ['P3'])
  })

  check(
    'the list is filtered by period, proposal and latest decision, together and page by page',
    async (_, journal) => {
      const at = (hour: number) => `2026-11-24T${String(hour).padStart(2, '0')}:00:00.000Z`
      for (let i = 0; i < 10; i++)
        await journal.record(
          prediction(`P${i}`, { at: at(i), decision: i % 2 ? 'approved' : 'declined', referred: i === 4 || i === 7 }),
        )
      const reviewed = (requestId: string, decision: 'approved' | 'declined') =>
        journal.review({ requestId, at: at(11), decision, overrideReason: null, by: 'M. D.' })
      for (const id of ['P1', 'P4', 'P6']) await reviewed(id, 'declined')
      await reviewed('P4', 'approved')
      const ids = async (query: Omit<PredictionQuery, 'limit'>, limit = 20) =>
        (await journal.predictions({ limit, ...query })).map(({ requestId }) => requestId).join(' ')
      assert.is(await ids({ from: at(3), until: at(6) }), 'P5 P4 P3')
      assert.is(await ids({ referred: true }), 'P7 P4')
      assert.is(await ids({ referred: false, decision: 'approved' }), 'P9 P5 P3 P1')
      assert.is(await ids({ reviewDecision: 'declined' }), 'P6 P1')
      assert.is(await ids({ reviewDecision: 'approved' }), 'P4', 'the latest review counts')
      assert.is(await ids({ reviewDecision: 'none' }), 'P9 P8 P7 P5 P3 P2 P0')
      assert.is(await ids({ reviewDecision: 'none', from: at(2), until: at(8), decision: 'approved' }), 'P7 P5 P3')
      const first = await journal.predictions({ reviewDecision: 'none', limit: 3 })
      assert.is(await ids({ reviewDecision: 'none', before: first.at(-1)?.position }, 3), 'P5 P3 P2')
      assert.is((await journal.reviews('P4')).at(-1)?.by, 'M. D.')
    },
  )

  check('the list is filtered by whose key asked, and says whose', async (_, journal) => {
    for (const [i, caller] of ['A', 'B', null, 'A'].entries()) await journal.record(prediction(`P${i}`, { caller }))
    assert.equal(
      (await journal.predictions({ limit: 9 })).map((p) => p.caller),
      ['A', null, 'B', 'A'],
    )
    assert.equal(
      (await journal.predictions({ limit: 9, caller: 'A' })).map((p) => p.requestId),
      ['P3', 'P0'],
    )
    assert.is((await journal.prediction('P1'))?.caller, 'B')
  })

  check(
    'a session that was ended is ended for whoever opens the journal, until it would have ended anyway',
    async (made, journal) => {
      const now = Date.parse('2026-11-24T13:00:00Z')
      await journal.endSession('a', now + 1000, now)
      await journal.endSession('a', now + 1000, now)
      const other = await made.open()
      assert.equal([await other.sessionEnded('a'), await other.sessionEnded('b')], [true, false])
      await other.endSession('b', now + 9000, now + 2000)
      assert.equal([await journal.sessionEnded('a'), await journal.sessionEnded('b')], [false, true])
      await other.close()
    },
  )

  check('the secret of a name is the first that was kept, for all who ask', async (made, journal) => {
    const other = await made.open()
    const given = await Promise.all([journal.secret('s', 'one'), other.secret('s', 'two')])
    assert.is(given[0], given[1])
    assert.is(await journal.secret('s', 'three'), given[0])
    assert.is(await journal.secret('t', 'four'), 'four')
    await other.close()
  })

  check('all reviews and outcomes are kept and the latest counts', async (_, journal) => {
    await journal.record(prediction('A'))
    const reviews = [
      { requestId: 'A', at: '2026-11-24T13:06:00.000Z', decision: 'referred', overrideReason: null },
      {
        requestId: 'A',
        at: '2026-11-24T13:07:00.000Z',
        decision: 'approved',
        overrideReason: { code: 'guarantee', text: 'Caution de 50 000 euros.' },
      },
    ] as const
    for (const review of reviews) await journal.review(review)
    assert.equal(await journal.reviews('A'), reviews)
    const ends: LoanOutcome[] = [
      { requestId: 'A', at: '2027-11-24T00:00:00.000Z', status: 'defaulted', date: '2027-11-01' },
      { requestId: 'A', at: '2027-12-24T00:00:00.000Z', status: 'repaid', date: '2027-12-01' },
    ]
    for (const end of ends) await journal.recordOutcomes([end])
    assert.equal(await journal.outcomes('A'), ends)
    const [line] = await journal.predictions({ limit: 1 })
    assert.equal([line?.reviewDecision, line?.outcomeStatus], ['approved', 'repaid'])
  })

  check('a text that a database cannot hold is recorded without what it cannot', async (_, journal) => {
    await journal.record(prediction('A'))
    const overrideReason = { code: 'other', text: 'Revenus \u0000prouvés \ud800.' } as const
    await Promise.all([
      journal.review({ requestId: 'A', at: '2026-11-24T13:06:00.000Z', decision: 'approved', overrideReason }),
      journal.record(prediction('B')),
    ])
    assert.is((await journal.reviews('A'))[0]?.overrideReason?.text, 'Revenus prouvés \ufffd.')
  })

  check('outcomes sent together are recorded together or not at all', async ({ run }, journal) => {
    await journal.record(prediction('A'))
    const end = { at: '2027-11-24T00:00:00.000Z', status: 'repaid', date: '2027-11-01' } as const
    const error = await rejected(
      journal.recordOutcomes([
        { ...end, requestId: 'A' },
        { ...end, requestId: 'nobody' },
      ]),
    )
    assert.ok(error instanceof JournalError)
    assert.is(Number((await run('SELECT count(*) AS n FROM outcomes'))[0]?.n), 0)
  })

  check('what was recorded can be neither changed nor deleted', async ({ run }, journal) => {
    await journal.record(prediction('A'))
    for (const sql of ['UPDATE predictions SET probability = 0', 'DELETE FROM predictions'])
      assert.match(String(await rejected(run(sql))), /append-only/)
    assert.is((await journal.prediction('A'))?.probability, 0.114)
  })

  check('one request id is recorded once, and nothing else of its turn is lost', async (_, journal) => {
    await journal.record(prediction('A'))
    const outcomes = await Promise.allSettled(['A', 'B', 'B', 'C'].map((id) => journal.record(prediction(id))))
    assert.equal(
      outcomes.map((o) => o.status),
      ['rejected', 'fulfilled', 'rejected', 'fulfilled'],
    )
    assert.equal([...(await journal.known(['A', 'B', 'C']))].sort(), ['A', 'B', 'C'])
  })

  check('of two answers under one key one is kept, with its prediction, and the other leaves nothing', async (_, j) => {
    const kept = (requestId: string) => ({ key: 'k', asked: 'h', requestId, answer: `{"from":"${requestId}"}` })
    const outcomes = await Promise.allSettled(['A', 'B'].map((id) => j.record(prediction(id), kept(id))))
    assert.equal(
      outcomes.map((o) => o.status),
      ['fulfilled', 'rejected'],
    )
    assert.ok(outcomes[1]?.status === 'rejected' && outcomes[1].reason instanceof KeyTaken)
    assert.equal(await j.kept('k'), kept('A'))
    assert.equal([...(await j.known(['A', 'B']))], ['A'])
    assert.is(await j.kept('other'), null)
  })

  check('rows are given page by page in the order of their positions', async (_, journal) => {
    await Promise.all(['A', 'B', 'C'].map((id) => journal.record(prediction(id))))
    const first = await journal.rows('predictions', 0, 2)
    const rest = await journal.rows('predictions', Number(first.at(-1)?.position), 2)
    assert.equal(
      [...first, ...rest].map(({ request_id }) => request_id),
      ['A', 'B', 'C'],
    )
  })

  check('it can be opened by two at once, each migration having run once', async ({ open }, journal) => {
    const others = await Promise.all([open(), open()])
    await Promise.all([journal, ...others].map((one, i) => one.record(prediction(`P${i}`))))
    assert.is((await journal.predictions({ limit: 9 })).length, 3)
    for (const one of others) await one.close()
  })

  check('a closed journal refuses', async (_, journal) => {
    assert.is((await journal.check()) === null, true)
    await journal.close()
    assert.ok((await rejected(journal.record(prediction('A')))) instanceof JournalError)
    assert.is((await journal.check()) === null, false)
  })
}

test('PostgreSQL: with the database gone recording is refused, the check fails, and opening says which setting', async () => {
  try {
    const url = await database.create()
    const journal = await openPostgresJournal(url)
    await journal.record(prediction('A'))
    await database.stop()
    for (const work of [() => journal.record(prediction('B')), () => journal.prediction('A')])
      assert.ok((await rejected(work())) instanceof JournalError)
    assert.is((await journal.check()) === null, false)
    await journal.close()
    const error = await rejected(openPostgresJournal(url))
    assert.match(String(error), /DATABASE_URL/)
    assert.not.match(String(error), /test:test/)
  } finally {
    await database.stop()
    rmSync(folder, { recursive: true })
  }
})

test.run()
