/** The quieter pages: the journal, the model's facts, the trace of one request, the sheet for the client. */
import type { Row } from '../../pipeline/portfolio/applicant.ts'
import { type Html, html } from '../../pipeline/report/html.ts'
import { number, percent } from '../../pipeline/report/numbers.ts'
import { badge } from '../../pipeline/report/tone.ts'
import { reasonsOf } from '../answer.ts'
import type { Service } from '../env.ts'
import type { Prediction, PredictionSummary, Review } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { listedRisk } from './decision.ts'
import { texts } from './texts.ts'
import { loanLine, shownId, timeOf, verdictOf } from './words.ts'

const tone = { granted: 'grant', review: 'review', refused: 'refuse', escalated: 'review' } as const

export function journal(
  o: { predictions: readonly PredictionSummary[]; older: string | null; filter: string; first: boolean },
  language: Language,
): Html {
  const t = texts[language].journal
  const head = [t.time, t.client, t.risk, t.proposal, t.decision, t.source, t.model]
  const row = (p: PredictionSummary) =>
    html`<tr><th scope="row" data-label="${t.time}"><a href="/decisions/${p.requestId}" aria-label="${timeOf(p.at, language)}, ${t.open(p.requestId)}">${timeOf(p.at, language)}</a></th><td data-label="${t.client}">${p.client === null ? '–' : shownId(p.client, language)}</td><td class="n" data-label="${t.risk}">${listedRisk(p, language)}</td><td data-label="${t.proposal}">${badge(tone[verdictOf(p)], texts[language].verdict[verdictOf(p)])}</td><td data-label="${t.decision}">${p.outcome ? badge(tone[p.outcome], texts[language].review.done[p.outcome]) : t.undecided}</td><td data-label="${t.source}">${p.source === 'page' ? t.page : t.api}</td><td data-label="${t.model}"><code>${p.version}</code></td></tr>`
  return html`<h1>${t.title}</h1><p>${t.lead}</p>
<form method="get" action="/journal" class="row filter"><label for="decision">${t.proposal}</label><select id="decision" name="decision"><option value="">${t.all}</option>${(['granted', 'refused'] as const).map((d) => html`<option value="${d}"${o.filter === d && html` selected`}>${texts[language].verdict[d]}</option>`)}</select><button>${t.filter}</button></form>
<section class="card">${o.predictions.length === 0 ? html`<p>${t.empty}</p>` : html`<table class="fold"><thead><tr>${head.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead><tbody>${o.predictions.map(row)}</tbody></table>`}</section>
<p class="row">${!o.first && html`<a class="button" href="/journal${o.filter && `?decision=${o.filter}`}">${t.newest}</a>`}${o.older && html`<a class="button" href="${o.older}">${t.older}</a>`}</p>`
}

export function model(service: Service, language: Language): Html {
  const t = texts[language].model
  const { bundle } = service.scorer
  const { greyZone, training } = bundle
  const share = (value: number) => percent(value, { digits: 2, lang: language })
  const whole = (value: number) => number(value, { lang: language })
  const facts: [string, string | Html][] = [
    [t.threshold, share(bundle.threshold)],
    [t.grey, greyZone.upper > greyZone.lower ? `${share(greyZone.lower)} – ${share(greyZone.upper)}` : t.noGrey],
    [t.costs, t.costsText(whole(bundle.costs.falseNegative), whole(bundle.costs.falsePositive))],
    [t.training, t.trainingText(whole(training.clients), whole(training.defaults))],
    [t.features, whole(bundle.definitions.features.length)],
    [t.excluded, html`${bundle.exclude.map((column) => html`<code>${column}</code> `)}`],
    [t.calibration, bundle.calibration.method],
    [t.data, html`<code>${training.data.slice(0, 8)}</code>`],
    [
      t.libraries,
      Object.entries(bundle.libraries)
        .map(([name, version]) => `${name} ${version}`)
        .join(', '),
    ],
  ]
  return html`<h1>${t.title}</h1><p>${t.lead(bundle.version)}</p>
<div class="columns"><section class="card"><dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></section>
<section class="card"><h2>${t.metrics}</h2><table><thead><tr><th scope="col">${t.metric}</th><th scope="col" class="n">${t.value}</th></tr></thead><tbody>${Object.entries(
    bundle.metrics,
  ).map(
    ([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td class="n">${number(value, { significant: 4, lang: language })}</td></tr>`,
  )}</tbody></table></section></div>
