/** How often each policy raises a false alarm, and how often it detects a known change. */

import {
  type Cell,
  dotChart,
  html,
  lineChart,
  number,
  percent,
  type Section,
  type Tone,
  table,
  columns as twoColumns,
} from 'report-kit'
import { type Change, changes } from '../../drift/changes.ts'
import type { WindowPower } from '../../drift/power.ts'

const changeNames: Readonly<Record<Change, string>> = {
  'shift_0.1': 'Shift of 0.1 sd',
  'shift_0.2': 'Shift of 0.2 sd',
  'shift_0.3': 'Shift of 0.3 sd',
  missing_10: '10 points more missing values',
  rare_tripled: 'A rare category three times as frequent',
}

const whole = (share: number): string => percent(share, { digits: 0 })

interface Row {
  readonly label: string
  readonly of: (one: WindowPower) => WindowPower['false_alarms']
  readonly strong: boolean
}

const byChange = (middle: WindowPower, rows: readonly Row[]) =>
  dotChart({
    title: `What is called drifted in windows of ${number(middle.window)} clients`,
    note: 'Share of columns called drifted, by what was done to them',
    series: [
      { name: 'This policy', tone: 's1' },
      { name: 'Evidently’s defaults', tone: 's4' },
    ],
    rows: rows.map(({ label, of, strong }) => ({ label, values: [of(middle).default, of(middle).evidently], strong })),
    x: { format: whole, min: 0, max: 1 },
    head: 'Change',
    widths: [300, 440],
  })

/** What the largest window gains over the smallest under this policy. */
function sizeTitle(measured: readonly WindowPower[]): string {
  const [small, large] = [measured[0]!, measured.at(-1)!]
  const found = (one: WindowPower) => whole(one.detected['shift_0.2'].default)
  return `A shift of 0.2 is found ${found(small)} of the time with ${number(small.window)} clients, ${found(large)} with ${number(large.window)}`
}

function bySize(measured: readonly WindowPower[]) {
  const line = (name: string, of: (one: WindowPower) => number, tone: Tone, dashed: boolean) => ({
    name,
    points: measured.map((one): [number, number] => [one.window, of(one)]),
    tone,
    dashed,
    dots: true,
  })
  return lineChart({
    title: sizeTitle(measured),
    note: 'Share of columns called drifted by size of the window: moved by 0.2 standard deviations (lines), not moved (dashes)',
    series: [
      line('This policy, moved', (one) => one.detected['shift_0.2'].default, 's1', false),
      line('Evidently, moved', (one) => one.detected['shift_0.2'].evidently, 's4', false),
      line('This policy, not moved', (one) => one.false_alarms.default, 's1', true),
      line('Evidently, not moved', (one) => one.false_alarms.evidently, 's4', true),
    ],
    x: { format: (window) => number(window), min: 0 },
    y: { format: whole, min: 0, max: 1 },
    height: 200,
    widths: [300, 440],
  })
}

export function powerSection(measured: readonly WindowPower[]): Section {
  const middle = measured.find(({ window }) => window >= 1000) ?? measured.at(-1)!
  const rows: Row[] = [
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
    body: html`<p>
        Measured on the training clients alone: windows of one half are compared with the other half,
        first as they are, then with a known change put into one column at a time.
        ${number(middle.runs)} ${middle.runs === 1 ? 'draw' : 'draws'} of each window.
      </p>${
        measured.length > 1
          ? twoColumns(byChange(middle, rows), bySize(measured), { even: true })
          : byChange(middle, rows)
      }${table({
        caption: 'By size of the window: this policy / Evidently’s',
        columns: [
          { label: 'Change' },
          ...measured.map(({ window }) => ({ label: number(window), align: 'end' as const })),
        ],
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
      })}
      <p class="note">
        The changes are put into ${number(middle.columns['shift_0.1'])} numeric columns (shifts, missing values)
        and ${number(middle.columns.rare_tripled)} of categories (the rarest of more than 1%).
        A shift is measured in half spans of the middle 68% of the reference’s values:
        its standard deviation where it is normal, whatever lies far out.
        This policy calls a shift from 0.1 on, so one of 0.1 lies on its limit;
        Evidently’s tests for references of up to 1,000 values ask only whether chance explains a difference,
        above that its limit is 0.1 standard deviations. Missing values are dropped by all of its tests.
      </p>`,
  }
}
