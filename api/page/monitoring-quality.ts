/** What became of the loans, for the operator's screen: quality by month of decision, realised beside estimated, and vintages. */
import { type Html, html, number, percent } from 'report-kit'
import { maximum } from '../../pipeline/data/extremes.ts'
import type { Cohort } from '../../pipeline/monitor/cohorts.ts'
import { latestWindow } from '../../pipeline/monitor/figures.ts'
import type { MonitorReport } from '../../pipeline/monitor/report.ts'
import type { Language } from '../language.ts'
import { texts } from './texts.ts'

const shown = 12 // months
const ages = [3, 6, 9, 12, 18, 24] // months since the decision

const none = '–'
const monthOf = (date: string, language: Language) =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  }).format(new Date(date))

export function quality(found: MonitorReport, language: Language): Html {
  const t = texts[language].monitoring
  const two = (value: number | null | undefined) =>
    value === null || value === undefined ? none : number(value, { digits: 2, lang: language })
  const days = number(found.maturity, { lang: language })
  const latest = latestWindow(found.windows)
  const estimated = latest && html`<p>${t.estimatedLead(two(latest.estimated.auc), two(latest.estimated.cost))}</p>`
  const cohorts = found.cohorts.filter(({ outcomes }) => outcomes > 0).slice(-shown)
  if (cohorts.length === 0) return html`${estimated}<p>${t.qualityNone(days)}</p>${vintages(found, language)}`
  const whole = (value: number) => number(value, { lang: language })
  const share = (value: number) => percent(value, { lang: language })
  const between = (value: Cohort['rate'], show: (value: number) => string) =>
    value ? t.between(show(value.estimate), show(value.lower), show(value.upper)) : none
  const row = (one: Cohort) => {
    const cells: [string, string][] = [
      [t.loans, whole(one.approved)],
      [t.outcomes, whole(one.outcomes)],
      [t.defaulted, between(one.rate, share)],
      [t.stated, one.risk === null ? none : share(one.risk)],
      [t.auc, t.realised(two(one.auc?.estimate), two(one.estimatedAuc))],
      [t.cost, t.realised(two(one.cost), two(one.estimatedCost))],
      [t.slope, between(one.slope, two)],
    ]
    return html`<tr><th scope="row" data-label="${t.cohort}">${monthOf(one.month, language)}</th>${cells.map(
      ([label, value]) => html`<td class="n" data-label="${label}">${value}</td>`,
    )}</tr>`
  }
  const head = [t.loans, t.outcomes, t.defaulted, t.stated, t.auc, t.cost, t.slope]
  return html`${estimated}<p class="small">${t.qualityLead(days)}</p>
<table class="fold"><thead><tr><th scope="col">${t.cohort}</th>${head.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead>
<tbody>${cohorts.map(row)}</tbody></table>${vintages(found, language)}`
}

/** The triangle of the credit trade: a row a month of decision, a column an age; what is too young is not there yet. */
function vintages(found: MonitorReport, language: Language): Html | false {
  const t = texts[language].monitoring
  const rows = found.vintages.filter(({ curve }) => curve.length > ages[0]!).slice(-shown)
  if (rows.length === 0) return false
  const most = maximum(rows.map(({ curve }) => curve.length - 1))
  const columns = ages.filter((age) => age <= most)
  const title = (age: number) => t.months(number(age, { lang: language }))
  const cell = (curve: readonly number[], age: number) => {
    const value = curve[age]
    return html`<td class="n" data-label="${title(age)}">${value === undefined ? none : percent(value, { lang: language })}</td>`
  }
  return html`<h3>${t.vintages}</h3>
<table class="fold"><thead><tr><th scope="col">${t.cohort}</th><th scope="col" class="n">${t.loans}</th>${columns.map(
    (age) => html`<th scope="col" class="n">${title(age)}</th>`,
  )}</tr></thead>
<tbody>${rows.map(
    ({ month, loans, curve }) => html`<tr><th scope="row" data-label="${t.cohort}">${monthOf(month, language)}</th>
<td class="n" data-label="${t.loans}">${number(loans, { lang: language })}</td>${columns.map((age) => cell(curve, age))}</tr>`,
  )}</tbody></table>`
}
