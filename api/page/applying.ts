/** From a form, a pasted file or a known client to a recorded proposal; what was typed wrongly is shown again beside its error. */
import type { Context } from 'hono'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import type { Env } from '../env.ts'
import { answeredBefore, onceOf, record } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { proposed } from '../propose.ts'
import { type Asked, parseRequest } from '../request.ts'
import { applicationOf, spelled, type Typed, typedOf } from './answers.ts'
import { boxesOf } from './declared.ts'
import { type Desk, type Form, scoring } from './desk.ts'
import { example, fields } from './fields.ts'
import { applicationForm, type FormError, pasteForm } from './form.ts'
import { readBack, readHistories, type Upload } from './histories.ts'
import { movedOf } from './levers.ts'
import { derivedLines } from './limits.ts'
import { errorsOf, readForm, type Start } from './read-form.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'
import { moved } from './what-if.ts'
import { shownId } from './words.ts'

export function applyingRoutes({ service, get, post, show, recorded, askedOf, scoringToken }: Desk): void {
  get('/clients/:id', scoring, (c, session) => {
    const id = Number(c.req.param('id'))
    const applicant = service.clients.get(id)
    if (!applicant) throw new Problem('unknown-client')
    return showFile(c, session, applicant, { client: id, from: null })
  })

  get('/applications/new', scoring, async (c, session) => {
    const from = c.req.query('from')
    if (from !== undefined)
      return showFile(c, session, askedOf(await recorded(from, session)).applicant, { client: null, from })
    const presets = Object.fromEntries(
      fields.flatMap(({ column, preset }) => (preset === undefined ? [] : [[column, preset]])),
    )
    const typed = c.req.query('example') ? { ...presets, ...spelled(example, languageOf(c)) } : presets
    const derived = derivedLines(applicationOf(typed, null, service.now(), languageOf(c)).application, languageOf(c))
    return showForm(c, session, { ...untouched, typed, derived, from: null, client: null, applicant: null })
  })

  get('/applications/paste', scoring, (c, session) => showPaste(c, session, '', []))

  const untouched = { errors: [], doubts: {}, derived: {}, pasted: '' } as const

  /** A file as it is known, in the form. */
  function showFile(
    c: Context<Env>,
    session: Session,
    applicant: Applicant,
    where: { readonly client: number | null; readonly from: string | null },
  ) {
    const language = languageOf(c)
    const now = service.now()
    return showForm(c, session, {
      ...untouched,
      ...where,
      typed: { ...typedOf(applicant.application, now, language), ...boxesOf(applicant) },
      derived: {
        ...derivedLines(applicant.application, language),
        history: readBack(applicant.history, now, language).join(' · '),
      },
      applicant,
    })
  }

  function showPaste(c: Context<Env>, session: Session, text: string, errors: readonly FormError[]) {
    const language = languageOf(c)
    const failed = errors.length > 0
    const body = pasteForm({ text, errors, token: scoringToken(session) }, language)
    return show(c, session, {
      title: texts[language].paste.title,
      section: 'application',
      body,
      failed,
      status: failed ? 422 : 200,
    })
  }

  function showForm(
    c: Context<Env>,
    session: Session,
    o: {
      typed: Typed
      errors: readonly FormError[]
      doubts: Readonly<Record<string, string>>
      derived: Readonly<Record<string, string>>
      pasted: string
      from: string | null
      client: number | null
      applicant: Applicant | null
    },
  ) {
    const language = languageOf(c)
    const t = texts[language].form
    const id = o.applicant?.application.SK_ID_CURR
    const title = typeof id === 'number' ? t.edit(shownId(id, language)) : t.title
    const historyRows = Object.values(o.applicant?.history ?? {}).reduce((sum, rows) => sum + rows.length, 0)
    const failed = o.errors.length > 0
    const body = applicationForm({ ...o, title, historyRows, token: scoringToken(session) }, language)
    return show(c, session, {
      title,
      section: o.client === null ? 'application' : 'clients',
      body,
      failed,
      status: failed ? 422 : 200,
    })
  }

  /** The file that a form started from. */
  async function startOf(form: Form, session: Session): Promise<Start & { from: string | null }> {
    const client = form.client && /^\d+$/.test(form.client) ? Number(form.client) : null
    const from = form.from ?? null
    if (from !== null) return { base: askedOf(await recorded(from, session)).applicant, client: null, from }
    return { base: client === null ? null : service.clients.get(client), client, from }
  }

  post('/applications/check', scoring, async (c, session, form, files) => {
    const start = await startOf(form, session)
    const { errors, doubts, derived } = readForm(service, form, files, start, languageOf(c))
    c.header('cache-control', 'no-store')
    const byColumn = Map.groupBy(errors, ({ column }) => column ?? '')
    return c.json({
      errors: Object.fromEntries([...byColumn].map(([column, all]) => [column, all.map(({ text }) => text).join(' ')])),
      doubts,
      derived,
    })
  })

  post('/decisions', scoring, async (c, session, form, files) => {
    const language = languageOf(c)
    const lead = async (asked: Asked) => {
      // Other values under the same word are another form: it was filled in anew.
      const input = JSON.stringify(asked.input)
      const word = /^[\w-]{8,64}$/.test(form.once ?? '') ? form.once! : null
      const once = onceOf(c, word, [input], input)
      const before = await answeredBefore(service, once)
      if (before !== null) return c.redirect(before, 303)
      const [requestId, started, { caller }] = [c.get('requestId'), c.get('started'), session]
      const o = { requestId, source: 'page', started, reasons: true, caller } as const
      const { prediction } = proposed(service, asked, o)
      return c.redirect(await record(service, prediction, `/decisions/${prediction.requestId}`, once), 303)
    }
    if (form.as === 'again') return lead(askedOf(await recorded(form.from, session)))
    if (form.as === 'client') return lead(parseRequest({ client: Number(form.client) }, service.clients))
    if (form.json !== undefined) return scorePasted(c, session, form.json, files, lead)
    const adopted = c.req.query('from')
    if (adopted !== undefined) {
      const { applicant } = askedOf(await recorded(adopted, session))
      const values = movedOf(form, applicant.application, language)
      const { application, history } = moved(applicant, values, { insight: false })
      return lead(parseRequest({ application, history }, service.clients))
    }
    const start = await startOf(form, session)
    const read = readForm(service, form, files, start, language)
    if (read.asked) return lead(read.asked)
    return showForm(c, session, { ...read, typed: form, from: start.from, client: start.client, applicant: start.base })
  })

  async function scorePasted(
    c: Context<Env>,
    session: Session,
    text: string,
    files: readonly Upload[],
    lead: (asked: Asked) => Promise<Response>,
  ) {
    const language = languageOf(c)
    const refused = (errors: readonly FormError[]) => showPaste(c, session, text, errors)
    try {
      if (files.length === 0) return await lead(parseRequest(JSON.parse(text), service.clients))
      const { application, history, problems } = readHistories(text, files)
      if (problems.length > 0) return refused(problems.map((one) => ({ column: null, text: one[language] })))
      return await lead(parseRequest({ application: application ?? {}, ...(history && { history }) }, service.clients))
    } catch (error) {
      if (error instanceof SyntaxError)
        return refused([{ column: null, text: new Problem('malformed-json').title[language] }])
      if (!(error instanceof Problem) || error.status >= 500) throw error
      const faults = errorsOf(error, service.now(), language)
      return refused(faults.length > 0 ? faults : [{ column: null, text: error.title[language] }])
    }
  }
}
