/**
 * Forest: the trees of a binary model as flat arrays, for rows that come one at a time: margin and exact SHAP values of a row without a
 * call to the library. What TreeSHAP makes anew for every row, but depends only on which splits the row passes, is tabled once
 * (as Fast TreeSHAP v2 does by leaf: Yang 2021, arXiv:2109.09847).
 */
import { XGBoostError } from './error.ts'
import { type Crown, type Gathered, gather } from './forest-gather.ts'
import { addLeaves } from './forest-table.ts'
import { fieldsOf, listOf, textOf } from './model-file/document.ts'
import { readModel, verifyModel } from './model-file/verify.ts'

/** Numbers in the tables beyond which there is no forest: 16 MB. */
const largest = 4 * 1024 * 1024
const objectives = ['binary:logistic', 'binary:logitraw', 'reg:logistic']
const leastBase = Math.fround(1e-6)

export class Forest {
  readonly columns: number
  /** The expected margin. */
  readonly #bias: number
  readonly #base: number
  readonly #roots: Int32Array
  // Inner nodes: those above the crowns first, a parent before its children.
  readonly #splits: Splits
  /** Of each node its right child, then its left. */
  readonly #children: Int32Array
  readonly #leaves: Float32Array
  // Above the crowns: a node's bit in what is known of a path, and whose path goes on at its left and right.
  readonly #upper: number
  readonly #bit: Int32Array
  readonly #pathLeft: Int32Array
  readonly #pathRight: Int32Array
  readonly #crownNodesAt: Int32Array
  readonly #crownDepth: Int32Array
  readonly #crownFeaturesAt: Int32Array
  readonly #crownFeatures: Int32Array
  readonly #crownTableAt: Int32Array
  readonly #table: Float32Array
  readonly #thresholds: Float32Array
  readonly #thresholdsAt: Int32Array
  readonly #isCategory: Uint8Array
  /** Scratch: the row's ranks. */
  readonly #ranks: Int32Array
  /** Scratch: which splits of the path to it a row passes, by upper node and crown. */
  readonly #passed: Int32Array

  /**
   * Reads the trees of a model with one logistic output from the bytes of its file; null for any other model, and where the tables would be
   * too large (many deep trees). As `Booster.load`, it checks the file first unless told not to.
   */
  static read(bytes: Uint8Array, options: { readonly verify?: boolean } = {}): Forest | null {
    if (options.verify ?? true) verifyModel(bytes)
    const learner = fieldsOf(readModel(bytes).get('learner'), 'learner')
    const param = fieldsOf(learner.get('learner_model_param'), 'learner_model_param')
    const booster = fieldsOf(learner.get('gradient_booster'), 'gradient_booster')
    const objective = textOf(fieldsOf(learner.get('objective'), 'objective').get('name'), 'objective.name')
    const outputs = Math.max(Number(param.get('num_class')), Number(param.get('num_target') ?? 1))
    if (booster.get('name') !== 'gbtree' || !objectives.includes(objective) || outputs > 1) return null
    const trees = listOf(fieldsOf(booster.get('model'), 'model').get('trees'), 'trees').map((tree) =>
      fieldsOf(tree, 'tree'),
    )
    const score = Math.fround(Number(textOf(param.get('base_score'), 'base_score').replace(/^\[(.*)\]$/, '$1')))
    // As the library does it, in single precision: a probability is first kept 1e-6 away from 0 and 1; logitraw's is a margin already.
    const inside = Math.fround(Math.min(Math.max(score, leastBase), 1 - leastBase))
    const logit = Math.fround(-Math.log(Math.fround(Math.fround(1 / inside) - 1)))
    const base = objective === 'binary:logitraw' ? score : logit
    const gathered = gather(trees)
    const size = gathered.crowns.reduce((sum, crown) => sum + tableSize(crown), 0)
    return size > largest ? null : new Forest(Number(param.get('num_feature')), base, gathered, size)
  }

