/** What if: the credit's amounts moved, the risk computed again at once; nothing is recorded until the values are used. */
import type { Applicant, Row } from '../../pipeline/portfolio/applicant.ts'
import { type Html, html } from '../../pipeline/report/html.ts'
import { amount } from '../../pipeline/report/numbers.ts'
import { changed } from '../../pipeline/scoring/counterfactual.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { numberOf, shown } from './answers.ts'
import { texts } from './texts.ts'
import { type Changes, type Lever, levers, type WhatIf } from './view.ts'
import { riskAndCutOff, verdictOf } from './words.ts'

interface Range {
  readonly min: number
  readonly max: number
  readonly step: number
}

/** How far a lever moves, from the file's own values; null where the file has none. */
export function rangeOf(lever: Lever, application: Row): Range | null {
  const own = application[lever]
  if (typeof own !== 'number') return null
  const step = lever === 'AMT_ANNUITY' ? 100 : 500
  const down = (value: number) => Math.floor(value / step) * step
  const income = typeof application.AMT_INCOME_TOTAL === 'number' ? application.AMT_INCOME_TOTAL : own * 2
  switch (lever) {
    case 'AMT_CREDIT':
      return {
        min: down(Math.min(own, Math.max(45_000, own * 0.3))),
        max: down(Math.max(own, Math.min(4_050_000, own * 2)) + step),
        step,
      }
    case 'AMT_ANNUITY':
      return {
        min: down(Math.min(own, Math.max(1_600, own * 0.3))),
        max: down(Math.max(own, Math.min(income * 0.4, own * 2)) + step),
        step,
      }
    case 'AMT_GOODS_PRICE':
      return { min: down(Math.min(own, Math.max(40_500, own * 0.3))), max: down(own * 2 + step), step }
    case 'AMT_INCOME_TOTAL':
      return { min: down(own * 0.5), max: down(own * 1.5 + step), step }
  }
}

/** Reads the levers of a query or a form; a value that is no positive number, or equals the file's, is no change. */
export function changesOf(values: Readonly<Record<string, string>>, application: Row, language: Language): Changes {
  return Object.fromEntries(
    levers.flatMap((lever) => {
      const value = numberOf(values[lever] ?? '', language)
      return value !== null && value > 0 && value <= 1e9 && value !== application[lever] ? [[lever, value]] : []
    }),
  )
}

export function whatIf(service: Service, applicant: Applicant, changes: Changes): WhatIf {
  if (Object.keys(changes).length === 0) return { changes, answer: null }
  const score = service.scorer.score(changed(applicant, changes), { explain: false })
  return { changes, answer: { probability: score.probability, threshold: score.threshold, verdict: verdictOf(score) } }
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
  const money = (value: number) => amount(value, { lang: language })
  const rows = levers.flatMap((lever) => {
    const own = application[lever]
    const range = rangeOf(lever, application)
    if (typeof own !== 'number' || !range) return []
    const value = view.changes[lever] ?? own
    return [
      html`<div class="lever" data-own="${own}"><label for="${lever}-range">${t[lever]}${lever === 'AMT_INCOME_TOTAL' && html` <span class="small">(${t.proof})</span>`}</label>
<input class="number" id="${lever}" name="${lever}" inputmode="decimal" autocomplete="off" aria-label="${t[lever]}, €" value="${shown(value, language)}"><span class="unit">€</span>
<input type="range" id="${lever}-range" min="${range.min}" max="${range.max}" step="${range.step}" value="${value}" data-for="${lever}" hidden>
<p class="ends small"><span>${money(range.min)}</span><span>${t.own(money(own))}</span><span>${money(range.max)}</span></p></div>`,
    ]
  })
  return html`<section class="card what-if" aria-labelledby="what-if"><h2 id="what-if">${t.title}</h2>
<form method="get" action="/decisions/${prediction.requestId}#what-if" data-what-if="/decisions/${prediction.requestId}/what-if" data-lost="${t.lost}">
${whatIfBox(view, prediction, applicant, language)}
${rows}
<div class="row"><button>${t.recalculate}</button><a class="button" href="/decisions/${prediction.requestId}#what-if" data-reset>${t.reset}</a>
<button class="main" formmethod="post" formaction="/decisions?from=${prediction.requestId}">${t.adopt}</button></div>${token}
<p class="small">${t.note}</p></form></section>`
}

/** The box that stays in place: the file as it is, and with the values asked for. Sent alone when a lever moves. */
export function whatIfBox(view: WhatIf, prediction: Prediction, applicant: Applicant, language: Language): Html {
  const t = texts[language]
  const now = riskAndCutOff(prediction.probability, prediction.threshold, language)
  const next = view.answer && riskAndCutOff(view.answer.probability, view.answer.threshold, language)
  const verdict = verdictOf(prediction)
  // A lower amount that raises the risk is said aloud: it is a case for a monotone constraint.
  const { AMT_CREDIT: credit, ...others } = view.changes
  const odd =
    view.answer !== null &&
    Object.keys(others).length === 0 &&
    typeof credit === 'number' &&
    credit < own(applicant, 'AMT_CREDIT') &&
    view.answer.probability > prediction.probability
  return html`<output class="box" for="${levers.join(' ')}" aria-live="polite" aria-atomic="true"><span class="side"><span class="small">${t.whatIf.current}</span><b>${now.risk}</b><span>${t.verdict[verdict]}</span></span>
<svg class="icon arrow" viewBox="0 0 24 24" aria-hidden="true"><path d="M4 12h16m-6-6 6 6-6 6"/></svg>
<span class="side t-${view.answer?.verdict ?? 'none'}"><span class="small">${t.whatIf.changed}</span><b>${next?.risk ?? '–'}</b><span>${view.answer && t.verdict[view.answer.verdict]}</span></span>${odd && html`<span class="odd small">${t.whatIf.odd}</span>`}</output>`
}

const own = ({ application }: Applicant, lever: Lever): number => Number(application[lever] ?? 0)
