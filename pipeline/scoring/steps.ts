/** Why a probability is what it is: contributions summed by concept, and how many points of risk each concept is worth. */
import type { Words } from '../features/algebra/definitions.ts'
import type { Value } from '../portfolio/applicant.ts'
import { measures } from './texts/measures.ts'

/** One feature's part in one client's margin. */
export interface Contribution {
  readonly feature: string
  readonly concept: string
  readonly value: Value
  readonly label: Words
  readonly contribution: number // log-odds of the uncalibrated model
}

/** One concept's effect on the margin, in log-odds, with the features that carry most of it. */
export interface ConceptEffect {
  readonly concept: string
  readonly effect: number
  readonly features: readonly { readonly feature: string; readonly value: Value; readonly effect: number }[]
}

/** What a prediction keeps of its contributions: `bias` + all effects = the margin. Largest effect first. */
export interface Explanation {
  readonly bias: number
  readonly concepts: readonly ConceptEffect[]
}

export interface Step {
  readonly concept: string
  /** Risk points as a share: 0.046 is 4.6 points. */
  readonly points: number
  /** Least and most the concept can be worth, by the order in which concepts are added. Found when read. */
  readonly range: readonly [number, number]
}

const kept = 3 // features a concept keeps, and as many that can be said to a client
const most = 12 // concepts whose orders are averaged exactly: 2^12 sums

/** Prepares sums of contributions by concept: of one client's values and contributions, in the order of the features, the bias last. */
export function explainer(
  features: readonly { readonly name: string; readonly concept: string }[],
): (values: readonly Value[], contributions: ArrayLike<number>) => Explanation {
  const concepts = [...Map.groupBy(features.keys(), (place) => features[place]!.concept)]
  const withWords = features.map(({ name }) => name in measures)
  return (values, contributions) => ({
    bias: contributions[features.length]!,
    concepts: concepts
      .map(([concept, places]): ConceptEffect => {
        let effect = 0
        for (const place of places) effect += contributions[place]!
        return {
          concept,
          effect,
          features: strongest(places, contributions, Math.sign(effect), withWords).map((place) => ({
            feature: features[place]!.name,
            value: values[place] ?? null,
            effect: contributions[place]!,
          })),
        }
      })
      .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect)),
  })
}

/** The features that move a concept most, and those with words (scoring/texts) that move it most the way it goes; largest first. */
function strongest(
  places: readonly number[],
  contributions: ArrayLike<number>,
  way: number,
  withWords: readonly boolean[],
): number[] {
  const size = (place: number) => Math.abs(contributions[place]!)
  const most: number[] = []
  const said: number[] = []
  const along: number[] = []
  for (const place of places) {
    keep(most, place, size)
    if (!withWords[place]) continue
    keep(said, place, size)
    if (Math.sign(contributions[place]!) === way) keep(along, place, size)
  }
  for (const place of [...along, ...said].slice(0, kept)) if (!most.includes(place)) most.push(place)
  return most.sort((a, b) => size(b) - size(a) || a - b)
}

/** Keeps the largest few, largest first; of equals the one that came first. */
function keep(largest: number[], place: number, size: (place: number) => number): void {
  let at = largest.length
  while (at > 0 && size(largest[at - 1]!) < size(place)) at--
  if (at >= kept) return
  largest.splice(at, 0, place)
  if (largest.length > kept) largest.pop()
}

/**
 * Each concept's share of link(margin) - link(bias): its Shapley value, the average over all orders of adding the concepts
 * (Shapley 1953). `link` is the calibrated probability of a margin. Points add up to the difference exactly.
 * Beyond 12 concepts the smallest are taken together as `other`.
 */
export function steps(explanation: Explanation, link: (margin: number) => number): { start: number; steps: Step[] } {
  const concepts = mergeSmallest(explanation.concepts)
  const n = concepts.length
  const values = new Float64Array(2 ** n)
  const margins = new Float64Array(2 ** n)
  margins[0] = explanation.bias
  values[0] = link(explanation.bias)
  for (let set = 1; set < margins.length; set++) {
    const lowest = 31 - Math.clz32(set & -set)
    margins[set] = margins[set & (set - 1)]! + concepts[lowest]!.effect
    values[set] = link(margins[set]!)
  }
  const points = shapley(values, n)
  return {
    start: values[0]!,
    steps: concepts.map(({ concept }, i) => ({
      concept,
      points: points[i]!,
      get range() {
        return gains(values, 1 << i)
      },
    })),
  }
}

/**
 * The Shapley values of a game from the value of each set of its n players. With w(s) = s! (n - s - 1)! / n!, player i has the sum of
 * w(|S| - 1) v(S) over the sets with it less that of w(|S|) v(S) over those without: the sum of both weights over the sets with it, less one
 * sum that is the same for all. Sums over the sets with a player come from folding the sets on it.
 */
function shapley(values: Float64Array, n: number): number[] {
  const { both, without } = setWeights(n)
  const folded = new Float64Array(values.length)
  let common = 0
  for (let set = 0; set < values.length; set++) {
    folded[set] = both[set]! * values[set]!
    common += without[set]! * values[set]!
  }
  const points = new Array<number>(n).fill(-common)
  for (let i = n - 1; i >= 0; i--) {
    const half = 1 << i
    for (let set = 0; set < half; set++) {
      points[i]! += folded[half + set]!
      folded[set]! += folded[half + set]!
    }
  }
  return points
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

function mergeSmallest(concepts: readonly ConceptEffect[]): { concept: string; effect: number }[] {
  if (concepts.length <= most) return concepts.map(({ concept, effect }) => ({ concept, effect }))
  const rest = concepts.slice(most - 1).reduce((sum, { effect }) => sum + effect, 0)
  return [...concepts.slice(0, most - 1), { concept: 'other', effect: rest }]
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

/** Numbers rounded to `digits` so that they add up to their rounded sum (largest remainder). */
export function roundToSum(values: readonly number[], digits: number): number[] {
  const scale = 10 ** digits
  const floors = values.map((value) => Math.floor(value * scale))
  const total = Math.round(values.reduce((sum, value) => sum + value, 0) * scale)
  const missing = total - floors.reduce((sum, value) => sum + value, 0)
  const byRemainder = values
    .map((value, i) => ({ i, rest: value * scale - floors[i]! }))
    .toSorted((a, b) => b.rest - a.rest)
  for (const { i } of byRemainder.slice(0, missing)) floors[i]!++
  return floors.map((value) => value / scale)
}
