/**
 * Forest: the trees of a binary model as flat arrays, for margins and exact SHAP values without a call to the library. What TreeSHAP makes anew
 * for every row, but depends only on which splits the row passes, is tabled once (as Fast TreeSHAP v2 does by leaf: Yang 2021,
 * arXiv:2109.09847): for good where the tables are small, else subtree by subtree for many rows together.
 */
import { XGBoostError } from './error.ts'
import { contributionsTogether, type ForestArrays } from './forest-columns.ts'
import { type Gathered, gather } from './forest-gather.ts'
import { goesLeft, rank, type Splits, splitsOf, type Thresholds } from './forest-splits.ts'
import { addLeaves, tableSize } from './forest-table.ts'
import { fieldsOf, listOf, textOf } from './model-file/document.ts'
import { readModel, verifyModel } from './model-file/verify.ts'

/** Numbers in the tables beyond which they are not kept: 16 MB. */
const largest = 4 * 1024 * 1024
/** Splits above a crown and in it beyond which its table would not fit a processor's cache. */
const deepest = 12
const objectives = ['binary:logistic', 'binary:logitraw', 'reg:logistic']
const leastBase = Math.fround(1e-6)

export class Forest {
  readonly columns: number
  /** Whether `contributions` answers: the tables are small enough to keep. */
  readonly tabled: boolean
  readonly #base: number
  readonly #roots: Int32Array
  // Inner nodes: those above the crowns first, a parent before its children.
  readonly #splits: Splits
  readonly #thresholds: Thresholds
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
  /** Where no tables are kept: what is needed to make them. */
  readonly #parts: ForestArrays | null
  readonly #table: Float32Array
  /** The expected margin; without tables to keep it is known once they were made. */
  readonly #bias: number
  /** Scratch: a row's ranks. */
  readonly #ranks: Int32Array
  /** Scratch: which splits of the path to it a row passes, by upper node and crown. */
  readonly #passed: Int32Array

  /**
   * Reads the trees of a model with one logistic output from the bytes of its file; null for any other model, and where the tables
   * are too large to keep and one alone too large to make (full trees of 12 levels or more). As `Booster.load`, by default it checks the file first.
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
    const depth = gathered.crowns.reduce((most, crown) => Math.max(most, crown.depth + crown.inner), 0)
    if (size > largest && depth > deepest) return null
    return new Forest(Number(param.get('num_feature')), base, gathered, size)
  }

  private constructor(columns: number, base: number, gathered: Gathered, size: number) {
    const { nodes, upper, roots, starts, leaves, crowns, codes } = gathered
    this.columns = columns
    this.tabled = size <= largest
    this.#base = base
    this.#roots = Int32Array.from(roots)
    const { splits, thresholds } = splitsOf(nodes, codes, columns)
    this.#splits = splits
    this.#thresholds = thresholds
    this.#children = Int32Array.from(nodes.flatMap((node) => [node.right, node.left]))
    this.#leaves = Float32Array.from(leaves)
    this.#upper = upper
    this.#bit = Int32Array.from(nodes, (node) => 1 << node.depth)
    this.#pathLeft = Int32Array.from(nodes, (node) => node.pathLeft)
    this.#pathRight = Int32Array.from(nodes, (node) => node.pathRight)
    this.#ranks = new Int32Array(2 * columns)
    this.#passed = new Int32Array(upper + crowns.length)
    this.#crownNodesAt = Int32Array.from([...crowns.map((crown) => crown.nodesAt), nodes.length])
    this.#crownDepth = Int32Array.from(crowns, (crown) => crown.depth)
    this.#crownFeaturesAt = new Int32Array(crowns.length + 1)
    for (const [i, { features }] of crowns.entries())
      this.#crownFeaturesAt[i + 1] = this.#crownFeaturesAt[i]! + features.length
    this.#crownFeatures = Int32Array.from(crowns.flatMap(({ features }) => features))
    this.#crownTableAt = new Int32Array(crowns.length)
    this.#table = new Float32Array(this.tabled ? size : 0)
    let [at, expected] = [0, base]
    for (const [i, crown] of this.tabled ? crowns.entries() : []) {
      this.#crownTableAt[i] = at
      expected += addLeaves(this.#table, at, crown)
      at += tableSize(crown)
    }
    this.#bias = expected
    const ends = [...starts.slice(1), { upper, crown: crowns.length }]
    const trees = starts.map((start, i) => ({ ...start, upperEnd: ends[i]!.upper, crownEnd: ends[i]!.crown }))
    const { bit, pathLeft, pathRight } = { bit: this.#bit, pathLeft: this.#pathLeft, pathRight: this.#pathRight }
    this.#parts = this.tabled
      ? null
      : { columns, base, trees, crowns, upper, splits, thresholds, bit, pathLeft, pathRight }
  }

  /** Before the link function, as the library adds it up: tree by tree, in single precision. The row starts at `at`; NaN is missing. */
  margin(row: Float32Array, at = 0): number {
    this.#check('margin', row, 1, at)
    const [{ length }, children, leaves, splits] = [this.#splits.slot, this.#children, this.#leaves, this.#splits]
    const ranks = this.#ranks
    rank(this.#thresholds, row, at, ranks)
    let sum = this.#base
    for (const root of this.#roots) {
      let node = root
      while (node < length) node = children[2 * node + goesLeft(splits, node, ranks)]!
      sum = Math.fround(sum + leaves[node - length]!)
    }
    return sum
  }

  /**
   * SHAP values (path-dependent TreeSHAP, Lundberg et al. 2020): features + 1, the last is the bias; they add up to the margin.
   * @throws XGBoostError where the tables were too large to keep (`tabled` is false): `contributionsOf` answers for many rows
   */
  contributions(row: Float32Array, at = 0): Float64Array {
    this.#check('contributions', row, 1, at)
    if (!this.tabled)
      throw new XGBoostError('Forest.contributions', 'the tables of these trees are too large: use contributionsOf')
    const [passed, bits, pathLeft, pathRight] = [this.#passed, this.#bit, this.#pathLeft, this.#pathRight]
    const [upper, splits, ranks] = [this.#upper, this.#splits, this.#ranks]
    rank(this.#thresholds, row, at, ranks)
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

  /**
   * The same of `count` rows that lie one after the other: count × (features + 1) values. Where no tables are kept, each subtree's is made once
   * for all rows, which takes as long as a thousand rows or so take to look up: ask for thousands together.
   */
  contributionsOf(rows: Float32Array, count: number): Float64Array {
    this.#check('contributionsOf', rows, count, 0)
    if (this.#parts) return contributionsTogether(this.#parts, rows, count)
    const found = new Float64Array(count * (this.columns + 1))
    for (let i = 0; i < count; i++) found.set(this.contributions(rows, i * this.columns), i * (this.columns + 1))
    return found
  }

  #check(method: string, rows: Float32Array, count: number, at: number): void {
    const { columns } = this
    if (at >= 0 && Number.isInteger(count) && count >= 0 && at + count * columns <= rows.length) return
    const expected = count === 1 ? `${columns} features` : `${count} rows of ${columns} features`
    throw new XGBoostError(`Forest.${method}`, `expected ${expected} from ${at} on, found ${rows.length} values`)
  }
}
