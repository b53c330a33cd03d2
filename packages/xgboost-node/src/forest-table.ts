/** What one leaf gives to each feature of its path, for every way that a row can pass or miss the splits: Shapley values, tabled. */
import type { Crown, Leaf } from './forest-gather.ts'

/** Scratch, as large as the longest path wants it. */
let parts = new Float64Array(256)
const sums = new Float64Array(32)

/**
 * Adds a leaf to the table of its crown, a line of the crown's features for each state: the bits of the splits above that the row passes,
 * then those of the crown's own that send it left. Gives the leaf's expected value.
 *
 * Each feature's part is its Shapley value in the game in which a known feature lets the row through to the leaf or not, and an unknown one
 * lets its share of the training rows through.
 */
export function addLeaf(table: Float32Array, at: number, crown: Crown, { value, path }: Leaf): number {
  const width = crown.features.length
  const features: number[] = []
  const [bits, shares]: [number[], number[]] = [[], []]
  for (const [level, { feature, share }] of path.entries()) {
    const known = features.indexOf(feature)
    if (known >= 0) {
      bits[known]! |= 1 << level
      shares[known]! *= share
    } else {
      features.push(feature)
      bits.push(1 << level)
      shares.push(share)
    }
  }
  const count = features.length
  const weights = sizeWeights(count)
  if (parts.length < 2 ** path.length * count) parts = new Float64Array(2 * 2 ** path.length * count)
  for (let passed = 0; passed < 2 ** path.length; passed++)
    for (let i = 0; i < count; i++) {
      // sums[s]: over all sets of s known features among the others, what gets through
      for (let size = 0; size < count; size++) sums[size] = 0
      sums[0] = 1
      for (let j = 0, known = 0; j < count; j++) {
        if (j === i) continue
        const share = shares[j]!
        const isThrough = (passed & bits[j]!) === bits[j]
        known++
        for (let size = known; size >= 1; size--) sums[size] = sums[size]! * share + (isThrough ? sums[size - 1]! : 0)
        sums[0]! *= share
      }
      let all = 0
      for (let size = 0; size < count; size++) all += weights[size]! * sums[size]!
      parts[passed * count + i] = value * (((passed & bits[i]!) === bits[i] ? 1 : 0) - shares[i]!) * all
    }

  const places = features.map((feature) => crown.features.indexOf(feature))
  const above = (1 << crown.depth) - 1
  for (let state = 0; state < 2 ** (crown.depth + crown.inner); state++) {
    let passed = state & above
    for (let level = crown.depth; level < path.length; level++) {
      const { place, isLeft } = path[level]!
      if (((state >> (crown.depth + place)) & 1) === (isLeft ? 1 : 0)) passed |= 1 << level
    }
    for (let i = 0; i < count; i++) table[at + state * width + places[i]!]! += parts[passed * count + i]!
  }
  return shares.reduce((share, own) => share * own, value)
}

const known: (readonly number[])[] = []

/** s! (n - s - 1)! / n! for each size s. */
function sizeWeights(n: number): readonly number[] {
  const before = known[n]
  if (before) return before
  const weights: number[] = []
  for (let size = 0, weight = 1 / n; size < n; size++) {
    weights.push(weight)
    weight *= (size + 1) / (n - size - 1)
  }
  known[n] = weights
  return weights
}
