/** Where a row goes at the nodes of a forest: values become ranks among their feature's thresholds, and a split compares integers. */
import type { Node } from './forest-gather.ts'

/** The rank of a missing value where it goes right: after all. */
export const missingRight = 2 ** 24

/** What decides where a row goes at each node: integers, so that the processor need not guess. */
export interface Splits {
  /** Where the value's rank lies: with missing ones before all or after all, as they go left or right; of a category its complement. */
  readonly slot: Int32Array
  /** Ranks below it go left. */
  readonly below: Int32Array
  readonly codesAt: Int32Array
  readonly codesEnd: Int32Array
  readonly codes: Uint8Array
}

/** What a value's rank is counted among. */
export interface Thresholds {
  readonly values: Float32Array
  /** Of each feature its first value; one more at the end. */
  readonly at: Int32Array
  readonly isCategory: Uint8Array
}

export function splitsOf(
  nodes: readonly Node[],
  codes: readonly number[],
  columns: number,
): { splits: Splits; thresholds: Thresholds } {
  const thresholds = thresholdsOf(nodes, columns)
  const { values, at } = thresholds
  const rankOf = ({ feature, threshold }: Node) =>
    values.subarray(at[feature], at[feature + 1]).indexOf(Math.fround(threshold))
  const splits = {
    slot: Int32Array.from(nodes, ({ feature, codesEnd, missingLeft }) => {
      const slot = missingLeft ? feature : columns + feature
      return codesEnd > 0 ? ~slot : slot
    }),
    below: Int32Array.from(nodes, (node) => (node.codesEnd > 0 ? 0 : rankOf(node) + 1)),
    codesAt: Int32Array.from(nodes, ({ codesAt }) => codesAt),
    codesEnd: Int32Array.from(nodes, ({ codesEnd }) => codesEnd),
    codes: Uint8Array.from(codes),
  }
  return { splits, thresholds }
}

/** The distinct thresholds of each feature, ascending, one feature after the other. */
function thresholdsOf(nodes: readonly Node[], columns: number): Thresholds {
  const own = Array.from({ length: columns }, () => new Set<number>())
  const isCategory = new Uint8Array(columns)
  for (const { feature, threshold, codesEnd } of nodes) {
    if (codesEnd > 0) isCategory[feature] = 1
    else own[feature]!.add(Math.fround(threshold))
  }
  const at = new Int32Array(columns + 1)
  for (let i = 0; i < columns; i++) at[i + 1] = at[i]! + own[i]!.size
  const values = new Float32Array(at[columns]!)
  for (const [i, some] of own.entries()) values.set(Float32Array.from(some).sort(), at[i])
  return { values, at, isCategory }
}

/**
 * Of each value of a row (`row[from]` on) how many of its feature's thresholds do not exceed it, twice into `ranks` (every `stride`-th from `at`
 * on): a missing one before all, then after all. Codes of categories stay.
 */
export function rank(
  thresholds: Thresholds,
  row: Float32Array,
  from: number,
  ranks: Int32Array,
  at = 0,
  stride = 1,
): void {
  const { values, at: firsts, isCategory } = thresholds
  const columns = isCategory.length
  const second = at + columns * stride
  for (let i = 0; i < columns; i++) {
    const value = row[from + i]!
    if (Number.isNaN(value)) {
      ranks[at + i * stride] = -1
      ranks[second + i * stride] = missingRight
      continue
    }
    const first = firsts[i]!
    let [low, high] = [first, firsts[i + 1]!]
    while (low < high) {
      const middle = (low + high) >> 1
      if (values[middle]! <= value) low = middle + 1
      else high = middle
    }
    const rank = isCategory[i] === 1 ? Math.min(Math.trunc(value), missingRight - 1) : low - first
    ranks[at + i * stride] = rank
    ranks[second + i * stride] = rank
  }
}

/** 1 or 0, of the row whose ranks these are. */
export function goesLeft(splits: Splits, node: number, ranks: Int32Array): number {
  const slot = splits.slot[node]!
  if (slot >= 0) return (ranks[slot]! - splits.below[node]!) >>> 31
  const code = ranks[~slot]!
  if (code < 0) return 1
  if (code === missingRight) return 0
  return code < splits.codesEnd[node]! && splits.codes[splits.codesAt[node]! + code] === 1 ? 0 : 1
}
