/** The first page: find a client by number or words, the latest proposals, the ways to type in an application. */
import { type Html, html, icon, number } from 'report-kit'
import type { Condition, Found } from '../../pipeline/scoring/clients.ts'
import { levelName } from '../../pipeline/scoring/levels.ts'
import { reasonsFor } from '../client-search.ts'
import type { PredictionSummary } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'
import { listedRisk, loanLine, shownId, timeOf, toneOf, verdictOf } from './words.ts'

export interface FindView {
  readonly query: string
  readonly conditions: readonly Condition[]
  readonly found: readonly Found[]
  /** How many there are; more than are listed where the list is capped. */
  readonly total: number
  readonly more: string | null
  readonly count: number
  /** Null while the journal does not answer. */
  readonly recent: readonly PredictionSummary[] | null
  readonly token: Html | null
}

export function find(view: FindView, language: Language): Html {
  const t = texts[language].find
  const [shown, total] = [view.found.length, view.total].map((count) => number(count, { lang: language })) as [
    string,
    string,
  ]
  const title =
    view.query.trim() === ''
      ? t.examples
      : view.found.length < view.total
        ? t.capped(shown, total)
        : t.results(view.total)
  return html`<div class="hero">
<h1>${t.title}</h1>
<form class="search" role="search" action="/" method="get">
  <label for="query">${t.label}</label>
  <div class="row">
    <input id="query" name="query" type="search" value="${view.query}" autocomplete="off" aria-describedby="query-help">
    <button class="main">${t.button}</button>
  </div>
  <p class="help" id="query-help">${t.hint(number(view.count, { lang: language }))}</p>
</form>
<p class="row">
  <a class="button" href="/applications/new">${t.create}</a>
  <a class="button" href="/applications/paste">${t.paste}</a>
</p>
</div>
<div class="columns">
<section class="card" aria-labelledby="found">
<h2 id="found" aria-live="polite">${title}</h2>
${
  view.found.length === 0
    ? html`<p>${view.count === 0 ? t.empty : t.none}</p>`
    : html`<ul class="clients">${view.found.map((client) => found(client, view, language))}</ul>`
}
${view.more && html`<p><a class="button" href="${view.more}">${t.more}</a></p>`}
</section>
<section class="card" aria-labelledby="recent">
<h2 id="recent">${t.recent}</h2>
${
  !view.recent || view.recent.length === 0
    ? html`<p class="small">${view.recent ? texts[language].journal.empty : texts[language].journal.down}</p>`
    : html`<ul class="recent">${view.recent.map((one) => latest(one, language))}</ul>`
}
</section>
</div>`
}

function found(client: Found, view: FindView, language: Language): Html {
  const t = texts[language].find
  const { id, application } = client
  const why = reasonsFor(view.conditions, client, language)
  const situation = [application.NAME_INCOME_TYPE, application.OCCUPATION_TYPE]
    .flatMap((level) => (typeof level === 'string' ? [levelName(level, language).toLowerCase()] : []))
    .join(', ')
  return html`<li>
<a href="/clients/${id}"><b>${shownId(id, language)}</b></a>
<span>${loanLine(application, language)}${situation && `\u00a0· ${situation}`}</span>
${why.length > 0 && html`<span class="why">${t.why(why.join('\u00a0· '))}</span>`}
<form method="post" action="/decisions">
  ${view.token}
  <input type="hidden" name="client" value="${id}">
  <input type="hidden" name="as" value="client">
  <button aria-label="${t.ofFile(shownId(id, language))}">${t.score}</button>
</form>
</li>`
}

function latest(one: PredictionSummary, language: Language): Html {
  const t = texts[language]
  const verdict = verdictOf(one)
  const name = one.client === null ? t.newFile : `${t.find.client} ${shownId(one.client, language)}`
  return html`<li>
<a href="/decisions/${one.requestId}">${name}</a>
<span class="badge t-${toneOf[verdict]}">${icon(toneOf[verdict])}${t.verdict[verdict]} · ${listedRisk(one, language)}</span>
<span class="small">${timeOf(one.at, language)}</span>
</li>`
}
