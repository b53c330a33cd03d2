/** Roles x routes: every route of the service, asked by nobody, with a wrong key and with each role; and what a role sees of others' cases. */
import { createHash } from 'node:crypto'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { service } from './opened.test-data.ts'
import { textOf } from './page/shown.test-data.ts'
import { type Role, roles } from './settings.ts'

const { ids, opened } = service(smallBundle())
const keyOf = (name: string) => `key-${name.replaceAll(' ', '')}`
const key = (name: string, role: Role) => ({ role, name, hash: createHash('sha256').update(keyOf(name)).digest() })
const keys = [
  key('Bank X', 'score'),
  key('Bank Y', 'score'),
  key('M. D.', 'review'),
  key('Audit', 'read'),
  key('Ops', 'admin'),
]
const whose: Readonly<Record<Role, string>> = { score: 'Bank X', review: 'M. D.', read: 'Audit', admin: 'Ops' }

type App = Awaited<ReturnType<typeof opened>>
const bearer = (name: string) => ({ authorization: `Bearer ${keyOf(name)}` })

/** A cookie, and the token of its forms. */
async function signedIn(app: App, name: string): Promise<{ cookie: string; token: string }> {
  const answer = await app.send('/sign-in', { key: keyOf(name), to: '/' })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  // Whoever may send a form finds its token on the page of applications.
  const page = await app.app.request('/applications/new', { headers: { cookie, accept: 'text/html' } })
  return { cookie, token: /name="token" value="([^"]+)"/.exec(await page.text())?.[1] ?? '' }
}

interface Line {
  readonly route: string
  readonly path: string
  readonly body?: unknown
  readonly form?: Readonly<Record<string, string>>
  /** Of nobody, a wrong key, then score, review, read, admin. */
  readonly statuses: string
}

