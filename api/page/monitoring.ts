/** The operator's screen: the verdict first, why and since when, what to do; then charts, what became of the loans, what moved. */
import { badge, type Html, html, icon, number, percent } from 'report-kit'
import { tables } from '../../pipeline/data/schema/tables.ts'
import { defaultMinCount } from '../../pipeline/drift/policy.ts'
import { yearlyFalseAlarms } from '../../pipeline/monitor/alerts.ts'
import { latestWindow } from '../../pipeline/monitor/figures.ts'
import { scoreColumn } from '../../pipeline/monitor/judged.ts'
import type { MonitorReport } from '../../pipeline/monitor/report.ts'
import type { Catalogue } from '../../pipeline/scoring/reasons.ts'
import { raised, written } from '../../pipeline/scoring/wording/format-feature-value.ts'
import { alertWords, dayWords, todoWords, verdictWords } from '../../pipeline/views/monitor/words.ts'
import type { AlertRecord } from '../journal/alerts.ts'
import { overrideReasons } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import { quality } from './monitoring-quality.ts'
import { series } from './series.ts'
import { texts } from './texts.ts'
import { timeOf } from './words.ts'

const first = 12 // rows shown unfolded, worst first
const bars = 30 // windows in a chart

export interface MonitoringView {
  readonly found: MonitorReport
  /** As the journal keeps them, newest first. */
  readonly open: readonly AlertRecord[]
  readonly over: readonly AlertRecord[]
  readonly isJournalDown: boolean
  readonly catalogue: Catalogue
  /** Of the reference portfolio; null where the bundle carries none. */
  readonly usual: { readonly approved: number; readonly risk: number } | null
  /** Address of the drift report, where it is at hand. */
  readonly drift: string | null
  readonly mayAcknowledge: boolean
  /** Against forged forms; null where nobody signs in. */
  readonly token: Html | null
}

const tones = { valid: 'approve', look: 'moderate', unknown: 'review' } as const

export function monitoringPage(view: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const { found } = view
  const alerts = alertList(view, language)
  if (found.applications === 0)
    return html`<h1>${t.title}</h1><section class="card" aria-label="${t.title}"><p>${t.empty}</p>${alerts}</section>`
  const tone = view.isJournalDown ? 'decline' : tones[found.verdict]
  const [lead, ...rest] = verdictWords(found)[language].split(/(?<=[:;])\s/)
  return html`<div class="hero">
<h1>${t.title}</h1>
<p class="state t-${tone}">${icon(tone)}<span>
<b>${lead}</b> ${rest.join(' ')} <span class="small">${t.looked(timeOf(found.at, language))}</span>
</span></p>
</div>
${alerts && card('alerts', t.alerts, alerts)}
${card('charts', t.charts, charts(view, language))}
${card('quality', t.quality, quality(found, language))}
${card('drift', t.drift, drift(view, language))}
<div class="columns even">
${card('notes', t.notes, notes(view, language))}
${card('reviews', t.reviews, reviews(found, language))}
</div>
${card('models', t.model, versionList(found.versions, language))}`
}

const card = (id: string, title: string, body: Html): Html =>
  html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`

/** A note may be about a field of the form rather than a feature. */
const columnLabels = new Map(tables.application_test.columns.map(({ name, label }) => [name, label]))

const nameIn = (catalogue: Catalogue, language: Language) => (name: string) =>
  catalogue.features.get(name)?.label[language] ?? columnLabels.get(name)?.[language] ?? name

function alertList(view: MonitoringView, language: Language): Html | false {
  const t = texts[language].monitoring
  const { open, over, isJournalDown, catalogue } = view
  if (open.length === 0 && over.length === 0 && !isJournalDown) return false
  const words = (one: { code: string; figures: AlertRecord['figures'] }) =>
    raised(alertWords(one, nameIn(catalogue, language))[language])
  const line = (one: AlertRecord) => html`<li class="t-${one.severity === 'critical' ? 'decline' : 'moderate'}">
${icon(one.severity === 'critical' ? 'decline' : 'moderate')}
<div>
  <b>${words(one)}</b>
  <p class="small">${t.severity[one.severity]}${one.changePoint && ` · ${t.began(dayWords(one.changePoint, language))}`}
 · ${t.opened(timeOf(one.opened, language))}</p>
  <p>${todoWords(one.code)[language]}</p>
  ${one.acknowledged ? seen(one.acknowledged, language) : view.mayAcknowledge && form(one, view, language)}
