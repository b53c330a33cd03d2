/** The table of all columns: severity, sparklines, score with its limit, missing shares, importance; evidence folded; sorted and filtered by script. */

import { badge, type Cell, type Html, html, number, percent, pValue, spark, table } from 'report-kit'
import type { Comparison, Findings, NamedColumn } from '../../drift/findings.ts'
import type { Band } from '../../drift/result.ts'
import { compact, distributionFigure, mark, score } from './column.ts'
import { changeWords, schemaWords, sparkWords } from './words.ts'

const order = { major: 3, moderate: 2, none: 1, unknown: 0 } as const
const worse = (column: NamedColumn): Band =>
  column.schema_change ? 'major' : order[column.missing.band] > order[column.band] ? column.missing.band : column.band

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** The statistics worth a line in addition to the column's own test. */
const statisticNames: Readonly<Record<string, string>> = {
  ks_distance: 'Kolmogorov-Smirnov distance',
  psi_deciles: 'PSI, reference deciles',
  psi_evidently_bins: 'PSI, Evidently’s bins',
  psi_categories: 'PSI, categories',
  hellinger: 'Hellinger distance',
  l_infinity: 'Largest change of a share',
}

function evidence(column: NamedColumn, sides: Findings['sides'], drawn: boolean): Html {
  const { evidently } = column
  const lines: [string, string][] = [
    ['Values', `${number(column.values.reference)} → ${number(column.values.current)}`],
    ...(column.adjusted_p === null ? [] : [['Adjusted p-value', pValue(column.adjusted_p)] as [string, string]]),
    ...Object.entries(statisticNames).flatMap(([name, words]): [string, string][] =>
      column.statistics[name] === undefined ? [] : [[words, number(column.statistics[name], { digits: 3 })]],
    ),
    ...(column.quantiles
      ? (['reference', 'current'] as const).map((side): [string, string] => [
          side === 'reference' ? 'Quantiles before' : 'Quantiles now',
          column.quantiles![side].map(compact).join(' · '),
        ])
      : []),
    ...column.vanished_categories
      .slice(0, 3)
      .map(({ name, share }): [string, string] => [`Vanished: ${name}`, percent(share, { digits: 2 })]),
    [
      'Evidently',
      evidently.test === null || evidently.score === null
        ? 'not applicable'
        : `${evidently.test} ${evidently.test.includes('p_value') ? pValue(evidently.score) : number(evidently.score, { digits: 3 })}, limit ${number(evidently.threshold, { significant: 2 })}: ${evidently.drifted ? 'drift' : 'no drift'}`,
    ],
  ]
  return html`<details class="evidence"><summary>Evidence</summary>${drawn && distributionFigure(column, sides, true)}<dl>${lines.map(
    ([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`,
  )}</dl></details>`
}

/** The table of one comparison; the first `drawn` rows hold a drawing in their evidence (each costs 2 kB). */
export function everyColumn(comparison: Comparison, id: string, sides: Findings['sides'], drawn: number): Html {
  const known = comparison.columns.some((column) => column.importance !== null)
  const groups = [...new Set(comparison.columns.map((column) => column.group).filter((group) => group !== null))].sort()
  const rows = comparison.columns.map((column, row): Cell[] => [
    {
      text: html`<span class="name">${capital(column.label)}</span>
        <a href="#${id}-${column.column}"><code>${column.column}</code></a>
        ${changeWords(column) && html`<span class="note">${changeWords(column)}</span>`}
        ${evidence(column, sides, row < drawn)}`,
      value: column.column,
    },
    {
      text: column.schema_change ? badge('major', schemaWords[column.schema_change]) : mark(column.band),
      value: column.schema_change ? 2000 : column.drifted ? 1000 + (column.severity ?? 0) : (column.severity ?? -1),
    },
    column.distribution
      ? spark(column.distribution.reference, column.distribution.current, sparkWords(column), {
          apart: column.distribution.kind === 'categories',
        })
      : null,
    {
      text: html`${score(column)}${column.score !== null && html`<span class="note of">${column.test}</span>`}`,
      value: column.score,
    },
    column.threshold === null ? null : number(column.threshold, { digits: 2 }),
    {
      text: html`${percent(column.missing.reference)} → ${percent(column.missing.current)}
        ${column.missing.drifted && html`<span class="of">${mark(column.missing.band)}</span>`}`,
      value: Math.abs(column.missing.current - column.missing.reference),
    },
    ...(known ? [{ text: percent(column.importance), value: column.importance }] : []),
  ])
  const listing = table({
    id,
    fold: true,
    label: 'Every column, worst first',
    columns: [
      { label: 'Column', sort: 'text', wide: true },
      { label: 'Drift', sort: 'number' },
      { label: 'Reference, current' },
      { label: 'Score', align: 'end', sort: 'number' },
      { label: 'Limit', align: 'end' },
      { label: 'Missing', align: 'end', sort: 'number' },
      ...(known ? [{ label: 'Importance', align: 'end' as const, sort: 'number' as const }] : []),
    ],
    rows,
    rowId: (row) => `${id}-${comparison.columns[row]!.column}`,
    data: (row) => {
      const column = comparison.columns[row]!
      return {
        name: `${column.column} ${column.label}`,
        moved: worse(column) === 'none' || worse(column) === 'unknown' ? '0' : '1',
        type: column.type,
        ...(column.group ? { group: column.group } : {}),
      }
    },
  })
  const select = (name: string, label: string, options: readonly string[]) =>
    html`<label>${label}
      <select name="${name}"><option value="">all</option>${options.map((option) => html`<option>${option}</option>`)}</select>
    </label>`
  return html`<form class="tools" data-for="${id}" data-one="column" data-many="columns" hidden>
      <label>Name <input type="search" name="q" autocomplete="off"></label>
      <label><input type="checkbox" name="moved"> moved only</label>
      ${select('type', 'Type', ['number', 'category', 'text'])}
      ${groups.length > 1 && select('group', 'Reason group', groups)}
      <output></output>
    </form>
    ${listing}`
}
