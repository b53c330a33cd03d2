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
  /** Least and most the concept can be worth, by the order in which concepts are added. */
  readonly range: readonly [number, number]
}

const kept = 3 // features a concept keeps, and as many that can be said to a client
const most = 12 // concepts whose orders are averaged exactly: 2^12 sums

/** Sums contributions by concept; `bias` and contributions are in log-odds. */
export function explanationOf(contributions: readonly Contribution[], bias: number): Explanation {
  const concepts = [...Map.groupBy(contributions, ({ concept }) => concept)].map(([concept, members]) => ({
    concept,
    effect: members.reduce((sum, { contribution }) => sum + contribution, 0),
    features: strongest(members).map(({ feature, value, contribution }) => ({ feature, value, effect: contribution })),
  }))
  return { bias, concepts: concepts.toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect)) }
}

/** The features that move a concept most, and those with words (scoring/texts) that move it most the way it goes; largest first. */
function strongest(members: readonly Contribution[]): Contribution[] {
  const way = Math.sign(members.reduce((sum, { contribution }) => sum + contribution, 0))
  const bySize = members.toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
  const withWords = bySize.filter(({ feature }) => feature in measures)
  const along = withWords.filter(({ contribution }) => Math.sign(contribution) === way)
  const said = new Set([...along, ...withWords].slice(0, kept))
  return bySize.filter((one, i) => i < kept || said.has(one))
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
  const bySize = orderWeights(n)
  const weight = new Float64Array(values.length)
  for (let set = 0; set < weight.length; set++) weight[set] = bySize[bits(set)]!
  return {
    start: values[0]!,
    steps: concepts.map(({ concept }, i) => {
      let points = 0
      let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (let set = 0; set < values.length; set++) {
        if (set & (1 << i)) continue
        const gain = values[set | (1 << i)]! - values[set]!
        points += weight[set]! * gain
        if (gain < low) low = gain
        if (gain > high) high = gain
      }
      return { concept, points, range: [low, high] as const }
    }),
  }
}

function mergeSmallest(concepts: readonly ConceptEffect[]): { concept: string; effect: number }[] {
  if (concepts.length <= most) return concepts.map(({ concept, effect }) => ({ concept, effect }))
  const rest = concepts.slice(most - 1).reduce((sum, { effect }) => sum + effect, 0)
  return [...concepts.slice(0, most - 1), { concept: 'other', effect: rest }]
}

/** |S|! (n - |S| - 1)! / n! for each size of S. */
function orderWeights(n: number): number[] {
  const factorial = [1]
  for (let k = 1; k <= n; k++) factorial.push(factorial[k - 1]! * k)
  return Array.from({ length: n }, (_, size) => (factorial[size]! * factorial[n - size - 1]!) / factorial[n]!)
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
