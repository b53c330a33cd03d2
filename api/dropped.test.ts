/**
 * The process while its connections to PostgreSQL are terminated and the database is restarted, under load: it does not end, no answered
 * prediction is lost, and it is ready again by itself. DROP_ROUNDS (20) is the number of terminations.
 */

import { Client } from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../commands/bundles.ts'
import { startDatabase } from './journal/database.test-data.ts'
import { service } from './opened.test-data.ts'
import { scoreOf, startService } from './started.test-data.ts'

const rounds = Number(process.env.DROP_ROUNDS ?? 20)
const restarts = Math.ceil(rounds / 40) // of each mode
const callers = 16
const { bundle, ids } = service(smallBundle())
const after = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const ours = `FROM pg_stat_activity WHERE application_name = 'credit-scoring'`
const terminateAll = `SELECT pg_terminate_backend(pid) ${ours}`
const terminateBusy = `SELECT pg_terminate_backend(pid) ${ours} AND state <> 'idle' LIMIT 1`

/** Statements of an observer, who connects anew for each: he too loses his connection when the database is restarted. */
async function asked(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client(url)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

test(`${rounds} terminations and ${2 * restarts} restarts under load: the process lives, what it answered is in the database, it is ready again`, async () => {
  const database = await startDatabase()
  const url = await database.create()
  const { child, url: address, said } = await startService({ MODEL: bundle, DATABASE_URL: url })
  const answered: string[] = []
  const refused: number[] = []
  let going = true
  const caller = async (start: number) => {
    for (let i = start; going && child.exitCode === null && child.signalCode === null; i += callers) {
      const answer = await scoreOf(address, ids[i % ids.length]!)
      const body = (await answer.json()) as { requestId: string }
      if (answer.status === 200) answered.push(body.requestId)
      else {
        refused.push(answer.status)
        await after(20)
      }
    }
  }
  const lives = () => assert.equal([child.exitCode, child.signalCode], [null, null], said())
  /** Until it has answered `count` more. */
  const moves = async (count: number) => {
    const goal = answered.length + count
    for (let waited = 0; answered.length < goal; waited += 5) {
      lives()
      assert.ok(waited < 20_000, `after 20 s ${answered.length - goal + count} answers of ${count}`)
      await after(5)
    }
  }
  try {
    const load = Promise.allSettled(Array.from({ length: callers }, (_, i) => caller(i)))
    await moves(100)
    const terminated = { all: 0, busy: 0 }
    for (let round = 0; round < rounds; round++) {
      const kind = round % 2 ? 'all' : 'busy'
      let count = 0
      // Between two transactions no backend is busy for a moment.
      for (let tries = 0; count === 0 && tries < 100; tries++)
        count = (await asked(url, kind === 'all' ? terminateAll : terminateBusy)).length
      terminated[kind] += count
      await moves(callers)
    }
    assert.is(terminated.busy, Math.ceil(rounds / 2))
    assert.ok(terminated.all >= Math.floor(rounds / 2), `${terminated.all} connections terminated`)
    for (let i = 0; i < restarts; i++)
      for (const mode of ['fast', 'immediate'] as const) {
        await database.restart(mode)
        await moves(callers)
      }
    const until = performance.now() + 10_000
    while ((await fetch(`${address}/health/ready`)).status !== 200) {
      assert.ok(performance.now() < until, 'not ready 10 s after the last restart')
      await after(100)
    }
    going = false
    for (const outcome of await load) assert.is(outcome.status, 'fulfilled', `a caller was cut off: ${said()}`)
    lives()
    assert.equal(
      [...new Set(refused)].filter((status) => status !== 503),
      [],
    )
    const recorded = new Set((await asked(url, 'SELECT request_id FROM predictions')).map((row) => row.request_id))
    const lost = answered.filter((id) => !recorded.has(id))
    console.log(
      `${rounds} rounds (${terminated.busy} busy, ${terminated.all} in rounds of all), ${2 * restarts} restarts: ` +
        `${answered.length} answered, ${refused.length} times 503, ${recorded.size} recorded, ${lost.length} lost`,
    )
    assert.equal(lost, [])
    assert.is(said().split('\n').length, 2, `only its address: ${said()}`)
  } finally {
    going = false
    child.kill('SIGKILL')
    await database.stop()
  }
})

test.run()
