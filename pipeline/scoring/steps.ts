/** Why a probability is what it is: contributions summed by reason group, and by how much each group shifts the probability. */

import type { Value } from '../data/applicant.ts'
import type { Words } from '../features/rules/check/definitions.ts'
import { type Calibration, calibrate, logOddsLine } from '../models/calibration.ts'
import { measures } from './wording/measures.ts'

/** One feature's part in one client's margin. */
export interface Contribution {
  readonly feature: string
  readonly group: string
  readonly value: Value
  readonly label: Words
  readonly contribution: number // log-odds of the uncalibrated model
}

/** One reason group's effect on the margin, in log-odds, with the features that carry most of it. */
export interface GroupEffect {
  readonly group: string
  readonly effect: number
  readonly features: readonly { readonly feature: string; readonly value: Value; readonly effect: number }[]
}

/** What a prediction keeps of its contributions: `bias` + all effects = the margin. Largest effect first. */
export interface Explanation {
  readonly bias: number
  readonly groups: readonly GroupEffect[]
}

/** In percentage points, as the API and the reports give it. */
export const percentagePoints = (shift: number): number => Math.round(shift * 1e8) / 1e6

export interface Step {
  readonly group: string
  /** Change of the probability: 0.046 is 4.6 percentage points. */
  readonly shift: number
  /** Smallest and largest shift, over the orders in which groups are added. Found when read. */
  readonly range: readonly [number, number]
}

const kept = 3 // features a group keeps, and as many that can be said to a client
const most = 12 // groups whose orders are averaged exactly: 2^12 sums

/** Prepares sums of contributions by reason group: of one client's values and contributions, in the order of the features, the bias last. */
export function explainer(
  features: readonly { readonly name: string; readonly group: string }[],
): (values: readonly Value[], contributions: ArrayLike<number>) => Explanation {
  const groups = [...Map.groupBy(features.keys(), (place) => features[place]!.group)]
  const withWords = features.map(({ name }) => name in measures)
  const contribution = (place: number, values: readonly Value[], contributions: ArrayLike<number>) => ({
    feature: features[place]!.name,
    value: values[place] ?? null,
    effect: contributions[place]!,
  })
  return (values, contributions) => {
    const effects = groups.map(([group, places]) => {
      let effect = 0
      for (const place of places) effect += contributions[place]!
      return { group, effect, places }
    })
    effects.sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    // A group that is shown alone keeps the features that can explain it; a smaller one only those as large as a whole group that is shown.
    const least = Math.abs(effects[most - 1]?.effect ?? 0)
    const carriers = ({ effect, places }: (typeof effects)[number], i: number) =>
      i < most
        ? strongest(places, contributions, Math.sign(effect), withWords)
        : largest(
            places.filter((place) => Math.abs(contributions[place]!) >= least),
            contributions,
          )
    return {
      bias: contributions[features.length]!,
      groups: effects.map((one, i): GroupEffect => {
        const { group, effect } = one
        return { group, effect, features: carriers(one, i).map((place) => contribution(place, values, contributions)) }
      }),
    }
  }
}

/** The features that move a group most, and those with words (scoring/texts) that move it most the way it goes; largest first. */
function strongest(
  places: readonly number[],
  contributions: ArrayLike<number>,
  way: number,
  withWords: readonly boolean[],
): number[] {
  const [all, said, along]: [number[], number[], number[]] = [[], [], []]
  for (const place of places) {
    keep(all, place, contributions)
    if (!withWords[place]) continue
    keep(said, place, contributions)
    if (Math.sign(contributions[place]!) === way) keep(along, place, contributions)
  }
  for (const place of [...along, ...said].slice(0, kept)) if (!all.includes(place)) all.push(place)
  return all.sort((a, b) => Math.abs(contributions[b]!) - Math.abs(contributions[a]!) || a - b)
}

/** The few features that move a group most, largest first. */
function largest(places: readonly number[], contributions: ArrayLike<number>): number[] {
  const found: number[] = []
  for (const place of places) keep(found, place, contributions)
  return found
}

/** Keeps the largest few, largest first; of equals the one that came first. */
function keep(few: number[], place: number, contributions: ArrayLike<number>): void {
  const size = Math.abs(contributions[place]!)
  let at = few.length
  while (at > 0 && Math.abs(contributions[few[at - 1]!]!) < size) at--
  if (at >= kept) return
  if (few.length < kept) few.push(place)
  for (let i = few.length - 1; i > at; i--) few[i] = few[i - 1]!
  few[at] = place
}

/**
 * Each reason group's share of what lies between the calibrated probability at the bias and at the margin: its Shapley value, the average over all
 * orders of adding the groups (Shapley 1953). Shifts add up to the difference exactly. Beyond 12 groups the smallest are taken together as
 * `other`.
 */
