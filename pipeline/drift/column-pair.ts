/** Both sides of one column, and what more than one statistic needs of them, each worked out once and only when it is asked for. */
import { type Categories, categories, type DriftColumn, distinctOfBoth, isNumber } from './column.ts'
import { ksDistance, ksPValue } from './statistics/kolmogorov-smirnov.ts'
import { wassersteinScores } from './statistics/normal-scores.ts'
import { wassersteinNormed } from './statistics/wasserstein.ts'

export interface Pair {
  readonly reference: DriftColumn
  readonly current: DriftColumn
  /** Counts over the values of either side. */
  categories(): Categories
  /** Distinct values of both sides together, exact up to `enough`. */
  distinct(enough: number): number
  /** The following want numbers on both sides: largest gap of the distributions, its p-value, W₁ in standard deviations of the reference, W₁ on its normal scores. */
  ksDistance(): number
  ksP(): number
  wasserstein(): number
  wassersteinScores(): number
}

const once = <T>(work: () => T): (() => T) => {
  let made: { readonly value: T } | null = null
  return () => {
    made ??= { value: work() }
    return made.value
  }
}

/** A column read lazily is unpacked here, once. */
const settled = (column: DriftColumn): DriftColumn => ({ ...column })

export function pairOf(reference: DriftColumn, current: DriftColumn): Pair {
  const [old, fresh] = [settled(reference), settled(current)]
  const samples = (): [Float64Array, Float64Array] => {
    if (!isNumber(old) || !isNumber(fresh)) throw new TypeError(`${fresh.name} is not a number on both sides`)
    return [old.sorted, fresh.sorted]
  }
  const counts = new Map<number, number>()
  const distance = once(() => ksDistance(...samples()))
  return {
    reference: old,
    current: fresh,
    categories: once(() => categories(old, fresh)),
    distinct: (enough) => {
      const known = counts.get(enough) ?? distinctOfBoth(old, fresh, enough)
      counts.set(enough, known)
      return known
    },
    ksDistance: distance,
    ksP: once(() => {
      const [a, b] = samples()
      return ksPValue(distance(), a.length, b.length)
    }),
    wasserstein: once(() => wassersteinNormed(...samples())),
    wassersteinScores: once(() => wassersteinScores(...samples())),
  }
}
