/** What a webhook gets: signed, once, tried again while it fails, and nothing of an applicant. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { AlertChange } from './monitor-alerts.ts'
import { webhookSender } from './monitor-schedule.ts'
import { sendWebhook } from './monitor-webhook.ts'

const change: AlertChange = {
  what: 'opened',
  alert: {
    version: '0123456789ab',
    code: 'early_defaults',
    severity: 'critical',
    opened: '2027-03-02T10:00:00.000Z',
    changePoint: '2027-02-20',
    resolved: null,
    figures: { loans: 400, defaults: 100, expected: 32.4 },
  },
}
const secret = 's'.repeat(32)

/** A server that answers these statuses one after the other, the last one for good. */
async function receiver(statuses: readonly number[], body: (at: { url: string; got: Got[] }) => Promise<void>) {
  const got: Got[] = []
  const server = createServer(async (request, response) => {
    got.push({ headers: request.headers, body: await text(request) })
    response.writeHead(statuses[Math.min(got.length, statuses.length) - 1]!).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  try {
    await body({ url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/alerts`, got })
  } finally {
    server.closeAllConnections()
    server.close()
  }
}
interface Got {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

test('a webhook that fails twice is asked a third time with the same event, each time signed over time and body', () =>
  receiver([503, 429, 204], async ({ url, got }) => {
    assert.is(await sendWebhook({ url, secret }, change, { now: Date.now, pause: 5 }), 204)
    assert.is(got.length, 3)
    assert.is(new Set(got.map(({ body }) => (JSON.parse(body) as { id: string }).id)).size, 1)
    for (const { headers, body } of got) {
      const time = headers['x-signature-time']
      const expected = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')
      assert.is(headers['x-signature'], `sha256=${expected}`)
    }
    const { id: _, at: __, ...sent } = JSON.parse(got[0]!.body) as Record<string, unknown>
    assert.equal(sent, {
      event: 'alert.opened',
      alert: {
        code: 'early_defaults',
        severity: 'critical',
        version: '0123456789ab',
        opened: '2027-03-02T10:00:00.000Z',
        changePoint: '2027-02-20',
        resolved: null,
        falseAlarmsAYear: 0.01,
        runbook: 'docs/runbook.md#early_defaults',
        figures: { loans: 400, defaults: 100, expected: 32.4 },
      },
    })
  }))

test('a refusal is not repeated, and neither refusal nor silence goes unsaid', async () => {
  await receiver([400], async ({ url, got }) => {
    const error: unknown = await sendWebhook({ url, secret: null }, change, { now: Date.now, pause: 5 }).catch((e) => e)
    assert.match(String(error), /did not take early_defaults \(opened\) in 1 tries: it answered 400/)
    assert.equal([got.length, got[0]!.headers['x-signature']], [1, undefined])
  })
  await receiver([500], async ({ url, got }) => {
    const error: unknown = await sendWebhook({ url, secret: null }, change, { now: Date.now, pause: 1 }).catch((e) => e)
    assert.match(String(error), /in 6 tries: it answered 500/)
    assert.is(got.length, 6)
  })
})

test('a stop does not wait for a webhook that does not answer', async () => {
  const said: string[] = []
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`
  const sender = webhookSender({ url, secret: null }, { now: Date.now, say: (line) => said.push(line) })
  sender.send([change, change])
  await once(server, 'request')
  const begun = performance.now()
  await sender.stop()
  assert.ok(performance.now() - begun < 1000)
  assert.is(said.length, 2)
  server.closeAllConnections()
  server.close()
})

test.run()
