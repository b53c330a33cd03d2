/** What is served: the bundle's facts in words, its out-of-sample measures, the versions that the journal has seen, the reports. */
import { type Html, html, join, number, percent } from 'report-kit'
import { tables } from '../../pipeline/data/schema/tables.ts'
import type { MonitorReport } from '../../pipeline/monitor/report.ts'
import type { Bundle } from '../../pipeline/scoring/bundle.ts'
import { raised } from '../../pipeline/scoring/wording/format-feature-value.ts'
import type { Service } from '../env.ts'
import type { Language } from '../language.ts'
import { reportList } from './reports.ts'
import { texts } from './texts.ts'
import { timeOf } from './words.ts'

export function model(service: Service, versions: MonitorReport['versions'], language: Language): Html {
  const t = texts[language].model
  const { bundle } = service.scorer
  return html`<div class="hero">
<h1>${t.title}</h1>
<p>${t.lead(bundle.version)} ${t.use}</p>
${bundle.synthetic && html`<p class="small">${t.synthetic}</p>`}
</div>
<div class="columns">
<div class="stack">
  ${card('facts', t.facts, factsOf(service, language))}
  ${card('reports', t.reports, reportList(service.reports, language))}
</div>
<div class="stack">
  ${card('metrics', t.metrics, metrics(service, language))}
  ${card('versions', t.history, versionList(versions, bundle.version, language))}
</div>
</div>`
}

const card = (id: string, title: string, body: Html): Html =>
  html`<section class="card" aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`

function versionList(versions: MonitorReport['versions'], served: string, language: Language): Html {
  const t = texts[language]
  if (versions.length === 0) return html`<p class="small">${t.model.historyNone}</p>`
  const line = ({ version, count, from, to }: MonitorReport['versions'][number]) => {
    const answered = [number(count, { lang: language }), timeOf(from, language), timeOf(to, language)] as const
    return html`<li>
<b><code>${version}</code>${version === served && html` · ${t.model.current}`}</b>
<span class="small">${t.monitoring.modelLine(...answered)}</span>
</li>`
  }
  return html`<ul class="links">${versions.map(line)}</ul>`
}

function factsOf({ scorer: { bundle }, clients }: Service, language: Language): Html {
  const t = texts[language].model
  const { greyZone, training } = bundle
  const share = (value: number) => percent(value, { digits: 2, lang: language })
  const whole = (value: number) => number(value, { lang: language })
  const column = (name: string) =>
    tables.application_train.columns.find((one) => one.name === name)?.label[language] ?? name
  const facts: [string, string | Html][] = [
    [t.kind, raised(kindOf(bundle.members, language))],
    [t.why, bundle.model.because?.[language] ?? t.notCompared],
    [t.threshold, share(bundle.threshold)],
    [t.grey, greyZone.upper > greyZone.lower ? `${share(greyZone.lower)} – ${share(greyZone.upper)}` : t.noGrey],
    [t.costs, t.costsText(whole(bundle.costs.falseNegative), whole(bundle.costs.falsePositive))],
    [t.training, t.trainingText(whole(training.clients), whole(training.defaults))],
    [t.features, whole(bundle.definitions.features.length)],
    [t.excluded, raised(bundle.exclude.map(column).join(', '))],
    ...(training.absent
      ? [[t.absent, training.absent.map((name) => tables[name].label[language]).join(', ')] as [string, string]]
      : []),
    [t.calibration, t.calibrations[bundle.calibration.method] ?? bundle.calibration.method],
    [t.clients, whole(clients.count)],
    [t.data, html`<code>${training.data.slice(0, 8)}</code>`],
    [
      t.libraries,
      join(
        Object.entries(bundle.libraries).map(([name, version]) => `${name} ${version}`),
        ', ',
      ),
    ],
  ]
  return html`<dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
}

/** "trees", or of a blend "linear model 40% + trees 60%". */
function kindOf(members: Bundle['members'], language: Language): string {
  const { families } = texts[language].model
  if (members.length === 1) return families[members[0]!.family]
  return members
    .map(({ family, weight }) => `${families[family]} ${percent(weight, { digits: 0, lang: language })}`)
    .join(' + ')
}

const asShare = new Set(['approval_rate', 'recall', 'precision'])

function metrics({ scorer: { bundle } }: Service, language: Language): Html {
  const t = texts[language].model
  const show = (name: string, value: number) =>
    asShare.has(name) ? percent(value, { lang: language }) : number(value, { significant: 3, lang: language })
  const rows = Object.entries(t.names).flatMap(([name, label]) => {
    const value = bundle.metrics[name]
    const [low, high] = [bundle.metrics[`${name}_lower`], bundle.metrics[`${name}_upper`]]
    const range = low !== undefined && high !== undefined && t.interval(show(name, low), show(name, high))
    return value === undefined
      ? []
      : [
          html`<tr><th scope="row">${label}${range && html` <span class="small">${range}</span>`}</th><td class="n">${show(name, value)}</td></tr>`,
        ]
  })
  return html`<table><thead><tr><th scope="col">${t.metric}</th><th scope="col" class="n">${t.value}</th></tr></thead><tbody>${rows}</tbody></table>`
}
