/** The monitor's report as one HTML page: verdict, open alerts, windows, what moved, cohorts and vintages. */
import { callout, type Html, html, lineChart, number, type Page, percent, type Section, table } from 'report-kit'
import { alertKinds } from '../../monitor/alerts.ts'
import type { Cohort } from '../../monitor/cohorts.ts'
import type { MonitorReport } from '../../monitor/report.ts'
import { alertWords, todoWords, verdictWords } from './words.ts'

const shown = 12 // windows, cohorts and features listed

const end = (label: string) => ({ label, align: 'end' }) as const
const orNone = (value: number | null | undefined, show: (value: number) => string): string =>
  value === null || value === undefined ? '–' : show(value)
const two = (value: number) => number(value, { digits: 2 })

function alerts(report: MonitorReport): Section {
  const open = report.alerts.filter(({ resolved }) => resolved === null)
  const over = report.alerts.filter(({ resolved }) => resolved !== null)
  const lines = open.map((alert) =>
    callout(
      alert.severity === 'critical' ? 'decline' : 'review',
      html`<p><b>${alert.code}</b>, since ${alert.changePoint ?? 'unknown'}: ${alertWords(alert).en}.</p>
        <p>${todoWords(alert.code).en} Raised in error at most ${alertKinds[alert.code].falseAlarms} times a year.</p>`,
    ),
  )
  return {
    id: 'alerts',
    title: open.length === 0 ? 'No alert is open' : `${open.length} open ${open.length === 1 ? 'alert' : 'alerts'}`,
    body: html`${lines}${
      over.length > 0 &&
      table({
        caption: 'Alerts that are over',
        columns: ['Alert', 'Began', 'Opened', 'Resolved'].map((label) => ({ label })),
        rows: over.map(({ code, changePoint, opened, resolved }) => [
          code,
          changePoint ?? '–',
          opened.slice(0, 10),
          resolved?.slice(0, 10) ?? '–',
        ]),
      })
    }<p>All alerts together raise at most ${two(report.falseAlarms)} false alarms a year, however often anyone looks.</p>`,
  }
}

function windows({ windows: all, unit }: MonitorReport): Section {
  return {
    id: 'windows',
    title: `By ${unit}: volume, decisions, risk and estimated quality`,
    body: table({
      columns: [
        { label: 'From' },
        ...[
          'Applications',
          'Approved',
          'Mean risk',
          'Estimated ROC AUC',
          'Estimated cost',
          'Overridden',
          'Warnings',
        ].map(end),
      ],
      rows: all
        .slice(-shown)
        .map((one) => [
          one.from,
          number(one.applications),
          percent(one.approved),
          percent(one.risk),
          orNone(one.estimated.auc, two),
          orNone(one.estimated.cost, two),
          one.reviewed === 0 ? '–' : percent(one.overridden.count / one.reviewed),
          number(one.notes.reduce((sum, { count }) => sum + count, 0)),
        ]),
    }),
  }
}

function moved({ drift }: MonitorReport): Section[] {
  if (!drift) return []
  const { columns, dataset } = drift.found
  return [
    {
      id: 'drift',
      title: `${dataset.drifted} of ${dataset.tested} watched columns have moved in the latest ${number(drift.applications)} applications`,
      body: html`<p>By the rule of the drift report, on the same columns: 0.1 standard deviations or more, and more than chance explains.</p>
        ${table({
          columns: [
            { label: 'Column' },
            end('Distance'),
            { label: 'State' },
            end('Missing before'),
            end('Missing now'),
          ],
          rows: columns
            .slice(0, shown)
            .map(({ column, score, band, missing }) => [
              column,
              orNone(score, two),
              band === 'none' ? 'stable' : band,
              percent(missing.reference),
              percent(missing.current),
            ]),
        })}`,
    },
  ]
}

const interval = (value: Cohort['rate'], show: (value: number) => string): string =>
  value === null ? '–' : `${show(value.estimate)} (${show(value.lower)} to ${show(value.upper)})`

function cohorts({ cohorts: all, maturity, vintages }: MonitorReport): Section {
  const curves = vintages.filter(({ curve }) => curve.length > 1)
  const chart: Html | false =
    curves.length > 0 &&
    lineChart({
      title: 'Vintages: share of loans that had defaulted, by months since the decision',
      y: { format: (value) => percent(value, { digits: 0 }) },
      series: curves
        .slice(-4)
        .map(({ month, curve }) => ({ name: month.slice(0, 7), points: curve.map((share, m) => [m, share] as const) })),
    })
  return {
    id: 'cohorts',
    title: 'What became of the loans, by month of decision',
    body: html`<p>An outcome counts ${maturity} days after the application: before, defaults are known and repayments are not.</p>
      ${table({
        columns: [
          { label: 'Month' },
          ...[
            'Approved',
            'Outcomes',
            'Defaulted',
            'Stated',
            'ROC AUC',
            'Estimated',
            'Cost',
            'Estimated cost',
            'Slope',
          ].map(end),
        ],
        rows: all
          .slice(-shown)
          .map((one) => [
            one.month.slice(0, 7),
            number(one.approved),
            number(one.outcomes),
            interval(one.rate, percent),
            orNone(one.risk, percent),
            interval(one.auc, two),
            orNone(one.estimatedAuc, two),
            orNone(one.cost, two),
            orNone(one.estimatedCost, two),
            interval(one.slope, two),
          ]),
      })}${chart}`,
  }
}

export const monitorView = (report: MonitorReport): Page => ({
  title: 'Is the model still valid?',
  lead: verdictWords(report),
  source: {
    model: report.version,
    data: `${number(report.applications)} applications of the journal`,
    synthetic: false,
  },
  stage: 'monitor',
  files: ['monitor.json'],
  reproduce: html`<code>npm run monitor</code>`,
  sections: [alerts(report), windows(report), ...moved(report), cohorts(report)],
})
