/** First screen of the drift page: the worst columns as multiples of their limits, and how many have moved. */

import {
  badge,
  barChart,
  type Cell,
  type Html,
  html,
  number,
  percent,
  type Section,
  table,
  columns as twoColumns,
} from 'report-kit'
import type { Comparison, Findings } from '../../drift/findings.ts'
import type { DatasetDrift } from '../../drift/result.ts'

export function firstScreen(findings: Findings): Section {
  const worst = findings.columns.filter((column) => column.severity !== null).slice(0, 12)
  const sets: [string, Comparison | null][] = [
    [findings.command ? 'Count' : 'Application', findings],
    ['Features', findings.features],
  ]
  const { dataset } = findings
  const figure = () =>
    barChart({
      title:
        dataset.drifted === 0
          ? `None of the ${number(dataset.tested)} columns tested is past its limit`
          : `${number(dataset.drifted)} of the ${number(dataset.tested)} columns tested ${dataset.drifted === 1 ? 'is' : 'are'} past the limit`,
      note: 'Drift as a multiple of the limit that its own test sets, the twelve largest',
      rows: worst.map((column) => ({
        label: column.label,
        value: column.severity!,
        text: `${number(column.severity!, { digits: 1 })} ×`,
        tone: column.band === 'unknown' ? 'none' : column.band,
      })),
      marks: [{ at: 1, label: 'limit' }],
      head: ['Column', 'Drift ÷ limit'],
    })
  const summary = table({
    caption: 'Columns by verdict',
    columns: [
      { label: 'Verdict' },
      ...sets.filter(([, set]) => set).map(([name]) => ({ label: name, align: 'end' as const })),
    ],
    rows: [
      ['Columns in all', (set: Comparison) => set.dataset.columns],
      [badge('major', 'Major drift'), (set: Comparison) => set.dataset.major],
      [badge('moderate', 'Moderate drift'), (set: Comparison) => set.dataset.drifted - set.dataset.major],
      [badge('none', 'No drift'), (set: Comparison) => set.dataset.tested - set.dataset.drifted],
      ['Schema changed', (set: Comparison) => set.dataset.schema_changes],
      ['Not tested', (set: Comparison) => set.dataset.columns - set.dataset.tested - set.dataset.schema_changes],
      ['Missing share moved', (set: Comparison) => set.dataset.missing_drifted],
    ].map(([name, count]): Cell[] => [
      name as string | Html,
      ...sets.flatMap(([, set]) => (set ? [number((count as (set: Comparison) => number)(set))] : [])),
    ]),
  })
  const untested = html`<p>Why, column by column, stands below.</p>`
  return {
    id: 'verdict',
    title: titleOf(dataset),
    body: twoColumns(worst.length > 0 ? figure() : untested, html`${summary}${rule(findings)}`),
  }
}

function titleOf({ verdict, threshold, tested, columns, drifted }: DatasetDrift): string {
  if (verdict === 'drift') return `At least ${percent(threshold, { digits: 0 })} of what counts has moved`
  if (verdict === 'not enough tested')
    return tested === 0
      ? 'No column could be tested'
      : `Only ${number(tested)} of ${number(columns)} columns could be tested`
  if (tested < columns) return `${drifted === 0 ? 'All' : 'Most'} columns that were tested stay within their limits`
  return drifted === 0 ? 'Every column stays within its limit' : 'Most columns stay within their limits'
}

/** How the verdict follows from the columns. */
function rule({ dataset, evidently }: Comparison): Html {
  const { threshold, share, share_with_schema, schema_changes, importance_drifted, tested } = dataset
  return html`<p class="note">The verdict: the data have moved when ${percent(threshold, { digits: 0 })} of the columns tested${
    importance_drifted !== null && ', or columns that carry that share of the model’s importance,'
  } have moved, columns whose schema changed counted as moved. There is no verdict when fewer columns could be tested than not. Here ${
    tested === 0 ? 'none was tested' : html`${percent(share)} of the columns tested have moved`
  }${schema_changes > 0 && html`, ${percent(share_with_schema)} with those whose schema changed`}${
    importance_drifted !== null && html`; they carry ${percent(importance_drifted)} of the importance`
  }. By Evidently’s own rules: ${evidently.drifted} of ${evidently.tested}, ${evidently.verdict}.</p>`
}
