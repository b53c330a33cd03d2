/** The journal: filters in the address, a table that folds on a phone, the same rows as CSV. */
import { badge, type Html, html } from 'report-kit'
import { fault } from '../faults.ts'
import type { PredictionSummary } from '../journal/journal.ts'
import { type Language, languageOf } from '../language.ts'
import { Problem } from '../problems.ts'
import { browse, decisions, type Filters, filtersOf, pageOf, proposals, queryOf, type Refused } from './browse.ts'
import { type Desk, reading } from './desk.ts'
import { texts } from './texts.ts'
import { dayOf, listedRisk, shownId, timeOf, toneOf, verdictOf } from './words.ts'

const mostRows = 10_000 // of one CSV file

export function journalRoutes({ service, get, show }: Desk): void {
  get('/journal', reading, async (c, session) => {
    const language = languageOf(c)
    const { refused, ...filters } = filtersOf(c.req.query())
    const before = Number(c.req.query('before')) || undefined
    const errors = filterErrors(refused, language)
    const failed = errors.length > 0
    const page = failed ? { found: [], next: null } : await pageOf(service.journal, filters, before)
    const first = before === undefined
    const view = { ...page, filters, refused, errors, first, version: service.scorer.bundle.version }
    const title = texts[language].journal.title
    return show(c, session, { title, section: 'journal', body: journal(view, language), failed })
  })

  get('/journal.csv', reading, async (c) => {
    const { refused, ...filters } = filtersOf(c.req.query())
    if (Object.keys(refused).length > 0)
      throw new Problem('invalid-query', { faults: Object.keys(refused).map((name) => fault(`/${name}`, 'parameter')) })
    const rows = [csvHead.join(',')]
    for await (const one of browse(service.journal, filters, mostRows)) rows.push(csvRow(one))
    return c.body(`${rows.join('\n')}\n`, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="journal.csv"',
      'cache-control': 'no-store',
    })
  })
}

const csvHead = [
  'request_id',
  'at',
  'source',
  'model',
  'client',
  'probability',
  'threshold',
  'proposal',
  'referral',
  'decision',
  'latency_ms',
]

const csvRow = (p: PredictionSummary): string =>
  [
    p.requestId,
    p.at,
    p.source,
    p.version,
    p.client ?? '',
    p.probability,
    p.threshold,
    p.decision,
    p.referred,
    p.reviewDecision ?? '',
    p.latencyMs,
  ].join(',')

interface FilterError {
  readonly name: 'from' | 'to' | 'version'
  readonly text: string
}

/** What to do about filters that cannot be used. */
function filterErrors(refused: Refused, language: Language): FilterError[] {
  const t = texts[language].journal
  const colon = language === 'fr' ? '\u00a0: ' : ': '
  return [
    ...(refused.from === undefined ? [] : [{ name: 'from', text: `${t.from}${colon}${t.wrongDay}` } as const]),
    ...(refused.to === undefined ? [] : [{ name: 'to', text: `${t.to}${colon}${t.wrongDay}` } as const]),
    ...(refused.order === undefined ? [] : [{ name: 'to', text: t.wrongOrder } as const]),
    ...(refused.version === undefined
      ? []
      : [{ name: 'version', text: `${t.model}${colon}${t.wrongVersion}` } as const]),
  ]
}

interface JournalView {
  readonly refused: Refused
  readonly errors: readonly FilterError[]
  readonly found: readonly PredictionSummary[]
  readonly next: number | null
  readonly filters: Filters
  readonly first: boolean
  /** The model served now: a filter of its own where others have answered before it. */
  readonly version: string
}

