/** The client beside the accepted, the declined and the similar, on one measure: line p10 to p90, box p25 to p75, median. */

import {
  bar,
  dot,
  type Html,
  html,
  interval,
  linear,
  nameColumn,
  number,
  px,
  rowName,
  textBox,
  textWidth,
  ticks,
  upright,
  xAxis,
  xAxisHeight,
} from 'report-kit'
import { maximum, minimum } from '../../pipeline/data/extremes.ts'
import { type Catalogue, groupName } from '../../pipeline/scoring/reasons.ts'
import { type ReferenceSpread, rank } from '../../pipeline/scoring/reference.ts'
import { lowered, raised, written } from '../../pipeline/scoring/wording/format-feature-value.ts'
import type { Service } from '../env.ts'
import type { Prediction } from '../journal/journal.ts'
import type { Language } from '../language.ts'
import type { Reference } from '../reference.ts'
import { drawing } from './drawing.ts'
import { similar } from './similar.ts'
import { texts } from './texts.ts'

const nearest = 200 // similar clients
const most = 30 // measures to choose from
const fewest = 30 // clients below which a group is not drawn

interface Row {
  readonly name: string
  readonly tone: 'approve' | 'decline' | 'muted'
  readonly spread: ReferenceSpread | undefined
}

export interface ComparedMeasure {
  readonly feature: string
  readonly group: string
  readonly value: number
}

/** The numeric features that carry the explanation, strongest first, with the client's value; sensitive themes are left out. */
export function measuresOf(prediction: Prediction, catalogue: Catalogue): ComparedMeasure[] {
  const carriers = (prediction.explanation?.groups ?? []).flatMap(({ group, features }) =>
    catalogue.groups[group]?.sensitive ? [] : features.map((one) => ({ ...one, group })),
  )
  return carriers
    .toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .flatMap(({ feature, group, value }) =>
      typeof value === 'number' && catalogue.features.get(feature)?.unit !== 'flag' ? [{ feature, group, value }] : [],
    )
    .slice(0, most)
}

/** Bounds of the risks of the `nearest` clients around a risk. */
function around(risks: Float64Array, risk: number): [number, number] {
  const at = Math.round(rank(risks, risk) * risks.length)
  const from = Math.max(0, Math.min(at - nearest / 2, risks.length - nearest))
  return [risks[from] ?? 0, risks[Math.min(risks.length, from + nearest) - 1] ?? 1]
}

export function comparison(
  prediction: Prediction,
  reference: Reference,
  service: Service,
  wanted: string | undefined,
  language: Language,
): Html | null {
  const t = texts[language].comparison
  const { catalogue } = service.scorer
  const measures = measuresOf(prediction, catalogue)
  const measure = measures.find(({ feature }) => feature === wanted) ?? measures[0]
  const definition = measure && catalogue.features.get(measure.feature)
  if (!measure || !definition) return null
  const { threshold, probability } = prediction
  const [low, high] = around(reference.risks, probability)
  const alike = prediction.explanation && similar(service, prediction.explanation, nearest)
  const group = (name: string, tone: Row['tone'], keep: (risk: number, row: number) => boolean): Row => ({
    name,
    tone,
    spread: reference.spreadWhere(measure.feature, keep),
  })
  const rows = [
    group(t.approved, 'approve', (risk) => risk < threshold),
    group(t.declined, 'decline', (risk) => risk >= threshold),
    alike
      ? group(t.similar(number(alike.size, { lang: language })), 'muted', (_, row) => alike.has(row))
      : group(t.nearest(number(nearest, { lang: language })), 'muted', (risk) => risk >= low && risk <= high),
  ]
  const label = (feature: string) => raised(catalogue.features.get(feature)?.label[language] ?? feature)
  const show = (value: number) => written(definition, value, language)
  const options = [...Map.groupBy(measures, ({ group }) => group)].map(
    ([group, members]) =>
      html`<optgroup label="${groupName(catalogue, group, language)}">${members.map(
        ({ feature }) =>
          html`<option value="${feature}"${feature === measure.feature && html` selected`}>${label(feature)}</option>`,
      )}</optgroup>`,
  )
  const sentence = rows
    .map(({ name, spread }) => `${name}${spread && spread.count >= fewest ? ` ${show(spread.p50)}` : ` ${t.few}`}`)
    .join(', ')
  const picture = drawing(
    `${label(measure.feature)}. ${t.client} ${show(measure.value)}, ${sentence}`,
    (width) => chart(rows, measure.value, show, width, language),
    { wide: true },
  )
  return html`<section class="card" aria-labelledby="comparison">
<h2 id="comparison">${t.title}</h2>
<form method="get" action="/decisions/${prediction.requestId}#comparison" class="row" data-submit>
  <label for="measure">${t.measure}</label>
  <select id="measure" name="measure">${options}</select>
  <button>${t.show}</button>
</form>
<p class="small">${t.note}</p>
${picture}
<details class="numbers">
<summary>${texts[language].waterfall.numbers}</summary>
${quantileTable(rows, show, language)}
</details>
</section>`
}

