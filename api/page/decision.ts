/** The decision screen: verdict, distribution, reasons, the officer's decision, what-if, waterfall, foot. */

import { type Html, html, icon, number } from 'report-kit'
import type { Applicant } from '../../pipeline/data/applicant.ts'
import { tables } from '../../pipeline/data/schema/tables.ts'
import { referralOf, tablesNotSupplied } from '../../pipeline/scoring/referral.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language, Text } from '../language.ts'
import { stepsOf } from '../propose.ts'
import { reasonsOf, type SaidReason } from '../score-response.ts'
import { comparison } from './comparison.ts'
import { distribution } from './distribution.ts'
import { iconArray } from './icon-array.ts'
import { remediesCard } from './remedies.ts'
import { reviewCard, reviewList } from './review.ts'
import { texts } from './texts.ts'
import type { DecisionView } from './view.ts'
import { waterfall } from './waterfall.ts'
import { whatIfCard } from './what-if.ts'
import { frequencyOf, loanLine, riskAndCutOff, shownId, timeOf, toneOf, verdictOf } from './words.ts'

export function decisionTitle(prediction: Prediction, language: Language): string {
  const { risk } = riskAndCutOff(prediction.probability, prediction.threshold, language)
  return `${texts[language].verdict[verdictOf(prediction)]}, ${risk}`
}

export function decision(view: DecisionView, service: Service, language: Language): Html {
  const t = texts[language]
  const { prediction, applicant } = view
  const shown = riskAndCutOff(prediction.probability, prediction.threshold, language)
  // The reference portfolio and what would change are those of the model served now.
  const served = prediction.version === service.scorer.bundle.version
  const reference = served ? service.reference : null
  const foot = t.foot.line(
    prediction.version,
    prediction.requestId,
    timeOf(prediction.at, language),
    number(prediction.latencyMs, { digits: prediction.latencyMs < 10 ? 1 : 0, lang: language }),
  )
  return html`${fileLine(view, service, language)}
<section class="card verdict t-${toneOf[verdictOf(prediction)]}" aria-labelledby="verdict">
<div class="two${!reference && ' alone'}">
${verdict(view, service, language)}
${reference && distribution(prediction, reference, language)}
</div>
</section>
<div class="columns board">
${why(prediction, service, language)}
<div class="stack side">
  ${view.mayReview ? reviewCard(view, language) : reviewList(view, language)}
  ${view.mayScore && served && whatIfCard(view.whatIf, prediction, applicant, language, view.scoringToken)}
</div>
${origin(prediction, service, language, shown.risk)}
${remediesCard(service, prediction, applicant, language)}
</div>
${reference && comparison(prediction, reference, service, view.measure, language)}
<nav class="actions" aria-label="${t.file}">
  <a class="button" href="/decisions/${prediction.requestId}/sheet">${t.foot.sheet}</a>
  <a class="button" href="/decisions/${prediction.requestId}/trace">${t.foot.trace}</a>
</nav>
<p class="small foot-line">${foot}<br>${t.foot.currency}</p>`
}

function fileLine(view: DecisionView, service: Service, language: Language): Html {
  const t = texts[language]
  const { prediction, applicant } = view
  const name = prediction.client === null ? t.newFile : `${t.file} ${shownId(prediction.client, language)}`
  const rows = Object.values(applicant.history).reduce((sum, table) => sum + table.length, 0)
  const isKnown = service.scorer.notSupplied(applicant.history).length === 0
  const counts = countsOf(prediction, applicant)
  const counted = (['stated', 'derived', 'usual', 'missing'] as const)
    .filter((name) => counts[name] > 0)
    .map((name) => t.counts[name](number(counts[name], { lang: language })))
  const history =
    rows > 0 ? t.form.historyOf(number(rows, { lang: language })) : isKnown ? t.form.noHistory : t.form.historyUnknown
  return html`<div class="file">
<p><b>${name}</b>\u00a0· ${loanLine(applicant.application, language)}</p>
<p class="small">${counted.join('\u00a0· ')}\u00a0· ${history}
${view.mayScore && html`<a href="/applications/new?from=${prediction.requestId}">${t.correct}</a>`}</p>
${staleNote(view, service, language)}
${prediction.warnings.length > 0 && warningList('note', prediction.warnings, language)}
</div>`
}

function warningList(sign: 'note' | 'review', all: readonly { text: Text; more?: Html }[], language: Language): Html {
  return html`<ul class="warnings">
${all.map(({ text, more }) => html`<li>${icon(sign)}<span>${text[language]}${more}</span></li>`)}
</ul>`
}