</div>
</li>`
  const down =
    isJournalDown &&
    html`<li class="t-decline">${icon('decline')}<div><b>${words({ code: 'journal', figures: {} })}</b>
<p class="small">${t.now}</p><p>${todoWords('journal')[language]}</p></div></li>`
  const ended = over.map(
    (one) => html`<li><b>${words(one)}</b><span class="small">
${t.overLine(timeOf(one.opened, language), timeOf(one.resolved ?? one.opened, language))}</span></li>`,
  )
  const promise = t.promise(number(yearlyFalseAlarms, { lang: language, digits: 1 }))
  return html`${(open.length > 0 || isJournalDown) && html`<ul class="reasons">${down}${open.map(line)}</ul>`}
<p class="small">${promise}</p>
${
  over.length > 0 &&
  html`<details><summary>${t.over(number(over.length, { lang: language }))}</summary><ul class="links">${ended}</ul></details>`
}`
}

function seen({ at, by, note }: NonNullable<AlertRecord['acknowledged']>, language: Language): Html {
  const t = texts[language].monitoring
  return html`<p class="seen">${icon('approve')}<span>${t.acknowledged(by, timeOf(at, language))}${note && html`<br>${note}`}</span></p>`
}

function form({ position }: AlertRecord, { token }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const id = `note-${position}`
  return html`<details><summary>${t.acknowledge}</summary>
<form method="post" action="/monitoring/alerts/${position}/acknowledge" class="acknowledge">${token}
<label for="${id}">${t.note}</label>
<textarea id="${id}" name="note" rows="2" maxlength="500" aria-describedby="${id}-help"></textarea>
<p class="small" id="${id}-help">${t.noteHelp}</p>
<button>${t.acknowledge}</button>
</form></details>`
}

function reviews({ windows }: MonitorReport, language: Language): Html {
  const t = texts[language].monitoring
  const share = (part: number, of: number) => (of === 0 ? '–' : percent(part / of, { digits: 0, lang: language }))
  const whole = (value: number) => number(value, { lang: language })
  const sum = (of: (one: MonitorReport['windows'][number]) => number) => windows.reduce((all, one) => all + of(one), 0)
  const [applications, reviewed, against] = [
    sum((one) => one.applications),
    sum((one) => one.reviewed),
    sum(({ overridden }) => overridden.count),
  ]
  const direction = t.direction(
    whole(sum(({ overridden }) => overridden.toApproved)),
    whole(sum(({ overridden }) => overridden.toDeclined)),
  )
  const reasons = overrideReasons.flatMap((code) => {
    const count = sum(({ overridden }) => overridden.reasons[code] ?? 0)
    return count === 0
      ? []
      : [html`<div><dt>${texts[language].review.overrideReasons[code]}</dt><dd>${whole(count)}</dd></div>`]
  })
  return html`<dl class="facts">
<div><dt>${t.reviewed}</dt><dd>${share(reviewed, applications)}</dd></div>
<div><dt>${t.overridden}</dt><dd>${share(against, reviewed)}${against > 0 && html`<br><span class="small">${direction}</span>`}</dd></div>
${reasons}
</dl>`
}

function notes({ found, catalogue }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const latest = latestWindow(found.windows)
  if (!latest || latest.notes.length === 0) return html`<p>${t.notesNone}</p>`
  const whole = (value: number) => number(value, { lang: language })
  const name = nameIn(catalogue, language)
  const lines = latest.notes.slice(0, first).map(
    ({ code, field, count }) => html`<li><b>${raised(name(field))}</b><span class="small">
${t.noteCodes[code] ?? code}, ${t.noteLine(whole(count), whole(latest.applications))}</span></li>`,
  )
  return html`<p class="small">${t.notesLead}</p><ul class="links">${lines}</ul>
