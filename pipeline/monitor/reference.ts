/** What the monitor compares with: the reference portfolio's risks and the features that weigh most in the model. */
import type { Value } from '../data/applicant.ts'
import { quantile } from '../data/quantile.ts'
import { type DriftColumn, numberColumn, textColumn } from '../drift/column.ts'
import { quantileBin } from '../drift/sequential/share-shift.ts'

export interface WatchedFeature {
  readonly name: string
  readonly kind: 'number' | 'category'
  /** Its share of the model's weight, 0 to 1. */
  readonly importance: number
  /** Of the reference's clients: null where missing. */
  readonly reference: readonly Value[]
}

export interface MonitorReference {
  /** Of the model that is watched. */
  readonly version: string
  readonly threshold: number
  readonly costs: { readonly falseNegative: number; readonly falsePositive: number }
  /** Probabilities of the reference's clients; none where the bundle carries no reference. */
  readonly risks: ArrayLike<number>
  readonly features: readonly WatchedFeature[]
  /** How many features the model has: so many can be warned of. */
  readonly fields: number
}

/** How values of a column fall into a few bins of the reference, and how many of the reference lie in each. */
export interface Bins {
  readonly counts: readonly number[]
  readonly binOf: (value: Value) => number
}

const cuts = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const mostLevels = 10

/** Tenths of the reference: an outlier, of whatever size, is one value of an end bin. Null where the reference has fewer than two distinct values. */
export function numberBins(values: Iterable<number>): Bins | null {
  const sorted = Float64Array.from(values, Math.fround).filter(Number.isFinite).sort()
  if (sorted.length === 0) return null
  const edges = [...new Set(cuts.map((cut) => quantile(sorted, cut)))].filter((edge) => edge > sorted[0]!)
  if (edges.length === 0) return null
  // The reference has single precision: an edge and what is computed now are compared at the same.
  const binOf = (value: Value) => quantileBin(edges, Math.fround(Number(value)))
  const counts = new Array<number>(edges.length + 1).fill(0)
  for (const value of sorted) counts[binOf(value)]! += 1
  return { counts, binOf }
}

/** The most frequent levels of the reference, and all others as one. */
export function levelBins(values: Iterable<Value>): Bins | null {
  const tally = new Map<string, number>()
  for (const value of values) tally.set(String(value), (tally.get(String(value)) ?? 0) + 1)
  if (tally.size === 0) return null
  const levels = [...tally].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, mostLevels)
  const place = new Map(levels.map(([level], i) => [level, i]))
  const counted = levels.map(([, count]) => count)
  const rest = [...tally.values()].reduce((a, b) => a + b, 0) - counted.reduce((a, b) => a + b, 0)
  return { counts: [...counted, rest], binOf: (value) => place.get(String(value)) ?? levels.length }
}

export const binsOf = ({ kind, reference }: WatchedFeature): Bins | null => {
  const present = reference.filter((value) => value !== null)
  return kind === 'category' ? levelBins(present) : numberBins(present.map(Number))
}

/** A column of the drift report, by whose rule the monitor judges. The reference has single precision: what is computed now is compared at the same. */
export const columnOf = (
  { name, kind }: Pick<WatchedFeature, 'name' | 'kind'>,
  values: readonly Value[],
): DriftColumn =>
  kind === 'category'
    ? textColumn(
        name,
        values.map((value) => (value === null ? null : String(value))),
      )
    : numberColumn(
        name,
        Float32Array.from(values, (value) => (value === null ? Number.NaN : Number(value))),
      )
