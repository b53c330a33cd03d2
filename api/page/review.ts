/** The officer's decision: three buttons of equal weight, none preselected; against the proposal only with an override reason. */
import { type Html, html, icon } from 'report-kit'
import {
  isOverride,
  overrideReasons,
  type Review,
  reviewDecisions,
  shortestOverrideReason,
} from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'
import type { DecisionView, ReviewDraft } from './view.ts'
import { timeOf, toneOf, verdictOf } from './words.ts'

export const order = ['declined', 'approved', 'referred'] as const satisfies readonly Review['decision'][]

export const isReviewDecision = (name: string): name is Review['decision'] =>
  reviewDecisions.some((decision) => decision === name)

export function reviewCard(view: DecisionView, language: Language): Html {
  const t = texts[language].review
  const { prediction, reviews, token, draft } = view
  const latest = reviews.at(-1)
  const action = `/decisions/${prediction.requestId}/review`
  const buttons = html`<div><form method="post" action="${action}" class="row" data-review>${token}${order.map(
    (decision) => {
      const against = isOverride(prediction, decision)
      const about = against
        ? html` data-differs data-claim="${t.differs(t.choice[decision])}"`
        : html` data-done="${t[decision].toLowerCase()}"`
      return html`<button name="decision" value="${decision}"${about}>${t[decision]}${against && '…'}</button>`
    },
  )}</form>
<div class="undo" data-undo data-text="${t.pending}" role="status" hidden>
  <p data-said></p>
  <button type="button" data-take-back>${t.cancel}</button>
</div></div>`
  return html`<section class="card" aria-labelledby="review" id="decision"><h2 id="review">${t.title}</h2>
${latest && done(latest, language)}
${draft && overrideForm(view, draft, language)}
${!draft && !latest && html`<p class="small">${t.lead(t.proposal[verdictOf(prediction)])}</p>`}
${!draft && (latest ? html`<details class="again"><summary>${t.again}</summary>${buttons}</details>` : buttons)}
${!draft && html`<dialog data-override aria-labelledby="override-title">${overrideForm(view, emptyDraft, language)}</dialog>`}</section>`
}

/** For whoever reads only: every decision that was recorded, the latest first. */
export function reviewList({ reviews }: DecisionView, language: Language): Html {
  const t = texts[language].review
  return html`<section class="card" aria-labelledby="review" id="decision"><h2 id="review">${t.title}</h2>
${reviews.length === 0 ? html`<p class="small">${texts[language].journal.undecided}</p>` : reviews.toReversed().map((one) => done(one, language))}</section>`
}

const emptyDraft: ReviewDraft = { decision: 'referred', code: '', text: '', errors: [] }

function done(review: Review, language: Language): Html {
  const t = texts[language].review
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  const { overrideReason } = review
  const reason = overrideReason && `${t.overrideReasons[overrideReason.code]}${colon}${overrideReason.text}`
  return html`<p class="done t-${toneOf[review.decision]}" role="status">${icon(toneOf[review.decision])}<span>
<b>${t.done[review.decision]}</b> ${review.by && `${t.by(review.by)} `}${t.at(timeOf(review.at, language))}${reason && ` · ${reason}`}
</span></p>`
}

/** In the page where a choice was sent without an override reason; in a dialog, ready to be opened, otherwise. */
function overrideForm(view: DecisionView, draft: ReviewDraft, language: Language): Html {
  const t = texts[language].review
  const errors = new Map<string, string>(draft.errors.map(({ field, text }) => [field, text]))
  const error = (field: string) =>
    errors.get(field) && html`<p class="error" id="${field}-error">${errors.get(field)}</p>`
  const address = `/decisions/${view.prediction.requestId}`
  const codes = overrideReasons.map(
    (code, i) =>
      html`<label><input type="radio" name="code"
value="${code}"${i === 0 && html` id="code"`}${code === draft.code && html` checked`}>${t.overrideReasons[code]}</label>`,
  )
  return html`<form method="post" action="${address}/review" class="override" novalidate data-draft
  data-code-error="${t.overrideReasonError}" data-text-error="${t.textError}">
${view.token}
<input type="hidden" name="decision" value="${draft.decision}">
<h3 id="override-title" data-claim>${t.differs(t.choice[draft.decision])}</h3>
<fieldset${errors.has('code') && html` aria-describedby="code-error"`}>
<legend>${t.overrideReason}</legend>
${error('code')}
<div class="radios">${codes}</div>
</fieldset>
<div class="field">
  <label for="text">${t.text}</label>
  ${error('text')}
  <textarea id="text" name="text" rows="3" aria-required="true" minlength="${shortestOverrideReason}"
    maxlength="2000"${errors.has('text') && html` aria-invalid="true" aria-describedby="text-error"`}>${draft.text}</textarea>
</div>
<div class="row">
  <button class="main">${t.confirm}</button>
  <a class="button" href="${address}#decision" data-close>${t.cancel}</a>
</div>
</form>`
}
