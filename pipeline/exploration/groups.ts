/** Who is approved, and who defaults, by gender and by age: out-of-fold decisions of the final model's recipe. */

import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum, minimum } from '../data/extremes.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { rateOf } from './rate.ts'
import { apart } from './words.ts'

export interface Group {
  readonly group: string
  readonly clients: number
  readonly approved: number // share
  readonly defaults: number // share of all of them
  readonly low: number
  readonly high: number
  readonly badApproved: number // share of defaults among the approved
}

const years = (days: number) => -days / 365.25
const bands = [25, 35, 45, 55, 65] as const
const bandOf = (age: number) => {
  const at = bands.findIndex((end) => age < end)
  return at === 0 ? 'under 25' : at < 0 ? '65 and over' : `${bands[at - 1]} to ${(bands[at] as number) - 1}`
}

/** Out-of-fold decisions by gender and by age band, among the known clients; groups of fewer than 50 are left out. */
export function groupsOf(known: pl.DataFrame, outOfFold: string): { readonly gender: Group[]; readonly age: Group[] } {
  const decided = pl.readParquet(outOfFold).select('SK_ID_CURR', 'decision')
  const joined = known
    .select('SK_ID_CURR', 'TARGET', 'CODE_GENDER', 'DAYS_BIRTH')
    .join(decided, { on: 'SK_ID_CURR', how: 'inner' })
  const rows = joined.rows().map(([, target, gender, birth, decision]) => ({
    target: Number(target),
    gender: gender === 'F' ? 'women' : gender === 'M' ? 'men' : 'not stated',
    age: bandOf(years(Number(birth))),
    approved: decision === 'approved',
  }))
  const by = (key: 'gender' | 'age'): Group[] =>
    [...Map.groupBy(rows, (row) => row[key])]
      .filter(([, all]) => all.length >= 50)
      .map(([group, all]) => {
        const approved = all.filter((row) => row.approved)
        const bad = (some: typeof all) => some.reduce((sum, { target }) => sum + target, 0)
        const { rate, low, high } = rateOf(group, all.length, bad(all))
        return {
          group,
          clients: all.length,
          approved: approved.length / all.length,
          defaults: rate,
          low,
          high,
          badApproved: approved.length ? bad(approved) / approved.length : Number.NaN,
        }
      })
  const order = [
    'under 25',
    ...bands.slice(1).map((_, i) => `${bands[i]} to ${(bands[i + 1] as number) - 1}`),
    '65 and over',
  ]
  return {
    gender: by('gender').sort((a, b) => b.clients - a.clients),
    age: by('age').sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group)),
  }
}

export const groupsTable = ({ gender, age }: ReturnType<typeof groupsOf>) =>
  [...gender, ...age].map(({ group, clients, approved, defaults, badApproved }) => ({
    group,
    clients: number(clients),
    approved: percent(approved),
    'default rate': percent(defaults),
    'default rate of the approved': percent(badApproved),
  }))

export function groupsFigure({ gender, age }: ReturnType<typeof groupsOf>): Figure {
  const all = [...gender, ...age]
  const labels = all.map(({ group }) => group)
  const [least, most] = [minimum(all.map(({ approved }) => approved)), maximum(all.map(({ approved }) => approved))]
  const bar = (name: string, pick: (one: Group) => number, color: string): Trace => ({
    type: 'bar',
    name,
    x: labels,
    y: all.map(pick),
    marker: { color },
    hovertemplate: '%{x}: %{y:.1%}<extra>%{fullData.name}</extra>',
  })
  return [
    `Between ${percent(least, { digits: 0 })} and ${percent(most, { digits: 0 })} of a group are approved`,
    [
      bar('approved', ({ approved }) => approved, palette.accent),
      bar('default rate', ({ defaults }) => defaults, palette.up),
    ],
    {
      subtitle: 'Share approved and share of defaults by gender and age, out of fold',
      showlegend: true,
      legend: { orientation: 'h', x: 0, y: -0.2 },
      barmode: 'group',
      xaxis: { type: 'category' },
      yaxis: { tickformat: '.0%', range: [0, 1] },
    },
  ]
}

export function groupsSentence({ gender, age }: ReturnType<typeof groupsOf>): string {
  const say = (what: string, groups: readonly Group[]) => {
    const sorted = [...groups].sort((a, b) => b.approved - a.approved)
    const [most, least] = [sorted[0], sorted.at(-1)]
    if (!most || !least || most === least) return `There is one group of ${what} only.`
    const rate = (g: Group) => ({
      level: g.group,
      clients: g.clients,
      defaults: 0,
      rate: g.defaults,
      low: g.low,
      high: g.high,
    })
    const differ = apart(rate(most), rate(least)) && least.defaults > most.defaults
    return `By ${what} most often approved are **${most.group}** (${percent(most.approved)}), least often **${least.group}** (${percent(least.approved)}), a ratio of ${number(least.approved / most.approved, { digits: 2 })}${least.approved / most.approved < 0.8 ? ', below the four fifths that auditors ask about' : ''}; ${differ ? 'their default rates differ too' : 'their default rates do not clearly differ that way'} (${percent(least.defaults)} against ${percent(most.defaults)}).`
  }
  return `${say('gender', gender)} ${say('age', age)}`
}