  private constructor(columns: number, base: number, gathered: Gathered, size: number) {
    const { nodes, upper, roots, leaves, crowns, codes } = gathered
    this.columns = columns
    this.#base = base
    this.#ranks = new Int32Array(2 * columns)
    this.#roots = Int32Array.from(roots)
    const { thresholds, thresholdsAt } = thresholdsOf(nodes, columns)
    this.#thresholds = thresholds
    this.#thresholdsAt = thresholdsAt
    this.#isCategory = new Uint8Array(columns)
    for (const { feature, codesEnd } of nodes) if (codesEnd > 0) this.#isCategory[feature] = 1
    const rankOf = (feature: number, threshold: number) =>
      thresholds.subarray(thresholdsAt[feature], thresholdsAt[feature + 1]).indexOf(Math.fround(threshold))
    this.#splits = {
      slot: Int32Array.from(nodes, ({ feature, codesEnd, missingLeft }) => {
        const slot = missingLeft ? feature : columns + feature
        return codesEnd > 0 ? ~slot : slot
      }),
      below: Int32Array.from(nodes, (node) => (node.codesEnd > 0 ? 0 : rankOf(node.feature, node.threshold) + 1)),
      codesAt: Int32Array.from(nodes, (node) => node.codesAt),
      codesEnd: Int32Array.from(nodes, (node) => node.codesEnd),
      codes: Uint8Array.from(codes),
    }
    this.#children = Int32Array.from(nodes.flatMap((node) => [node.right, node.left]))
    this.#leaves = Float32Array.from(leaves)
    this.#upper = upper
    this.#bit = Int32Array.from(nodes, (node) => 1 << node.depth)
    this.#pathLeft = Int32Array.from(nodes, (node) => node.pathLeft)
    this.#pathRight = Int32Array.from(nodes, (node) => node.pathRight)
    this.#passed = new Int32Array(upper + crowns.length)
    this.#crownNodesAt = new Int32Array(crowns.length + 1)
    this.#crownDepth = Int32Array.from(crowns, (crown) => crown.depth)
    this.#crownFeaturesAt = new Int32Array(crowns.length + 1)
    this.#crownTableAt = new Int32Array(crowns.length)
    this.#table = new Float32Array(size)
    const features: number[] = []
    let [at, expected] = [0, base]
    for (const [i, crown] of crowns.entries()) {
      this.#crownTableAt[i] = at
      this.#crownNodesAt[i] = crown.nodesAt
      expected += addLeaves(this.#table, at, crown)
      for (const feature of crown.features) features.push(feature)
      this.#crownFeaturesAt[i + 1] = features.length
      at += tableSize(crown)
    }
    this.#crownNodesAt[crowns.length] = nodes.length
    this.#crownFeatures = Int32Array.from(features)
    this.#bias = expected
  }

