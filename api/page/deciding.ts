/** One recorded proposal: shown, tried with other values, reviewed, traced, printed. */
import type { Context } from 'hono'
import type { Applicant, Row } from '../../pipeline/data/applicant.ts'
import { opened } from '../access.ts'
import type { Env, Service } from '../env.ts'
import {
  isOverride,
  overrideReasons,
  type Prediction,
  type Review,
  shortestOverrideReason,
} from '../journal/journal.ts'
import { type Language, languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { scoreAnswerOf } from '../score-response.ts'
import { decision, decisionTitle } from './decision.ts'
import { anyRole, type Desk, type Form, may, scoring } from './desk.ts'
import { movedOf } from './levers.ts'
import { alternativesOf } from './remedies.ts'
import { isReviewDecision } from './review.ts'
import type { Session } from './session.ts'
import { sheet } from './sheet.ts'
import { texts } from './texts.ts'
import { trace } from './trace.ts'
import type { ReviewDraft, WhatIf } from './view.ts'
import { againstReason, whatIf, whatIfBox } from './what-if.ts'
import { loanLine } from './words.ts'

/** With the explanation that an answer without reasons did not keep: the same model says the same of the same applicant. */
function explained({ scorer }: Service, prediction: Prediction, applicant: Applicant): Prediction {
  if (prediction.explanation || prediction.version !== scorer.bundle.version) return prediction
  return { ...prediction, explanation: scorer.score(applicant).explanation }
}

/** The reason for overriding as it was sent; null where it is not whole. */
function overrideReasonOf(form: Form): Review['overrideReason'] {
  const code = overrideReasons.find((one) => one === form.code)
  const text = (form.text ?? '').trim().slice(0, 2000)
  return code && text.length >= shortestOverrideReason ? { code, text } : null
}

/** A choice that needs a reason for overriding, with what was sent of it; null where none is needed. */
function reviewDraft(prediction: Prediction, form: Form, language: Language): ReviewDraft | null {
  const { decision = '', code = '', text = '' } = form
  if (!isReviewDecision(decision) || !isOverride(prediction, decision)) return null
  const t = texts[language].review
  const wasAsked = form.code !== undefined || form.text !== undefined
  const errors: ReviewDraft['errors'] = [
    ...(overrideReasons.some((one) => one === code) ? [] : [{ field: 'code', text: t.overrideReasonError } as const]),
    ...(text.trim().length < shortestOverrideReason ? [{ field: 'text', text: t.textError } as const] : []),
  ]
  return { decision, code, text, errors: wasAsked ? errors : [] }
}

export function decidingRoutes(desk: Desk): void {
  const { service, get, post, show, recorded, askedOf, token, scoringToken, keepDraft, draftOf } = desk
  /** The values in the address, scored; where the estimate moves against reason the log says so. */
  function tried(c: Context<Env>, prediction: Prediction, applicant: Applicant): WhatIf {
    const view = whatIf(service, applicant, movedOf(c.req.query(), applicant.application, languageOf(c)))
    const against = againstReason(view, prediction, applicant)
    if (against) c.set('note', `${against}_amount_against_reason`)
    return view
  }

  async function showDecision(c: Context<Env>, session: Session, kept: Prediction, draft: ReviewDraft | null) {
    const language = languageOf(c)
    const { applicant } = askedOf(kept)
    const prediction = explained(service, kept, applicant)
    const body = decision(
      {
        prediction,
        applicant,
        reviews: await service.journal.reviews(prediction.requestId),
        whatIf: tried(c, prediction, applicant),
        measure: c.req.query('measure'),
        mayScore: may(session, scoring),
        mayReview: may(session, ['review']),
        draft,
        token: token(session),
        scoringToken: scoringToken(session),
      },
      service,
      language,
    )
    return show(c, session, {
      title: decisionTitle(prediction, language),
      section: 'clients',
      body,
      failed: draft !== null && draft.errors.length > 0,
    })
  }

  get('/decisions/:id', anyRole, async (c, session) => {
    const prediction = await recorded(c.req.param('id'), session)
    await opened(c, service, { requestId: prediction.requestId })
    const draft = draftOf(c, session)
    const review = draft === null || draft === 'gone' ? null : reviewDraft(prediction, draft.form, languageOf(c))
    return showDecision(c, session, prediction, review)
  })

  get('/decisions/:id/what-if', scoring, async (c, session) => {
    const prediction = await recorded(c.req.param('id'), session)
    const { applicant } = askedOf(prediction)
    const view = tried(c, prediction, applicant)
    c.header('cache-control', 'no-store')
    return c.html(whatIfBox(view, prediction, applicant, languageOf(c)).markup)
  })

  // A reload of a refused review lands on the proposal again.
  get('/decisions/:id/review', anyRole, (c) => c.redirect(`/decisions/${c.req.param('id')}#decision`, 303))

  post('/decisions/:id/review', ['review'], async (c, session, form) => {
    const prediction = await recorded(c.req.param('id'), session)
    const decision = form.decision ?? ''
    if (!isReviewDecision(decision)) throw new Problem('invalid-application')
    let overrideReason: Review['overrideReason'] = null
    if (isOverride(prediction, decision)) {
      overrideReason = overrideReasonOf(form)
      if (!overrideReason) {
        const language = languageOf(c)
        const draft = keepDraft(session, { form, language, brought: null, isRefused: true })
        const query = new URLSearchParams({ draft, ...(c.req.query('lang') && { lang: language }) })
        return c.redirect(`/decisions/${prediction.requestId}?${query}#decision`, 303)
      }
    }
    await service.journal.review({
      requestId: prediction.requestId,
      at: new Date(service.now()).toISOString(),
      decision,
      overrideReason,
      by: session.caller ?? undefined,
    })
    return c.redirect(`/decisions/${prediction.requestId}#decision`, 303)
  })

  get('/decisions/:id/trace', anyRole, async (c, session) => {
    const language = languageOf(c)
    const prediction = await recorded(c.req.param('id'), session)
    await opened(c, service, { requestId: prediction.requestId })
    const answer = scoreAnswerOf(service, { prediction, contributions: [] }, language, { explain: false })
    return show(c, session, {
      title: texts[language].trace.title,
      section: null,
      body: trace(prediction, answer, new URL(c.req.url).origin, language),
    })
  })

  get('/decisions/:id/sheet', anyRole, async (c, session) => {
    const language = languageOf(c)
    const kept = await recorded(c.req.param('id'), session)
    await opened(c, service, { requestId: kept.requestId })
    const { applicant } = askedOf(kept)
    const prediction = explained(service, kept, applicant)
    const application: Row = applicant.application
    const reviews = await service.journal.reviews(prediction.requestId)
    const body = sheet(
      { prediction, application, reviews, alternatives: alternativesOf(service, prediction, applicant) },
      service,
      language,
    )
    return show(c, session, {
      title: `${texts[language].sheet.title}, ${loanLine(application, language)}`,
      section: null,
      body,
    })
  })
}
