/** The calibration tests of the training page: a table, and the sentence that follows from them. */
import { type Html, html, number, table } from 'report-kit'
import type { TrainingSummary } from '../../models/training-summary.ts'

type Tests = TrainingSummary['calibration_tests']

const names: Readonly<Record<Tests['rejected'][number], string>> = {
  hosmer_lemeshow: 'Hosmer-Lemeshow',
  spiegelhalter: 'Spiegelhalter',
  slope: 'calibration slope',
  in_the_large: 'calibration-in-the-large',
}

/** What the tests say, with the direction of the fault where they find one. */
export function calibrationSentence({ rejected, slope, in_the_large, level }: Tests): string {
  if (rejected.length === 0)
    return `None of the four tests rejects the probabilities at ${number(level, { digits: 4 })} each: no fault is found, which a small portfolio may also owe to its size.`
  const faults = [
    ...(rejected.includes('in_the_large')
      ? [in_the_large.estimate > 0 ? 'risks are too low on the whole' : 'risks are too high on the whole']
      : []),
    ...(rejected.includes('slope')
      ? [slope.estimate < 1 ? 'high and low risks are too extreme' : 'high and low risks are too near the mean']
      : []),
  ]
  const which = rejected.map((name) => names[name]).join(', ')
  const told = faults.length > 0 ? faults.join(', and ') : 'some ranges of risk are off, the mean and the slope are not'
  return `The probabilities are rejected at ${number(level, { digits: 4 })} by: ${which}; ${told}.`
}

export function calibrationTestsTable({ calibration_tests: tests }: TrainingSummary): Html {
  const p = (value: number) => (value < 0.0001 ? 'below 0.0001' : number(value, { digits: 4 }))
  const interval = ({ estimate, lower, upper }: Tests['slope']) =>
    `${number(estimate, { digits: 3 })} (${number(lower, { digits: 3 })} to ${number(upper, { digits: 3 })})`
  const { hosmer_lemeshow: groups, spiegelhalter, slope, in_the_large } = tests
  return html`${table({
    caption: 'Tests of calibration, on clients that it was not fitted on',
    columns: [
      { label: 'Test' },
      { label: 'Found', align: 'end' },
      { label: 'If calibrated', align: 'end' },
      { label: 'p', align: 'end' },
    ],
    rows: [
      ['Hosmer-Lemeshow, χ²', number(groups.statistic, { digits: 2 }), `about ${number(groups.freedom)}`, p(groups.p)],
      ['Spiegelhalter, z', number(spiegelhalter.z, { digits: 2 }), 'about 0', p(spiegelhalter.p)],
      ['Calibration slope', interval(slope), '1', p(slope.p)],
      ['Calibration-in-the-large', interval(in_the_large), '0', p(in_the_large.p)],
    ],
  })}
    <p>
      ${calibrationSentence(tests)}
      Models of different folds share training clients, so that the p-values are approximate.
    </p>`
}
