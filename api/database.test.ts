/** The process with its journal in PostgreSQL: it records there, and when the database is lost it says so instead of answering. */
import { once } from 'node:events'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../commands/bundles.ts'
import { startDatabase } from './journal/database.test-data.ts'
import { openPostgresJournal } from './journal/postgres.ts'
import { scoreOf, startService } from './started.test-data.ts'

test('predictions are in the database; without it the service is not ready, answers 503, and still stops with 0', async () => {
  const bundle = smallBundle()
  const database = await startDatabase()
  const url = await database.create()
  const { child, url: address } = await startService({ MODEL: bundle, DATABASE_URL: url })
  try {
    const listed: unknown = await (await fetch(`${address}/v1/clients?limit=1`)).json()
    const client = (listed as { clients: { id: number }[] }).clients[0]!.id
    const score = () => scoreOf(address, client)
    const answer = await score()
    assert.is(answer.status, 200)
    const { requestId } = (await answer.json()) as { requestId: string }
    const journal = await openPostgresJournal(url)
    assert.is((await journal.prediction(requestId))?.client, client)
    await journal.close()
    assert.is((await fetch(`${address}/health/ready`)).status, 200)

    await database.stop()
    const refused = await score()
    assert.is(refused.status, 503)
    assert.match(await refused.text(), /urn:problem:journal-down/)
    await new Promise((resolve) => setTimeout(resolve, 1100)) // the check is asked once a second
    assert.is((await fetch(`${address}/health/ready`)).status, 503)
    assert.is((await fetch(`${address}/health/live`)).status, 200)
    child.kill('SIGTERM')
    assert.equal(await once(child, 'exit'), [0, null])
  } finally {
    child.kill('SIGKILL')
    await database.stop()
  }
})

test.run()
