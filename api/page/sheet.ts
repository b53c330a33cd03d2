/** One page for the client: outcome of the officer's decision, reasons, rights; no percentile, no points, no other clients. */

import { type Html, html } from 'report-kit'
import type { Row } from '../../pipeline/data/applicant.ts'
import type { Alternative } from '../../pipeline/scoring/counterfactual.ts'
import { referralOf } from '../../pipeline/scoring/referral.ts'
import { raised } from '../../pipeline/scoring/wording/format-feature-value.ts'
import type { Service } from '../env.ts'
import type { Prediction, Review } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { reasonsOf } from '../score-response.ts'
import { texts } from './texts.ts'
import { loanLine, shownId, timeOf } from './words.ts'

const principal = 4 // reasons of the side that decided; half as many of the other

export interface SheetView {
  readonly prediction: Prediction
  readonly application: Row
  readonly reviews: readonly Review[]
  readonly alternatives: readonly Alternative[]
}

export function sheet(
  { prediction, application, reviews, alternatives }: SheetView,
  service: Service,
  language: Language,
): Html {
  const t = texts[language].sheet
  const latest = reviews.at(-1)
  const found = reasonsOf(service, prediction, language)
  const list = (title: string, side: readonly { headline: string; text: string }[]) =>
    side.length > 0 &&
    html`<h3>${title}</h3><ul>${side.map(({ headline, text }) => html`<li><b>${headline}.</b> ${text}</li>`)}</ul>`
  const declined = latest ? latest.decision === 'declined' : prediction.decision === 'declined'
  const [against, inFavour] = [
    found?.against.slice(0, declined ? principal : 2) ?? [],
    found?.for.slice(0, declined ? 2 : principal) ?? [],
  ]
  const change = declined && alternatives[0]
  const name = prediction.client === null ? prediction.requestId : shownId(prediction.client, language)
  const proposed = `${t.proposed}${language === 'fr' ? '\u00a0: ' : ': '}${texts[language].verdict[prediction.referred ? 'referred' : prediction.decision].toLowerCase()}`
  const referral = referralOf(prediction.probability, prediction.greyZone, prediction.warnings)
  const missing = prediction.warnings.filter(({ code }) => code === 'history_not_supplied')
  return html`<article class="sheet card"><p class="small">${texts[language].lender} · ${t.file(name)} · ${timeOf(latest?.at ?? prediction.at, language)}</p>
<h1>${t.title}</h1>
<p class="outcome"><b>${latest ? t.outcome[latest.decision] : proposed}</b></p>
${!latest && referral.map(({ text }) => html`<p>${text[language]}</p>`)}
<h2>${t.request}</h2><p>${raised(loanLine(application, language))}</p>
${
  found &&
  html`<h2>${t.reasons}</h2>${declined ? [list(t.against, against), list(t.for, inFavour)] : [list(t.for, inFavour), list(t.against, against)]}`
}
${change && html`<h2>${t.change}</h2><p>${t.changeText(change.text[language])}</p>`}
<h2>${t.data}</h2><p>${t.dataText}${missing.map(({ text }) => html` ${text[language]}`)}</p>
<h2>${t.rights}</h2><p>${t.calculated} ${latest && t.reviewed}</p><p>${t.may}</p><p>${t.contact}</p>
<p class="small">${t.model(prediction.version)}${service.scorer.bundle.synthetic && html` · ${t.synthetic}`}</p></article>
<p class="row screen">
<button class="main" data-print hidden>${t.print}</button>
<a class="button" href="/decisions/${prediction.requestId}">${texts[language].trace.back}</a>
</p>`
}
