/**
 * An e-process for "this column is distributed as in its reference", looked at after every window: categories, numbers in bins, or a
 * share (missing, approved) as two bins. A value's rank among reference and all earlier values, ties broken at random, is uniform and
 * independent under exchangeability (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005, theorem 2.8), which
 * accounts for a reference of finite size. Ranks are counted in bins against their known shares by a Dirichlet mixture, one for each
 * window in which the change may have begun, weighted 1 ÷ k(k+1).
 */
import { requireLevel } from './bets.ts'

/** Plain data; windows count from 1. `counts` are reference and current values per bin, `seed` breaks ties. */
export interface ShareShift {
  readonly alpha: number
  readonly shares: readonly number[]
  readonly counts: readonly number[]
  readonly seed: number
  readonly window: number
  readonly starts: readonly (readonly number[])[]
  readonly log: number
  readonly alarm: number | null
  readonly change: number | null
}

/** Prior weight in values: bets on shifts of about a tenth first. */
const strength = 50

/** Starts from the reference's counts per bin. A bin without reference is allowed: its values rank with the last bin that has some. */
export function shareShift(reference: readonly number[], alpha: number, seed: number): ShareShift {
  requireLevel(alpha)
  const wrong = reference.findIndex((count) => !Number.isInteger(count) || count < 0)
  if (wrong >= 0)
    throw new RangeError(`expected whole counts of the reference, got ${reference[wrong]} in bin ${wrong}`)
  const total = reference.reduce((sum, count) => sum + count, 0)
  if (reference.length < 2 || total < 1)
    throw new RangeError(`expected two bins and one value at least, got ${reference.length} bins with ${total} values`)
  if (!Number.isInteger(seed) || seed < 1 || seed >= 2147483647)
    throw new RangeError(`expected a seed from 1 to 2147483646, got ${seed}`)
  // half a value more in each bin: a share of 0 could not be bet on
  const shares = withTails(reference.map((count) => (count + 0.5) / (total + reference.length / 2)))
  return { alpha, shares, counts: reference, seed, window: 0, starts: [], log: 0, alarm: null, change: null }
}

const rare = 0.02

/**
 * Bins of ranks, by their shares: those of the values, and beside a rare one at either end two more edges. The more values of a rare bin have come, the
 * farther their ranks spread: what was never missing before, and now always is, would soon rank in its neighbour's bin.
 */
function withTails(shares: readonly number[]): number[] {
  const edges = [0, ...cumulated(shares)]
  const tails = [...(shares[0]! < rare ? [0.01, 0.05] : []), ...(shares.at(-1)! < rare ? [0.95, 0.99] : [])]
  const added = tails.filter((tail) => edges.every((edge) => Math.abs(edge - tail) > 0.004))
  const all = [...edges, ...added].sort((x, y) => x - y)
  return all.slice(1).map((edge, i) => edge - all[i]!)
}

/** After a window of values, each the index of its bin. */
export function addWindow(state: ShareShift, values: readonly number[]): ShareShift {
  const counts = [...state.counts]
  const edges = cumulated(state.shares)
  const ranks = new Array<number>(state.shares.length).fill(0)
  let [seed, total] = [state.seed, counts.reduce((sum, count) => sum + count, 0)]
  for (const bin of values) {
    if (counts[bin] === undefined)
      throw new RangeError(
        `expected the index of one of ${counts.length} bins, got ${bin} in window ${state.window + 1}`,
      )
    seed = (seed * 48271) % 2147483647
    let below = 0
    for (let i = 0; i < bin; i++) below += counts[i]!
    const rank = (below + (seed / 2147483647) * (counts[bin]! + 1)) / (total + 1)
    ranks[binOf(rank, edges)]! += 1
    counts[bin]! += 1
    total += 1
  }
  const window = state.window + 1
  const starts = [...state.starts, ranks.map(() => 0)].map((start) => start.map((count, i) => count + ranks[i]!))
  const logs = logsOf(state.shares, starts)
  // starts that are still to come hold the rest of the capital, 1 ÷ (window + 1)
  const log = logSum([...logs, -Math.log(window + 1)])
  const after = { ...state, counts, seed, window, starts, log }
  if (state.alarm !== null || log < Math.log(1 / state.alpha)) return after
  return { ...after, alarm: window, change: mostLikely(logs) }
}

/** The window, counted from 1, in which a change has most likely begun; null before the first. */
export const likelyChange = ({ shares, starts }: ShareShift): number | null =>
  starts.length === 0 ? null : mostLikely(logsOf(shares, starts))

/** By likelihood alone: the weights are for the error rate, and prefer early starts. */
function mostLikely(logs: readonly number[]): number {
  const likelihoods = logs.map((log, k) => log + weightOf(k))
  return likelihoods.reduce((best, one, k) => (one > likelihoods[best]! ? k : best), 0) + 1
}

const weightOf = (k: number): number => Math.log((k + 1) * (k + 2))

/** Log of the weighted likelihood ratio of each start. */
function logsOf(shares: readonly number[], starts: ShareShift['starts']): number[] {
  const sums = sumsOf(shares)
  return starts.map((start, k) => logMixture(start, shares, sums) - weightOf(k))
}

/** The bin of a number, missing last: edges are the reference's quantiles, so that an outlier is one value of an end bin. */
export function quantileBin(edges: readonly number[], value: number | null): number {
  if (value === null) return edges.length + 1
  const place = edges.findIndex((edge) => value < edge)
  return place < 0 ? edges.length : place
}

function cumulated(shares: readonly number[]): number[] {
  let sum = 0
  return shares.map((share) => {
    sum += share
    return sum
  })
}

function binOf(rank: number, edges: readonly number[]): number {
  let bin = 0
  while (bin < edges.length - 1 && rank >= edges[bin]!) bin += 1
  return bin
}

/**
 * Running sums that stand for differences of the log of the gamma function at whole steps, which are asked for again and again: of each bin, and
 * last of all bins together. They follow from the shares, so that a state that went through JSON makes its own.
 */
const known = new WeakMap<readonly number[], number[][]>()

function sumsOf(shares: readonly number[]): number[][] {
  const sums = known.get(shares) ?? [...shares, 1].map(() => [0])
  known.set(shares, sums)
  return sums
}

/** The sum over k below `count` of log((prior + k) ÷ share). */
function sumTo(sums: number[], count: number, prior: number, share: number): number {
  for (let k = sums.length - 1; k < count; k++) sums.push(sums[k]! + Math.log((prior + k) / share))
  return sums[count]!
}

/** Log of the likelihood ratio of counts under a Dirichlet mixture against the known shares. */
function logMixture(counts: readonly number[], shares: readonly number[], sums: number[][]): number {
  let [ratio, n] = [0, 0]
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count === 0) continue
    ratio += sumTo(sums[i]!, count, strength * shares[i]!, shares[i]!)
    n += count
  }
  return ratio - sumTo(sums[shares.length]!, n, strength, 1)
}

function logSum(logs: readonly number[]): number {
  const top = logs.reduce((most, log) => Math.max(most, log))
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0))
}
