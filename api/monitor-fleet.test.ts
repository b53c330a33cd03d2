/** The monitor in two services on one PostgreSQL: alerts are opened and told once, both show them, and both end when they are asked to. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { startDatabase } from './journal/database.test-data.ts'
import { openPostgresJournal } from './journal/postgres.ts'
import { prediction } from './journal/recorded.test-data.ts'
import { service } from './opened.test-data.ts'
import { startService } from './started.test-data.ts'

test('two services raise the alert of 100 defaults among 400 loans of 8% once, tell of it once, and both expose it', async () => {
  const bundle = smallBundle()
  const { scorer, ids } = service(bundle)
  const database = await startDatabase()
  const DATABASE_URL = await database.create()
  const journal = await openPostgresJournal(DATABASE_URL)
  const id = (i: number) => `${String(i).padStart(10, '0')}${'A'.repeat(16)}`
  const at = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const one = { version: scorer.bundle.version, at, client: ids[0]!, input: { client: ids[0]! } }
  await Promise.all(
    Array.from({ length: 400 }, (_, i) =>
      journal.record(prediction(id(i), { ...one, probability: 0.08, decision: 'approved' })),
    ),
  )
  const now = new Date().toISOString()
  await journal.recordOutcomes(
    Array.from({ length: 100 }, (_, i) => ({
      requestId: id(i * 4),
      at: now,
      status: 'defaulted',
      date: now.slice(0, 10),
    })),
  )
  const told: string[] = []
  const receiver = createServer(async (request, response) => {
    const { event, alert } = JSON.parse(await text(request)) as { event: string; alert: { code: string } }
    told.push(`${event} ${alert.code}`)
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(receiver, 'listening')
  const address = receiver.address()
  const env = {
    MODEL: bundle,
    DATABASE_URL,
    MONITOR_EVERY: '10s',
    MONITOR_WEBHOOK: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`,
  }
  const services = await Promise.all([startService(env), startService(env)])
  try {
    for (const { url, said } of services) {
      let metrics = ''
      for (let i = 0; i < 900 && !/credit_alert\{code="early_defaults",severity="critical"\} 1/.test(metrics); i++) {
        await after(100)
        metrics = await (await fetch(`${url}/metrics`)).text()
      }
      assert.match(metrics, /credit_alert\{code="early_defaults",severity="critical"\} 1/, said())
      assert.match(metrics, /credit_applications 400/)
    }
    await after(11_000) // another look of each
    assert.equal(
      told.filter((line) => line.endsWith('early_defaults')),
      ['alert.opened early_defaults'],
    )
    assert.is((await journal.alerts({ open: true })).filter(({ code }) => code === 'early_defaults').length, 1)
  } finally {
    const ends = services.map(({ child }) => once(child, 'exit'))
    for (const { child } of services) child.kill('SIGTERM')
    assert.equal(
      (await Promise.all(ends)).map(([code]) => code as number),
      [0, 0],
    )
    receiver.close()
    await journal.close()
    await database.stop()
  }
})

test.run()
