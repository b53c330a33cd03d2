/** What every page route is made with: the session that may enter, the form that is trusted, the frame around what is shown. */
import { randomBytes } from 'node:crypto'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { type Html, html } from 'report-kit'
import { seesAll } from '../access.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { JournalError, type Prediction } from '../journal/journal.ts'
import { languageOf } from '../language.ts'
import { ownTurn } from '../own-turn.ts'
import { Problem } from '../problems.ts'
import { type Asked, parseRequest } from '../request.ts'
import type { Role } from '../settings.ts'
import { type Draft, Drafts } from './drafts.ts'
import { frame, type Section } from './frame.ts'
import type { Upload } from './histories.ts'
import { problemPage } from './problem.ts'
import { isOwnForm, type Session, sessionOf } from './session.ts'

export const scoring: readonly Role[] = ['score', 'review']
export const reading: readonly Role[] = ['read', 'review']
export const anyRole: readonly Role[] = ['score', 'review', 'read']

const mayUse: Readonly<Record<Section, readonly Role[]>> = {
  clients: scoring,
  application: scoring,
  journal: reading,
  monitoring: reading,
  model: anyRole,
}

export const may = (session: Session, roles: readonly Role[]): boolean =>
  session.role === 'admin' || roles.includes(session.role)

const sectionsOf = (session: Session | null): Section[] =>
  (Object.keys(mayUse) as Section[]).filter((name) => session !== null && may(session, mayUse[name]))

export interface Shown {
  readonly title: string
  readonly section: Section | null
  readonly body: Html
  readonly failed?: boolean
  readonly status?: 200 | 401 | 422
  /** Path and query of the page in any language, where it is not the address that was asked. */
  readonly address?: string
  /** Whether what is typed into the form goes with a switch of the language. */
  readonly keepsTyped?: boolean
}

/** Text fields as sent; of a repeated name the last. */
export type Form = Readonly<Record<string, string>>

type Answer = Response | Promise<Response>

export interface Desk {
  readonly app: OpenAPIHono<Env>
  readonly service: Service
  get(path: string, roles: readonly Role[], handler: (c: Context<Env>, session: Session) => Answer): void
  post(
    path: string,
    roles: readonly Role[],
    handler: (c: Context<Env>, session: Session, form: Form, files: readonly Upload[]) => Answer,
  ): void
  show(c: Context<Env>, session: Session | null, shown: Shown): Response
  /** The id under which what was typed is shown again. */
  keepDraft(session: Session, draft: Draft): string
  /** What the address names as `draft`: null where it names none, `gone` where it is no longer there. */
  draftOf(c: Context<Env>, session: Session): Draft | 'gone' | null
  /** A recorded prediction by its id, where the session may see it. @throws Problem not-found */
  recorded(id: string | undefined, session: Session): Promise<Prediction>
  /** The applicant that a recorded prediction was about. */
  askedOf(prediction: Prediction): Asked
  /** The hidden field against forged forms; null where nobody signs in. */
  token(session: Session): Html | null
  /** The same, and one that says which form this is: sent twice as it stands, it is scored once. */
  scoringToken(session: Session): Html
}

type Field = string | File

const mostFields = 1000 // the page's largest form has some 150

/** The fields of a form as sent, in either of HTML's two encodings; several of one name in a list. @throws Problem malformed-form */
export async function sentForm(c: Context<Env>): Promise<Record<string, Field | Field[]>> {
  try {
    const bytes = Buffer.from(await c.req.arrayBuffer())
    await ownTurn(bytes.length)
    // A hundred thousand fields keep everybody waiting while they are read.
    if (hasMoreFields(bytes, c.req.header('content-type') ?? ''))
      throw new Problem('malformed-form', { faults: [fault('', 'too_many_fields')] })
    return await c.req.parseBody({ all: true })
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('malformed-form', { cause })
  }
}

/** Fields of either encoding end with `&`, or begin with the boundary. */
function hasMoreFields(bytes: Buffer, type: string): boolean {
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? []
  const boundary = quoted ?? bare
  const mark = boundary === undefined ? '&' : `--${boundary}`
  let fields = 0
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + mark.length))
    if (++fields > mostFields) return true
  return false
}

