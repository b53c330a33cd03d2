/**
 * An e-process for "this column is distributed as in its reference", looked at after every window: categories, numbers in bins, or a
 * share (missing, approved) as two bins. A value's rank among reference and all earlier values, ties broken at random, is uniform and
 * independent under exchangeability (Vovk, Gammerman and Shafer, Algorithmic Learning in a Random World, 2005, theorem 2.8), which
 * accounts for a reference of finite size. Ranks are counted in bins against their known shares by a Dirichlet mixture, one for each
 * window in which the change may have begun, weighted 1 ÷ k(k+1).
 */
import { requireLevel } from './bets.ts'
import { logGamma } from './log-gamma.ts'

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
  const shares = reference.map((count) => (count + 0.5) / (total + reference.length / 2))
  return { alpha, shares, counts: reference, seed, window: 0, starts: [], log: 0, alarm: null, change: null }
}

/** After a window of values, each the index of its bin. */
export function addWindow(state: ShareShift, values: readonly number[]): ShareShift {
  const counts = [...state.counts]
  const edges = cumulated(state.shares)
  const ranks = new Array<number>(counts.length).fill(0)
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
  const priors = state.shares.map((share) => ({ prior: strength * share, log: logGamma(strength * share) }))
  const logShares = state.shares.map(Math.log)
  const starts = [...state.starts, ranks.map(() => 0)].map((start) => start.map((count, i) => count + ranks[i]!))
  const logs = starts.map((start, k) => logMixture(start, priors, logShares) - Math.log((k + 1) * (k + 2)))
  // starts that are still to come hold the rest of the capital, 1 ÷ (window + 1)
  const log = logSum([...logs, -Math.log(window + 1)])
  const after = { ...state, counts, seed, window, starts, log }
  if (state.alarm !== null || log < Math.log(1 / state.alpha)) return after
  return { ...after, alarm: window, change: logs.reduce((best, one, k) => (one > logs[best]! ? k : best), 0) + 1 }
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

interface Prior {
  readonly prior: number
  readonly log: number
}

/** Log of the likelihood ratio of counts under a Dirichlet mixture against the known shares. */
function logMixture(counts: readonly number[], priors: readonly Prior[], logShares: readonly number[]): number {
  let [ratio, n] = [logGamma(strength), 0]
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count === 0) continue
    ratio += logGamma(priors[i]!.prior + count) - priors[i]!.log - count * logShares[i]!
    n += count
  }
  return ratio - logGamma(strength + n)
}

function logSum(logs: readonly number[]): number {
  const top = logs.reduce((most, log) => Math.max(most, log))
  return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0))
}
