/** What the leaves of a crown give to each feature on the way to them, for every way that a row can pass or miss the splits: Shapley values, tabled. */
import type { Crown, Split } from './forest-gather.ts'

/** Numbers in a crown's table: a line of its features for each state. */
export const tableSize = ({ depth, inner, features }: Crown): number => 2 ** (depth + inner) * features.length

/** Scratch of one leaf; a path is never longer than the bits of a number. */
const [bits, shares, places] = [new Int32Array(32), new Float64Array(32), new Int32Array(32)]
const sums = new Float64Array(33)
let known = new Float64Array(64)

/**
 * Adds the leaves of a crown to its table: a line of the crown's features for each state, the bits of the splits above that the row passes, then
 * those of the crown's own that send it left. Gives what the leaves give to the expected margin.
 */
export function addLeaves(table: Float32Array, at: number, crown: Crown): number {
  let expected = 0
  for (const { value, path } of crown.leaves) {
    const count = distinct(path, crown)
    let share = 1
    for (let i = 0; i < count; i++) share *= shares[i]!
    expected += value * share
    for (let i = 0; i < count; i++) addPart(table, at + places[i]!, crown, path, value, i, count)
  }
  return expected
}

/** Notes the distinct features of a path: their splits' bits, the share that passes all of those, their place in the crown's line. */
function distinct(path: readonly Split[], { features }: Crown): number {
  let count = 0
  for (let level = 0; level < path.length; level++) {
    const { feature, share } = path[level]!
    const place = features.indexOf(feature)
    let i = 0
    while (i < count && places[i] !== place) i++
    if (i === count) {
      bits[i] = 0
      shares[i] = 1
      places[i] = place
      count++
    }
    bits[i]! |= 1 << level
    shares[i]! *= share
  }
  return count
}

/**
 * A feature's part of one leaf: its Shapley value in the game in which a known feature lets the row through to the leaf or not, and an unknown
 * one lets its share of the training rows through.
 */
function addPart(
  table: Float32Array,
  at: number,
  crown: Crown,
  path: readonly Split[],
  value: number,
  i: number,
  count: number,
): void {
  const [weights, width, own, above] = [sizeWeights(count), crown.features.length, bits[i]!, (1 << crown.depth) - 1]
  if (known.length < 1 << path.length) known = new Float64Array(1 << path.length)
  known.fill(Number.NaN, 0, 1 << path.length)
  const states = 1 << (crown.depth + crown.inner)
  for (let state = 0; state < states; state++) {
    let passed = state & above
    for (let level = crown.depth; level < path.length; level++) {
      const { place, isLeft } = path[level]!
      if (((state >> (crown.depth + place)) & 1) === (isLeft ? 1 : 0)) passed |= 1 << level
    }
    const others = passed & ~own
    let all = known[others]!
    if (Number.isNaN(all)) {
      // sums[s]: over all sets of s known features among the others, what gets through
      sums[0] = 1
      let size = 0
      for (let j = 0; j < count; j++) {
        if (j === i) continue
        const [share, through] = [shares[j]!, (others & bits[j]!) === bits[j] ? 1 : 0]
        sums[size + 1] = 0
        size++
        for (let s = size; s >= 1; s--) sums[s] = sums[s]! * share + sums[s - 1]! * through
        sums[0]! *= share
      }
      all = 0
      for (let s = 0; s < count; s++) all += weights[s]! * sums[s]!
      known[others] = all
    }
    table[at + state * width]! += value * (((passed & own) === own ? 1 : 0) - shares[i]!) * all
  }
}

const weightsOf: (readonly number[])[] = []

/** s! (n - s - 1)! / n! for each size s. */
function sizeWeights(n: number): readonly number[] {
  const before = weightsOf[n]
  if (before) return before
  const weights: number[] = []
  for (let size = 0, weight = 1 / n; size < n; size++) {
    weights.push(weight)
    weight *= (size + 1) / (n - size - 1)
  }
  weightsOf[n] = weights
  return weights
}
