/** What an operator relies on: outcomes fed back, metrics, a log without persons, a limit on callers. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { type TrustedProxies, trustedAddresses } from './address.ts'
import { problemSchema } from './endpoint.ts'
import { type Journal, JournalError } from './journal/journal.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { failureOf, type LogEntry, openLog } from './log.ts'
import { application, service } from './opened.test-data.ts'
import { kinds, Problem, problemBody } from './problems.ts'

const { ids, opened } = service(smallBundle())

const idOf = async (answer: Response): Promise<string> => {
  const body: unknown = await answer.json()
  return (body as { requestId: string }).requestId
}
const faults = async (answer: Response) => {
  assert.is(answer.status, 422, await answer.clone().text())
  const { errors = [] } = problemSchema.parse(await answer.json())
  return errors.map(({ pointer, code }) => `${pointer} ${code}`)
}

test('outcomes are recorded together, the latest counts, and one fault stops all of them', async () => {
  const now = Date.parse('2027-06-15T12:00:00Z')
  const { ask, journal } = await opened({ now: () => now })
  const requestId = await idOf(await ask('/v1/score', { client: ids[0] }))
  const other = await idOf(await ask('/v1/score', { client: ids[1] }))
  const send = (...outcomes: unknown[]) => ask('/v1/outcomes', outcomes)
  const unknown = '01ARYZ6S41TSV4RRFFQ69G5FAV'
  assert.equal(
    await faults(
      await send(
        { requestId, status: 'repaid', date: '2027-06-01' },
        { requestId: unknown, status: 'repaid', date: '2028-01-01' },
      ),
    ),
    ['/1/requestId unknown_prediction', '/1/date future_day'],
  )
  assert.equal(await faults(await send({ requestId, status: 'late', date: '2027-02-30', by: 1 }, 3)), [
    '/0/status not_an_outcome_status',
    '/0/date not_a_day',
    '/0/by unknown_field',
    '/1 not_an_object',
  ])
  assert.equal(await faults(await ask('/v1/outcomes', {})), [' not_a_list'])
  assert.equal(await faults(await send()), [' list_length'])
  assert.equal(await journal.outcomes(requestId), [])
  const answer = await send(
    { requestId, status: 'defaulted', date: '2027-06-01' },
    { requestId: other, status: 'repaid', date: '2027-06-14' },
  )
  assert.equal(await answer.json(), { recorded: 2, corrected: 0, unchanged: 0, at: '2027-06-15T12:00:00.000Z' })
  const again = await send(
    { requestId, status: 'repaid', date: '2027-06-10' },
    { requestId: other, status: 'repaid', date: '2027-06-14' },
  )
  const { at: _, ...taken } = (await again.json()) as { at: string }
  assert.equal(taken, { recorded: 1, corrected: 1, unchanged: 1 })
  assert.equal(
    (await journal.outcomes(requestId)).map(({ status }) => status),
    ['defaulted', 'repaid'],
    'what was corrected is kept',
  )
  const listed = (await (await ask('/v1/predictions')).json()) as { predictions: { outcomeStatus: string }[] }
  assert.equal(
    listed.predictions.map(({ outcomeStatus }) => outcomeStatus),
    ['repaid', 'repaid'],
  )
})

test('metrics count requests by route and predictions by decision, and name no client', async () => {
  const { ask } = await opened()
  await ask('/v1/score', { client: ids[0] })
  await (await ask('/v1/score/batch', [{ client: ids[1] }, { application }])).text()
  await ask(`/v1/clients/${ids[0]}`)
  await ask('/v1/nowhere/123')
  const answer = await ask('/metrics')
  const text = await answer.text()
  assert.match(answer.headers.get('content-type') ?? '', /^text\/plain; version=/)
  assert.match(text, /http_request_duration_seconds_count\{method="POST",route="\/v1\/score",status="200"\} 1/)
  assert.match(text, /route="\/v1\/clients\/:id"/)
  const counted = [...text.matchAll(/^predictions_total\{.*\} (\d+)$/gm)].reduce((sum, [, n]) => sum + Number(n), 0)
  assert.is(counted, 3)
  assert.match(text, /^prediction_probability_count 3$/m)
  assert.match(text, /^model_info\{version="[0-9a-f]{12}"\} 1$/m)
  assert.not.match(text, new RegExp(`nowhere|${ids[0]}`))
})

test('the log is one JSON line a request, with the route, and nothing of the applicant, also when something breaks', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  const path = join(folder, 'log')
  const log = openLog(openSync(path, 'a'))
  const { ask, app } = await opened({ log })
  app.get('/v1/broken', () => {
    throw new Error('value 450000 of client 100001')
  })
  await ask('/v1/score', { application: { ...application, AMT_CREDIT: 123_456.78 } })
  await ask('/v1/score?query=Durand', { application: { ...application, NAME_CONTRACT_TYPE: 'Durand' } })
  await ask(`/v1/clients/${ids[0]}`)
  await ask('/v1/broken')
  await new Promise((resolve) => setTimeout(resolve, 50))
  log.flush()
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  rmSync(folder, { recursive: true })
  const entries = lines.map((line) => JSON.parse(line) as { route: string; status: number; level: number })
  assert.equal(
    entries.map(({ route, status }) => `${route} ${status}`),
    ['/v1/score 200', '/v1/score 400', '/v1/clients/:id 200', '/v1/broken 500'],
  )
  assert.match(lines[3]!, /"error":"Error","at":\[/)
  assert.not.match(lines.join(), new RegExp(`123456|Durand|450000|${ids[0]}`))
})

test('beyond the limit a caller is refused with 429 and Retry-After; others and health are not', async () => {
  const keys = ['a', 'b'].map((name) => ({ role: 'read' as const, hash: createHash('sha256').update(name).digest() }))
  const { ask } = await opened({ keys, rateLimit: 3 })
  const as = (key: string, path = '/v1/model') => ask(path, undefined, { headers: { authorization: `Bearer ${key}` } })
  for (let i = 0; i < 3; i++) assert.is((await as('a')).status, 200)
  const refused = await as('a')
  assert.is(refused.status, 429)
  assert.is(refused.headers.get('content-type'), 'application/problem+json')
  const wait = Number(refused.headers.get('retry-after'))
  assert.ok(wait >= 1 && wait <= 60, `retry-after ${wait}`)
  assert.is((await as('b')).status, 200)
  assert.is((await as('a', '/health/live')).status, 200)
  assert.is((await as('a', '/metrics')).status, 200)
})

/** Signs in as the officer whose key is `officer`. */
async function signIn(app: Awaited<ReturnType<typeof opened>>, headers: Record<string, string> = {}) {
  const answer = await app.send('/sign-in', { key: 'officer', to: '/' }, headers)
  return { status: answer.status, cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '' }
}
const officer = { role: 'review' as const, name: 'M. D.', hash: createHash('sha256').update('officer').digest() }

