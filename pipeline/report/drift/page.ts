/** The drift report as one HTML page: verdict in words, what moved (worst first), missing values, score, every column with its evidence. */

import { type Change, changes } from '../../drift/changes.ts'
import type { Band } from '../../drift/compare.ts'
import type { Comparison, Findings, NamedColumn, ScoreFindings } from '../../drift/findings.ts'
import type { WindowPower } from '../../drift/power.ts'
import { barChart } from '../bar-chart.ts'
import { dotChart } from '../dot-chart.ts'
import { categoryBars, histogram, spark } from '../histogram.ts'
import { type Html, html } from '../html.ts'
import { number, percent, points, pValue } from '../numbers.ts'
import { page, type Section, columns as twoColumns } from '../page.ts'
import { type Cell, table } from '../table.ts'
import { badge } from '../tone.ts'
import { bandWords, changeWords, sparkWords, verdictWords } from './words.ts'

const score = (column: NamedColumn, value = column.score): string =>
  value === null ? '–' : column.measure === 'p' ? pValue(value) : number(value, { digits: 3 })

const mark = (band: Band): Html =>
  band === 'unknown' ? html`<span class="note">${bandWords.unknown}</span>` : badge(band, bandWords[band])

const order = { major: 3, moderate: 2, none: 1, unknown: 0 } as const
const worse = (column: NamedColumn): Band =>
  order[column.missing.band] > order[column.band] ? column.missing.band : column.band

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

const compact = (value: number): string =>
  Math.abs(value) >= 1e6 ? `${number(value / 1e6, { significant: 3 })}\u00a0M` : number(value, { significant: 3 })

/** Both sides of a column, drawn over each other or side by side. */
function distributionFigure(column: NamedColumn, sides: Findings['sides'], small: boolean): Html | null {
  const { distribution } = column
  if (!distribution) return null
  const caption = {
    title: small ? '' : column.label,
    note: ['Share of the rows with a value', changeWords(column)].filter(Boolean).join(' · '),
    alt: `Distribution of ${column.column}: ${sparkWords(column)}`,
    widths: small ? [300] : [300, 440],
    key: !small,
  }
  const series = [
    { name: small ? 'Reference' : sides.reference, counts: distribution.reference },
    { name: small ? 'Current' : sides.current, counts: distribution.current },
  ]
  return distribution.kind === 'bins'
    ? histogram({ ...caption, edges: distribution.edges, series, x: { format: compact }, height: small ? 120 : 180 })
    : categoryBars({ ...caption, categories: distribution.keys, series, most: small ? 6 : 10 })
}

/** The statistics worth a line beside the column's own test. */
const statisticNames: Readonly<Record<string, string>> = {
  ks_distance: 'Kolmogorov-Smirnov distance',
  psi_deciles: 'PSI, deciles',
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
function everyColumn(comparison: Comparison, id: string, sides: Findings['sides'], drawn: number): Html {
  const known = comparison.columns.some((column) => column.importance !== null)
  const concepts = [
    ...new Set(comparison.columns.map((column) => column.concept).filter((concept) => concept !== null)),
  ].sort()
  const rows = comparison.columns.map((column, row): Cell[] => [
    {
      text: html`<span class="name">${capital(column.label)}</span><code>${column.column}</code>${changeWords(column) && html`<span class="note">${changeWords(column)}</span>`}${evidence(column, sides, row < drawn)}`,
      value: column.column,
    },
    { text: mark(column.band), value: column.drifted ? 1000 + (column.severity ?? 0) : (column.severity ?? -1) },
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
      text: html`${percent(column.missing.reference)} → ${percent(column.missing.current)}${column.missing.drifted && html`<span class="of">${mark(column.missing.band)}</span>`}`,
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
        ...(column.concept ? { concept: column.concept } : {}),
      }
    },
  })
  const select = (name: string, label: string, options: readonly string[]) =>
    html`<label>${label} <select name="${name}"><option value="">all</option>${options.map((option) => html`<option>${option}</option>`)}</select></label>`
  return html`<form class="tools" data-for="${id}" data-one="column" data-many="columns" hidden><label>Name <input type="search" name="q" autocomplete="off"></label><label><input type="checkbox" name="moved"> moved only</label>${select('type', 'Type', ['number', 'category', 'text'])}${concepts.length > 1 && select('concept', 'Concept', concepts)}<output></output></form>${listing}`
}

