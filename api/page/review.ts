/** The officer's decision: three buttons of equal weight, none preselected; against the proposal only with a motive. */
import { type Html, html } from '../../pipeline/report/html.ts'
import { icon } from '../../pipeline/report/tone.ts'
import { differs, motives, outcomes, type Review } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'
import type { DecisionView, ReviewDraft } from './view.ts'
import { timeOf, verdictOf } from './words.ts'

export const order = ['refused', 'granted', 'escalated'] as const satisfies readonly Review['outcome'][]

export const isOutcome = (name: string): name is Review['outcome'] => outcomes.some((outcome) => outcome === name)

const toneOf = { granted: 'grant', refused: 'refuse', escalated: 'review' } as const

export function reviewCard(view: DecisionView, language: Language): Html {
  const t = texts[language].review
  const { prediction, reviews, token } = view
  const latest = reviews.at(-1)
  const action = `/decisions/${prediction.requestId}/review#decision`
  const { draft } = view
  const buttons = html`<form method="post" action="${action}" class="row" data-review>${token}${order.map(
    (outcome) =>
      html`<button name="outcome" value="${outcome}"${differs(prediction, outcome) && html` data-differs`}>${t[outcome]}${differs(prediction, outcome) && '…'}</button>`,
  )}</form>`
  return html`<section class="card" aria-labelledby="review" id="decision"><h2 id="review">${t.title}</h2>
${latest && done(latest, language)}
${draft && motiveForm(view, draft, language)}
${!draft && !latest && html`<p class="small">${t.lead(texts[language].verdict[verdictOf(prediction)].toLowerCase())}</p>`}
${!draft && (latest ? html`<details class="again"><summary>${t.again}</summary>${buttons}</details>` : buttons)}</section>`
}

function done(review: Review, language: Language): Html {
  const t = texts[language].review
  return html`<p class="done t-${toneOf[review.outcome]}" role="status">${icon(toneOf[review.outcome])}<span><b>${t.done[review.outcome]}</b> ${t.at(timeOf(review.at, language))}${review.motive && html` · ${t.motives[review.motive.code]}${language === 'fr' ? '\u00a0: ' : ': '}${review.motive.text}`}</span></p>`
}

function motiveForm(view: DecisionView, draft: ReviewDraft, language: Language): Html {
  const t = texts[language].review
  const errors = new Map<string, string>(draft.errors.map(({ field, text }) => [field, text]))
  const error = (field: string) =>
    errors.get(field) && html`<p class="error" id="${field}-error">${errors.get(field)}</p>`
  return html`<form method="post" action="/decisions/${view.prediction.requestId}/review#decision" class="motive" novalidate>${view.token}
<input type="hidden" name="outcome" value="${draft.outcome}">
<p><b>${t.differs(t.choice[draft.outcome])}</b></p>
<fieldset${errors.has('code') && html` aria-describedby="code-error"`}><legend>${t.motive}</legend>${error('code')}<div class="radios">${motives.map(
    (code, i) =>
      html`<label><input type="radio" name="code" value="${code}"${i === 0 && html` id="code"`}${code === draft.code && html` checked`}>${t.motives[code]}</label>`,
  )}</div></fieldset>
<div class="field"><label for="text">${t.text}</label>${error('text')}<textarea id="text" name="text" rows="3"${errors.has('text') && html` aria-invalid="true" aria-describedby="text-error"`}>${draft.text}</textarea></div>
<div class="row"><button class="main">${t.confirm}</button><a class="button" href="/decisions/${view.prediction.requestId}#decision">${t.cancel}</a></div></form>`
}