  /** Before the link function, as the library adds it up: tree by tree, in single precision. The row starts at `at`; NaN is missing. */
  margin(row: Float32Array, at = 0): number {
    const ranks = this.#ranked('margin', row, at)
    const [{ length }, children, leaves, splits] = [this.#splits.slot, this.#children, this.#leaves, this.#splits]
    let sum = this.#base
    for (const root of this.#roots) {
      let node = root
      while (node < length) node = children[2 * node + goesLeft(splits, node, ranks)]!
      sum = Math.fround(sum + leaves[node - length]!)
    }
    return sum
  }

  /** SHAP values (path-dependent TreeSHAP, Lundberg et al. 2020): features + 1, the last is the bias; they add up to the margin. */
  contributions(row: Float32Array, at = 0): Float64Array {
    const ranks = this.#ranked('contributions', row, at)
    const [passed, bits, pathLeft, pathRight] = [this.#passed, this.#bit, this.#pathLeft, this.#pathRight]
    const [upper, splits] = [this.#upper, this.#splits]
    for (let node = 0; node < upper; node++) {
      const bit = bits[node]!
      const before = bit === 1 ? 0 : passed[node]! // the first bit is a root's
      const isLeft = goesLeft(splits, node, ranks)
      passed[pathLeft[node]!] = before | (bit & -isLeft)
      passed[pathRight[node]!] = before | (bit & (isLeft - 1))
    }
    const [nodesAt, depths, tableAt, table] = [this.#crownNodesAt, this.#crownDepth, this.#crownTableAt, this.#table]
    const [featuresAt, features] = [this.#crownFeaturesAt, this.#crownFeatures]
    const found = new Float64Array(this.columns + 1)
    found[this.columns] = this.#bias
    for (let crown = 0, node = nodesAt[0]!, from = 0; crown < tableAt.length; crown++) {
      let depth = depths[crown]!
      let state = depth === 0 ? 0 : passed[upper + crown]!
      for (const end = nodesAt[crown + 1]!; node < end; node++) state |= goesLeft(splits, node, ranks) << depth++
      const to = featuresAt[crown + 1]!
      let place = tableAt[crown]! + state * (to - from)
      for (; from < to; from++) found[features[from]!]! += table[place++]!
    }
    return found
  }

  /** Of each value how many of its feature's thresholds do not exceed it, twice: a missing one before all, then after all. Codes stay. */
  #ranked(method: string, row: Float32Array, at: number): Int32Array {
    const [{ columns }, ranks, thresholdsAt, thresholds] = [this, this.#ranks, this.#thresholdsAt, this.#thresholds]
    if (!(at >= 0 && at + columns <= row.length))
      throw new XGBoostError(
        `Forest.${method}`,
        `expected ${columns} features from ${at} on, found ${row.length} values`,
      )
    for (let i = 0; i < columns; i++) {
      const value = row[at + i]!
      if (Number.isNaN(value)) {
        ranks[i] = -1
        ranks[columns + i] = missingRight
        continue
      }
      const first = thresholdsAt[i]!
      let [low, high] = [first, thresholdsAt[i + 1]!]
      while (low < high) {
        const middle = (low + high) >> 1
        if (thresholds[middle]! <= value) low = middle + 1
        else high = middle
      }
      const rank = this.#isCategory[i] === 1 ? Math.min(Math.trunc(value), missingRight - 1) : low - first
      ranks[i] = rank
      ranks[columns + i] = rank
    }
    return ranks
  }
}

const missingRight = 2 ** 24

/** What decides where a row goes at each node: integers, so that the processor need not guess. */
interface Splits {
  /** Where the value's rank lies: with missing ones before all or after all, as they go left or right; of a category its complement. */
  readonly slot: Int32Array
  /** Ranks below it go left. */
  readonly below: Int32Array
  readonly codesAt: Int32Array
  readonly codesEnd: Int32Array
  readonly codes: Uint8Array
}

/** 1 or 0. */
function goesLeft(splits: Splits, node: number, ranks: Int32Array): number {
  const slot = splits.slot[node]!
  if (slot >= 0) return (ranks[slot]! - splits.below[node]!) >>> 31
  const code = ranks[~slot]!
  if (code < 0) return 1
  if (code === missingRight) return 0
  return code < splits.codesEnd[node]! && splits.codes[splits.codesAt[node]! + code] === 1 ? 0 : 1
}

/** The distinct thresholds of each feature, ascending, one feature after the other. */
function thresholdsOf(
  nodes: Gathered['nodes'],
  columns: number,
): { thresholds: Float32Array; thresholdsAt: Int32Array } {
  const own = Array.from({ length: columns }, () => new Set<number>())
  for (const { feature, threshold, codesEnd } of nodes) if (codesEnd === 0) own[feature]!.add(Math.fround(threshold))
  const thresholdsAt = new Int32Array(columns + 1)
  for (let i = 0; i < columns; i++) thresholdsAt[i + 1] = thresholdsAt[i]! + own[i]!.size
  const thresholds = new Float32Array(thresholdsAt[columns]!)
  for (const [i, values] of own.entries()) thresholds.set(Float32Array.from(values).sort(), thresholdsAt[i])
  return { thresholds, thresholdsAt }
}

const tableSize = ({ depth, inner, features }: Crown): number => 2 ** (depth + inner) * features.length
