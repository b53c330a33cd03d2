/** What the what-if can move, as data: how far, in which steps, and what it changes in the application. */

import { amount, number } from 'report-kit'
import type { Row, Value } from '../../pipeline/data/applicant.ts'
import type { Language } from '../language.ts'
import { numberOf, type Typed, typedIn } from './answers.ts'
import { texts } from './texts.ts'

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

type Texts = Readonly<Partial<Record<LeverName, string>>>

export interface Tried {
  readonly moved: Moved
  /** What stands in the fields that were sent. */
  readonly typed: Texts
  /** What to do about values that cannot be tried, by lever. */
  readonly errors: Texts
}

const mostCredit = 10_000_000
const mostAmount = 1_000_000_000
const mostYears = 60

/** Reads the levers of a query or a form, in the language it says that it was typed in; a value that equals the file's has not moved. */
export function movedOf(values: Typed, row: Row, language: Language): Tried {
  const moved: Partial<Record<LeverName, number>> = {}
  const typed: Partial<Record<LeverName, string>> = {}
  const errors: Partial<Record<LeverName, string>> = {}
  const read = typedIn(values, language)
  for (const { name, unit, own } of levers) {
    const [text, at] = [values[name], own(row)]
    if (text === undefined || at === null) continue
    const value = numberOf(text, read, unit === 'amount' ? 'amount' : 'number')
    if (value === at) continue
    typed[name] = text
    const error = faultOf(name, unit, value, language)
    if (error !== null) errors[name] = error
    else if (value !== null) moved[name] = value
  }
  const credit = moved.AMT_CREDIT ?? known(row, 'AMT_CREDIT')
  const below = credit !== null && texts[language].whatIf.below(amount(credit, { lang: language }))
  for (const name of ['AMT_ANNUITY', 'down'] as const)
    if (below && credit !== null && moved[name] !== undefined && moved[name] >= credit) {
      errors[name] = below
      delete moved[name]
    }
  return { moved, typed, errors }
}

/** Why a value cannot be tried, as what to do; null where it can. */
function faultOf(name: LeverName, unit: Lever['unit'], value: number | null, language: Language): string | null {
  const t = texts[language].whatIf.wrong
  const whole = (most: number) => amount(most, { lang: language })
  if (unit === 'score') {
    if (value === null || value < 0 || value > 100) return t.score
    const meant = number(value * 100, { digits: 0, lang: language })
    return value > 0 && value < 1 ? t.scale(number(value, { digits: 2, lang: language }), meant) : null
  }
  if (unit === 'years') return value === null || value < 0 || value > mostYears ? t.years : null
  const most = name === 'AMT_CREDIT' ? mostCredit : mostAmount
  if (name === 'down') return value === null || value < 0 || value > most ? t.down : null
  return value === null || value < 1 || value > most ? t.amount(whole(most)) : null
}

/** Whether the values can be taken over: none is wrong, and one that the client can change has moved. */
export const adopted = ({ moved, errors }: Tried, row: Row): boolean =>
  Object.keys(errors).length === 0 &&
  Object.entries(changesOf(moved, row, { insight: false })).some(([column, value]) => row[column] !== value)

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
