/**
 * SHAP values of many rows together, for trees whose tables are too large to keep: each crown's table is made once for all rows. Ranks, what is known
 * of paths and the values found lie feature by feature, node by node, so that memory is read in order.
 */
import type { Crown } from './forest-gather.ts'
import { missingRight, rank, type Splits, type Thresholds } from './forest-splits.ts'
import { addLeaves, tableSize } from './forest-table.ts'

/** Where one tree's parts lie: its nodes above the crowns, and its crowns. */
export interface Tree {
  readonly upper: number
  readonly upperEnd: number
  readonly crown: number
  readonly crownEnd: number
}

/** The arrays of a forest that this reads; its fields tell what they hold. */
export interface ForestArrays {
  readonly columns: number
  readonly base: number
  readonly trees: readonly Tree[]
  readonly crowns: readonly Crown[]
  readonly upper: number
  readonly splits: Splits
  readonly thresholds: Thresholds
  readonly bit: Int32Array
  readonly pathLeft: Int32Array
  readonly pathRight: Int32Array
}

/** Of `count` rows that lie one after the other: count × (columns + 1) values, the last of each row the expected margin. */
export function contributionsTogether(parts: ForestArrays, rows: Float32Array, count: number): Float64Array {
  const { columns, trees, crowns, upper, splits, bit, pathLeft, pathRight } = parts
  const ranks = new Int32Array(2 * columns * count)
  for (let i = 0; i < count; i++) rank(parts.thresholds, rows, i * columns, ranks, i, count)
  const largest = crowns.reduce((most, crown) => Math.max(most, tableSize(crown)), 0)
  const table = new Float32Array(largest)
  const most = trees.reduce((most, tree) => Math.max(most, tree.upperEnd - tree.upper + tree.crownEnd - tree.crown), 0)
  const passed = new Int32Array(most * count)
  const isLeft = new Int32Array(count)
  const found = new Float64Array((columns + 1) * count)
  let expected = parts.base
  for (const tree of trees) {
    const place = (path: number) =>
      path < upper ? path - tree.upper : tree.upperEnd - tree.upper + path - upper - tree.crown
    const of = (path: number) => passed.subarray(place(path) * count, (place(path) + 1) * count)
    for (let node = tree.upper; node < tree.upperEnd; node++) {
      goLeft(splits, node, ranks, isLeft)
      const [before, left, right, own] = [of(node), of(pathLeft[node]!), of(pathRight[node]!), bit[node]!]
      const known = own === 1 ? 0 : -1 // the first bit is a root's
      for (let i = 0; i < count; i++) {
        const above = before[i]! & known
        const way = isLeft[i]!
        left[i] = above | (own & -way)
        right[i] = above | (own & (way - 1))
      }
    }
    for (let number = tree.crown; number < tree.crownEnd; number++) {
      const crown = crowns[number]!
      const states = of(upper + number)
      if (crown.depth === 0) states.fill(0)
      for (let k = 0; k < crown.inner; k++) {
        goLeft(splits, crown.nodesAt + k, ranks, isLeft)
        for (let i = 0; i < count; i++) states[i]! |= isLeft[i]! << (crown.depth + k)
      }
      table.fill(0, 0, tableSize(crown))
      expected += addLeaves(table, 0, crown)
      const width = crown.features.length
      for (const [k, feature] of crown.features.entries()) addLookedUp(found, feature * count, table, states, width, k)
    }
  }
  found.fill(expected, columns * count)
  return byRow(found, columns + 1, count)
}

/** Of each row whether the node's split sends it left, 1 or 0. */
function goLeft(splits: Splits, node: number, ranks: Int32Array, isLeft: Int32Array): void {
  const count = isLeft.length
  const slot = splits.slot[node]!
  if (slot >= 0) {
    const [at, below] = [slot * count, splits.below[node]!]
    for (let i = 0; i < count; i++) isLeft[i] = (ranks[at + i]! - below) >>> 31
    return
  }
  const [at, end, codesAt, codes] = [~slot * count, splits.codesEnd[node]!, splits.codesAt[node]!, splits.codes]
  for (let i = 0; i < count; i++) {
    const code = ranks[at + i]!
    if (code < 0) isLeft[i] = 1
    else if (code === missingRight) isLeft[i] = 0
    else isLeft[i] = code < end && codes[codesAt + code] === 1 ? 0 : 1
  }
}

/** Adds to one feature's values, of each row, what stands in the table's line for its state. */
function addLookedUp(
  found: Float64Array,
  at: number,
  table: Float32Array,
  states: Int32Array,
  width: number,
  k: number,
): void {
  for (let i = 0; i < states.length; i++) found[at + i]! += table[states[i]! * width + k]!
}

function byRow(found: Float64Array, width: number, count: number): Float64Array {
  const rows = new Float64Array(found.length)
  for (let k = 0; k < width; k++) for (let i = 0; i < count; i++) rows[i * width + k] = found[k * count + i]!
  return rows
}