function firstScreen(findings: Findings): Section {
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
      { label: '' },
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

/** Realised on the reference, expected now: the new clients' outcomes are not known yet. */
const performanceRows = ({ auc, cost }: ScoreFindings['performance']): Cell[][] => [
  [
    'Ranking power (AUC), expected now',
    number(auc.realised, { digits: 3 }),
    `${number(auc.expected, { digits: 3 })} ± ${number(2 * auc.error, { digits: 3 })}`,
  ],
  ['Cost per file, expected now', number(cost.realised, { digits: 3 }), number(cost.expected, { digits: 3 })],
]

function scoreSection(
  { column, mean, refused, cutoff, performance }: ScoreFindings,
  sides: Findings['sides'],
): Section {
  const { distribution } = column
  const change = mean.current - mean.reference
  return {
    id: 'score',
    title: column.drifted
      ? `The predicted risk has moved: ${points(change)} points on average`
      : `The predicted risk holds: ${points(change)} points on average`,
    body: twoColumns(
      distribution?.kind === 'bins'
        ? histogram({
            title: `Risk of ${percent(mean.reference)} before, ${percent(mean.current)} now`,
            note: 'Share of clients by predicted risk of non-repayment',
            edges: distribution.edges,
            series: [
              { name: `${sides.reference}, out of fold`, counts: distribution.reference },
              { name: sides.current, counts: distribution.current },
            ],
            marks: [{ at: cutoff, label: `Cut-off ${percent(cutoff)}` }],
            x: { format: (x) => percent(x, { digits: 0 }) },
          })
        : null,
      table({
        caption: 'The score',
        columns: [{ label: '' }, { label: 'Reference', align: 'end' }, { label: 'Current', align: 'end' }],
        rows: [
          ['Clients', number(column.values.reference), number(column.values.current)],
          ['Mean risk', percent(mean.reference), percent(mean.current)],
          ['Refused at the cut-off', percent(refused.reference), percent(refused.current)],
          ['Distance ÷ limit', null, `${number(column.severity ?? 0, { digits: 2 })} ×`],
          ['PSI, deciles', null, number(column.statistics.psi_deciles ?? Number.NaN, { digits: 3 })],
          ...performanceRows(performance),
        ],
      }),
    ),
  }
}

function movedSection(findings: Findings): Section {
  const moved = findings.columns.filter((column) => column.drifted && column.distribution)
  const shown = moved.slice(0, 12)
  return {
    id: 'moved',
    title:
      moved.length === 0
        ? 'No value has moved past its limit'
        : moved.length === 1
          ? 'One column moved'
          : `${moved.length} columns moved`,
    body: html`${moved.length === 0 && html`<p>Every column stays within its limit; the smallest distances are in the table below.</p>`}${
      moved.length > shown.length &&
      html`<p class="note">The ${shown.length} worst; the others are in the table of all columns.</p>`
    }<div class="grid">${shown.map((column) => html`<div id="column-${column.column}">${distributionFigure(column, findings.sides, false)}</div>`)}</div>`,
  }
}

function missingSection({ columns, sides }: Findings): Section {
  const moved = columns
    .filter((column) => column.missing.drifted)
    .sort(
      (a, b) => Math.abs(b.missing.current - b.missing.reference) - Math.abs(a.missing.current - a.missing.reference),
    )
  const shown = moved.slice(0, 20)
  return {
    id: 'missing',
    title:
      moved.length === 0
        ? 'Missing values have not moved'
        : `Missing values moved in ${moved.length} column${moved.length === 1 ? '' : 's'}`,
    body: html`<p>The usual tests drop missing values before they compare, so a column that is suddenly filled or emptied looks unchanged to them. Here the share of missing values is tested by itself: it has moved when it changes by five points or more and by more than chance explains.</p>${
      shown.length > 0 &&
      dotChart({
        title: `${shown[0]!.label}: ${percent(shown[0]!.missing.reference, { digits: 0 })} missing before, ${percent(shown[0]!.missing.current, { digits: 0 })} now`,
        note: `Share of rows without a value${moved.length > shown.length ? `, the ${shown.length} largest changes of ${moved.length}` : ''}`,
        series: [
          { name: sides.reference, tone: 's2' },
          { name: sides.current, tone: 'ink' },
        ],
        rows: shown.map((column) => ({
          label: column.label,
          values: [column.missing.reference, column.missing.current],
        })),
        x: { format: (x) => percent(x, { digits: 0 }), min: 0 },
        head: 'Column',
      })
    }`,
  }
}

const featureRows = { moved: 20, important: 20 }

/** Of several hundred features the page shows those that moved most and those that weigh most. */
function mattering(features: Comparison): Comparison {
  const moved = features.columns.filter((column) => column.drifted).slice(0, featureRows.moved)
  const important = features.columns
    .toSorted((a, b) => (b.importance ?? 0) - (a.importance ?? 0))
    .slice(0, featureRows.important)
  const kept = new Set([...moved, ...important])
  return { ...features, columns: features.columns.filter((column) => kept.has(column)) }
}

function featuresTitle({ dataset, columns }: Comparison): string {
  const weight = dataset.importance_drifted
  const moved = `${dataset.drifted} of ${columns.length} features moved`
  return weight === null ? moved : `${moved}; they carry ${percent(weight, { digits: 0 })} of the model’s importance`
}

/** Drift that no column shows by itself. */
function togetherSection({ separability, reconstruction }: Findings): Section[] {
  if (!separability && !reconstruction) return []
  const rows: Cell[][] = []
  if (separability)
    rows.push([
      'Telling new from training clients by all features (AUC; 0.5: cannot be done)',
      number(0.5, { digits: 2 }),
      number(separability.auc, { digits: 2 }),
      separability.p < 0.05
        ? `more than chance, p ${pValue(separability.p)}`
        : `chance explains it, p ${pValue(separability.p)}`,
    ])
  if (reconstruction)
    rows.push([
      `Reconstruction error of ${reconstruction.columns} numbers from ${reconstruction.axes} common axes`,
      number(reconstruction.reference, { digits: 3 }),
      number(reconstruction.current, { digits: 3 }),
      reconstruction.alert
        ? `outside ${number(reconstruction.lower, { digits: 3 })} to ${number(reconstruction.upper, { digits: 3 })}`
        : `inside ${number(reconstruction.lower, { digits: 3 })} to ${number(reconstruction.upper, { digits: 3 })}`,
    ])
  const auc = separability?.auc ?? 0.5
  const title =
    auc >= 0.7
      ? 'Taken together, new clients are easy to tell from training clients'
      : auc >= 0.6
        ? 'Taken together, new clients differ a little from training clients'
        : reconstruction?.alert
          ? 'The columns no longer go together quite as they did'
          : 'Taken together, new clients look like training clients'
  return [
    {
      id: 'together',
      title,
      body: html`${table({
        label: 'Drift of all columns together',
        columns: [
          { label: 'Measure' },
          { label: 'Without drift', align: 'end' },
          { label: 'Now', align: 'end' },
          { label: 'Reading' },
        ],
        rows,
      })}<p class="note">The first is a classifier two-sample test: a small booster is taught, out of fold, to tell the two sides apart. The second learns the main axes of the training clients and asks how far rows lie from them; its bounds are three standard deviations over ten parts of the training clients (NannyML’s way). Neither says which column: the tables do.</p>`,
    },
  ]
}

const changeNames: Readonly<Record<Change, string>> = {
  'shift_0.1': 'Shift of 0.1 standard deviations',
  'shift_0.2': 'Shift of 0.2 standard deviations',
  'shift_0.3': 'Shift of 0.3 standard deviations',
  missing_10: '10 points more missing values',
  rare_tripled: 'A rare category three times as frequent',
}

function powerSection(measured: readonly WindowPower[]): Section {
  const middle = measured.find(({ window }) => window >= 1000) ?? measured.at(-1)!
  const whole = (share: number) => percent(share, { digits: 0 })
  const rows = [
    { label: 'Nothing moved (false alarms)', of: (one: WindowPower) => one.false_alarms, strong: true },
    ...changes.map((change) => ({
      label: changeNames[change],
      of: (one: WindowPower) => one.detected[change],
      strong: false,
    })),
  ]
  return {
    id: 'power',
    title: `Where nothing moved, this policy calls ${percent(middle.false_alarms.default)} of the columns drifted, Evidently’s ${percent(middle.false_alarms.evidently)}`,
    body: html`<p>Measured on the training clients alone: windows of one half are compared with the other half, first as they are, then with a known change put into one column at a time. ${number(middle.runs)} draws of each window.</p>${dotChart(
      {
        title: `What is called drifted in windows of ${number(middle.window)} clients`,
        note: 'Share of columns called drifted, by what was done to them',
        series: [
          { name: 'This policy', tone: 's1' },
          { name: 'Evidently’s defaults', tone: 's4' },
        ],
        rows: rows.map(({ label, of, strong }) => ({
          label,
          values: [of(middle).default, of(middle).evidently],
          strong,
        })),
        x: { format: whole, min: 0, max: 1 },
        head: 'Change',
      },
    )}${table({
      caption: 'By size of the window: this policy / Evidently’s',
      columns: [{ label: '' }, ...measured.map(({ window }) => ({ label: number(window), align: 'end' as const }))],
      rows: [
        ...rows.map(({ label, of }): Cell[] => [
          label,
          ...measured.map((one) => `${percent(of(one).default)} / ${percent(of(one).evidently)}`),
        ]),
        [
          'Draws with any false alarm',
          ...measured.map((one) => `${whole(one.any_false_alarm.default)} / ${whole(one.any_false_alarm.evidently)}`),
        ],
      ],
    })}<p class="note">A shift of 0.1 standard deviations is this policy’s limit, so it is found about as often as not. Evidently’s tests of small windows find smaller shifts and pay with false alarms; above 1,000 reference rows its limits are this policy’s. Missing values are dropped by its tests, so a change there is seen by chance only.</p>`,
  }
}

const method = (findings: Findings): Section => ({
  id: 'method',
  title: 'How this was measured',
  body: html`<ul>
<li>Reference: ${findings.sides.reference}, ${number(findings.dataset.rows.reference)} rows. Current: ${findings.sides.current}, ${number(findings.dataset.rows.current)} rows.</li>
${
  findings.policy === 'default'
    ? html`<li>A number has moved when its Wasserstein distance is at least 0.1 standard deviations of the reference, a category when its Jensen-Shannon distance is at least 0.1; from twice that the drift is major. Both must also be more than chance: Kolmogorov-Smirnov or chi-square, with at most 5% false alarms expected among the columns called drifted (Benjamini-Hochberg).</li><li>Columns with fewer than 100 values on a side are not tested, and say so. A category that only one side has is a note, not an alarm.</li>`
    : html`<li>Evidently’s defaults: by size and type Kolmogorov-Smirnov, chi-square or z test (limit p 0.05), above 1,000 reference values Wasserstein ÷ standard deviation or Jensen-Shannon (limit 0.1). Missing values are dropped first.</li>`
}
${!findings.command && html`<li>This page compares the tables as <code>ingest</code> wrote them, where <code>XNA</code> and <code>365243</code> already mean missing. Evidently reading the CSV files counts <code>XNA</code> as a category and 365,243 days as a number, so its figures for such columns differ; the tests of this folder reproduce Evidently’s own numbers on the CSV.</li>`}
${
  findings.score &&
  html`<li>Ranking power and cost of the new clients are expectations: each predicted risk is taken at its word, since outcomes are not known yet (NannyML’s confidence-based estimation). They cannot see a change in how clients with the same data repay. The reference’s are out of fold and realised.</li>`
}
<li>In the evidence, p-values are adjusted for the number of columns (Benjamini-Hochberg); quantiles are those at 5, 25, 50, 75 and 95%.</li>
${
  findings.features &&
  html`<li>Importance is the model’s total gain. Of a column of the application it is the gain of the features that read it, each split evenly over the columns it reads, as a share of all such columns.</li>`
}
<li>The distributions are cut at the 1st and 99th percentile, the end bins hold what lies beyond; no row of the data is on this page.</li>
</ul>`,
})

export function driftPage(findings: Findings): string {
  const { source, command } = findings
  const model = source.model ? { model: source.model } : {}
  return page({
    title: 'Have the data moved?',
    lead: verdictWords(findings),
    source: {
      data: `${number(findings.dataset.rows.reference)} + ${number(findings.dataset.rows.current)} ${command ? 'rows' : 'clients'}, ${command ? source.data : source.data.slice(0, 8)}`,
      synthetic: source.synthetic,
      ...model,
    },
    stage: 'drift',
    files: command ? ['drift.json'] : ['drift.json', 'metrics.json'],
    ...(command ? { reproduce: html`<code>${command}</code>` } : {}),
    sections: [
      firstScreen(findings),
      ...(findings.score ? [scoreSection(findings.score, findings.sides)] : []),
      movedSection(findings),
      missingSection(findings),
      {
        id: 'columns',
        title: `All ${findings.columns.length} columns, worst first`,
        body: everyColumn(findings, 'all-columns', findings.sides, 150),
      },
      ...(findings.features
        ? [
            {
              id: 'features',
              title: featuresTitle(findings.features),
              body: html`<p>The ${featureRows.moved} worst that moved and the ${featureRows.important} that the model leans on most; all ${findings.features.columns.length} are in <a href="drift.json">drift.json</a>.</p>${everyColumn(mattering(findings.features), 'all-features', findings.sides, 12)}`,
            },
          ]
        : []),
      ...togetherSection(findings),
      ...(findings.power.length > 0 ? [powerSection(findings.power)] : []),
      method(findings),
    ],
  })
}