function quantileTable(rows: readonly Row[], show: (value: number) => string, language: Language): Html {
  const t = texts[language].comparison
  const cell = (value: number | undefined, i: number) =>
    html`<td class="n" data-label="${t.quantiles[i]}">${value === undefined ? '–' : show(value)}</td>`
  return html`<table class="fold">
<thead><tr><th scope="col">${t.group}</th>${t.quantiles.map((name) => html`<th scope="col" class="n">${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    ({ name, spread }) => html`<tr><th scope="row">${name}</th>${quantilesOf(spread).map(cell)}</tr>`,
  )}</tbody>
</table>`
}

/** What is drawn of a group, in the order of the words for it; nothing of too few clients. */
const quantilesOf = (spread: ReferenceSpread | undefined) =>
  (['p10', 'p25', 'p50', 'p75', 'p90'] as const).map((name) =>
    spread && spread.count >= fewest ? spread[name] : undefined,
  )

function chart(
  rows: readonly Row[],
  value: number,
  show: (value: number) => string,
  width: number,
  language: Language,
) {
  const t = texts[language].comparison
  const drawn = rows.filter(({ spread }) => spread && spread.count >= fewest)
  const ends = drawn.flatMap(({ spread }) => (spread ? [spread.p10, spread.p90] : []))
  const [least, most] = [minimum([value, ...ends]), maximum([value, ...ends])]
  const margin = (most - least) * 0.04 || 1
  const names = nameColumn(
    rows.map(({ name }) => name),
    width,
  )
  const above = names === 0
  const x = linear([least - margin, most + margin], [names + 8, width - 14])
  const step = above ? 50 : 40
  const top = 8
  const bottom = top + rows.length * step
  const label = `${t.client} ${show(value)}`
  const isRight = x(value) + 12 + textWidth(label, 14, true) <= width
  const apart = (marks: readonly number[]) =>
    marks.every(
      (mark, i) =>
        i === 0 || x(mark) - x(marks[i - 1]!) > (textWidth(show(mark)) + textWidth(show(marks[i - 1]!))) / 2 + 12,
    )
  const marks = [4, 3, 2].map((count) => ticks([least, most], count)).find(apart) ?? ticks([least, most], 1)
  const bodies = rows.map(({ name, tone, spread }, i) => {
    const y = top + i * step + (above ? 32 : 18)
    const title = rowName(name, names, { middle: y, above: y - 16 }, width)
    if (!spread || spread.count < fewest)
      return html`${title}<text class="m" x="${px(names + 8)}" y="${y + 5}">${t.few}</text>`
    const { p10, p25, p50, p75, p90 } = spread
    const colon = language === 'fr' ? '\u00a0: ' : ': '
    const quantiles = quantilesOf(spread).map((value, at) => `${lowered(t.quantiles[at]!)} ${show(value!)}`)
    return html`<g class="t-${tone}">
        ${
          !above &&
          html`<title>${name}${colon}${quantiles.join(', ')}</title>
            <path class="hit" d="M${px(x(p10))} ${y - 14}H${px(x(p90))}v28H${px(x(p10))}Z"/>`
        }
        ${interval([x(p10), x(p90)], y)}
      </g>
      ${bar(tone, [x(p25), Math.max(x(p25) + 2, x(p75))], y - 9, 18, { light: true })}
      <path class="s w t-ink" d="M${px(x(p50))} ${y - 11}v22"/>${title}`
  })
  const named = rows.map(({ name }, i) => textBox(name, above ? 0 : names - textWidth(name) - 10, top + i * step + 16))
  return {
    height: bottom + 26 + xAxisHeight,
    body: html`<path class="s dash t-ink thin" d="${upright(x(value), top, bottom + 10, named)}"/>
      ${bodies}
      <g class="t-ink">${dot(x(value), bottom + 14, 5)}</g>
      <text class="h b${!isRight && ' e'}" x="${px(x(value) + (isRight ? 11 : -11))}" y="${bottom + 19}">${label}</text>
      ${xAxis({ x, ticks: marks, format: show, bottom: bottom + 26, width, line: [names + 8, width - 14] })}`,
  }
}