export function steps(explanation: Explanation, calibration: Calibration): { start: number; steps: Step[] } {
  const { bias } = explanation
  const groups = mergeSmallest(explanation.groups)
  const shifts = shapley(probabilities(bias, groups, calibration, scratch), groups.length)
  let known: Float64Array | null = null
  const all = () => (known ??= probabilities(bias, groups, calibration, new Float64Array(2 ** groups.length)))
  return {
    start: calibrate(calibration, bias),
    steps: groups.map(({ group }, i) => ({
      group,
      shift: shifts[i]!,
      get range() {
        return gains(all(), 1 << i)
      },
    })),
  }
}

const scratch = new Float64Array(2 ** most)
const folded = new Float64Array(2 ** most)

/** The calibrated probability of each set of groups (bit i: group i is in it), written to the start of `out`. */
function probabilities(
  bias: number,
  groups: readonly { readonly effect: number }[],
  calibration: Calibration,
  out: Float64Array,
): Float64Array {
  const count = 2 ** groups.length
  const line = logOddsLine(calibration)
  const reach = groups.reduce((sum, { effect }) => sum + Math.abs(effect), Math.abs(bias))
  if (line && Math.abs(line.slope) * reach + Math.abs(line.intercept) < 700) {
    // the odds of repaying, e^-(slope * margin + intercept): a reason group multiplies them
    out[0] = Math.exp(-(line.slope * bias + line.intercept))
    for (const [i, { effect }] of groups.entries()) {
      const factor = Math.exp(-line.slope * effect)
      for (let set = 0, half = 1 << i; set < half; set++) out[half + set] = out[set]! * factor
    }
    for (let set = 0; set < count; set++) out[set] = 1 / (1 + out[set]!)
    return out
  }
  out[0] = bias
  for (const [i, { effect }] of groups.entries())
    for (let set = 0, half = 1 << i; set < half; set++) out[half + set] = out[set]! + effect
  for (let set = 0; set < count; set++) out[set] = calibrate(calibration, out[set]!)
  return out
}

/**
 * The Shapley values of a game from the value of each set of its n players. With w(s) = s! (n - s - 1)! / n!, player i has the sum of
 * w(|S| - 1) v(S) over the sets with it less that of w(|S|) v(S) over those without: the sum of both weights over the sets with it, less one
 * sum that is the same for all. Sums over the sets with a player come from folding the sets on it.
 */
function shapley(values: Float64Array, n: number): number[] {
  const { both, without } = setWeights(n)
  let common = 0
  for (let set = 0, count = 2 ** n; set < count; set++) {
    folded[set] = both[set]! * values[set]!
    common += without[set]! * values[set]!
  }
  const points = new Array<number>(n).fill(-common)
  for (let i = n - 1; i >= 0; i--) points[i]! += fold(1 << i)
  return points
}

/** Adds the upper half of the sets to the lower; the sum of the upper half. */
function fold(half: number): number {
  let sum = 0
  for (let set = 0; set < half; set++) {
    const upper = folded[half + set]!
    sum += upper
    folded[set]! += upper
  }
  return sum
}

/** Least and most that a player (its bit) adds to a set without it. */
function gains(values: Float64Array, player: number): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let set = 0; set < values.length; set++) {
    if (set & player) continue
    const gain = values[set | player]! - values[set]!
    if (gain < low) low = gain
    if (gain > high) high = gain
  }
  return [low, high]
}

function mergeSmallest(groups: readonly GroupEffect[]): { group: string; effect: number }[] {
  if (groups.length <= most) return groups.map(({ group, effect }) => ({ group, effect }))
  const rest = groups.slice(most - 1).reduce((sum, { effect }) => sum + effect, 0)
  return [...groups.slice(0, most - 1), { group: 'other', effect: rest }]
}

interface SetWeights {
  readonly both: Float64Array
  readonly without: Float64Array
}

const weightsOf: SetWeights[] = []

/** Of each set of n players w(|S|), and w(|S| - 1) + w(|S|); made once for each n. */
function setWeights(n: number): SetWeights {
  const known = weightsOf[n]
  if (known) return known
  const factorial = [1]
  for (let k = 1; k <= n; k++) factorial.push(factorial[k - 1]! * k)
  const w = (size: number) =>
    size < 0 || size >= n ? 0 : (factorial[size]! * factorial[n - size - 1]!) / factorial[n]!
  const sizes = Array.from({ length: 2 ** n }, (_, set) => bits(set))
  const weights = {
    both: Float64Array.from(sizes, (size) => w(size - 1) + w(size)),
    without: Float64Array.from(sizes, w),
  }
  weightsOf[n] = weights
  return weights
}

function bits(set: number): number {
  let count = 0
  for (let rest = set; rest; rest &= rest - 1) count++
  return count
}
