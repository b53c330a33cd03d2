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
  return html`<div class="hero"><h1>${t.title}</h1>
<p class="state t-${calm ? 'grant' : 'moderate'}">${icon(calm ? 'grant' : 'moderate')}<span><b>${calm ? t.calm(count) : t.points(whole(found.alerts.length), count)}</b> ${t.window(timeOf(found.from, language), timeOf(found.to, language))}</span></p></div>
${alerts && html`<section class="card" aria-labelledby="alerts"><h2 id="alerts">${t.alerts}</h2>${alerts}</section>`}
<section class="card" aria-labelledby="charts"><h2 id="charts">${t.charts}</h2>${charts(view, language)}</section>
<section class="card" aria-labelledby="drift"><h2 id="drift">${t.drift}</h2>${drift(view, language)}</section>
<div class="columns even"><section class="card" aria-labelledby="reviews"><h2 id="reviews">${t.reviews}</h2><dl class="facts"><div><dt>${t.reviewed}</dt><dd>${percent(found.reviewed, { digits: 0, lang: language })}</dd></div><div><dt>${t.overridden}</dt><dd>${found.reviewed > 0 ? percent(found.overridden, { digits: 0, lang: language }) : '–'}</dd></div></dl></section>
<section class="card" aria-labelledby="models"><h2 id="models">${t.model}</h2><ul class="links">${found.versions.map((one) => html`<li><b><code>${one.version}</code></b><span class="small">${t.modelLine(whole(one.count), timeOf(one.from, language), timeOf(one.to, language))}</span></li>`)}</ul></section></div>`
}

function alertList(alerts: readonly Alert[], language: Language): Html {
  const t = texts[language].monitoring
  const share = new Set(['risk', 'approved', 'overrides'])
  return html`<ul class="reasons">${alerts.map(({ code, since, found, expected }) => {
    const show = (value: number) =>
      share.has(code) ? percent(value, { lang: language }) : number(value, { lang: language })
    const [what, todo] = t.alert[code]?.(show(found), show(expected)) ?? []
    return html`<li class="t-moderate">${icon('moderate')}<div><b>${what}</b> <span class="small">${since ? t.since(timeOf(since, language)) : t.now}</span><p>${todo}</p></div></li>`
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
    return html`<tr><th scope="row" data-label="${t.feature}">${column === found.risk ? html`<b>${name}</b>` : name}</th><td data-label="${t.state}">${state(column)}</td><td class="n" data-label="${t.distance}">${number(column.score, { digits: 2, lang: language })}</td><td class="n" data-label="${t.before}">${show(column.quantiles?.reference[2])}</td><td class="n" data-label="${t.after}">${show(column.quantiles?.current[2])}</td><td class="n" data-label="${t.missing}">${percentOf(column.missing.reference)} → ${percentOf(column.missing.current)}</td></tr>`
  }
  const state = ({ band, schema_change }: Monitoring['features'][number]) => {
    const shown = schema_change ? 'major' : band // emptied: it may have no distance, and yet it has moved
    return shown === 'unknown' ? t.bands.unknown : badge(shown, t.bands[shown])
  }
  const head = [t.feature, t.state, t.distance, t.before, t.after, t.missing]
  const table = (rows: readonly Monitoring['features'][number][]) =>
    html`<table class="fold"><thead><tr>${head.map((name, i) => html`<th scope="col"${i > 1 && html` class="n"`}>${name}</th>`)}</tr></thead><tbody>${rows.map(row)}</tbody></table>`
  return html`<p class="small">${found.features.length === 0 ? t.fewNone : t.driftLead(number(found.featureRows, { lang: language }), number(found.features.length, { lang: language }))}</p>
${table(columns.slice(0, first))}${columns.length > first && html`<details><summary>${t.more(number(columns.length - first, { lang: language }))}</summary>${table(columns.slice(first))}</details>`}${link}`
}
