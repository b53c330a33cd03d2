/** The page's routes: every one of them works without JavaScript; GET never records, POST records and leads on. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { compress } from 'hono/compress'
import { dataWords } from '../../pipeline/scoring/levels.ts'
import { roleOf } from '../access.ts'
import type { Env, Service } from '../env.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { applyingRoutes } from './applying.ts'
import { decidingRoutes } from './deciding.ts'
import { anyRole, type Desk, desk, reading, scoring } from './desk.ts'
import { journal, model, signIn } from './facts.ts'
import { find } from './find.ts'
import { assets } from './frame.ts'
import { endSession, isOwnForm, startSession } from './session.ts'
import { texts } from './texts.ts'

const pageSize = 50

export function pageRoutes(app: OpenAPIHono<Env>, service: Service): void {
  const made = desk(app, service)
  app.use('/page/*', compress())
  app.get('/page/:file', (c) => {
    const asset = assets[c.req.param('file')]
    if (!asset) throw new Problem('not-found')
    const body = typeof asset.body === 'string' ? asset.body : new Uint8Array(asset.body)
    return c.body(body, 200, { 'content-type': asset.type, 'cache-control': 'public, max-age=31536000, immutable' })
  })
  readingRoutes(made)
  applyingRoutes(made)
  decidingRoutes(made)
  signInRoutes(made)
}

function readingRoutes({ service, get, show, token }: Desk): void {
  get('/', scoring, async (c, session) => {
    const language = languageOf(c)
    const query = (c.req.query('query') ?? '').slice(0, 100)
    const limit = Math.min(200, Math.max(1, Number(c.req.query('limit')) || (query === '' ? 6 : 20)))
    const found = service.clients.search(dataWords(query), limit + 1)
    const next = new URLSearchParams({ query, limit: String(limit + 40) })
    const body = find(
      {
        query,
        found: found.slice(0, limit),
        more: found.length > limit && limit < 200 && query !== '' ? `/?${next}` : null,
        count: service.clients.count,
        recent: await service.journal.predictions({ limit: 5 }),
        token: token(session),
      },
      language,
    )
    return show(c, session, { title: texts[language].find.title, section: 'clients', body })
  })

  get('/journal', reading, async (c, session) => {
    const language = languageOf(c)
    const asked = c.req.query('decision')
    const filter = asked === 'granted' || asked === 'refused' ? asked : undefined
    const before = Number(c.req.query('before')) || undefined
    const predictions = await service.journal.predictions({ limit: pageSize, before, decision: filter })
    const last = predictions.length === pageSize ? predictions.at(-1)?.position : undefined
    const older =
      last === undefined
        ? null
        : `/journal?${new URLSearchParams({ before: String(last), ...(filter && { decision: filter }) })}`
    const body = journal({ predictions, older, filter: filter ?? '', first: before === undefined }, language)
    return show(c, session, { title: texts[language].journal.title, section: 'journal', body })
  })

  get('/model', anyRole, (c, session) => {
    const language = languageOf(c)
    return show(c, session, { title: texts[language].model.title, section: 'model', body: model(service, language) })
  })
}

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
    })
  }

  app.post('/sign-in', async (c) => {
    const { key, to } = await c.req.parseBody()
    // A path of this page only: no scheme, no other host.
    const back = typeof to === 'string' && /^\/(?![/\\])[\w/-]*$/.test(to) ? to : '/'
    if (!isOwnForm(c, { role: 'read', token: null }, null)) throw new Problem('cross-site')
    const role = typeof key === 'string' ? roleOf(key, service.keys) : null
    if (!role) return showSignIn(c, back, true)
    startSession(c, role, service.keys, service.now())
    return c.redirect(role === 'read' && back === '/' ? '/journal' : back, 303)
  })

  app.post('/sign-out', (c) => {
    if (!isOwnForm(c, { role: 'read', token: null }, null)) throw new Problem('cross-site')
    endSession(c)
    return c.redirect('/sign-in', 303)
  })
}
