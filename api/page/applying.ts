/** From a form, a pasted file or a known client to a recorded proposal; what was typed wrongly is shown again beside its error. */
import type { Context } from 'hono'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import type { Env } from '../env.ts'
import { answeredBefore, onceOf, record } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { proposed } from '../propose.ts'
import { type Asked, parseRequest } from '../request.ts'
import { applicationOf, respelled, spelled, type Typed, typedIn, typedOf } from './answers.ts'
import { boxesOf } from './declared.ts'
import { type Desk, type Form, scoring } from './desk.ts'
import type { Draft } from './drafts.ts'
import { example, fields } from './fields.ts'
import { applicationForm, type FormError, pasteForm } from './form.ts'
import { draftPath } from './frame.ts'
import { type Brought, readBack, readHistories } from './histories.ts'
import { adopted, movedOf } from './levers.ts'
import { derivedLines } from './limits.ts'
import { readForm, type Start } from './read-form.ts'
import { readPasted } from './read-pasted.ts'
import type { Session } from './session.ts'
import { texts } from './texts.ts'
import { moved } from './what-if.ts'
import { shownId } from './words.ts'

export function applyingRoutes(desk: Desk): void {
  const { service, get, post, show, recorded, askedOf, scoringToken, keepDraft, draftOf } = desk

  get('/clients/:id', scoring, (c, session) => {
    const id = Number(c.req.param('id'))
    const applicant = service.clients.get(id)
    if (!applicant) throw new Problem('unknown-client')
    return showFile(c, session, applicant, { client: id, from: null })
  })

  get('/applications/new', scoring, async (c, session) => {
    const draft = draftOf(c, session)
    if (draft !== null && draft !== 'gone') return showDraft(c, session, draft)
    const language = languageOf(c)
    const from = c.req.query('from')
    if (from !== undefined)
      return showFile(c, session, askedOf(await recorded(from, session)).applicant, { client: null, from })
    const presets = Object.fromEntries(
      fields.flatMap(({ column, preset }) => (preset === undefined ? [] : [[column, preset]])),
    )
    const typed = c.req.query('example') ? { ...presets, ...spelled(example, language) } : presets
    const derived = derivedLines(applicationOf(typed, null, service.now(), language).application, language)
    const notice = draft === 'gone' ? texts[language].form.gone : null
    return showForm(c, session, { ...untouched, typed, derived, notice, from: null, client: null, applicant: null })
  })

  get('/applications/paste', scoring, (c, session) => {
    const draft = draftOf(c, session)
    if (draft === null || draft === 'gone') return showPaste(c, session, '', [])
    const { form, brought, isRefused } = draft
    const read = isRefused ? readPasted(service, form.json ?? '', brought, languageOf(c)) : null
    return showPaste(c, session, form.json ?? '', read?.errors ?? [])
  })

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

  /** What was typed before, its numbers in the language of the page. */
  async function showDraft(c: Context<Env>, session: Session, draft: Draft) {
    const language = languageOf(c)
    const typed = { ...respelled(draft.form, draft.language, language), language }
    const { base, client, from } = await startOf(typed, session)
    const read = readForm(service, typed, draft.brought ?? readHistories('', []), { base, client }, language)
    const errors = draft.isRefused ? read.errors : []
    return showForm(c, session, { ...read, errors, typed, from, client, applicant: base })
  }

  function showPaste(c: Context<Env>, session: Session, text: string, errors: readonly FormError[]) {
    const language = languageOf(c)
    return show(c, session, {
      title: texts[language].paste.title,
      section: 'application',
      body: pasteForm({ text, errors, token: scoringToken(session) }, language),
      failed: errors.length > 0,
      keepsTyped: true,
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
      notice?: string | null
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
    return show(c, session, {
      title,
      section: o.client === null ? 'application' : 'clients',
      body: applicationForm({ ...o, title, historyRows, token: scoringToken(session) }, language),
      failed: o.errors.length > 0,
      keepsTyped: true,
    })
  }

  /** The file that a form started from. */
  async function startOf(form: Form, session: Session): Promise<Start & { from: string | null }> {
    const client = form.client && /^\d+$/.test(form.client) ? Number(form.client) : null
    const from = form.from ?? null
    if (from !== null) return { base: askedOf(await recorded(from, session)).applicant, client: null, from }
    return { base: client === null ? null : service.clients.get(client), client, from }
  }

  /** A form that is shown again leads to an address that can be reloaded, gone back to and switched to the other language. */
  function showAgain(c: Context<Env>, session: Session, form: Form, brought: Brought | null, isRefused: boolean) {
    const language = languageOf(c)
    const page = form.json === undefined ? '/applications/new' : '/applications/paste'
    const draft = keepDraft(session, { form, language: typedIn(form, language), brought, isRefused })
    const query = new URLSearchParams({ draft, ...(c.req.query('lang') && { lang: language }) })
    return c.redirect(`${page}?${query}`, 303)
  }

  post(draftPath, scoring, (c, session, form, files) => {
    const brought = form.json !== undefined && files.length === 0 ? null : readHistories(textOf(form), files)
    return showAgain(c, session, form, brought, form.refused !== undefined)
  })

  post('/applications/check', scoring, async (c, session, form, files) => {
    const brought = readHistories(textOf(form), files)
    const { errors, doubts, derived } = readForm(service, form, brought, await startOf(form, session), languageOf(c))
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
    if (form.json !== undefined) {
      const brought = files.length === 0 ? null : readHistories(form.json, files)
      const { asked } = readPasted(service, form.json, brought, language)
      return asked ? lead(asked) : showAgain(c, session, form, brought, true)
    }
    const origin = c.req.query('from')
    if (origin !== undefined) {
      const { applicant } = askedOf(await recorded(origin, session))
      const values = movedOf(form, applicant.application, language)
      if (!adopted(values, applicant.application)) {
        // Shown where they were typed, with what is wrong with them.
        const query = new URLSearchParams({ ...values.typed, ...(c.req.query('lang') && { lang: language }) })
        return c.redirect(`/decisions/${origin}?${query}#what-if`, 303)
      }
      const { application, history } = moved(applicant, values.moved, { insight: false })
      return lead(parseRequest({ application, history }, service.clients))
    }
    const brought = readHistories(textOf(form), files)
    const read = readForm(service, form, brought, await startOf(form, session), language)
    return read.asked ? lead(read.asked) : showAgain(c, session, form, brought, true)
  })
}

/** The history or the whole file that was pasted. */
const textOf = (form: Form): string => form.json ?? form.history ?? ''