/** `id`: a case of Bank X; `other`: one of Bank Y. On the page 303 leads nobody to /sign-in and a POST to what it made. */
const table = (id: string, other: string): readonly Line[] => {
  const get = (route: string, statuses: string, path = route): Line => ({ route: `GET ${route}`, path, statuses })
  const post = (route: string, body: unknown, statuses: string, path = route): Line => ({
    route: `POST ${route}`,
    path,
    body,
    statuses,
  })
  const send = (route: string, form: Record<string, string>, statuses: string, path = route): Line => ({
    route: `POST ${route}`,
    path,
    form,
    statuses,
  })
  const client = String(ids[0])
  const anybody = '200 200 200 200 200 200'
  return [
    get('/health/live', anybody),
    get('/health/ready', anybody),
    get('/openapi.json', anybody),
    get('/docs', anybody),
    get('/docs/:file', anybody, '/docs/swagger-ui.css'),
    get('/rights', anybody),
    get('/sign-in', anybody),
    get('/page/:file', anybody, '/page/page.css'),
    get('/page/:stamp/:file', anybody, '/page/x/page.css'),
    get('/metrics', '401 401 403 403 200 200'),
    get('/v1/model', '401 401 200 200 200 200'),
    post('/v1/score', { client: ids[0] }, '401 401 200 200 403 200'),
    post('/v1/score/batch', [{ client: ids[0] }], '401 401 200 200 403 200'),
    post('/v1/what-if', { client: ids[0], changes: {} }, '401 401 200 200 403 200'),
    get('/v1/clients', '401 401 200 200 403 200'),
    get('/v1/clients/:id', '401 401 200 200 403 200', `/v1/clients/${client}`),
    get('/v1/clients/:id/records', '401 401 403 403 403 200', `/v1/clients/${client}/records`),
    {
      route: 'DELETE /v1/clients/:id/records',
      path: `/v1/clients/${client}/records`,
      statuses: '401 401 403 403 403 200',
    },
    get('/v1/predictions', '401 401 403 200 200 200'),
    get('/v1/predictions/:id', '401 401 200 200 200 200', `/v1/predictions/${id}`),
    get('/v1/predictions/:id', '401 401 404 200 200 200', `/v1/predictions/${other}`),
    post(
      '/v1/predictions/:id/review',
      { decision: 'referred' },
      '401 401 403 200 403 200',
      `/v1/predictions/${id}/review`,
    ),
    post('/v1/outcomes', [{ requestId: id, status: 'repaid', date: '2026-01-01' }], '401 401 403 200 403 200'),
    get('/', '303 303 200 200 403 200'),
    get('/clients/:id', '303 303 200 200 403 200', `/clients/${client}`),
    get('/applications/new', '303 303 200 200 403 200'),
    get('/applications/new', '303 303 200 200 403 200', `/applications/new?from=${id}`),
    get('/applications/new', '303 303 404 200 403 200', `/applications/new?from=${other}`),
    get('/applications/paste', '303 303 200 200 403 200'),
    send('/applications/draft', {}, '303 303 303 303 403 303'),
    ...['/decisions', '/applications', '/applications/check', '/applications/draft', '/clients', '/sign-out'].map(
      (path) => get(path, '303 303 303 303 303 303'),
    ),
    send('/applications/check', {}, '303 303 200 200 403 200'),
    send('/decisions', { as: 'client', client }, '303 303 303 303 403 303'),
    send('/decisions', { as: 'again', from: id }, '303 303 303 303 403 303'),
    send('/decisions', { as: 'again', from: other }, '303 303 404 303 403 303'),
    send('/decisions', {}, '303 303 404 303 403 303', `/decisions?from=${other}`),
    get('/decisions/:id', '303 303 200 200 200 200', `/decisions/${id}`),
    get('/decisions/:id', '303 303 404 200 200 200', `/decisions/${other}`),
    get('/decisions/:id/what-if', '303 303 200 200 403 200', `/decisions/${id}/what-if`),
    get('/decisions/:id/what-if', '303 303 404 200 403 200', `/decisions/${other}/what-if`),
    get('/decisions/:id/review', '303 303 303 303 303 303', `/decisions/${id}/review`),
    send('/decisions/:id/review', { decision: 'referred' }, '303 303 403 303 403 303', `/decisions/${id}/review`),
    get('/decisions/:id/trace', '303 303 200 200 200 200', `/decisions/${id}/trace`),
    get('/decisions/:id/trace', '303 303 404 200 200 200', `/decisions/${other}/trace`),
    get('/decisions/:id/sheet', '303 303 200 200 200 200', `/decisions/${id}/sheet`),
    get('/decisions/:id/sheet', '303 303 404 200 200 200', `/decisions/${other}/sheet`),
    get('/journal', '303 303 403 200 200 200'),
    get('/journal.csv', '303 303 403 200 200 200'),
    // Before the page is asked for: it looks, and ends what it does not find.
    send('/monitoring/alerts/:position/acknowledge', {}, '303 303 403 303 403 303', '/monitoring/alerts/1/acknowledge'),
    get('/monitoring', '303 303 403 200 200 200'),
    get('/model', '303 303 200 200 200 200'),
  ]
}
/** Routes that make or end a session, tested in page/session.test.ts, and the reports, which lie here only after a run. */
const elsewhere = ['POST /sign-in', 'POST /sign-out', 'GET /reports/*']

async function prepared() {
  const app = await opened({ keys })
  const scored = async (name: string, client: number) => {
    const answer = await app.ask('/v1/score', { client }, { headers: bearer(name) })
    return ((await answer.json()) as { requestId: string }).requestId
  }
  await app.journal.keepAlert({
    version: '0123456789ab',
    code: 'latency',
    severity: 'warning',
    opened: '2026-11-24T13:05:00.000Z',
    changePoint: null,
    resolved: null,
    figures: {},
  })
  return { app, id: await scored('Bank X', ids[1]!), other: await scored('Bank Y', ids[2]!) }
}

test('each route answers each caller as the table says', async () => {
  const { app, id, other } = await prepared()
  const sessions = new Map<Role, { cookie: string; token: string }>()
  for (const role of roles) sessions.set(role, await signedIn(app, whose[role]))
  const isJson = (path: string) => isApi(path) || path.startsWith('/health')
  const isApi = (path: string) => /^\/(v1|metrics)/.test(path)
  for (const { route, path, body, form, statuses } of table(id, other)) {
    const ask = async (headers: Record<string, string>, token = 'none') => {
      const sent = { accept: isJson(path) ? '*/*' : 'text/html', ...headers }
      if (form) return (await app.send(path, { ...form, token }, sent)).status
      return (await app.ask(path, body, { headers: sent, ...(route.startsWith('DELETE') && { method: 'DELETE' }) }))
        .status
    }
    const wrong = isApi(path) ? bearer('nobody') : { cookie: 'session=admin.9999999999.n.0123456789ab.forged' }
    const found = [await ask({}), await ask(wrong)]
    for (const role of roles) {
      const { cookie, token } = sessions.get(role)!
      found.push(isApi(path) ? await ask(bearer(whose[role])) : await ask({ cookie }, token))
    }
    assert.is(found.join(' '), statuses, `${route}, ${path.replace(id, 'own').replace(other, 'of another')}`)
  }
})

