/** Information values of the form's columns beside the published ones. */
import type pl from 'nodejs-polars'
import { informationValues } from 'synthetic-credit/published'
import { informationValue } from '../../pipeline/models/scorecard/woe.ts'

export interface Evidence {
  readonly column: string
  readonly published: number
  readonly found: number
}

const parts = 20

/** Of levels as they are, of numbers in twenty equal parts; missing is a level. */
function informationOf(frame: pl.DataFrame, column: string): number {
  const values = frame.getColumn(column).toArray() as (number | string | null)[]
  const target = frame.getColumn('TARGET').toArray() as number[]
  const numbers = values.filter((value): value is number => typeof value === 'number').sort((a, b) => a - b)
  const edges = Array.from({ length: parts - 1 }, (_, i) => numbers[Math.floor(((i + 1) * numbers.length) / parts)]!)
  const cuts = [...new Set(edges)]
  const bins = new Map<string, { good: number; bad: number }>()
  values.forEach((value, i) => {
    const name =
      typeof value === 'number' ? String(cuts.filter((cut) => value >= cut).length) : `of ${value ?? 'missing'}`
    const bin = bins.get(name) ?? { good: 0, bad: 0 }
    if (target[i] === 1) bin.bad++
    else bin.good++
    bins.set(name, bin)
  })
  return informationValue([...bins.values()])
}

export const evidenceOf = (frame: pl.DataFrame): Evidence[] =>
  Object.entries(informationValues).map(([column, published]) => ({
    column,
    published,
    found: informationOf(frame, column),
  }))

/** Spearman's rank correlation of the published values with those found; equal values share their mean rank. */
export function agreement(evidence: readonly Evidence[]): number {
  const ranks = (values: readonly number[]) =>
    values.map((value) => {
      const [below, same] = [values.filter((other) => other < value), values.filter((other) => other === value)]
      return below.length + (same.length - 1) / 2
    })
  const [a, b] = [ranks(evidence.map(({ published }) => published)), ranks(evidence.map(({ found }) => found))]
  const middle = (evidence.length - 1) / 2
  const sum = (x: readonly number[], y: readonly number[]) =>
    x.reduce((total, rank, i) => total + (rank - middle) * (y[i]! - middle), 0)
  return sum(a, b) / Math.sqrt(sum(a, a) * sum(b, b))
}
