/** The API, asked as a caller would: the model's own scores, all faults at once, no value given back, nothing answered unrecorded. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { calibrate } from '../pipeline/models/calibration.ts'
import { smallBundle } from '../testing/bundles.ts'
import { largestBody } from './body-limit.ts'
import { problemSchema } from './endpoint.ts'
import { type Journal, JournalError } from './journal/journal.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { application, service } from './opened.test-data.ts'
import { scoreAnswer } from './score-response.ts'

const { bundle, clients, ids, opened, scorer } = service(smallBundle())

const near = (a: number, b: number, tolerance: number) => assert.ok(Math.abs(a - b) <= tolerance, `${a} is not ${b}`)
const scored = async (answer: Response) => {
  assert.is(answer.status, 200, await answer.clone().text())
  return scoreAnswer.parse(await answer.json())
}
const problem = async (answer: Response, status: number) => {
  assert.is(answer.status, status, await answer.clone().text())
  assert.is(answer.headers.get('content-type'), 'application/problem+json')
  const body = problemSchema.parse(await answer.json())
  assert.is(body.status, status)
  return body
}

test('by id and as raw rows in another order, a client has the probability and decision of scores.parquet', async () => {
  const { ask } = await opened()
  const bytes = readFileSync(join(bundle, 'scores.parquet'))
  const rows = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  })
  const expected = new Map(rows.map((row) => [Number(row.SK_ID_CURR), row]))
  for (const id of ids.slice(0, 60)) {
    const raw = clients.get(id)!
    const history = Object.fromEntries(Object.entries(raw.history).map(([table, all]) => [table, all.toReversed()]))
    for (const body of [{ client: id }, { application: raw.application, history }]) {
      const answer = await scored(await ask('/v1/score', body))
      near(answer.probability, expected.get(id)?.probability, 1e-6)
      assert.is(answer.decision, expected.get(id)?.decision)
    }
  }
})

test('the contributions and the bias add up to the margin of the probability answered', async () => {
  const { ask } = await opened()
  for (const id of ids.slice(0, 10)) {
    const { contributions, bias, probability } = await scored(await ask('/v1/score?explain=true', { client: id }))
    const margin = contributions!.reduce((sum, { contribution }) => sum + contribution, bias!)
    near(calibrate(scorer.bundle.calibration, margin), probability, 1e-5)
  }
})

test('reasons are at most four a side, worth 0.3 percentage points or more, and differ by language but not in number', async () => {
  const { ask } = await opened()
  for (const id of ids.slice(0, 10)) {
    const [fr, en] = [
      await scored(await ask('/v1/score?lang=fr', { client: id })),
      await scored(await ask('/v1/score?lang=en', { client: id })),
    ]
    assert.equal(
      fr.reasons!.against.map(({ code }) => code),
      en.reasons!.against.map(({ code }) => code),
    )
    for (const side of [fr.reasons!.against, fr.reasons!.for]) {
      assert.ok(side.length <= 4)
      for (const reason of side)
        assert.ok(Math.abs(reason.attribution) >= 0.3 && reason.headline !== '' && !/undefined|NaN/.test(reason.text))
    }
    if (fr.reasons!.against[0]) assert.is.not(fr.reasons!.against[0].text, en.reasons!.against[0]!.text)
  }
  const plain = await scored(await ask('/v1/score?reasons=false', { client: ids[0] }))
  assert.is(plain.reasons, null)
})

test('what is left out is imputed and named; what is null is missing and is not', async () => {
  const { ask } = await opened()
  const silent = await scored(await ask('/v1/score', { application }))
  assert.ok(silent.imputed.includes('FLAG_MOBIL') && silent.imputed.includes('CNT_FAM_MEMBERS'))
  const spoken = await scored(
    await ask('/v1/score', { application: { ...application, FLAG_MOBIL: null, CNT_FAM_MEMBERS: 2 } }),
  )
  assert.not.ok(spoken.imputed.includes('FLAG_MOBIL') || spoken.imputed.includes('CNT_FAM_MEMBERS'))
})

test('a refused application names all its faults at their pointers and gives no value back', async () => {
  const { ask } = await opened()
  const secret = 'Mme-Durand-31'
  const body = await problem(
    await ask('/v1/score?lang=en', {
      application: {
        AMT_CREDIT: secret,
        AMT_INCOME_TOTAL: 1,
        AMT_ANNUITY: -987_654,
        NAME_CONTRACT_TYPE: secret,
        NOT_A_FIELD: 1,
      },
      history: { bureau: [{ SK_ID_BUREAU: 'x' }], loans: [] },
    }),
    422,
  )
  const found = Object.fromEntries(body.errors!.map(({ pointer, code }) => [pointer, code]))
  assert.equal(found, {
    '/application/AMT_CREDIT': 'wrong_type',
    '/application/AMT_ANNUITY': 'out_of_bounds',
    '/application/DAYS_BIRTH': 'missing',
    '/application/NAME_CONTRACT_TYPE': 'unknown_level',
    '/application/NOT_A_FIELD': 'unknown_field',
    '/history/bureau/0/SK_ID_BUREAU': 'wrong_type',
    '/history/loans': 'unknown_field',
  })
  const text = JSON.stringify(body)
  assert.not.ok(text.includes(secret) || text.includes('987'))
})

test('amounts beyond any measure are answered, not an error', async () => {
  const { ask } = await opened()
  for (const [credit, income] of [
    [1e308, 1e308],
    [1e308, 1],
    [1, 1e308],
  ]) {
    const sent = { application: { ...application, AMT_CREDIT: credit, AMT_INCOME_TOTAL: income, AMT_ANNUITY: 1e308 } }
    const { probability } = await scored(await ask('/v1/score?explain=true', sent))
    assert.ok(probability > 0 && probability < 1)
  }
})

test('rows of another client are refused', async () => {
  const { ask } = await opened()
  const body = {
    application: { ...application, SK_ID_CURR: 1 },
    history: { bureau: [{ SK_ID_CURR: 2, SK_ID_BUREAU: 7 }] },
  }
  const { errors } = await problem(await ask('/v1/score', body), 422)
  assert.equal(
    errors!.map(({ pointer, code }) => [pointer, code]),
    [['/history/bureau/0/SK_ID_CURR', 'another_client']],
  )
})

test('each way of asking wrongly has its own status, in a problem document', async () => {
  const { ask } = await opened()
  await problem(await ask('/v1/score', '{"client":'), 400)
  await problem(await ask('/v1/predictions?limit=0'), 400)
  await problem(await ask('/v1/predictions?colour=red'), 400)
  await problem(await ask('/v1/score', { client: 999_999_999 }), 404)
  await problem(await ask('/v1/clients/999999999'), 404)
  await problem(await ask('/v1/clients/abc'), 404)
  await problem(await ask('/v1/nothing'), 404)
  const put = await ask('/v1/score', {}, { method: 'PUT' })
  assert.is(put.headers.get('allow'), 'POST')
  await problem(put, 405)
  await problem(await ask('/v1/model', undefined, { headers: { accept: 'text/csv' } }), 406)
  await problem(await ask('/v1/score', `{"client":1,"x":"${'x'.repeat(largestBody)}"}`), 413)
  await problem(await ask('/v1/score', '{}', { headers: { 'content-type': 'text/plain' } }), 415)
  for (const body of [
    [],
    'null',
    '3',
    {},
    { client: -1 },
    { client: 1.5 },
    { client: '1' },
    { client: 1, other: 2 },
    { application: [] },
  ])
    await problem(await ask('/v1/score', body), 422)
})

test('a problem says what was expected, what was received, and where the JSON breaks off', async () => {
  const { ask } = await opened()
  const details = async (body: unknown, status = 422, init: RequestInit = {}) => {
    const { errors = [] } = await problem(await ask('/v1/score?lang=en', body, init), status)
    return errors.map(({ pointer, detail }) => `${pointer} ${detail}`)
  }
  const of = (changes: object, history?: unknown) => ({ application: { ...application, ...changes }, history })
  assert.equal(await details(of({ AMT_CREDIT: '450000' })), [
    '/application/AMT_CREDIT Expected a number of at least 1. Received a text; a number has no quotes.',
  ])
  assert.equal(await details(of({ SK_ID_CURR: 3_000_000_000 })), [
    '/application/SK_ID_CURR Expected a whole number from 1 to 2,147,483,647.',
  ])
  assert.equal(await details(of({}, { bureau: {} })), [
    '/history/bureau Expected a list of rows, each a JSON object; [] where the client has none. Received an object.',
  ])
  assert.equal(await details(of({}, { bureau: [3] })), [
    '/history/bureau/0 Expected a row, a JSON object. Received a number.',
  ])
  assert.equal(await details(of({}, [])), ['/history Expected a JSON object. Received a list.'])
  assert.equal(await details({ client: '100001' }), ['/client Expected a positive integer id. Received a text.'])
  assert.equal(await details('{"application": {"AMT_CREDIT": NaN}}', 400), [
    '/application/AMT_CREDIT Line 1, column 32: NaN and Infinity are no JSON; send null for a missing value.',
  ])
  const coded = { headers: { 'content-encoding': 'gzip' } }
  assert.equal(await details({ client: ids[0] }, 415, coded), [
    '/header/Content-Encoding Send the body as it is, without compression.',
  ])
  const latin = { headers: { 'content-type': 'application/json; charset=iso-8859-1' } }
  assert.equal(await details({ client: ids[0] }, 415, latin), ['/header/Content-Type Expected UTF-8.'])
})

test('of a field that stands twice the last counts, and the journal holds it once and without blanks', async () => {
  const { ask, journal } = await opened()
  const { AMT_CREDIT: credit, ...rest } = application
  const inner = JSON.stringify(rest).slice(1, -1)
  const sent = `{ "application" :\n\n {"AMT_CREDIT": 1, ${inner}, "AMT_CREDIT": ${credit}.0}${' '.repeat(100_000)}}`
  const [twice, once] = [
    await scored(await ask('/v1/score', sent)),
    await scored(await ask('/v1/score', { application })),
  ]
  assert.is(twice.probability, once.probability)
  const [row] = await journal.rows('predictions', 0, 1)
  assert.is(row?.input, JSON.stringify({ application: { AMT_CREDIT: credit, ...rest } }))
})

test('no answer about a client may be kept by a cache; what is the same for everybody may', async () => {
  const { ask, app } = await opened()
  const { requestId } = await scored(await ask('/v1/score', { client: ids[0] }))
  const cacheOf = async (path: string, body?: unknown) => (await ask(path, body)).headers.get('cache-control')
  const about = [
    `/v1/clients/${ids[0]}`,
    '/v1/clients?query=a',
    '/v1/predictions',
    '/',
    '/journal',
    `/decisions/${requestId}`,
  ]
  for (const path of about) assert.is(await cacheOf(path), 'no-store', path)
  for (const [path, body] of [
    ['/v1/score', { client: ids[0] }],
    ['/v1/score/batch', [{ client: ids[0] }]],
    ['/v1/what-if', { client: ids[0], changes: {} }],
    ['/v1/score', { client: -1 }],
  ] as const)
    assert.is(await cacheOf(path, body), 'no-store', path)
  assert.match((await cacheOf('/docs/swagger-ui.css')) ?? '', /max-age/)
  assert.is(await cacheOf('/page/page.css'), 'no-cache')
  const gets = app.routes.filter(({ method, path }) => method === 'GET' && /^\/[^*:]*$/.test(path))
  for (const { path } of gets) assert.ok(await cacheOf(path), `${path} says nothing of caches`)
})

test('names that every object has, bytes that are no UTF-8 and forms that are none are 404 or 400', async () => {
  const { ask } = await opened({ reports: '.' })
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', '%ff', '%c0%af', '%00']
  for (const at of ['/docs/', '/page/', '/page/x/', '/reports/', '/reports/a/', '/decisions/', '/v1/clients/', '/'])
    for (const name of names) assert.is((await ask(at + name)).status, 404, at + name)
  for (const path of ['/sign-in', '/decisions', '/applications/check'])
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=', 'multipart/form-data; boundary=b']) {
      const headers = { 'content-type': type, accept: 'text/html' }
      assert.is((await ask(path, '--b\r\nnothing\r\n', { headers })).status, 400, `${path} ${type}`)
    }
})

test('a history pasted into the form that is nested five thousand deep is an error of the form', async () => {
  const { ask, send } = await opened()
  const history = `{"bureau":[{"SK_ID_BUREAU":${'['.repeat(5000)}${']'.repeat(5000)}}]}`
  const checked = await send('/applications/check?lang=en', { history })
  assert.is(checked.status, 200)
  assert.match(await checked.text(), /not readable JSON/)
  const sent = await send('/decisions?lang=en', { history })
  assert.is(sent.status, 303)
  assert.match(await (await ask(sent.headers.get('location')!)).text(), /not readable JSON/)
})

test('where only this machine may ask without a key, another name of it is refused: a foreign page could take it', async () => {
  const { app } = await opened({ loopbackOnly: true })
  for (const host of ['localhost:8000', '127.0.0.1:8000', '127.9.9.9', '[::1]:8000', 'LOCALHOST'])
    assert.is((await app.request(`http://${host}/v1/clients`)).status, 200, host)
  for (const host of ['evil.example', 'localhost.evil.example', '192.168.1.4', '127.0.0.1.nip.io', '[::2]']) {
    const { title } = await problem(await app.request(`http://${host}/v1/clients?lang=en`), 421)
    assert.match(title, /answers as localhost.*Set API_KEYS/)
    assert.is((await app.request(`http://${host}/`, { headers: { accept: 'text/html' } })).status, 421)
  }
  assert.is((await (await opened()).app.request('http://scores.example/v1/clients')).status, 200)
})

test('a problem is worded in the language asked for', async () => {
  const { ask } = await opened()
  const titles = ['fr', 'en-GB'].map(
    async (language) =>
      (await problem(await ask('/v1/nothing', undefined, { headers: { 'accept-language': language } }), 404)).title,
  )
  assert.equal(await Promise.all(titles), ['Rien à cette adresse.', 'Nothing at this address.'])
})

test('an answer is in the journal, as it was answered, before it is given', async () => {
  const { ask, journal } = await opened()
  const answer = await scored(await ask('/v1/score', { application }))
  const kept = await journal.prediction(answer.requestId)
  assert.equal(
    [kept?.probability, kept?.decision, kept?.version],
    [answer.probability, answer.decision, answer.version],
  )
  assert.equal(kept?.input, { application })
  const { predictions, next } = (await (await ask('/v1/predictions?limit=1')).json()) as {
    predictions: { requestId: string }[]
    next: number
  }
  assert.is(predictions[0]?.requestId, answer.requestId)
  assert.is(next, 1)
})

test('a review is recorded, needs a reason where it overrides the proposal, and every fault of it has its pointer', async () => {
  const { ask, journal } = await opened()
  const { requestId, decision } = await scored(await ask('/v1/score', { client: ids[0] }))
  const path = `/v1/predictions/${requestId}/review`
  const other = decision === 'approved' ? 'declined' : 'approved'
  const refusals: readonly [unknown, string, string][] = [
    [{ decision: other }, '/overrideReason', 'override_reason_required'],
    [
      { decision: other, overrideReason: { code: 'special', text: 'trop court' } },
      '/overrideReason/text',
      'override_reason_too_short',
    ],
    [
      { decision: other, overrideReason: { code: 'whim', text: 'Un motif assez long.' } },
      '/overrideReason/code',
      'not_an_override_reason',
    ],
    [{ decision: 'maybe' }, '/decision', 'not_a_decision'],
    [{ decision, by: 'me' }, '/by', 'unknown_field'],
    [[], '', 'not_an_object'],
  ]
  for (const [body, pointer, code] of refusals)
    assert.equal(
      (await problem(await ask(path, body), 422)).errors?.map((e) => [e.pointer, e.code]),
      [[pointer, code]],
    )
  assert.equal(await journal.reviews(requestId), [])
  assert.is((await ask(path, { decision })).status, 200)
  const overrideReason = { code: 'guarantee', text: 'Un garant solvable se présente.' }
  assert.is((await ask(path, { decision: other, overrideReason })).status, 200)
  assert.equal(
    (await journal.reviews(requestId)).map(({ decision }) => decision),
    [decision, other],
  )
  await problem(await ask('/v1/predictions/01ARYZ6S41TSV4RRFFQ69G5FAV/review', { decision }), 404)
})

test('when the journal cannot record, nothing is answered and the service is not ready', async () => {
  const sound = openSqliteJournal(':memory:')
  const broken: Journal = {
    record: () => Promise.reject(new JournalError('disk full')),
    review: (r) => sound.review(r),
    prediction: (id) => sound.prediction(id),
    predictions: (q) => sound.predictions(q),
    reviews: (id) => sound.reviews(id),
    recordOutcomes: () => Promise.reject(new JournalError('disk full')),
    outcomes: (id) => sound.outcomes(id),
    known: (ids) => sound.known(ids),
    latestOutcomes: (ids) => sound.latestOutcomes(ids),
    access: () => Promise.reject(new JournalError('disk full')),
    accesses: (...asked) => sound.accesses(...asked),
    eraseClient: () => Promise.reject(new JournalError('disk full')),
    eraseRequests: () => Promise.reject(new JournalError('disk full')),
    eraseBefore: () => Promise.reject(new JournalError('disk full')),
    kept: (key) => sound.kept(key),
    rows: (...asked) => sound.rows(...asked),
    last: (table) => sound.last(table),
    check: () => Promise.resolve(new JournalError('disk full')),
    endSession: (...session) => sound.endSession(...session),
    sessionEnded: (id) => sound.sessionEnded(id),
    secret: (...asked) => sound.secret(...asked),
    alerts: (query) => sound.alerts(query),
    keepAlert: () => Promise.reject(new JournalError('disk full')),
    resolveAlert: () => Promise.reject(new JournalError('disk full')),
    acknowledgeAlert: () => Promise.reject(new JournalError('disk full')),
    keepReport: () => Promise.reject(new JournalError('disk full')),
    report: (name) => sound.report(name),
    alone: (name, work) => sound.alone(name, work),
    close: () => sound.close(),
  }
  const { ask } = await opened({}, broken)
  const body = await problem(await ask('/v1/score', { client: ids[0] }), 503)
  assert.not.ok(/probab|approved|declined|disk/.test(JSON.stringify(body)))
  await problem(await ask('/health/ready'), 503)
  assert.is((await ask('/health/live')).status, 200)
})

test('after a request to stop it is live but not ready', async () => {
  const { ask } = await opened({ stopping: () => true })
  await problem(await ask('/health/ready'), 503)
  assert.is((await ask('/health/live')).headers.get('connection'), 'close')
})

test('each role may do its part and no more', async () => {
  const names = ['score', 'review', 'read', 'admin'] as const
  const keys = names.map((role) => ({ role, hash: createHash('sha256').update(`key-${role}`).digest() }))
  const { ask } = await opened({ keys })
  const status = async (path: string, key: string | null, body?: unknown) =>
    (await ask(path, body, { headers: key ? { authorization: `Bearer key-${key}` } : {} })).status
  const table: readonly [string, unknown, readonly number[]][] = [
    ['/v1/score', { client: ids[0] }, [200, 200, 403, 200]],
    [`/v1/clients/${ids[0]}`, undefined, [200, 200, 403, 200]],
    ['/v1/predictions', undefined, [403, 200, 200, 200]],
    ['/v1/model', undefined, [200, 200, 200, 200]],
  ]
  for (const [path, body, expected] of table) {
    assert.is(await status(path, null, body), 401)
    assert.is(await status(path, 'guess', body), 401)
    assert.equal(await Promise.all(names.map((name) => status(path, name, body))), expected, path)
  }
  for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs'])
    assert.is(await status(path, null), 200)
  assert.is((await ask('/v1/model')).headers.get('www-authenticate'), 'Bearer realm="credit-scoring"')
})

test('every answer forbids foreign scripts and frames, and none invites another origin', async () => {
  const { ask } = await opened()
  for (const path of ['/', '/v1/model', '/v1/nothing', '/docs', '/openapi.json', '/page/page.js']) {
    const { headers } = await ask(path, undefined, { headers: { origin: 'https://example.test' } })
    assert.match(headers.get('content-security-policy') ?? '', /default-src 'none'/)
    assert.not.match(headers.get('content-security-policy') ?? '', /script-src[^;]*unsafe/)
    assert.is(headers.get('x-content-type-options'), 'nosniff')
    assert.is(headers.get('access-control-allow-origin'), null)
  }
})

test('the OpenAPI document resolves, and each of its addresses answers', async () => {
  const { ask } = await opened()
  const document = (await (await ask('/openapi.json')).json()) as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
    components: { schemas: object }
  }
  assert.is(document.openapi, '3.1.0')
  const text = JSON.stringify(document)
  for (const [, name] of text.matchAll(/"#\/components\/schemas\/(\w+)"/g))
    assert.ok(name! in document.components.schemas, name)
  assert.ok(text.includes('AMT_INCOME_TOTAL') && text.includes('installments_payments'))
  for (const [path, methods] of Object.entries(document.paths))
    for (const method of Object.keys(methods)) {
      const answer = await ask(path.replace('{id}', String(ids[0])), method === 'post' ? {} : undefined)
      assert.ok(
        [200, 422].includes(answer.status) || path.includes('/predictions/{id}'),
        `${method} ${path}: ${answer.status}`,
      )
    }
})

test('an endpoint refuses a parameter of its query that the document forbids', async () => {
  const { ask } = await opened()
  const document = await (await ask('/openapi.json')).json()
  const withLanguage = Object.entries<Record<string, { parameters?: { name: string; in: string }[] }>>(
    document.paths,
  ).flatMap(([path, operations]) =>
    Object.entries(operations)
      .filter(([, { parameters = [] }]) => parameters.some((one) => one.name === 'lang' && one.in === 'query'))
      .map(([method]) => ({ method: method.toUpperCase(), path: path.replace('{id}', '0'.repeat(26)) })),
  )
  assert.ok(withLanguage.length >= 7, `${withLanguage.length} endpoints take a language`)
  for (const { method, path } of withLanguage) {
    for (const [query, pointer] of [
      ['lang=', '/query/lang'],
      ['lang=de', '/query/lang'],
      ['lang=fr&other=1', '/query/other'],
    ]) {
      const answer = await ask(`${path}?${query}`, method === 'POST' ? {} : undefined, { method })
      const { errors } = await problem(answer, 400)
      assert.equal(
        errors?.map((one) => one.pointer),
        [pointer],
        `${method} ${path}?${query}`,
      )
    }
  }
})

test('the OpenAPI document asks for a key exactly where the service does', async () => {
  const secured = async (options: Parameters<typeof opened>[0]) => {
    const { ask } = await opened(options)
    const { paths } = (await (await ask('/openapi.json')).json()) as { paths: Record<string, Record<string, object>> }
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.values(methods).some((m) => 'security' in m) ? [path] : [],
    )
  }
  assert.equal(await secured({}), [])
  const keyed = await secured({ keys: [{ role: 'admin', hash: Buffer.alloc(32) }] })
  assert.ok(keyed.includes('/v1/score') && !keyed.some((path) => path.startsWith('/health')))
})

test('the log holds the route and no client’s id', async () => {
  const lines: string[] = []
  const { ask } = await opened({ log: (entry) => lines.push(JSON.stringify(entry)) })
  await ask(`/v1/clients/${ids[0]}`)
  assert.match(lines[0] ?? '', /"route":"\/v1\/clients\/:id","status":200/)
  assert.not.match(lines.join(), new RegExp(String(ids[0])))
})

test.run()