export function desk(app: OpenAPIHono<Env>, service: Service): Desk {
  const synthetic = service.scorer.bundle.synthetic !== null
  const drafts = new Drafts()

  /** Leads to /sign-in without a session. @throws Problem not-allowed */
  async function enter(c: Context<Env>, roles: readonly Role[]): Promise<Session | Response> {
    const session = await sessionOf(c, service)
    if (!session) return c.redirect(`/sign-in?to=${encodeURIComponent(new URL(c.req.url).pathname)}`, 303)
    if (!may(session, roles)) throw new Problem('not-allowed')
    return session
  }

  async function formOf(c: Context<Env>, session: Session): Promise<{ form: Form; files: readonly Upload[] }> {
    const sent = Object.entries(await sentForm(c)).flatMap(([key, values]) =>
      [values].flat().map((value) => [key, value] as const),
    )
    const form: Form = Object.fromEntries(
      sent.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
    )
    if (!isOwnForm(c, session, form.token)) throw new Problem('cross-site')
    const uploads = sent.flatMap(([, value]) => (typeof value === 'string' || value.size === 0 ? [] : [value]))
    return {
      form,
      files: await Promise.all(uploads.map(async (file) => ({ name: file.name, bytes: await file.bytes() }))),
    }
  }

  const token = (session: Session) =>
    session.token === null ? null : html`<input type="hidden" name="token" value="${session.token}">`

  return {
    app,
    service,
    get(path, roles, handler) {
      app.get(path, async (c) => {
        const session = await enter(c, roles)
        return session instanceof Response ? session : handler(c, session)
      })
    },
    post(path, roles, handler) {
      app.post(path, async (c) => {
        const session = await enter(c, roles)
        if (session instanceof Response) return session
        const { form, files } = await formOf(c, session)
        return handler(c, session, form, files)
      })
    },
    show(c, session, { title, section, body, failed = false, status = 200, address, keepsTyped = false }) {
      const language = languageOf(c)
      rememberLanguage(c)
      c.header('cache-control', 'no-store')
      c.header('content-language', language)
      const url = address ?? addressOf(c)
      const sections = sectionsOf(session)
      return c.html(
        frame({ language, title, section, url, synthetic, failed, sections, session, body, keepsTyped }),
        status,
      )
    },
    keepDraft: (session, draft) => drafts.keep(draft, session, service.now()),
    draftOf(c, session) {
      const id = c.req.query('draft')
      return id === undefined ? null : (drafts.find(id, session, service.now()) ?? 'gone')
    },
    async recorded(id, { role, caller }) {
      const prediction = id && /^[0-9A-Z]{26}$/.test(id) ? await service.journal.prediction(id) : null
      if (!prediction || !(seesAll(role) || prediction.caller === caller)) throw new Problem('not-found')
      return prediction
    },
    askedOf: (prediction) => parseRequest(prediction.input, service.clients),
    token,
    scoringToken: (session) =>
      html`${token(session)}<input type="hidden" name="once" value="${randomBytes(12).toString('base64url')}">`,
  }
}

const addressOf = (c: Context<Env>): string => {
  const { pathname, search } = new URL(c.req.url)
  return pathname + search
}

/** A language that the address names stays. */
function rememberLanguage(c: Context<Env>): void {
  if (c.req.query('lang'))
    setCookie(c, 'lang', languageOf(c), { path: '/', sameSite: 'Lax', maxAge: 31_536_000, httpOnly: true })
}

/** The session of a page that anybody may see; null too while the journal cannot say whether it has ended. */
export const knownSession = (c: Context<Env>, service: Service): Promise<Session | null> =>
  sessionOf(c, service).catch((error) => {
    if (error instanceof JournalError) return null
    throw error
  })

/** A problem for a person: shown in the page's frame. Addresses that take a POST alone lead on when they are opened (routes.ts). */
export async function answerProblemPage(c: Context<Env>, service: Service, problem: Problem): Promise<Response> {
  const language = languageOf(c)
  const session = await knownSession(c, service)
  const title = problem.title[language]
  const faults = problem.faults.map(({ detail }) => detail[language])
  rememberLanguage(c)
  const document = frame({
    language,
    title,
    section: null,
    url: addressOf(c),
    synthetic: service.scorer.bundle.synthetic !== null,
    failed: true,
    sections: sectionsOf(session),
    session,
    body: problemPage({ code: problem.code, title, faults, requestId: c.get('requestId') }, language),
  })
  return c.body(document, problem.status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    ...problem.headers,
  })
}
