/** From a form, a pasted file or a known client to a recorded proposal; what was typed wrongly is shown again beside its error. */
import type { Context } from 'hono'
import type { Applicant, Row } from '../../pipeline/portfolio/applicant.ts'
import { changed } from '../../pipeline/scoring/counterfactual.ts'
import type { Env } from '../env.ts'
import { columnAt } from '../faults.ts'
import { type Language, languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { propose } from '../propose.ts'
import { type Asked, parseRequest } from '../request.ts'
import { applicationOf, boundsText, type Typed, typedOf } from './answers.ts'
import { type Desk, type Form, scoring } from './desk.ts'
import { example, fields } from './fields.ts'
import { applicationForm, type FormError, pasteForm } from './form.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'
import { changesOf } from './what-if.ts'
import { shownId } from './words.ts'

export function applyingRoutes({ service, get, post, show, recorded, askedOf, token }: Desk): void {
  get('/clients/:id', scoring, (c, session) => {
    const id = Number(c.req.param('id'))
    const applicant = service.clients.get(id)
    if (!applicant) throw new Problem('unknown-client')
    return showForm(c, session, {
      typed: typedOf(applicant.application, service.now(), languageOf(c)),
      errors: [],
      from: null,
      client: id,
      applicant,
    })
  })

  get('/applications/new', scoring, async (c, session) => {
    const from = c.req.query('from')
    if (from !== undefined) {
      const prediction = await recorded(from)
      const { applicant } = askedOf(prediction)
      return showForm(c, session, {
        typed: typedOf(applicant.application, service.now(), languageOf(c)),
        errors: [],
        from,
        client: null,
        applicant,
      })
    }
    const presets = Object.fromEntries(
      fields.flatMap(({ column, preset }) => (preset === undefined ? [] : [[column, preset]])),
    )
    return showForm(c, session, {
      typed: c.req.query('example') ? { ...presets, ...example } : presets,
      errors: [],
      from: null,
      client: null,
      applicant: null,
    })
  })

  get('/applications/paste', scoring, (c, session) => showPaste(c, session, '', []))

  function showPaste(c: Context<Env>, session: Session, text: string, errors: readonly FormError[]) {
    const language = languageOf(c)
    const failed = errors.length > 0
    const body = pasteForm({ text, errors, token: token(session) }, language)
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
    const body = applicationForm({ ...o, title, historyRows, token: token(session) }, language)
    return show(c, session, {
      title,
      section: o.client === null ? 'application' : 'clients',
      body,
      failed,
      status: failed ? 422 : 200,
    })
  }

  /** The faults of a refused application as errors of the form, in the form's own units. */
  function errorsOf(problem: Problem, language: Language): FormError[] {
    const colon = language === 'fr' ? '\u00a0: ' : ': '
    return problem.faults.map(({ pointer, code, detail }) => {
      const column = columnAt(pointer)
      const field = fields.find((one) => one.column === column?.name)
      const text =
        (code === 'out_of_bounds' && column && field && boundsText(field, column, service.now(), language)) ||
        detail[language]
      const name = field?.label[language] ?? column?.label[language]
      return {
        column: field?.column ?? null,
        text: name ? `${name}${colon}${text.charAt(0).toLowerCase()}${text.slice(1)}` : `${pointer} ${text}`,
      }
    })
  }

  post('/decisions', scoring, async (c, session, form) => {
    const language = languageOf(c)
    const lead = async (asked: Asked) => {
      const { prediction } = await propose(service, asked, {
        requestId: c.get('requestId'),
        source: 'page',
        started: c.get('started'),
        reasons: true,
      })
      return c.redirect(`/decisions/${prediction.requestId}`, 303)
    }
    if (form.as === 'client') return lead(parseRequest({ client: Number(form.client) }, service.clients))
    if (form.json !== undefined) {
      try {
        return await lead(parseRequest(JSON.parse(form.json), service.clients))
      } catch (error) {
        if (error instanceof SyntaxError)
          return showPaste(c, session, form.json, [
            { column: null, text: new Problem('malformed-json').title[language] },
          ])
        if (!(error instanceof Problem) || error.status >= 500) throw error
        return showPaste(
          c,
          session,
          form.json,
          error.faults.length > 0 ? errorsOf(error, language) : [{ column: null, text: error.title[language] }],
        )
      }
    }
    const adopted = c.req.query('from')
    if (adopted !== undefined) {
      const { applicant } = askedOf(await recorded(adopted))
      const { application, history } = changed(applicant, changesOf(form, applicant.application, language))
      return lead(parseRequest({ application, history }, service.clients))
    }
    return scoreForm(c, session, form, lead)
  })

  async function scoreForm(c: Context<Env>, session: Session, form: Form, lead: (asked: Asked) => Promise<Response>) {
    const language = languageOf(c)
    const t = texts[language].form
    const client = form.client && /^\d+$/.test(form.client) ? Number(form.client) : null
    const from = form.from ?? null
    const base =
      from !== null ? askedOf(await recorded(from)).applicant : client !== null ? service.clients.get(client) : null
    const { application, unreadable } = applicationOf(form, base?.application ?? null, service.now(), language)
    const colon = language === 'fr' ? '\u00a0: ' : ': '
    const errors: FormError[] = unreadable.map(({ column, code }) => ({
      column,
      text: `${fields.find((one) => one.column === column)?.label[language]}${colon}${t[code]}`,
    }))
    try {
      const asked =
        base && sameRow(application, base.application) && client !== null
          ? parseRequest({ client }, service.clients)
          : parseRequest({ application, ...(base && { history: base.history }) }, service.clients)
      if (errors.length === 0) return await lead(asked)
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'invalid-application') throw error
      const known = new Set(errors.map(({ column }) => column))
      errors.push(...errorsOf(error, language).filter(({ column }) => column === null || !known.has(column)))
    }
    return showForm(c, session, { typed: form, errors, from, client, applicant: base })
  }
}

const sameRow = (a: Row, b: Row): boolean => Object.keys(b).every((column) => a[column] === b[column])
