/** What an operator relies on: outcomes fed back, metrics, a log without persons, a limit on callers. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { problemSchema } from './endpoint.ts'
import { openLog } from './log.ts'
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
  assert.equal(await answer.json(), { recorded: 2, at: '2027-06-15T12:00:00.000Z' })
  await send({ requestId, status: 'repaid', date: '2027-06-10' })
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
  const log = openLog(path)
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

test('beyond the limit a caller is refused with 429 and told when to come back; others and health are not', async () => {
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