test('a flood of anonymous requests from an officer’s own address holds neither his session nor his key back', async () => {
  const app = await opened({ keys: [officer], rateLimit: 5 })
  const { cookie } = await signIn(app)
  const page = async (headers: Record<string, string>) =>
    (await app.app.request('/', { headers: { accept: 'text/html', ...headers } })).status
  const forged = cookie.replace('session=', 'session=x')
  for (let i = 0; i < 20; i++) await page(i % 2 ? {} : { cookie: forged })
  assert.is(await page({}), 429)
  assert.is(await page({ cookie: forged }), 429, 'a forged cookie counts by its address')
  for (let i = 0; i < 5; i++) assert.is(await page({ cookie }), 200)
  assert.is(await page({ cookie }), 429, 'a session has a limit too')
  assert.is((await app.ask('/v1/model', undefined, { headers: { authorization: 'Bearer officer' } })).status, 200)
})

test('after twenty wrong keys in a minute no key from that address is looked at; right ones do not count', async () => {
  const app = await opened({ keys: [officer], rateLimit: 6000 })
  for (let i = 0; i < 30; i++) assert.is((await signIn(app)).status, 303)
  const attempt = async () => (await app.send('/sign-in', { key: 'guess', to: '/' })).status
  for (let i = 0; i < 20; i++) assert.is(await attempt(), 401)
  assert.is(await attempt(), 429)
  assert.is((await signIn(app)).status, 429)
  assert.is((await app.app.request('/sign-in', { headers: { accept: 'text/html' } })).status, 200)
})

