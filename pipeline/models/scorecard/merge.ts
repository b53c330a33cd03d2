/** The best way to merge neighbouring bins so that the default rate only rises or only falls. */
import type { Counts } from './woe.ts'

export interface MergeRule {
  /** Bins that may remain, at most. */
  readonly most: number
  /** Clients in a bin, at least. */
  readonly least: number
  /** All clients, those without a value too: what the shares of the information value are of. The bins' own sum unless given. */
  readonly all?: Counts
}

/**
 * Where to cut the ordered bins: numbers of the bins that start a merged one, the first (0) left out. Of all merges with monotone default
 * rates and enough clients in each, the one with the largest information value (Navas-Palencia 2020 solves the same by integer programming);
 * exact, by dynamic programming over the last two bins.
 */
export function mergeMonotone(bins: readonly Counts[], rule: MergeRule): { cuts: number[]; iv: number } {
  const rising = best(bins, rule, 1)
  const falling = best(bins, rule, -1)
  return falling.iv > rising.iv ? falling : rising
}

function best(
  bins: readonly Counts[],
  { most, least, all }: MergeRule,
  direction: 1 | -1,
): { cuts: number[]; iv: number } {
  const n = bins.length
  const [good, bad] = [sums(bins, 'good'), sums(bins, 'bad')]
  const [allGood, allBad] = [all?.good ?? good[n]!, all?.bad ?? bad[n]!]
  const at = (from: number, to: number) => from * (n + 1) + to
  const rate = new Float64Array((n + 1) ** 2)
  const iv = new Float64Array((n + 1) ** 2).fill(Number.NaN)
  for (let from = 0; from < n; from++)
    for (let to = from + 1; to <= n; to++) {
      const [g, b] = [good[to]! - good[from]!, bad[to]! - bad[from]!]
      rate[at(from, to)] = b / (g + b)
      // A bin without defaults or without good clients has no weight of evidence.
      if (g + b < least || g === 0 || b === 0) continue
      const [p, q] = [g / allGood, b / allBad]
      iv[at(from, to)] = (p - q) * Math.log(p / q)
    }
  // value[k] of (from, to): the best information value of bins 0 … to in k parts, the last from … to.
  let value = iv.map((v, i) => (i < n + 1 ? v : Number.NaN))
  const before: Int32Array[] = []
  let found = { iv: -1, parts: 0, from: 0 }
  const look = (parts: number) => {
    for (let from = 0; from < n; from++) {
      const v = value[at(from, n)]!
      if (v > found.iv + 1e-12) found = { iv: v, parts, from }
    }
  }
  look(1)
  for (let parts = 2; parts <= Math.min(most, n); parts++) {
    const next = new Float64Array((n + 1) ** 2).fill(Number.NaN)
    const came = new Int32Array((n + 1) ** 2).fill(-1)
    for (let from = parts - 1; from < n; from++)
      for (let to = from + 1; to <= n; to++) {
        const own = iv[at(from, to)]!
        if (Number.isNaN(own)) continue
        for (let earlier = parts - 2; earlier < from; earlier++) {
          const sum = value[at(earlier, from)]! + own
          if (!(sum > (next[at(from, to)] || -1)) || direction * (rate[at(from, to)]! - rate[at(earlier, from)]!) < 0)
            continue
          next[at(from, to)] = sum
          came[at(from, to)] = earlier
        }
      }
    before.push(came)
    value = next
    look(parts)
  }
  const cuts: number[] = []
  let [from, to] = [found.from, n]
  for (let parts = found.parts; parts > 1; parts--) {
    cuts.unshift(from)
    const earlier = before[parts - 2]![at(from, to)]!
    ;[from, to] = [earlier, from]
  }
  return { cuts, iv: Math.max(0, found.iv) }
}

function sums(bins: readonly Counts[], side: keyof Counts): Float64Array {
  const out = new Float64Array(bins.length + 1)
  bins.forEach((bin, i) => {
    out[i + 1] = out[i]! + bin[side]
  })
  return out
}
