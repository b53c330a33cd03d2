/** What if: the credit's terms moved, the risk computed again at once; nothing is recorded until the values are used. */

import { amount, type Html, html, number } from 'report-kit'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { shown } from './answers.ts'
import { adopted, changesOf, type Lever, type LeverName, levers, type Moved, type Tried } from './levers.ts'
import { texts } from './texts.ts'
import type { WhatIf } from './view.ts'
import { riskAndCutOff, toneOf, verdictOf } from './words.ts'

export const moved = (applicant: Applicant, values: Moved, o = { insight: true }): Applicant => ({
  ...applicant,
  application: { ...applicant.application, ...changesOf(values, applicant.application, o) },
})

export function whatIf(service: Service, applicant: Applicant, tried: Tried): WhatIf {
  const changed = moved(applicant, tried.moved)
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity } = changed.application
  const isWrong = Object.keys(tried.errors).length > 0
  const known = !isWrong && typeof credit === 'number' && typeof annuity === 'number' && annuity > 0
  const instalments = known ? credit / annuity : null
  const isAdoptable = adopted(tried, applicant.application)
  if (isWrong || Object.keys(tried.moved).length === 0) return { tried, instalments, isAdoptable, answer: null }
  const score = service.scorer.score(changed, { explain: false })
  const { probability, threshold } = score
  return { tried, instalments, isAdoptable, answer: { probability, threshold, verdict: verdictOf(score) } }
}

export function whatIfCard(
  view: WhatIf,
  prediction: Prediction,
  applicant: Applicant,
  language: Language,
  token: Html | null,
): Html {
  const t = texts[language].whatIf
  const { application } = applicant
  const controls = (insight: boolean) =>
    levers
      .filter(({ forInsight = false }) => forInsight === insight)
      .map((lever) => {
        const own = lever.own(application)
        return own === null ? null : control(lever, own, application, view.tried, language)
      })
  const insights = controls(true).filter((one) => one !== null)
  const isOpen = levers.some(({ name, forInsight }) => forInsight && view.tried.typed[name] !== undefined)
  const address = `/decisions/${prediction.requestId}`
  return html`<section class="card what-if" aria-labelledby="what-if">
<h2 id="what-if">${t.title}</h2>
<form method="get" action="${address}#what-if" data-what-if="${address}/what-if" autocomplete="off">
<input type="hidden" name="language" value="${language}">
${whatIfBox(view, prediction, applicant, language)}
${controls(false)}
${insights.length > 0 && insight(insights, isOpen, language)}
<div class="row">
  <button>${t.recalculate}</button>
  <a class="button" href="${address}#what-if" data-reset>${t.reset}</a>
  <button class="main" data-adopt formmethod="post"
    formaction="/decisions?from=${prediction.requestId}"${!view.isAdoptable && html` disabled`}>${t.adopt}</button>
</div>
${token}
<p class="small">${t.note}</p>
</form>
</section>`
}

function insight(controls: readonly Html[], isOpen: boolean, language: Language): Html {
  const t = texts[language].whatIf
  return html`<details class="insight"${isOpen && html` open`}>
<summary>${t.insight}</summary>
<p class="small">${t.insightNote}</p>
${controls}
</details>`
}

const seen = 0.001 // the tenth of a point that a risk is shown to
const unitText = { amount: '€', score: '/ 100', years: null } as const

function control(lever: Lever, own: number, row: Applicant['application'], tried: Tried, language: Language): Html {
  const t = texts[language].whatIf
  const { name } = lever
  const { min, max, step } = lever.range(own, row)
  const value = tried.moved[name] ?? own
  const error = tried.errors[name]
  const about = error !== undefined && html` aria-invalid="true" aria-describedby="${name}-error"`
  const unit = unitText[lever.unit] ?? t.years
  const write = (x: number) =>
    lever.unit === 'amount'
      ? amount(x, { lang: language })
      : number(x, { digits: Number.isInteger(x) ? 0 : 1, lang: language })
  const proof = name === 'AMT_INCOME_TOTAL' && html` <span class="small">(${t.proof})</span>`
  return html`<div class="lever" data-own="${own}">
<label for="${name}-range">${t[name]}${proof}</label>
<span class="with-unit">
<input class="number" id="${name}" name="${name}" inputmode="decimal"
  aria-label="${t[name]}, ${unit}" value="${error === undefined ? shown(value, language) : tried.typed[name]}"${about}>
<span class="unit">${unit}</span>
</span>
${error !== undefined && html`<p class="error" id="${name}-error">${error}</p>`}
<input type="range" id="${name}-range" min="${min}" max="${max}" step="${step}" value="${value}"
  list="${name}-own" hidden>
<datalist id="${name}-own"><option value="${own}"></datalist>
<p class="ends small"><span>${write(min)}</span><span>${t.own(write(own))}</span><span>${write(max)}</span></p>
</div>`
}

/** The box that stays in place: the file as it is, and with the values asked for. Sent alone when a lever moves. */
export function whatIfBox(view: WhatIf, prediction: Prediction, applicant: Applicant, language: Language): Html {
  const t = texts[language]
  const now = riskAndCutOff(prediction.probability, prediction.threshold, language)
  const next = view.answer && riskAndCutOff(view.answer.probability, view.answer.threshold, language)
  const against = againstReason(view, prediction, applicant)
  const notes = [
    view.instalments !== null && t.instalments(number(view.instalments, { lang: language })),
    against !== null && t.whatIf.against[against],
  ].filter((note) => note !== false)
  const side = (tone: string, title: string, risk: string, verdict: string) => html`<span class="side${tone}">
<span class="small">${title}</span>
<b>${risk}</b>
<span>${verdict}</span>
</span>`
  const isWrong = Object.keys(view.tried.errors).length > 0
  const changed = view.answer ? t.verdict[view.answer.verdict] : isWrong ? t.whatIf.corrected : t.whatIf.unmoved
  // For the script: where the errors belong, and whether the values may be taken over.
  const state = html` data-errors="${JSON.stringify(view.tried.errors)}"${view.isAdoptable && html` data-adoptable`}`
  return html`<output class="box" for="${levers.map(({ name }) => name).join(' ')}" aria-live="polite" aria-atomic="true"${state}>
${side('', t.whatIf.current, now.risk, t.verdict[verdictOf(prediction)])}
<svg class="icon arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12h16m-6-6 6 6-6 6"/></svg>
${side(` t-${view.answer ? toneOf[view.answer.verdict] : 'none'}`, t.whatIf.changed, next?.risk ?? '–', changed)}
<span class="notes small">${notes.join(' · ')}</span>
</output>`
}

const terms: readonly string[] = ['AMT_CREDIT', 'AMT_ANNUITY', 'down'] satisfies LeverName[]

/**
 * Where the estimate moves against reason when nothing but the loan does: a lower amount that raises the risk, a higher one that lowers it,
 * by as much as the page shows. Said aloud and logged: it is a case for a monotone constraint.
 */
export function againstReason(
  { tried: { moved: values }, answer }: WhatIf,
  prediction: Prediction,
  { application }: Applicant,
): 'lower' | 'higher' | null {
  const { AMT_CREDIT: credit } = changesOf(values, application, { insight: false })
  if (!answer || !Object.keys(values).every((name) => terms.includes(name))) return null
  const [loan, risk] = [Number(credit) - Number(application.AMT_CREDIT), answer.probability - prediction.probability]
  if (Math.abs(risk) < seen) return null
  if (loan < 0 && risk > 0) return 'lower'
  return loan > 0 && risk < 0 ? 'higher' : null
}
