/** A journal written by the program before schema 4 (journal-3.sql) is brought up to date in both databases and loses nothing. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { scoreAnswer } from '../score-response.ts'
import { answerOfVersion4 } from './answers-4.ts'
import { openConnections } from './connections.ts'
import { startDatabase } from './database.test-data.ts'
import type { Journal } from './journal.ts'
import { migratePostgres, openPostgresJournal } from './postgres.ts'
import { prediction } from './recorded.test-data.ts'
import { migrateSqlite, openSqliteJournal } from './sqlite.ts'
import { verifyJournal } from './verify.ts'

const dump = readFileSync(join(import.meta.dirname, 'journal-3.sql'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'journal-'))
const database = await startDatabase()

const stores: Readonly<Record<string, () => Promise<Journal>>> = {
  SQLite: async () => {
    const path = join(folder, 'old.sqlite')
    const db = new DatabaseSync(path)
    migrateSqlite(db, path, 3)
    db.exec(dump)
    db.close()
    return openSqliteJournal(path)
  },
  PostgreSQL: async () => {
    const url = await database.create()
    const old = openConnections(url)
    await old.transaction(async (run) => {
      await migratePostgres(run, 3)
      await run(dump)
    })
    await old.close()
    return openPostgresJournal(url)
  },
}

/** What the old program wrote, read from the dump by a database of its own schema. */
function before() {
  const db = new DatabaseSync(':memory:')
  migrateSqlite(db, ':memory:', 3)
  db.exec(dump)
  const all = (table: string) => db.prepare(`SELECT * FROM ${table} ORDER BY 1`).all()
  return {
    predictions: all('predictions'),
    reviews: all('reviews'),
    repayments: all('repayments'),
    answers: all('answers'),
  }
}

const decisions = { granted: 'approved', refused: 'declined', escalated: 'referred' } as const
const renamed = (name: unknown) => decisions[String(name) as keyof typeof decisions]

for (const [name, open] of Object.entries(stores)) {
  test(`${name}: predictions, reviews and outcomes of the old program are all there, in the new words`, async () => {
    const old = before()
    assert.equal(
      [old.predictions, old.reviews, old.repayments, old.answers].map(({ length }) => length),
      [6, 4, 2, 4],
    )
    const journal = await open()
    try {
      const { records, faults } = await verifyJournal(journal)
      assert.equal([records, faults], [6 + 4 + 2, []], 'every old record has its place in the chain')
      const listed = (await journal.predictions({ limit: 100 })).toReversed()
      assert.equal(
        listed.map((p) => [p.position, p.requestId, p.decision, p.referred, p.probability, p.latencyMs]),
        old.predictions.map((p) => [
          p.position,
          p.request_id,
          renamed(p.decision),
          p.review === 1,
          p.probability,
          p.latency_ms,
        ]),
      )
      assert.equal(new Set(listed.map(({ decision }) => decision)).size, 2)
      for (const row of old.predictions) {
        const kept = (await journal.prediction(String(row.request_id)))!
        assert.equal(kept.imputed, JSON.parse(String(row.assumed)))
        assert.equal(kept.input, JSON.parse(String(row.input)))
        assert.equal(kept.warnings, JSON.parse(String(row.warnings)))
        const explanation = JSON.parse(String(row.explanation)) as {
          bias: number
          concepts: { concept: string; effect: number; features: unknown[] }[]
        } | null
        assert.equal(
          kept.explanation,
          explanation && {
            bias: explanation.bias,
            groups: explanation.concepts.map(({ concept, ...rest }) => ({ group: concept, ...rest })),
          },
        )
      }
      const reviews = (await Promise.all(listed.map((p) => journal.reviews(p.requestId)))).flat()
      assert.equal(
        reviews.map((r) => [
          r.requestId,
          r.at,
          r.decision,
          r.overrideReason?.code ?? null,
          r.overrideReason?.text ?? null,
        ]),
        old.reviews.map((r) => [r.request_id, r.at, renamed(r.outcome), r.motive_code, r.motive_text]),
      )
      assert.equal([...new Set(reviews.map((r) => r.decision))].toSorted(), ['approved', 'declined', 'referred'])
      const outcomes = (await Promise.all(listed.map((p) => journal.outcomes(p.requestId)))).flat()
      assert.equal(
        outcomes.map((o) => [o.requestId, o.status, o.date]),
        old.repayments.map((o) => [o.request_id, o.outcome, o.date]),
      )
      assert.equal(
        (await journal.predictions({ limit: 100, reviewDecision: 'none', referred: false })).map((p) => p.requestId),
        listed
          .filter((p) => !p.referred && !reviews.some((r) => r.requestId === p.requestId))
          .map((p) => p.requestId)
          .toReversed(),
      )
    } finally {
      await journal.close()
      rmSync(join(folder, 'old.sqlite'), { force: true })
    }
  })

  test(`${name}: an answer kept under its key has the shape of today's answers, and what is recorded next follows and stays`, async () => {
    const old = before()
    const journal = await open()
    try {
      for (const row of old.answers) {
        const was = JSON.parse(String(row.answer)) as {
          points: number
          decision: string
          reasons: { against: { points: number; claim: string }[] } | null
        }
        const { answer, asked } = (await journal.kept(String(row.key)))!
        assert.is(asked, row.asked)
        const now = scoreAnswer.strict().parse(JSON.parse(answer))
        assert.equal([now.score, now.decision], [was.points, renamed(was.decision)])
        assert.equal(
          now.reasons?.against.map(({ headline }) => headline),
          was.reasons?.against.map(({ claim }) => claim),
        )
        for (const [i, { attribution }] of (now.reasons?.against ?? []).entries())
          assert.ok(Math.abs(attribution - 100 * was.reasons!.against[i]!.points) < 1e-6)
      }
      await journal.record(prediction('NEXT'))
      const [next] = await journal.predictions({ limit: 1 })
      assert.equal([next?.requestId, next?.position], ['NEXT', old.predictions.length + 1])
      await journal.recordOutcomes([
        { requestId: 'NEXT', at: '2027-01-01T00:00:00.000Z', status: 'repaid', date: '2027-01-01' },
      ])
      assert.is((await journal.predictions({ limit: 1 }))[0]?.outcomeStatus, 'repaid')
    } finally {
      await journal.close()
      rmSync(join(folder, 'old.sqlite'), { force: true })
    }
  })
}

test('an answer from before there were referrals says the grey zone where it asked for a review', async () => {
  await database.stop()
  rmSync(folder, { recursive: true, force: true })
  const [row] = before().answers
  const { referral: _, ...answer } = JSON.parse(String(row?.answer)) as Record<string, unknown>
  const codes = (review: boolean) =>
    (
      JSON.parse(answerOfVersion4(JSON.stringify({ ...answer, review }))) as { referral: { code: string }[] }
    ).referral.map(({ code }) => code)
  assert.equal([codes(true), codes(false)], [['near_threshold'], []])
})

test.run()