/** Where each of the application's columns came from: how many were stated, derived, filled with the usual value, left missing. */
export function countsOf({ imputed }: Prediction, { application }: Applicant) {
  const filled = new Set(imputed)
  const counts = { stated: 0, derived: 0, usual: 0, missing: 0 }
  for (const { name, whenUnknown } of tables.application_test.columns) {
    if (name === 'SK_ID_CURR') continue
    if (filled.has(name)) counts[whenUnknown === 'derived' ? 'derived' : 'usual']++
    else counts[(application[name] ?? null) === null ? 'missing' : 'stated']++
  }
  return counts
}

/** Said where another model has been put in place since. */
function staleNote(
  { prediction, scoringToken, mayScore }: DecisionView,
  service: Service,
  language: Language,
): Html | null {
  const { version } = service.scorer.bundle
  if (version === prediction.version) return null
  const t = texts[language].foot
  return html`<div class="stale">
${icon('note')}
<p>${t.stale(prediction.version, version)}</p>
${
  mayScore &&
  html`<form method="post" action="/decisions">
  ${scoringToken}
  <input type="hidden" name="as" value="again">
  <input type="hidden" name="from" value="${prediction.requestId}">
  <button>${t.again}</button>
</form>`
}
</div>`
}

function verdict({ prediction, mayScore }: DecisionView, service: Service, language: Language): Html {
  const t = texts[language]
  const name = verdictOf(prediction)
  const shown = riskAndCutOff(prediction.probability, prediction.threshold, language)
  const side = prediction.probability >= prediction.threshold ? t.above(shown.threshold) : t.below(shown.threshold)
  const { base, bad } = frequencyOf(prediction.probability)
  const [first, second] = t.frequency(
    number(base, { lang: language }),
    number(bad, { lang: language }),
    number(base - bad, { lang: language }),
  )
  const whole = service.reference?.defaultRate
  const portfolio =
    typeof whole === 'number' && t.portfolio(number(base, { lang: language }), number(whole * base, { lang: language }))
  return html`<div>
<h1 id="verdict">${icon(toneOf[name])}<span>${t.verdict[name]}</span></h1>
<p class="risk">${t.risk}${language === 'fr' ? '\u00a0: ' : ': '}<strong>${shown.risk}</strong>, ${side}.</p>
${referral(prediction, mayScore, language)}
<div class="frequency">
  ${iconArray(bad, base)}
  <p><b>${first}</b> ${second}${portfolio && html` ${portfolio}`}</p>
</div>
</div>`
}

/** Why a person must look, and where the file is completed. */
function referral(prediction: Prediction, mayScore: boolean, language: Language): Html | null {
  const { probability, greyZone, warnings, requestId } = prediction
  const found = referralOf(probability, greyZone, warnings)
  if (found.length === 0) return null
  const complete = html` <a href="/applications/new?from=${requestId}#history-known">${texts[language].complete}</a>`
  const all = found.map(({ code, text }) => ({
    text,
    ...(mayScore && code === 'history_not_supplied' && { more: complete }),
  }))
  return warningList('review', all, language)
}

function why(prediction: Prediction, service: Service, language: Language): Html {
  const t = texts[language].why
  const found = reasonsOf(service, prediction, language)
  const list = (title: string, tone: 'up' | 'down', side: readonly SaidReason[]) =>
    html`<div><h3>${title}</h3>${
      side.length === 0
        ? html`<p class="small">${t.none}</p>`
        : html`<ul class="reasons">${side.map(
            (reason) =>
              html`<li class="t-${tone}">${icon(tone)}<div><b>${reason.headline}</b><p>${reason.text}</p></div></li>`,
          )}</ul>`
    }</div>`
  return html`<section class="card" aria-labelledby="why">
<h2 id="why">${t.title}</h2>
${
  found
    ? html`<div class="halves">${list(t.against, 'up', found.against)}${list(t.for, 'down', found.for)}</div>`
    : html`<p>${t.unavailable}</p>`
}
</section>`
}

function origin(prediction: Prediction, service: Service, language: Language, risk: string): Html | null {
  const found = stepsOf(service, prediction)
  if (!found) return null
  const t = texts[language].waterfall
  const drawn = { ...found, risk, probability: prediction.probability, threshold: prediction.threshold }
  const missing = tablesNotSupplied(prediction.warnings).size > 0
  return html`<section class="card origin" aria-labelledby="origin">
<h2 id="origin">${t.title(risk)}</h2>
<p class="small">${t.note}${missing && html` ${t.notSupplied}`}</p>
${waterfall(drawn, service.scorer.catalogue, language)}
</section>`
}