<p class="small">${t.imputed(number(latest.imputed, { lang: language, digits: 1 }))}</p>`
}

function versionList(versions: MonitorReport['versions'], language: Language): Html {
  const t = texts[language].monitoring
  const line = ({ version, count, from, to }: MonitorReport['versions'][number]) => {
    const answered = t.modelLine(number(count, { lang: language }), timeOf(from, language), timeOf(to, language))
    return html`<li><b><code>${version}</code></b><span class="small">${answered}</span></li>`
  }
  return html`<ul class="links">${versions.map(line)}</ul>`
}

function charts({ found, usual }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const share = (value: number) => percent(value, { digits: 0, lang: language })
  const risk = (value: number) => percent(value, { lang: language })
  const whole = (value: number) => number(value, { lang: language })
  const time = (at: string) =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
      ...(found.unit === 'month' ? { month: 'short', year: 'numeric' } : { day: 'numeric', month: 'short' }),
      timeZone: 'UTC',
    }).format(new Date(at))
  const of = (value: (one: MonitorReport['windows'][number]) => number) =>
    found.windows.slice(-bars).map((one) => ({ at: time(one.from), value: value(one) }))
  const words = { ...t, numbers: t.numbers, colon: language === 'fr' ? '\u00a0: ' : ': ' }
  const draw = (
    title: string,
    value: Parameters<typeof of>[0],
    show: (value: number) => string,
    reference: number | null = null,
  ) => series({ title: `${title}, ${t.per[found.unit]}`, points: of(value), show, reference, words })
  return html`<div class="charts">${[
    draw(t.volume, (one) => one.applications, whole),
    draw(t.approved, (one) => one.approved, share, usual?.approved ?? null),
    draw(t.risk, (one) => one.risk, risk, usual?.risk ?? null),
    draw(
      t.latency,
      ({ latency }) => latency.median,
      (value) => `${number(value, { lang: language, digits: value < 10 ? 1 : 0 })}\u00a0ms`,
    ),
  ]}</div>`
}

function drift({ found, catalogue, drift: report }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const link = report && html`<p><a class="button" href="${report}">${t.report}</a></p>`
  const columns = found.drift?.found.columns ?? []
  if (!found.drift || columns.length === 0 || found.drift.applications < defaultMinCount)
    return html`<p>${t.fewer(number(defaultMinCount, { lang: language }))}</p>${link}`
  type Column = (typeof columns)[number]
  const percentOf = (value: number) => percent(value, { digits: 0, lang: language })
  const row = (column: Column) => {
    const feature = catalogue.features.get(column.column)
    const isScore = column.column === scoreColumn
    const show = (value: number | undefined) =>
      value === undefined ? '–' : feature ? written(feature, value, language) : percent(value, { lang: language })
    const name = feature ? raised(feature.label[language]) : isScore ? t.score : column.column
    const { missing, quantiles } = column
    const cell = (label: string, value: string) => html`<td class="n" data-label="${label}">${value}</td>`
    return html`<tr>
<th scope="row" data-label="${t.feature}">${isScore ? html`<b>${name}</b>` : name}</th>
<td data-label="${t.state}">${state(column)}</td>
${cell(t.distance, column.score === null ? '–' : number(column.score, { digits: 2, lang: language }))}
${cell(t.before, show(quantiles?.reference[2]))}
${cell(t.after, show(quantiles?.current[2]))}
${cell(t.missing, t.missingMoved(percentOf(missing.reference), percentOf(missing.current)))}
</tr>`
  }
  const state = ({ band, schema_change }: Column) => {
    const shown = schema_change ? 'major' : band // emptied: it may have no distance, and yet it has moved
    return shown === 'unknown' ? t.bands.unknown : badge(shown, t.bands[shown])
  }
  const head = [t.feature, t.state, t.distance, t.before, t.after, t.missing]
  const titles = head.map((name, i) => html`<th scope="col"${i > 1 && html` class="n"`}>${name}</th>`)
  const table = (rows: readonly Column[]) =>
    html`<table class="fold"><thead><tr>${titles}</tr></thead><tbody>${rows.map(row)}</tbody></table>`
  const whole = (value: number) => number(value, { lang: language })
  const lead = columns.length < 2 ? t.fewNone : t.driftLead(whole(found.drift.applications), whole(columns.length - 1))
  const more = columns.slice(first)
  return html`<p class="small">${lead}</p>
${table(columns.slice(0, first))}
${more.length > 0 && html`<details><summary>${t.more(whole(more.length))}</summary>${table(more)}</details>`}
${link}`
}
