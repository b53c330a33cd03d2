/** How well the model does on the current clients: expected before outcomes come, realised when they are there, and how far such expectations can be trusted. */

import { type Cell, dotChart, html, number, percent, type Section, table, columns as twoColumns } from 'report-kit'
import type { Findings } from '../../drift/findings.ts'
import { type PerformanceMeasure, performanceMeasures } from '../../drift/measures.ts'
import type { PerformanceFindings } from '../../drift/performance.ts'

const names: Readonly<Record<PerformanceMeasure, string>> = {
  auc: 'Ranking power (AUC)',
  average_precision: 'Average precision',
  cost: 'Cost per file',
  recall: 'Defaults that are declined (recall)',
  precision: 'Declined that default (precision)',
  f1: 'F1 of declines',
  accuracy: 'Right decisions',
}

const three = (value: number): string => number(value, { digits: 3 })

/** Mean absolute gap between expected and realised over the parts of the reference. */
const miss = ({ parts }: PerformanceFindings, measure: PerformanceMeasure): number =>
  parts.reduce((sum, { expected, realised }) => sum + Math.abs(expected[measure] - realised[measure]), 0) / parts.length

function title(found: PerformanceFindings): string {
  const { cost, outcomes } = found
  if (cost.realised !== null)
    return `Of ${number(outcomes)} known outcomes a file cost ${three(cost.realised)}; ${three(cost.expected)} was expected`
  const out = performanceMeasures.filter((measure) => found[measure].alert).length
  const reading =
    out === 0
      ? 'as on training clients'
      : `${out} of ${performanceMeasures.length} measures ${out === 1 ? 'leaves its' : 'leave their'} bounds`
  return `A file is expected to cost ${three(cost.expected)} ± ${three(2 * cost.error)}: ${reading}`
}

export function performanceSection(found: PerformanceFindings, sides: Findings['sides']): Section {
  const { parts, outcomes, calibration, confusion } = found
  const known = outcomes > 0
  const figure = dotChart({
    title: `On ten parts of the reference the expected cost misses the realised one by ${three(miss(found, 'cost'))}`,
    note: `Cost per file in each part; on average ${three(found.cost.reference)}`,
    series: [
      { name: 'Expected', tone: 's1' },
      { name: 'Realised', tone: 's4' },
    ],
    rows: parts.map(({ expected, realised, clients }, i) => ({
      label: `Part ${i + 1}, ${number(clients)} clients`,
      values: [expected.cost, realised.cost],
    })),
    x: { format: (value) => number(value, { digits: 2 }) },
    head: 'Part',
    widths: [300, 440],
  })
  const rows = performanceMeasures.map((measure): Cell[] => {
    const { reference, expected, error, lower, upper, alert, realised } = found[measure]
    return [
      names[measure],
      three(reference),
      `${three(expected)} ± ${three(2 * error)}`,
      `${three(lower)} to ${three(upper)}${alert ? ': outside' : ''}`,
      ...(known ? [realised === null ? '–' : three(realised)] : []),
    ]
  })
  const counts = (label: string, of: 'truePositive' | 'falsePositive' | 'falseNegative' | 'trueNegative'): Cell[] => [
    label,
    number(confusion.expected[of], { digits: 0 }),
    ...(known ? [confusion.realised ? number(confusion.realised[of]) : '–'] : []),
  ]
  return {
    id: 'performance',
    title: title(found),
    body: html`${table({
      label: 'Performance of the model',
      fold: true,
      columns: [
        { label: 'Measure' },
        { label: 'Reference, realised', align: 'end' },
        { label: `${sides.current}, expected`, align: 'end' },
        { label: 'Bounds', align: 'end' },
        ...(known ? [{ label: `Realised, ${number(outcomes)} known`, align: 'end' as const }] : []),
      ],
      rows,
    })}${twoColumns(
      figure,
      html`${table({
        caption: 'Decisions and what comes of them',
        columns: [
          { label: 'Decision' },
          { label: 'Expected', align: 'end' },
          ...(known ? [{ label: 'Realised', align: 'end' as const }] : []),
        ],
        rows: [
          counts('Declined, would default', 'truePositive'),
          counts('Declined, would repay', 'falsePositive'),
          counts('Approved, defaults', 'falseNegative'),
          counts('Approved, repays', 'trueNegative'),
        ],
      })}
        <p class="note">
          ± is twice the sampling error for as many clients. Bounds: three standard deviations over the ten parts.
          On the reference the predicted risk is ${percent(calibration.predicted, { digits: 2 })} on average,
          and ${percent(calibration.observed, { digits: 2 })} defaulted.
          ${
            known
              ? `Outcomes are known of ${number(outcomes)} current clients; the expectation is over all of them.`
              : 'No outcome of the current clients is known yet.'
          }
          An expectation takes each predicted risk at its word,
          so it cannot see that clients with the same data repay differently than before.
        </p>`,
    )}`,
  }
}
