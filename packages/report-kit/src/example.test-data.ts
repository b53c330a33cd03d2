/** A page with every figure on invented numbers: what the tests open in a browser, and what to look at when the style changes. */

import { barChart } from './bar-chart.ts'
import { dotChart } from './dot-chart.ts'
import { categoryBars, histogram, spark } from './histogram.ts'
import { html } from './html.ts'
import { lineChart } from './line-chart.ts'
import { number, percent } from './numbers.ts'
import { callout, columns, keyFigures, more, page } from './page.ts'
import { table } from './table.ts'
import { badge } from './tone.ts'

const grid = (n: number) => Array.from({ length: n + 1 }, (_, i) => i / n)
const bell = (n: number, at: number, width: number) =>
  Array.from({ length: n }, (_, i) => Math.round(1000 * Math.exp(-(((i + 0.5) / n - at) ** 2) / (2 * width ** 2))))

export function examplePage(): string {
  const cost = grid(100).map((t) => [t * 0.3, 0.49 + 3 * (t * 0.3 - 0.09) ** 2 * (t < 0.3 ? 8 : 2)] as const)
  return page({
    title: 'Every figure on invented numbers',
    lead: {
      fr: 'Entre un dossier remboursé et un non remboursé, le modèle classe bien 4 fois sur 5 (AUC 0,79 ± 0,01) ; au seuil de 9,1 %, un dossier coûte 0,49 contre 0,81 si l’on accepte tout.',
      en: 'Given one loan that was repaid and one that was not, the model ranks them rightly 4 times out of 5 (AUC 0.79 ± 0.01); at a cut-off of 9.1% a file costs 0.49, against 0.81 if all are accepted.',
    },
    source: { model: 'a41f09c2d7e3', data: '20,000 clients, 1a2b3c4d', synthetic: true },
    stage: 'example',
    sections: [
      {
        id: 'cost',
        title: 'The cheapest cut-off lies near 1 ÷ 11',
        body: columns(
          lineChart({
            title: 'Cost per file falls to 0.49 at a cut-off of 9.1%',
            note: 'Mean cost per file (10 for a default granted, 1 for a good client refused), by cut-off',
            series: [{ name: 'Cost', points: cost, band: cost.map(([x, y]) => [x, y - 0.02, y + 0.02] as const) }],
            x: { format: (x) => percent(x, { digits: 0 }), min: 0 },
            y: { min: 0 },
            marks: [{ at: 0.091, label: 'Cut-off 9.1%' }],
            levels: [{ at: 0.81, label: 'Accept all 0.81' }],
          }),
          table({
            caption: 'Out-of-fold metrics',
            columns: [
              { label: 'Metric' },
              { label: 'Mean', align: 'end', sort: 'number' },
              { label: '± sd', align: 'end' },
            ],
            rows: [
              ['ROC AUC', 0.787, 0.006],
              ['Average precision', 0.291, 0.011],
              ['Brier score', 0.0652, 0.0009],
              ['KS', 0.43, 0.01],
            ].map(([name, mean, sd]) => [
              name as string,
              { text: number(mean as number, { digits: 3 }), value: mean as number },
              number(sd as number, { digits: 3 }),
            ]),
          }),
        ),
      },
      {
        id: 'figures',
        title: 'Three numbers matter',
        body: html`${keyFigures([
          { label: 'Approval rate', value: '76.4%', note: 'of 4,000 new clients', tone: 'approve' },
          { label: 'Refused', value: '23.6%', tone: 'decline' },
          { label: 'Mean risk', value: '8.1%', note: 'observed 8.07%' },
        ])}${callout('review', html`<strong>Check this.</strong> Three columns moved and one of them is important.`)}${table(
          {
            caption: 'By size of the window',
            columns: ['Change', '250', '500', '1,000', '2,500', '5,000'].map((label, i) =>
              i ? { label, align: 'end' as const } : { label },
            ),
            rows: [['Shift of 0.1 standard deviations', ...Array.from({ length: 5 }, () => '49.2% / 81.7%')]],
          },
        )}`,
      },
      {
        id: 'bars',
        title: 'External scores weigh a third of the decision',
        body: columns(
          barChart({
            title: 'Mean weight of each concept',
            note: 'Mean |SHAP|, log-odds',
            rows: [
              { label: 'External scores', value: 0.48, low: 0.45, high: 0.51 },
              { label: 'Late payments', value: 0.27, low: 0.25, high: 0.29 },
              { label: 'Repayment burden, including what other lenders take', value: 0.19, low: 0.17, high: 0.21 },
              { label: 'Employment', value: 0.11, low: 0.1, high: 0.12 },
            ],
          }),
          barChart({
            title: 'One client',
            note: 'Contributions, log-odds',
            rows: [
              { label: 'External scores', value: 0.62, tone: 'up', text: '+0.62' },
              { label: 'Late payments', value: 0.31, tone: 'up', text: '+0.31' },
              { label: 'Employment', value: -0.28, tone: 'down', text: '−0.28' },
              { label: 'Housing', value: -0.07, tone: 'down', text: '−0.07' },
            ],
            marks: [{ at: 0.4, label: 'mark' }],
          }),
          { even: true },
        ),
      },
      {
        id: 'distributions',
        title: 'Granted and refused part at the cut-off',
        body: html`${histogram({
          title: 'Risk of the new clients',
          note: 'Share of 4,000 clients by predicted risk, bins of 0.5 points',
          edges: grid(60).map((t) => t * 0.3),
          series: [{ name: 'New clients', counts: bell(60, 0.2, 0.18) }],
          split: 0.091,
          bands: [{ from: 0.08, to: 0.105 }],
          marks: [
            { at: 0.091, label: 'Cut-off 9.1%' },
            { at: 0.114, label: 'Median of the refused 11.4%' },
          ],
          x: { format: (x) => percent(x, { digits: 0 }) },
        })}${columns(
          histogram({
            title: 'The loan amount moved up',
            note: 'Share of clients by AMT_CREDIT',
            edges: grid(24).map((t) => t * 2_000_000),
            series: [
              { name: 'Training', counts: bell(24, 0.3, 0.15) },
              { name: 'New', counts: bell(24, 0.42, 0.17) },
            ],
            x: { format: (x) => `${number(x / 1e6, { significant: 2 })} M` },
          }),
          categoryBars({
            title: 'Hardly any revolving loans among the new clients',
            note: 'Share of clients by NAME_CONTRACT_TYPE',
            categories: ['Revolving loans', 'Cash loans'],
            series: [
              { name: 'Training', counts: [940, 9060] },
              { name: 'New', counts: [70, 9930] },
            ],
          }),
          { even: true },
        )}`,
      },
      {
        id: 'curves',
        title: 'The calibrated model lies on the diagonal',
        body: columns(
          lineChart({
            title: 'ROC curve',
            note: 'Share of defaults found (up) against share of good clients refused (across)',
            series: [
              { name: 'XGBoost 0.79', points: grid(200).map((t) => [t, t ** 0.3] as const) },
              { name: 'Logistic 0.75', points: grid(200).map((t) => [t, t ** 0.42] as const), dashed: true },
            ],
            diagonal: true,
          }),
          lineChart({
            title: 'Calibration',
            note: 'Observed default rate (up) by predicted risk (across)',
            series: [
              {
                name: 'Observed',
                points: grid(10).map((t) => [t * 0.4, t * 0.4 + 0.01 * Math.sin(9 * t)] as const),
                dots: true,
              },
            ],
            diagonal: true,
            x: { format: (x) => percent(x, { digits: 0 }) },
            y: { format: (x) => percent(x, { digits: 0 }) },
          }),
          { even: true },
        ),
      },
      {
        id: 'dots',
        title: 'Approval rates differ by eight points between groups',
        body: dotChart({
          title: 'Approval rate by group',
          note: 'Share of clients granted, with 95% intervals',
          series: [{ name: 'With the column' }, { name: 'Without it', tone: 's4' }],
          rows: ['Women', 'Men', 'Under 30', '60 and over'].map((label, i) => ({
            label,
            values: [
              { value: 0.76 - i * 0.04, low: 0.74 - i * 0.04, high: 0.78 - i * 0.04 },
              { value: 0.75 - i * 0.03, low: 0.73 - i * 0.03, high: 0.77 - i * 0.03 },
            ],
          })),
          x: { format: (x) => percent(x, { digits: 0 }) },
          marks: [{ at: 0.68, label: 'four fifths' }],
        }),
      },
      {
        id: 'columns',
        title: 'Two columns of three moved',
        body: html`<form class="tools" data-for="moved" data-one="column" data-many="columns" hidden><label>Name <input type="search" name="q"></label><label><input type="checkbox" name="drifted"> drifted only</label><output></output></form>${table(
          {
            id: 'moved',
            rowId: (row) => `row-${['AMT_CREDIT', 'NAME_CONTRACT_TYPE', 'DAYS_BIRTH'][row]}`,
            data: (row) => ({
              name: ['AMT_CREDIT', 'NAME_CONTRACT_TYPE', 'DAYS_BIRTH'][row]!,
              drifted: row < 2 ? '1' : '0',
            }),
            fold: true,
            caption: 'Columns, worst first',
            columns: [
              { label: 'Column', wide: true, sort: 'text' },
              { label: 'Drift', sort: 'number' },
              { label: 'Distributions' },
              { label: 'Distance', align: 'end', sort: 'number' },
            ],
            rows: [
              [
                { text: html`AMT_CREDIT${more('Evidence', 'The median moved up.')}`, value: 'AMT_CREDIT' },
                { text: badge('major', 'major'), value: 2 },
                spark(bell(20, 0.3, 0.1), bell(20, 0.5, 0.12), 'moved up'),
                0.225,
              ],
              [
                'NAME_CONTRACT_TYPE',
                { text: badge('moderate', 'moderate'), value: 1 },
                spark([9, 91], [1, 99], 'fewer revolving', { apart: true }),
                0.153,
              ],
              [
                { text: html`DAYS_BIRTH${more('Evidence', 'Nothing moved.')}`, value: 'DAYS_BIRTH' },
                { text: badge('none', 'none'), value: 0 },
                spark(bell(20, 0.5, 0.2), bell(20, 0.51, 0.2), 'same'),
                0.02,
              ],
            ],
          },
        )}${more('Technical names', html`<p>Raw names such as <code>AMT_REQ_CREDIT_BUREAU_QRT</code> appear here only.</p>`)}`,
      },
    ],
  })
}