test('over the network callers are distinguished by X-Forwarded-For where the proxy is trusted, and only there', async () => {
  const statuses = async (trustedProxies: TrustedProxies) => {
    const { app } = await opened({ keys: [officer], rateLimit: 2, trustedProxies })
    const server = createAdaptorServer({ fetch: app.fetch }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const ask = async (forwarded: string) =>
      (await fetch(`http://127.0.0.1:${port}/sign-in`, { headers: { 'x-forwarded-for': forwarded } })).status
    const found: number[] = []
    for (const forwarded of ['203.0.113.1', '203.0.113.1', '203.0.113.1', '203.0.113.2', '9.9.9.9, 203.0.113.1'])
      found.push(await ask(forwarded))
    server.close()
    return found
  }
  assert.equal(await statuses(0), [200, 200, 429, 429, 429])
  assert.equal(await statuses(1), [200, 200, 429, 200, 429])
  assert.equal(await statuses(trustedAddresses(['127.0.0.0/8'])), [200, 200, 429, 200, 429])
  assert.equal(await statuses(trustedAddresses(['10.0.0.0/8'])), [200, 200, 429, 429, 429])
})

test('a line of the log names the request, the caller and his trace, and of an error what failed and why', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'))
  const path = join(folder, 'log')
  const log = openLog(openSync(path, 'a'))
  const full = Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 })
  const sound = openSqliteJournal(':memory:')
  const journal: Journal = Object.assign(Object.create(sound) as Journal, {
    record: () =>
      Promise.reject(new JournalError('The journal could not be written: database or disk is full', { cause: full })),
    check: async () => new JournalError('The journal could not be written: database or disk is full', { cause: full }),
  })
  const { ask, app } = await opened({ log, keys: [officer] }, journal)
  app.get('/v1/broken', () => {
    throw new Error('value 450000', { cause: new TypeError('of client 100001', { cause: 'Durand' }) })
  })
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
  const headers = { authorization: 'Bearer officer', traceparent: `00-${trace}-00f067aa0ba902b7-01` }
  const answer = await ask('/v1/score', { client: ids[0] }, { headers })
  await ask('/v1/broken', undefined, { headers })
  await ask('/health/ready', undefined, { headers: { traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` } })
  await new Promise((resolve) => setTimeout(resolve, 50))
  log.flush()
  const text = readFileSync(path, 'utf8')
  rmSync(folder, { recursive: true })
  const [scored, broken, ready] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  const id = problemSchema.parse(await answer.json()).instance.replace('urn:request:', '')
  assert.equal([scored?.requestId, scored?.caller, scored?.traceId, scored?.status], [id, 'M. D.', trace, 503])
  assert.is(scored?.error, 'JournalError: The journal could not be written: database or disk is full')
  assert.equal(scored?.causes, ['Error ERR_SQLITE_ERROR 13'])
  assert.equal([broken?.caller, broken?.error, broken?.causes], ['M. D.', 'Error', ['TypeError', 'a thrown string']])
  assert.match(String((broken!.at as string[])[0]), /operating\.test\.ts/)
  assert.equal([ready?.caller, ready?.traceId], [undefined, undefined])
  assert.match(String(ready?.error), /^Problem journal-down: /)
  assert.equal(ready?.causes, [scored?.error, 'Error ERR_SQLITE_ERROR 13'])
  assert.not.match(text, /450000|100001|Durand/)
})

test('whatever is thrown, and wherever, is answered with a 500 that is not empty and is in the log', async () => {
  const entries: LogEntry[] = []
  const sound = openSqliteJournal(':memory:')
  const journal: Journal = Object.assign(Object.create(sound) as Journal, {
    // What wording an error needs fails itself.
    sessionEnded: () => Promise.reject(new TypeError('unequal bytes')),
  })
  const one = await opened({ log: (entry) => entries.push(entry), keys: [officer] }, journal)
  const thrown = [new Error('a'), 'a text', null, undefined, 7, { status: 'x' }]
  for (const [i, value] of thrown.entries())
    one.app.get(`/broken/${i}`, () => {
      throw value
    })
  const { cookie } = await signIn(one)
  for (const headers of [{}, { accept: 'text/html' }, { accept: 'text/html', cookie }] as Record<string, string>[])
    for (const i of thrown.keys()) {
      const answer = await one.app.request(`/broken/${i}`, { headers })
      assert.is(answer.status, 500)
      const text = await answer.text()
      const id = answer.headers.get('x-request-id') ?? ''
      assert.ok(id.length === 26 && text.includes(id), text.slice(0, 200))
      assert.is(entries.at(-1)?.requestId, id)
      assert.ok(entries.at(-1)?.error instanceof Error)
      assert.ok(answer.headers.get('content-security-policy'))
    }
  assert.equal(failureOf(entries.at(-6)?.error).causes, ['TypeError', 'Error'], 'both errors are in the log')
})

test('every problem has a title in both languages, different ones, and a status of its own kind', () => {
  for (const code of Object.keys(kinds) as (keyof typeof kinds)[]) {
    const [fr, en] = (['fr', 'en'] as const).map((language) => problemBody(new Problem(code), language, 'X'))
    assert.ok(fr!.title.length > 5 && en!.title.length > 5 && fr!.title !== en!.title, code)
    assert.is(fr!.type, `urn:problem:${code}`)
  }
  const statuses = new Set(Object.values(kinds).map(({ status }) => status))
  for (const status of [400, 404, 405, 406, 413, 415, 422, 429, 503] as const) assert.ok(statuses.has(status))
})

test.run()
