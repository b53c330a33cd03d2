/** What the what-if can move, as data: how far, in which steps, and what it changes in the application. */
import type { Row, Value } from '../../pipeline/data/applicant.ts'
import type { Language } from '../language.ts'
import { numberOf } from './answers.ts'

export type LeverName =
  | 'AMT_CREDIT'
  | 'AMT_ANNUITY'
  | 'down'
  | 'AMT_GOODS_PRICE'
  | 'AMT_INCOME_TOTAL'
  | 'EXT_SOURCE_2'
  | 'EXT_SOURCE_3'
  | 'DAYS_EMPLOYED'

interface Range {
  readonly min: number
  readonly max: number
  readonly step: number
}

export interface Lever {
  readonly name: LeverName
  readonly unit: 'amount' | 'score' | 'years'
  /** What the client cannot change: moved to understand, never taken over. */
  readonly forInsight?: boolean
  /** The file's own value in the lever's unit; null where the lever has nothing to move. */
  readonly own: (row: Row) => number | null
  readonly range: (own: number, row: Row) => Range
}

const known = (row: Row, column: string): number | null => {
  const value = row[column]
  return typeof value === 'number' ? value : null
}
const down = (value: number, step: number) => Math.floor(value / step) * step
const around = (own: number, low: number, high: number, step: number): Range => ({
  min: down(Math.min(own, low), step),
  max: down(Math.max(own, high) + step * 0.999, step),
  step,
})

const score = (name: 'EXT_SOURCE_2' | 'EXT_SOURCE_3'): Lever => ({
  name,
  unit: 'score',
  forInsight: true,
  own: (row) => {
    const own = known(row, name)
    return own === null ? null : Math.round(own * 1000) / 10
  },
  range: () => ({ min: 0, max: 100, step: 1 }),
})

export const levers: readonly Lever[] = [
  {
    name: 'AMT_CREDIT',
    unit: 'amount',
    own: (row) => known(row, 'AMT_CREDIT'),
    range: (own) => around(own, Math.max(45_000, own * 0.3), Math.min(4_050_000, own * 2), 500),
  },
  {
    name: 'AMT_ANNUITY',
    unit: 'amount',
    own: (row) => known(row, 'AMT_ANNUITY'),
    range: (own, row) =>
      around(
        own,
        Math.max(1_600, own * 0.3),
        Math.min((known(row, 'AMT_INCOME_TOTAL') ?? own * 5) * 0.4, own * 2),
        100,
      ),
  },
  {
    // Paid at once, so that less is borrowed; the price of the goods stays.
    name: 'down',
    unit: 'amount',
    own: (row) => (known(row, 'AMT_GOODS_PRICE') === null ? null : 0),
    range: (_, row) => around(0, 0, Math.min(known(row, 'AMT_GOODS_PRICE')!, known(row, 'AMT_CREDIT') ?? 0) * 0.5, 500),
  },
  {
    name: 'AMT_GOODS_PRICE',
    unit: 'amount',
    own: (row) => known(row, 'AMT_GOODS_PRICE'),
    range: (own) => around(own, Math.max(40_500, own * 0.3), own * 2, 500),
  },
  {
    name: 'AMT_INCOME_TOTAL',
    unit: 'amount',
    own: (row) => known(row, 'AMT_INCOME_TOTAL'),
    range: (own) => around(own, own * 0.5, own * 1.5, 500),
  },
  score('EXT_SOURCE_2'),
  score('EXT_SOURCE_3'),
  {
    name: 'DAYS_EMPLOYED',
    unit: 'years',
    forInsight: true,
    own: (row) => {
      const days = known(row, 'DAYS_EMPLOYED')
      return days === null || days > 0 ? null : Math.round(-days / 36.525) / 10
    },
    range: (own) => around(own, 0, 30, 0.5),
  },
]

/** What was moved, in the levers' units. */
export type Moved = Readonly<Partial<Record<LeverName, number>>>

/** Reads the levers of a query or a form; a value that is no number, or equals the file's, has not moved. */
export function movedOf(values: Readonly<Record<string, string>>, row: Row, language: Language): Moved {
  return Object.fromEntries(
    levers.flatMap(({ name, own }) => {
      const value = numberOf(values[name] ?? '', language)
      const at = own(row)
      const least = name === 'down' || name === 'DAYS_EMPLOYED' || name.startsWith('EXT') ? 0 : 1
      if (at === null || value === null || value < least || value > 1e9 || value === at) return []
      return [[name, name.startsWith('EXT') ? Math.min(value, 100) : value]]
    }),
  )
}

export type LeverChanges = Readonly<Record<string, Value>>

/** The application's columns that the moved levers change; `insight` lets those through that the client cannot change. */
export function changesOf(moved: Moved, row: Row, o: { insight: boolean }): LeverChanges {
  const changes: Record<string, Value> = {}
  for (const { name, unit, forInsight } of levers) {
    const value = moved[name]
    if (value === undefined || name === 'down' || (forInsight && !o.insight)) continue
    changes[name] = unit === 'score' ? value / 100 : unit === 'years' ? -Math.round(value * 365.25) : value
  }
  const credit = changes.AMT_CREDIT ?? row.AMT_CREDIT
  if (moved.down && typeof credit === 'number') changes.AMT_CREDIT = Math.max(1, credit - moved.down)
  return changes
}
