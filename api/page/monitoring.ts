/** The operator's screen: a verdict in words, what to look at, four small charts, the table of what moved. */
import { badge, type Html, html, icon, number, percent } from 'report-kit'
import type { Catalogue } from '../../pipeline/scoring/reasons.ts'
import { raised, written } from '../../pipeline/scoring/wording/format-feature-value.ts'
import type { Language } from '../language.ts'
import { type Alert, driftMinCount, type Monitoring } from '../monitor.ts'
import { series } from './series.ts'
import { texts } from './texts.ts'
import { timeOf } from './words.ts'

const first = 12 // rows shown unfolded, worst first

export interface MonitoringView {
  readonly found: Monitoring
  readonly catalogue: Catalogue
  /** Of the reference portfolio; null where the bundle carries none. */
  readonly usual: { readonly approved: number; readonly risk: number } | null
  /** Address of the drift report, where it is at hand. */
  readonly report: string | null
}

export function monitoringPage(view: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const { found } = view
  const whole = (value: number) => number(value, { lang: language })
  const alerts = found.alerts.length > 0 && alertList(found.alerts, language)
  if (found.count === 0 || !found.from || !found.to)
    return html`<h1>${t.title}</h1><section class="card" aria-label="${t.title}"><p>${t.empty}</p>${alerts}</section>`
  const count = whole(found.count)
  const calm = found.alerts.length === 0
  const tone = calm ? 'approve' : 'moderate'
  const verdict = calm ? t.calm(count) : t.points(whole(found.alerts.length), count)
  return html`<div class="hero">
<h1>${t.title}</h1>
<p class="state t-${tone}">${icon(tone)}<span>
<b>${verdict}</b> ${t.window(timeOf(found.from, language), timeOf(found.to, language))}
</span></p>
</div>
${alerts && card('alerts', t.alerts, alerts)}
${card('charts', t.charts, charts(view, language))}
${card('drift', t.drift, drift(view, language))}
<div class="columns even">
${card('reviews', t.reviews, reviews(found, language))}
${card('models', t.model, versionList(found.versions, language))}
</div>`
}

const card = (id: string, title: string, body: Html): Html =>
  html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`

function reviews({ reviewed, overridden }: Monitoring, language: Language): Html {
  const t = texts[language].monitoring
  const share = (value: number) => percent(value, { digits: 0, lang: language })
  return html`<dl class="facts">
<div><dt>${t.reviewed}</dt><dd>${share(reviewed)}</dd></div>
<div><dt>${t.overridden}</dt><dd>${reviewed > 0 ? share(overridden) : '–'}</dd></div>
</dl>`
}

function versionList(versions: Monitoring['versions'], language: Language): Html {
  const t = texts[language].monitoring
  const line = ({ version, count, from, to }: Monitoring['versions'][number]) => {
    const answered = t.modelLine(number(count, { lang: language }), timeOf(from, language), timeOf(to, language))
    return html`<li><b><code>${version}</code></b><span class="small">${answered}</span></li>`
  }
  return html`<ul class="links">${versions.map(line)}</ul>`
}

function alertList(alerts: readonly Alert[], language: Language): Html {
  const t = texts[language].monitoring
  const share = new Set(['risk', 'approved', 'overrides'])
  return html`<ul class="reasons">${alerts.map(({ code, since, found, expected }) => {
    const show = (value: number) =>
      share.has(code) ? percent(value, { lang: language }) : number(value, { lang: language })
    const [what, todo] = t.alert[code]?.(show(found), show(expected)) ?? []
    return html`<li class="t-moderate">
${icon('moderate')}
<div>
  <b>${what}</b> <span class="small">${since ? t.since(timeOf(since, language)) : t.now}</span>
  <p>${todo}</p>
</div>
</li>`
  })}</ul>`
}

function charts({ found, usual }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const share = (value: number) => percent(value, { digits: 0, lang: language })
  const risk = (value: number) => percent(value, { lang: language })
  const whole = (value: number) => number(value, { lang: language })
  const time = (at: number) =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', {
      ...(found.unit === 'day' ? { day: 'numeric', month: 'short' } : { hour: '2-digit', minute: '2-digit' }),
      timeZone: 'Europe/Paris',
    }).format(new Date(at))
  const of = (name: 'count' | 'approved' | 'risk' | 'latencyMs') =>
    found.buckets.map((bucket) => ({ at: time(bucket.at), value: bucket[name] }))
  const words = { ...t, numbers: t.numbers, colon: language === 'fr' ? '\u00a0: ' : ': ' }
  const draw = (
    title: string,
    name: Parameters<typeof of>[0],
    show: (value: number) => string,
    reference: number | null = null,
  ) => series({ title: `${title}, ${t.per[found.unit]}`, points: of(name), show, reference, words })
  return html`<div class="charts">${[
    draw(t.volume, 'count', whole),
    draw(t.approved, 'approved', share, usual?.approved ?? null),
    draw(t.risk, 'risk', risk, usual?.risk ?? null),
    draw(t.latency, 'latencyMs', (value) => `${whole(value)}\u00a0ms`),
  ]}</div>`
}

function drift({ found, catalogue, report }: MonitoringView, language: Language): Html {
  const t = texts[language].monitoring
  const link = report && html`<p><a class="button" href="${report}">${t.report}</a></p>`
  const columns = [...(found.risk ? [found.risk] : []), ...found.features]
  if (columns.length === 0 || found.count < driftMinCount)
    return html`<p>${t.fewer(number(driftMinCount, { lang: language }))}</p>${link}`
  const percentOf = (value: number) => percent(value, { digits: 0, lang: language })
  const row = (column: Monitoring['features'][number]) => {
    const feature = catalogue.features.get(column.column)
    const show = (value: number | undefined) =>
      value === undefined ? '–' : feature ? written(feature, value, language) : percent(value, { lang: language })
    const name = feature ? raised(feature.label[language]) : t.score
    const { missing, quantiles } = column
    const cell = (label: string, value: string) => html`<td class="n" data-label="${label}">${value}</td>`
    return html`<tr>
<th scope="row" data-label="${t.feature}">${column === found.risk ? html`<b>${name}</b>` : name}</th>
<td data-label="${t.state}">${state(column)}</td>
${cell(t.distance, number(column.score, { digits: 2, lang: language }))}
${cell(t.before, show(quantiles?.reference[2]))}
${cell(t.after, show(quantiles?.current[2]))}
${cell(t.missing, t.missingMoved(percentOf(missing.reference), percentOf(missing.current)))}
</tr>`
  }
  const state = ({ band, schema_change }: Monitoring['features'][number]) => {
    const shown = schema_change ? 'major' : band // emptied: it may have no distance, and yet it has moved
    return shown === 'unknown' ? t.bands.unknown : badge(shown, t.bands[shown])
  }
  const head = [t.feature, t.state, t.distance, t.before, t.after, t.missing]
  const titles = head.map((name, i) => html`<th scope="col"${i > 1 && html` class="n"`}>${name}</th>`)
  const table = (rows: readonly Monitoring['features'][number][]) =>
    html`<table class="fold"><thead><tr>${titles}</tr></thead><tbody>${rows.map(row)}</tbody></table>`
  const whole = (value: number) => number(value, { lang: language })
  const lead =
    found.features.length === 0 ? t.fewNone : t.driftLead(whole(found.featureRows), whole(found.features.length))
  const more = columns.slice(first)
  return html`<p class="small">${lead}</p>
${table(columns.slice(0, first))}
${more.length > 0 && html`<details><summary>${t.more(whole(more.length))}</summary>${table(more)}</details>`}
${link}`
}