function journal(view: JournalView, language: Language): Html {
  const t = texts[language].journal
  const { filters, found, errors } = view
  const head = [t.time, t.client, t.risk, t.proposal, t.decision, t.source, t.model]
  const cell = (name: string, value: Html | string, n = false) =>
    html`<td${n && html` class="n"`} data-label="${name}">${value}</td>`
  const row = (p: PredictionSummary) => {
    const time = timeOf(p.at, language)
    const verdict = verdictOf(p)
    const decided = p.reviewDecision
    return html`<tr>
<th scope="row" data-label="${t.time}"><a href="/decisions/${p.requestId}" aria-label="${time}, ${t.open(p.requestId)}">${time}</a></th>
${cell(t.client, p.client === null ? '–' : shownId(p.client, language))}
${cell(t.risk, listedRisk(p, language), true)}
${cell(t.proposal, badge(toneOf[verdict], texts[language].verdict[verdict]))}
${cell(t.decision, decided ? badge(toneOf[decided], texts[language].review.done[decided]) : t.undecided)}
${cell(t.source, p.source === 'page' ? t.page : t.api)}
${cell(t.model, html`<code>${p.version}</code>`)}
</tr>`
  }
  const isFiltered = queryOf(filters) !== ''
  const titles = head.map((name) => html`<th scope="col"${name === t.risk && html` class="n"`}>${name}</th>`)
  const button = (href: string, text: string, more: Html | null = null) =>
    html`<a class="button" href="${href}"${more}>${text}</a>`
  return html`<h1>${t.title}</h1>
<p>${t.lead}</p>
${errors.length > 0 && filterSummary(errors)}
${filterForm(view, language)}
<section class="card" aria-label="${t.title}">
${
  found.length === 0
    ? html`<p>${errors.length > 0 ? t.notFiltered : isFiltered ? t.none : t.empty}</p>`
    : html`<table class="fold"><thead><tr>${titles}</tr></thead><tbody>${found.map(row)}</tbody></table>`
}
</section>
<p class="row">
${!view.first && button(`/journal${queryOf(filters)}`, t.newest)}
${view.next !== null && button(`/journal${queryOf(filters, { before: String(view.next) })}`, t.older)}
${found.length > 0 && button(`/journal.csv${queryOf(filters)}`, t.csv, html` download`)}
</p>`
}

function filterSummary(errors: readonly FilterError[]): Html {
  return html`<div class="summary" role="alert" tabindex="-1" id="errors">
<ul>${errors.map(({ name, text }) => html`<li><a href="#${name}">${text}</a></li>`)}</ul>
</div>`
}

function filterForm({ filters, refused, errors }: JournalView, language: Language): Html {
  const t = texts[language].journal
  const { verdict, review } = texts[language]
  const select = (
    name: 'proposal' | 'decision',
    label: string,
    options: readonly (readonly [string, string])[],
  ) => html`<div>
<label for="${name}">${label}</label>
<select id="${name}" name="${name}">
<option value="">${t.all}</option>
${options.map(
  ([value, text]) => html`<option value="${value}"${filters[name] === value && html` selected`}>${text}</option>`,
)}</select>
</div>`
  const invalid = (name: FilterError['name']) =>
    errors.some((one) => one.name === name) && html` aria-invalid="true" aria-describedby="errors"`
  const day = (name: 'from' | 'to', label: string) => html`<div>
<label for="${name}">${label} (${t.dayForm})</label>
<input class="day" id="${name}" name="${name}" value="${refused[name] ?? dayOf(filters[name], language)}"
  autocomplete="off" size="11"${invalid(name)}>
</div>`
  return html`<form method="get" action="/journal" class="filter">
${day('from', t.from)}
${day('to', t.to)}
${select(
  'proposal',
  t.proposal,
  proposals.map((one) => [one, verdict[one]]),
)}
${select(
  'decision',
  t.decision,
  decisions.map((one) => [one, one === 'none' ? t.undecided : review.done[one]]),
)}
<div>
  <label for="version">${t.model}</label>
  <input id="version" name="version" value="${refused.version ?? filters.version}"
    maxlength="12" size="12" spellcheck="false" autocomplete="off"${invalid('version')}>
</div>
<div class="row">
  <button>${t.filter}</button>
  ${queryOf(filters) !== '' && html`<a href="/journal">${t.clear}</a>`}
</div>
</form>`
}
