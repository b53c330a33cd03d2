/** From the values of a characteristic to its bins: monotone ranges of a number, groups of levels of a category, and one bin for gaps. */

import { quantile } from '../../data/quantile.ts'
import type { Sample } from '../candidates/sample.ts'
import { mergeMonotone } from './merge.ts'
import { type Counts, type Evidence, evidence } from './woe.ts'

export interface Bin extends Evidence {
  /** A number's range: above `from` (or from the start), up to `to` (or to the end). */
  readonly from?: number
  readonly to?: number
  /** Codes of a category. */
  readonly codes?: readonly number[]
  readonly missing?: true
}

export interface Binning {
  readonly feature: string
  readonly bins: readonly Bin[]
  readonly iv: number
}

export interface BinningRule {
  /** Bins of known values, at most. */
  readonly bins: number
  /** Share of the clients in a bin, at least. */
  readonly share: number
  /** Equal parts that a number is cut in before they are merged. */
  readonly parts: number
}

/** The bins of the `j`-th feature, or null where it does not divide the clients. Gaps that are too few join no bin and say nothing (WoE 0). */
export function binningOf(sample: Sample, j: number, rule: BinningRule): Binning | null {
  const column = sample.matrix.columns[j] as Float32Array
  const { target, weight } = sample
  const weightOf = weight ? (row: number) => weight[row] as number : () => 1
  const gap = { good: 0, bad: 0 }
  const known: number[] = []
  let knownWeight = 0
  column.forEach((v, i) => {
    if (!Number.isNaN(v)) {
      known.push(i)
      knownWeight += weightOf(i)
    } else gap[target[i] === 1 ? 'bad' : 'good'] += weightOf(i)
  })
  const least = rule.share * sample.weightSum
  if (knownWeight < 2 * least) return null
  const cut = sample.matrix.types[j] === 'c' ? ofLevels : ofNumbers
  const bad = sample.rate * sample.weightSum
  const all = { good: sample.weightSum - bad, bad }
  const ranges = cut(column, target, known, { ...rule, least, all, weightOf })
  const few = gap.good + gap.bad < Math.max(least, 1)
  const counts: readonly (Counts & Partial<Bin>)[] = few ? ranges : [...ranges, { ...gap, missing: true }]
  if (counts.length < 2) return null
  const found = evidence(counts)
  const bins: Bin[] = counts.map((bin, i) => ({ ...bin, ...found[i]! }))
  if (few) bins.push({ ...gap, missing: true, woe: 0, iv: 0 })
  return { feature: sample.matrix.names[j] as string, bins, iv: bins.reduce((sum, { iv }) => sum + iv, 0) }
}

interface Cutting extends BinningRule {
  readonly least: number
  readonly all: Counts
  readonly weightOf: (row: number) => number
}

type Cut = (
  column: Float32Array,
  target: Int8Array,
  rows: readonly number[],
  rule: Cutting,
) => (Counts & Partial<Bin>)[]

/** Merges neighbours; `join` says what a merged bin is. */
function merged<T extends Counts, B>(
  fine: readonly T[],
  rule: Cutting,
  join: (part: readonly T[]) => B,
): (Counts & B)[] {
  const { cuts } = mergeMonotone(fine, { most: rule.bins, least: rule.least, all: rule.all })
  const starts = [0, ...cuts, fine.length]
  return starts.slice(1).map((to, i) => {
    const part = fine.slice(starts[i], to)
    const sum = (side: keyof Counts) => part.reduce((all, bin) => all + bin[side], 0)
    return { ...join(part), good: sum('good'), bad: sum('bad') }
  })
}

/** Quantiles as upper ends (right-closed ranges), then merged. */
const ofNumbers: Cut = (column, target, rows, rule) => {
  const sorted = Float64Array.from(rows, (row) => column[row] as number).sort()
  const last = sorted.at(-1) as number
  const ends = [
    ...new Set(Array.from({ length: rule.parts - 1 }, (_, i) => quantile(sorted, (i + 1) / rule.parts))),
  ].filter((end) => end < last)
  const fine = [...ends, Number.POSITIVE_INFINITY].map((to) => ({ to, good: 0, bad: 0 }))
  for (const row of rows) {
    const bin = fine[place(ends, column[row] as number)]!
    bin[target[row] === 1 ? 'bad' : 'good'] += rule.weightOf(row)
  }
  const ranges = merged(fine, rule, (part) => ({ to: part.at(-1)!.to }))
  return ranges.map(({ to, ...bin }, i) => ({
    ...bin,
    ...(i > 0 ? { from: ranges[i - 1]!.to } : {}),
    ...(Number.isFinite(to) ? { to } : {}),
  }))
}

/** The number of ends below the value: its range, closed at its upper end. */
export function place(ends: readonly number[], value: number): number {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ends[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Levels in order of their default rate; those with too few clients count as one before they are ordered. */
const ofLevels: Cut = (column, target, rows, rule) => {
  const levels = new Map<number, { codes: number[]; good: number; bad: number }>()
  for (const row of rows) {
    const code = column[row] as number
    const level = levels.get(code) ?? { codes: [code], good: 0, bad: 0 }
    level[target[row] === 1 ? 'bad' : 'good'] += rule.weightOf(row)
    levels.set(code, level)
  }
  const all = [...levels.values()].sort((a, b) => a.codes[0]! - b.codes[0]!)
  const rare = all.filter(({ good, bad }) => good + bad < rule.least)
  const others = rare.reduce(
    (sum, { codes, good, bad }) => ({ codes: [...sum.codes, ...codes], good: sum.good + good, bad: sum.bad + bad }),
    { codes: [] as number[], good: 0, bad: 0 },
  )
  const groups = [...all.filter((level) => !rare.includes(level)), ...(rare.length ? [others] : [])]
  const rate = ({ good, bad }: Counts) => bad / (good + bad)
  const ordered = groups.sort((a, b) => rate(a) - rate(b) || a.codes[0]! - b.codes[0]!)
  return merged(ordered, rule, (part) => ({ codes: part.flatMap(({ codes }) => codes).sort((a, b) => a - b) }))
}

/** The number of the bin of each value; -1 for a level that the sample did not have. */
export function binsOf({ bins }: Binning, column: Float32Array): Int16Array {
  const gap = bins.findIndex(({ missing }) => missing)
  const ends = bins.flatMap((bin) => (bin.codes || bin.missing || bin.to === undefined ? [] : [bin.to]))
  const ofCode = new Map(bins.flatMap(({ codes }, b) => (codes ?? []).map((code): [number, number] => [code, b])))
  const categorical = ofCode.size > 0
  return Int16Array.from(column, (v) => (Number.isNaN(v) ? gap : categorical ? (ofCode.get(v) ?? -1) : place(ends, v)))
}

/** The weight of evidence of each value; 0, saying nothing, for a level or a gap that the sample did not have. */
export function woeOf(binning: Binning, column: Float32Array): Float64Array {
  return Float64Array.from(binsOf(binning, column), (b) => binning.bins[b]?.woe ?? 0)
}
