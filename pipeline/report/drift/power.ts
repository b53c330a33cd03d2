/** How often each policy cries wolf and how often it sees one. */
import { type Change, changes } from '../../drift/changes.ts'
import type { WindowPower } from '../../drift/power.ts'
import { dotChart } from '../dot-chart.ts'
import { html } from '../html.ts'
import { number, percent } from '../numbers.ts'
import type { Section } from '../page.ts'
import { type Cell, table } from '../table.ts'

const changeNames: Readonly<Record<Change, string>> = {
  'shift_0.1': 'Shift of 0.1 standard deviations',
  'shift_0.2': 'Shift of 0.2 standard deviations',
  'shift_0.3': 'Shift of 0.3 standard deviations',
  missing_10: '10 points more missing values',
  rare_tripled: 'A rare category three times as frequent',
}

export function powerSection(measured: readonly WindowPower[]): Section {
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
    })}<p class="note">Put into ${number(middle.columns['shift_0.1'])} numbers (shifts, missing values) and ${number(middle.columns.rare_tripled)} categories (the rarest of more than 1%). This policy calls a shift from 0.1 standard deviations on, so one of 0.1 is a coin’s toss by design; Evidently’s tests for references of up to 1,000 values ask only whether chance explains a difference, its limits above are this policy’s. Missing values are dropped by all of its tests.</p>`,
  }
}