test('no route is missing from the table', async () => {
  const { app, id, other } = await prepared()
  const listed = new Set([...table(id, other).map(({ route }) => route), ...elsewhere])
  const routes = app.app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => `${method} ${path}`)
  assert.equal(
    [...new Set(routes)].filter((route) => !listed.has(route)),
    [],
  )
  assert.ok(routes.length >= listed.size, `${routes.length} routes`)
})

test('the page takes no bearer key and the API no cookie', async () => {
  const { app } = await prepared()
  const { cookie } = await signedIn(app, 'Ops')
  assert.is((await app.ask('/journal', undefined, { headers: bearer('Ops') })).status, 303)
  assert.is((await app.ask('/v1/predictions', undefined, { headers: { cookie } })).status, 401)
})

test('a key of role score finds on its first page what was asked under its own name, also by another key of that name', async () => {
  const { app, id, other } = await prepared()
  const recent = async (name: string) => {
    const { cookie } = await signedIn(app, name)
    const html = await (await app.app.request('/', { headers: { cookie, accept: 'text/html' } })).text()
    return [id, other].filter((one) => html.includes(one))
  }
  assert.equal(await recent('Bank X'), [id])
  assert.equal(await recent('Bank Y'), [other])
  assert.equal(await recent('M. D.'), [id, other])
  const renewed = [{ ...key('renewed', 'score'), name: 'Bank X' }, key('nameless', 'score')]
  const later = await opened({ keys: renewed }, app.journal)
  const status = async (name: string) =>
    (await later.ask(`/v1/predictions/${id}`, undefined, { headers: bearer(name) })).status
  assert.equal([await status('renewed'), await status('nameless')], [200, 404])
})

test('who reads finds a decision with every review, whose it was, and whose key asked; on the page and by the API', async () => {
  const { app, id } = await prepared()
  const { decision } = (await app.journal.prediction(id))!
  const other = decision === 'approved' ? 'declined' : 'approved'
  const overrideReason = { code: 'guarantee', text: 'Un garant solvable se présente.' }
  for (const body of [{ decision: 'referred' }, { decision: other, overrideReason }])
    assert.is((await app.ask(`/v1/predictions/${id}/review`, body, { headers: bearer('M. D.') })).status, 200)
  const answer = await app.ask(`/v1/predictions/${id}`, undefined, { headers: bearer('Audit') })
  assert.is(answer.headers.get('cache-control'), 'no-store')
  const read = (await answer.json()) as {
    caller: string
    input: unknown
    reviews: { decision: string; by: string; overrideReason: unknown }[]
  }
  assert.equal([read.caller, read.input], ['Bank X', { client: ids[1] }])
  assert.equal(
    read.reviews.map((one) => [one.decision, one.by, one.overrideReason]),
    [
      ['referred', 'M. D.', null],
      [other, 'M. D.', overrideReason],
    ],
  )
  const { cookie } = await signedIn(app, 'Audit')
  const page = await app.app.request(`/decisions/${id}`, { headers: { cookie, accept: 'text/html' } })
  const shown = textOf(await page.text())
  assert.is(shown.split('M. D.').length, 3)
  assert.ok(shown.includes(overrideReason.text))
})

test('a key without a name is distinguished from others in the journal, for predictions and for reviews', async () => {
  const hash = createHash('sha256').update('key-none').digest()
  const app = await opened({ keys: [{ role: 'review', hash }] })
  const headers = bearer('none')
  const { requestId } = (await (await app.ask('/v1/score', { client: ids[0] }, { headers })).json()) as {
    requestId: string
  }
  await app.ask(`/v1/predictions/${requestId}/review`, { decision: 'referred' }, { headers })
  await (await app.ask('/v1/score/batch', [{ client: ids[1] }], { headers })).text()
  const name = `review-${hash.toString('hex').slice(0, 12)}`
  assert.is((await app.journal.reviews(requestId))[0]?.by, name)
  assert.equal(
    (await app.journal.predictions({ limit: 9 })).map(({ caller }) => caller),
    [name, name],
  )
})

test.run()
