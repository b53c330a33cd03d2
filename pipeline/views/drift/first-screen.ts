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

export function firstScreen(findings: Findings): Section {
  const worst = findings.columns.filter((column) => column.severity !== null).slice(0, 12)
  const sets: [string, Comparison | null][] = [
    ['Application', findings],
    ['Features', findings.features],
  ]
  const { dataset } = findings
  const figure = barChart({
    title:
      dataset.drifted === 0
        ? 'No column is past its limit'
        : `${dataset.drifted} of ${dataset.columns} columns are past their limit`,
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
      ['Compared', (set: Comparison) => set.dataset.columns],
      [badge('major', 'Major drift'), (set: Comparison) => set.dataset.major],
      [badge('moderate', 'Moderate drift'), (set: Comparison) => set.dataset.drifted - set.dataset.major],
      [badge('none', 'No drift'), (set: Comparison) => set.dataset.tested - set.dataset.drifted],
      ['Not tested', (set: Comparison) => set.dataset.columns - set.dataset.tested],
      ['Missing share moved', (set: Comparison) => set.dataset.missing_drifted],
    ].map(([name, count]): Cell[] => [
      name as string | Html,
      ...sets.flatMap(([, set]) => (set ? [number((count as (set: Comparison) => number)(set))] : [])),
    ]),
  })
  const share = dataset.importance_drifted ?? dataset.share
  const rule = html`<p class="note">The verdict: the data have moved when ${percent(dataset.threshold, { digits: 0 })} of the columns${
    dataset.importance_drifted !== null && ', or columns that carry that share of the model’s importance,'
  } have moved. Here ${percent(dataset.share)} of the columns${dataset.importance_drifted !== null && html` and ${percent(share)} of the importance`}. By Evidently’s own rules: ${findings.evidently.drifted} of ${findings.evidently.columns}, ${
    findings.evidently.verdict === 'drift' ? 'drift' : 'no drift'
  }.</p>`
  return {
    id: 'verdict',
    title:
      dataset.verdict === 'drift'
        ? `At least ${percent(dataset.threshold, { digits: 0 })} of what counts has moved`
        : dataset.drifted === 0
          ? 'Every column stays within its limit'
          : 'Most columns stay within their limits',
    body: twoColumns(figure, html`${summary}${rule}`),
  }
}
