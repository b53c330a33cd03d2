/** What lists, rates and aggregates mean for one client: over known values, in JavaScript. */
import type { ListName } from '../syntax/tree.ts'

export type Cell = number | string | boolean | null

/** Payments that exceed the amount by less than this share of it have cost nothing: nearer to 0 the equation loses its digits. */
export const freeOfInterest = 1.001

/**
 * The monthly rate r at which `months` equal payments repay `amount`, as the spreadsheets' RATE: payment = amount * r / (1 - (1 + r)^-months).
 * 0 where the payments together are not above the amount; missing unless all three are known and positive. The start,
 * ((1 + payment / amount) ** (1 / q) - 1) ** q - 1 with q = log2(1 + 1 / months), is exact for one month and for no interest and within 1% elsewhere;
 * one step of Halley's method, whose error goes with the third power, brings it within 2e-7 of the rate, which float32 does not tell apart.
 */
export function monthlyRate(months: Cell, payment: Cell, amount: Cell): number | null {
  if (typeof months !== 'number' || typeof payment !== 'number' || typeof amount !== 'number') return null
  if (!(months > 0 && payment > 0 && amount > 0)) return null
  const share = payment / amount
  if (share * months < freeOfInterest) return 0
  const power = Math.log1p(1 / months) / Math.LN2
  const grown = Math.log1p(share)
  const start = Math.exp(grown + power * Math.log1p(-Math.exp(-(grown / power)))) - 1
  const discounted = share * Math.exp(-(months * Math.log1p(start)))
  const value = start - share + discounted
  const fall = (discounted * months) / (1 + start)
  const slope = 1 - fall
  return start - value / (slope - (value * fall * (months + 1)) / (2 * slope * (1 + start)))
}

/** Over the known values of one row, in the order written; no known value gives missing. */
export const lists: Readonly<Record<Exclude<ListName, 'missing'>, (known: readonly number[]) => number | null>> = {
  sum: (known) => (known.length === 0 ? null : plainSum(known)),
  mean: (known) => (known.length === 0 ? null : plainSum(known) / known.length),
  min: smallest,
  max: largest,
  std: (known) => deviation(known, 0, plainSum),
  product: (known) => (known.length === 0 ? null : known.reduce((product, value) => product * value)),
}

type Sum = (known: readonly number[]) => number

const plainSum = (known: readonly number[]): number => known.reduce((total, value) => total + value, 0)

/** Kahan's summation, as polars adds the rows of a group that lie anywhere: the same bits. */
function compensatedSum(known: readonly number[]): number {
  let total = 0
  let lost = 0
  for (const value of known) {
    const corrected = value - lost
    const next = total + corrected
    lost = next - total - corrected
    total = next
  }
  return total
}

function smallest(known: readonly number[]): number | null {
  if (known.length === 0) return null
  let least = known[0]!
  for (const value of known) if (value < least) least = value
  return least
}

function largest(known: readonly number[]): number | null {
  if (known.length === 0) return null
  let most = known[0]!
  for (const value of known) if (value > most) most = value
  return most
}

/** Of an even number of values the middle of the two in the middle, as polars interpolates. */
function median(known: readonly number[]): number | null {
  if (known.length === 0) return null
  const sorted = known.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  if (sorted.length % 2 === 1) return sorted[half]!
  const below = sorted[half - 1]!
  return below + (sorted[half]! - below) * 0.5
}

/** In two passes: equal whole numbers give 0 exactly, other equal values 0 or the rounding of their mean, not that of a difference of squares. */
function deviation(known: readonly number[], less: 0 | 1, sum: Sum): number | null {
  if (known.length <= less) return null
  const mean = sum(known) / known.length
  return Math.sqrt(sum(known.map((value) => (value - mean) * (value - mean))) / (known.length - less))
}

/** Of the known values of many rows, in the rows' order; there is at least one for a sum. */
export interface Aggregates {
  readonly sum: (known: readonly number[]) => number
  readonly median: (known: readonly number[]) => number | null
  readonly std: (known: readonly number[]) => number | null
  readonly std_sample: (known: readonly number[]) => number | null
}

const aggregatesWith = (sum: Sum): Aggregates => ({
  sum,
  median,
  std: (known) => deviation(known, 0, sum),
  std_sample: (known) => deviation(known, 1, sum),
})

/**
 * As polars adds the rows of a group: one after the other where the group is a slice of sorted rows (from 128 on in blocks, which can differ in
 * the last bits), compensated where its rows lie anywhere.
 */
export const aggregates: Readonly<Record<'slice' | 'anywhere', Aggregates>> = {
  slice: aggregatesWith(plainSum),
  anywhere: aggregatesWith(compensatedSum),
}
