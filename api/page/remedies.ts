/** What would change the proposal: the smallest change of the credit's own terms that leads to an approval, each tried on the model itself. */
import type { Applicant } from '../../pipeline/portfolio/applicant.ts'
import { type Html, html } from '../../pipeline/report/html.ts'
import { amount } from '../../pipeline/report/numbers.ts'
import { icon } from '../../pipeline/report/tone.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'
import type { Changes } from './view.ts'
import { changed } from './what-if.ts'
import { riskAndCutOff, verdictOf } from './words.ts'

export interface Remedy {
  readonly kind: 'amount' | 'instalment'
  readonly changes: Changes
  readonly probability: number
  readonly threshold: number
}

const clear = 0.003 // risk below the line, so that the approval is no matter of rounding
const steps = 30
const furthest = 0.6 // the largest share that is taken off

/** Tried in growing steps; the first that is granted, not for review and clear of the line. At most one of a kind. */
export function remedies(service: Service, prediction: Prediction, applicant: Applicant): Remedy[] {
  if (verdictOf(prediction) === 'granted') return []
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity } = applicant.application
  if (typeof credit !== 'number' || typeof annuity !== 'number') return []
  const { greyZone, threshold } = service.scorer.bundle
  const target = (greyZone.upper > greyZone.lower ? Math.min(greyZone.lower, threshold) : threshold) - clear
  const down = (value: number, share: number, unit: number) =>
    Math.max(unit, Math.floor((value * (1 - share)) / unit) * unit)
  const shares = Array.from({ length: steps }, (_, i) => ((i + 1) / steps) * furthest)
  const ladders = {
    amount: shares.map((share): Changes => {
      const less = down(credit, share, 500)
      return { AMT_CREDIT: less, AMT_ANNUITY: Math.round((annuity * less) / credit) }
    }),
    instalment: shares.map((share): Changes => ({ AMT_ANNUITY: down(annuity, share, 100) })),
  }
  return (['amount', 'instalment'] as const).flatMap((kind) => {
    const scores = service.scorer.scoreMany(ladders[kind].map((changes) => changed(applicant, changes)))
    const at = scores.findIndex((score) => verdictOf(score) === 'granted' && score.probability <= target)
    const score = scores[at]
    return score ? [{ kind, changes: ladders[kind][at]!, probability: score.probability, threshold }] : []
  })
}

export function remediesCard(
  found: readonly Remedy[],
  prediction: Prediction,
  applicant: Applicant,
  language: Language,
): Html | null {
  if (verdictOf(prediction) === 'granted') return null
  const t = texts[language].remedies
  const money = (value: unknown) => amount(typeof value === 'number' ? value : null, { lang: language })
  const { AMT_CREDIT: credit, AMT_ANNUITY: annuity } = applicant.application
  const line = ({ kind, changes, probability, threshold }: Remedy) => {
    const query = new URLSearchParams(Object.entries(changes).map(([lever, value]) => [lever, String(value)]))
    const claim =
      kind === 'amount'
        ? t.amount(money(changes.AMT_CREDIT), money(credit))
        : t.instalment(money(changes.AMT_ANNUITY), money(annuity))
    return html`<li>${icon('down')}<div><b>${claim}</b><p>${t.result(riskAndCutOff(probability, threshold, language).risk)}</p><p><a href="/decisions/${prediction.requestId}?${query.toString()}#what-if" aria-label="${`${t.try}${language === 'fr' ? '\u00a0: ' : ': '}${claim}`}">${t.try}</a></p></div></li>`
  }
  return html`<section class="card remedies t-down" aria-labelledby="remedies"><h2 id="remedies">${t.title}</h2>${
    found.length > 0
      ? html`<ul class="reasons">${found.map(line)}</ul><p class="small">${t.note}</p>`
      : html`<p>${t.none}</p>`
  }</section>`
}