<p class="row"><a class="button" href="/docs">${t.api}</a></p>`
}

/** Technical: the raw names may be read here. */
export function trace(prediction: Prediction, answer: unknown, language: Language): Html {
  const t = texts[language].trace
  const body = JSON.stringify(prediction.input)
  const curl = `curl -s http://127.0.0.1:8000/v1/score -H 'content-type: application/json' -d ${body.length < 2000 ? `'${body.replaceAll("'", "'\\''")}'` : '@request.json'}`
  const block = (title: string, text: string) =>
    html`<section class="card"><h2>${title}</h2><pre tabindex="0">${text}</pre></section>`
  return html`<h1>${t.title}</h1><p>${t.lead}</p><p><a class="button" href="/decisions/${prediction.requestId}">${t.back}</a></p>
${block(t.response, JSON.stringify(answer, null, 2))}${block(t.request, JSON.stringify(prediction.input, null, 2))}${block(t.curl, curl)}`
}

/** One page for the client: outcome of the officer's decision, reasons, rights; no percentile, no points, no other clients. */
export function sheet(
  o: { prediction: Prediction; application: Row; reviews: readonly Review[] },
  service: Service,
  language: Language,
): Html {
  const t = texts[language].sheet
  const { prediction, application } = o
  const latest = o.reviews.at(-1)
  const found = reasonsOf(service, prediction, language)
  const list = (title: string, side: readonly { claim: string; text: string }[]) =>
    side.length > 0 &&
    html`<h3>${title}</h3><ul>${side.map(({ claim, text }) => html`<li><b>${claim}.</b> ${text}</li>`)}</ul>`
  const refused = latest ? latest.outcome === 'refused' : prediction.decision === 'refused'
  const name = prediction.client === null ? prediction.requestId : shownId(prediction.client, language)
  return html`<article class="sheet card"><p class="small">${texts[language].lender} · ${t.file(name)} · ${timeOf(latest?.at ?? prediction.at, language)}</p>
<h1>${t.title}</h1>
<p class="outcome"><b>${latest ? t.outcome[latest.outcome] : t.undecided}</b></p>
<h2>${t.request}</h2><p>${loanLine(application, language)}</p>
${found && html`<h2>${t.reasons}</h2>${refused ? list(t.against, found.against) : list(t.for, found.for)}${refused ? list(t.for, found.for.slice(0, 2)) : list(t.against, found.against.slice(0, 2))}`}
<h2>${t.data}</h2><p>${t.dataText}</p>
<h2>${t.rights}</h2><p>${t.rightsText[0]} ${latest && t.reviewed}</p><p>${t.rightsText[1]}</p>
<p class="small">${t.model(prediction.version)}</p></article>
<p class="row screen"><button class="main" data-print hidden>${t.print}</button><a class="button" href="/decisions/${prediction.requestId}">${texts[language].trace.back}</a></p>`
}

export function problemPage(
  o: { title: string; faults: readonly string[]; requestId: string },
  language: Language,
): Html {
  const t = texts[language].problem
  return html`<div class="narrow-page"><div class="summary" role="alert" tabindex="-1" id="errors"><h1>${o.title}</h1>${o.faults.length > 0 && html`<ul>${o.faults.map((fault) => html`<li>${fault}</li>`)}</ul>`}<p class="small">${t.id(o.requestId)}</p></div><p><a class="button" href="/">${t.home}</a></p></div>`
}

export function signIn(o: { wrong: boolean; to: string }, language: Language): Html {
  const t = texts[language].signIn
  return html`<div class="narrow-page"><h1>${t.title}</h1><p>${t.lead}</p><form method="post" action="/sign-in" class="card"><input type="hidden" name="to" value="${o.to}"><div class="field${o.wrong && ' wrong'}"><label for="key">${t.label}</label>${o.wrong && html`<p class="error" id="key-error">${t.wrong}</p>`}<input id="key" name="key" type="password" autocomplete="current-password"${o.wrong && html` aria-invalid="true" aria-describedby="key-error"`}></div><p><button class="main">${t.button}</button></p></form></div>`
}
