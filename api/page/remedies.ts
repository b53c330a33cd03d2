/** What would change the proposal, in words, each with a link that tries it. */

import { type Html, html, icon } from 'report-kit'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import { type Alternative, alternatives, nothingSuffices } from '../../pipeline/scoring/counterfactual.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { reasonsOf } from '../score-response.ts'
import { texts } from './texts.ts'
import { riskAndCutOff, verdictOf } from './words.ts'

const kept = 200 // proposals whose alternatives are remembered
const known = new Map<string, readonly Alternative[]>()

/** The alternatives of a recorded proposal; finding them takes some sixty scores, so the latest are remembered. */
export function alternativesOf(
  { scorer }: Service,
  prediction: Prediction,
  applicant: Applicant,
): readonly Alternative[] {
  if (prediction.version !== scorer.bundle.version) return []
  const key = prediction.requestId
  const found = known.get(key) ?? alternatives(scorer, applicant, prediction)
  known.set(key, found)
  for (const oldest of known.keys()) {
    if (known.size <= kept) break
    known.delete(oldest)
  }
  return found
}

/** Null where nothing is to be changed: an approval, or a proposal of a model that is no longer served. */
export function remediesCard(
  service: Service,
  prediction: Prediction,
  applicant: Applicant,
  language: Language,
): Html | null {
  const { scorer } = service
  const { bundle, catalogue } = scorer
  if (verdictOf(prediction) === 'approved' || prediction.version !== bundle.version) return null
  const found = alternativesOf(service, prediction, applicant)
  const against = reasonsOf(service, prediction, language)?.against ?? []
  const t = texts[language].remedies
  const line = ({ changes, text, outcome, probability, threshold }: Alternative) => {
    const values = Object.entries(changes).map(([lever, value]) => [lever, String(value)])
    // Plain numbers are read as they stand in English.
    const query = new URLSearchParams([...values, ['language', 'en']])
    const claim = text[language]
    const tried = `/decisions/${prediction.requestId}?${query.toString()}#what-if`
    const colon = language === 'fr' ? '\u00a0: ' : ': '
    return html`<li>${icon('down')}<div>
<b>${claim}</b><p>${t[outcome](riskAndCutOff(probability, threshold, language).risk)}</p>
<p><a href="${tried}" aria-label="${t.try}${colon}${claim}">${t.try}</a></p>
</div></li>`
  }
  const none =
    scorer.notSupplied(applicant.history).length > 0 ? t.supplyFirst : nothingSuffices(against, catalogue)[language]
  return html`<section class="card remedies t-down" aria-labelledby="remedies"><h2 id="remedies">${t.title}</h2>${
    found.length > 0
      ? html`<ul class="reasons">${found.map(line)}</ul><p class="small">${t.note}</p>`
      : html`<p>${none}</p>`
  }</section>`
}
