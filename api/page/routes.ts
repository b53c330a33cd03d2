/** The page's routes: every one of them works without JavaScript; GET never records, POST records and leads on. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import type { Found } from '../../pipeline/scoring/clients.ts'
import { keyFor, seesAll } from '../access.ts'
import { conditionsOf } from '../client-search.ts'
import type { Env, Service } from '../env.ts'
import { JournalError } from '../journal/journal.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { applyingRoutes } from './applying.ts'
import { assets, stamp } from './assets.ts'
import { decidingRoutes } from './deciding.ts'
import { anyRole, type Desk, desk, knownSession, scoring, sentForm } from './desk.ts'
import { find } from './find.ts'
import { draftPath } from './frame.ts'
import { journalRoutes } from './journal.ts'
import { model } from './model.ts'
import { monitoringRoutes } from './monitoring-routes.ts'
import { signIn } from './problem.ts'
import { reportRoutes } from './reports.ts'
import { rights } from './rights.ts'
import { endSession, isOwnForm, startSession } from './session.ts'
import { texts } from './texts.ts'
import { verdictOf } from './words.ts'

const sections = ['clients', 'applications', 'decisions', 'journal', 'monitoring', 'model', 'rights', 'sign-in']

export function pageRoutes(app: OpenAPIHono<Env>, service: Service): void {
  const made = desk(app, service)
  // Nobody can have a signed-in page made with words of his own and read its length: the cookie is never sent from another site.
  const packed = compress()
  // What answers a lever is short and wanted at once.
  for (const path of ['/', '/page/*', ...sections.map((section) => `/${section}/*`)])
    app.use(path, (c, next) => (c.req.path.endsWith('/what-if') ? next() : packed(c, next)))
  const assetOf = (c: Context<Env>, file: string, cache: string) => {
    const asset = Object.hasOwn(assets, file) ? assets[file] : undefined
    if (!asset) throw new Problem('not-found')
    const body = typeof asset.body === 'string' ? asset.body : new Uint8Array(asset.body)
    return c.body(body, 200, { 'content-type': asset.type, 'cache-control': cache })
  }
  // The stamp of an address is that of its content; an old one gets what is served now, and is not kept.
  app.get('/page/:stamp/:file', (c) =>
    assetOf(
      c,
      c.req.param('file'),
      c.req.param('stamp') === stamp ? 'public, max-age=31536000, immutable' : 'no-cache',
    ),
  )
  app.get('/page/:file', (c) => assetOf(c, c.req.param('file'), 'no-cache'))
  leadOn(made)
  readingRoutes(made)
  monitoringRoutes(made)
  journalRoutes(made)
  reportRoutes(made)
  applyingRoutes(made)
  decidingRoutes(made)
  signInRoutes(made)
}

/** Addresses that a form is sent to, opened by themselves: where a person goes on from there. */
const onwards: Readonly<Record<string, string>> = {
  '/decisions': '/applications/new',
  '/applications': '/applications/new',
  '/applications/check': '/applications/new',
  [draftPath]: '/applications/new',
  '/clients': '/',
  '/sign-out': '/',
}

function leadOn({ app }: Desk): void {
  for (const [path, onward] of Object.entries(onwards))
    app.get(path, (c) => c.redirect(c.req.query('lang') ? `${onward}?lang=${languageOf(c)}` : onward, 303))
}

// The statistics are read when somebody looks: they are a third of the program's modules.
function readingRoutes({ app, service, get, show, scoringToken }: Desk): void {
  get('/', scoring, async (c, session) => {
    const language = languageOf(c)
    const query = (c.req.query('query') ?? '').slice(0, 100)
    const limit = Math.min(mostFound, Math.max(1, Math.trunc(Number(c.req.query('limit'))) || 20))
    const conditions = conditionsOf(query)
    const { found, total } =
      query.trim() === ''
        ? { found: examplesOf(service), total: examples }
        : conditions.length === 0
          ? { found: [], total: 0 }
          : service.clients.find(conditions, limit)
    const next = new URLSearchParams({ query, limit: String(limit + 40) })
    const body = find(
      {
        query,
        conditions,
        found,
        total,
        more: found.length < total && limit < mostFound && conditions.length > 0 ? `/?${next}` : null,
        count: service.clients.count,
        recent: await unlessDown(
          service.journal.predictions({ limit: 5, ...(!seesAll(session.role) && { caller: session.caller ?? '' }) }),
        ),
        token: scoringToken(session),
      },
      language,
    )
    return show(c, session, { title: texts[language].find.title, section: 'clients', body })
  })

  get('/model', anyRole, async (c, session) => {
    const language = languageOf(c)
    const versions = await unlessDown(service.monitor.report().then((found) => found.versions))
    const body = model(service, versions ?? [], language)
    return show(c, session, { title: texts[language].model.title, section: 'model', body })
  })

  // What a client may be shown, so nobody signs in for it.
  app.get('/rights', async (c) => {
    const language = languageOf(c)
    const session = await knownSession(c, service)
    return show(c, session, { title: texts[language].rights.title, section: null, body: rights(language) })
  })
}

const mostFound = 200 // clients listed at once
const examples = 6 // clients shown before anything is searched
const examplesFrom = 60 // of the first clients
const chosen = new WeakMap<Service['clients'], readonly Found[]>()

/** A few clients to begin with: the first of each verdict that occurs, then others; chosen once. */
function examplesOf({ clients, scorer }: Service): readonly Found[] {
  const known = chosen.get(clients)
  if (known) return known
  const first = clients.search('', examplesFrom)
  const applicants = first.flatMap(({ id }) => clients.get(id) ?? [])
  const verdicts = scorer.scoreMany(applicants, { explain: false }).map(verdictOf)
  const ofEach = first.filter((_, i) => verdicts.indexOf(verdicts[i]!) === i)
  const found = [...ofEach, ...first.filter((one) => !ofEach.includes(one))].slice(0, examples)
  chosen.set(clients, found)
  return found
}

/** What was asked of the journal, or null while it does not answer: the rest of the page is of use without it. */
const unlessDown = <T>(asked: Promise<T>): Promise<T | null> =>
  asked.catch((error) => {
    if (error instanceof JournalError) return null
    throw error
  })

function signInRoutes({ app, service, show }: Desk): void {
  app.get('/sign-in', (c) => showSignIn(c, c.req.query('to') ?? '/', false))

  function showSignIn(c: Context<Env>, to: string, wrong: boolean) {
    const language = languageOf(c)
    const title = texts[language].signIn.title
    return show(c, null, {
      title,
      section: null,
      body: signIn({ wrong, to }, language),
      failed: wrong,
      status: wrong ? 401 : 200,
      address: `/sign-in?${new URLSearchParams({ to })}`,
    })
  }

  app.post('/sign-in', async (c) => {
    const { key, to } = await sentForm(c)
    // A path of this page only: no scheme, no other host.
    const back = typeof to === 'string' && /^\/(?![/\\])[\w/-]*$/.test(to) ? to : '/'
    if (!isOwnForm(c, null, null)) throw new Problem('cross-site')
    const known = typeof key === 'string' ? keyFor(key, service.keys) : null
    if (!known) return showSignIn(c, back, true)
    startSession(c, known, service)
    return c.redirect(known.role === 'read' && back === '/' ? '/journal' : back, 303)
  })

  app.post('/sign-out', async (c) => {
    if (!isOwnForm(c, null, null)) throw new Problem('cross-site')
    await endSession(c, service)
    return c.redirect('/sign-in', 303)
  })
}
