/** Clients as a candidate meets them: features of those to be scored, features and outcomes of those to learn from, never both of one client. */
import { DMatrix } from 'xgboost-node'
import { holdOut, stratifiedFolds } from '../folds.ts'
import type { Matrix } from '../matrix.ts'

/** These rows of a matrix, in this order. */
export const rowsOf = (matrix: Matrix, rows: readonly number[]): Matrix => ({
  ...matrix,
  ids: Int32Array.from(rows, (row) => matrix.ids[row] as number),
  columns: matrix.columns.map((column) => {
    // Float32Array.from with a function takes ten times as long, and every fold passes here.
    const taken = new Float32Array(rows.length)
    for (let i = 0; i < rows.length; i++) taken[i] = column[rows[i] as number] as number
    return taken
  }),
})

/** The columns whose name `keep` says yes to. */
export function columnsOf(matrix: Matrix, keep: (name: string) => boolean): Matrix {
  const kept = [...matrix.names.keys()].filter((j) => keep(matrix.names[j] as string))
  const pick = <T>(values: readonly T[]) => kept.map((j) => values[j] as T)
  return { ids: matrix.ids, columns: pick(matrix.columns), names: pick(matrix.names), types: pick(matrix.types) }
}

/** One matrix under another; both have the same features. */
const joined = (above: Matrix, below: Matrix): Matrix => ({
  ...above,
  ids: Int32Array.from([...above.ids, ...below.ids]),
  columns: above.columns.map((column, j) => {
    const both = new Float32Array(above.ids.length + below.ids.length)
    both.set(column)
    both.set(below.columns[j] as Float32Array, column.length)
    return both
  }),
})

/** Features of some clients. Its DMatrix is made once, so that XGBoost's histograms are made once for all candidates. */
export class Rows implements Disposable {
  readonly matrix: Matrix
  #data: DMatrix | null = null

  constructor(matrix: Matrix) {
    this.matrix = matrix
  }

  get count(): number {
    return this.matrix.ids.length
  }

  get data(): DMatrix {
    this.#data ??= DMatrix.fromColumns(this.matrix.columns, {
      ...this.accompanying(),
      featureNames: this.matrix.names,
      featureTypes: this.matrix.types,
    })
    return this.#data
  }

  /** Outcomes and weights, of those who learn. */
  protected accompanying(): { readonly label?: Int8Array; readonly weight?: Float32Array } {
    return {}
  }

  [Symbol.dispose](): void {
    this.#data?.close()
    this.#data = null
  }
}

/**
 * Rows that are learnt from and never judged by: clients of the sample repeated with histories masked, or clients of another portfolio. They stand
 * behind the sample's own clients, and go where their origin goes.
 */
export interface Repeats {
  readonly matrix: Matrix
  readonly target: Int8Array
  /** Of each row; a client of the sample's own counts 1. */
  readonly weight: Float32Array
  /** Of each row the row of the sample that it repeats; -1: of none, it is always learnt from. */
  readonly origin: Int32Array
}

/** Clients whose outcomes are known (1 has defaulted), and rows that are learnt from as well. */
export class Sample extends Rows {
  /** Of every row, the repeats behind the sample's own clients. */
  readonly target: Int8Array
  /** Of every row; null: 1 each. */
  readonly weight: Float32Array | null
  readonly #origin: Int32Array
  readonly #made = new Map<string, Disposable>()

  constructor(matrix: Matrix, target: Int8Array, repeats: Repeats | null = null) {
    super(repeats ? joined(matrix, repeats.matrix) : matrix)
    this.target = repeats ? Int8Array.from([...target, ...repeats.target]) : target
    this.weight = repeats && Float32Array.from([...new Float32Array(target.length).fill(1), ...repeats.weight])
    this.#origin = repeats?.origin ?? new Int32Array(0)
  }

  /** The sample's own clients, without repeats. */
  override get count(): number {
    return this.target.length - this.#origin.length
  }

  /** Defaults among the sample's own clients. */
  get defaults(): number {
    return this.target.subarray(0, this.count).reduce((sum, y) => sum + y, 0)
  }

  /** Of all rows: what a penalty per client is multiplied by. */
  get weightSum(): number {
    return this.weight ? this.weight.reduce((sum, w) => sum + w, 0) : this.count
  }

  /** Weighted default rate of all rows. */
  get rate(): number {
    const { target, weight } = this
    if (!weight) return this.defaults / this.count
    return target.reduce((sum, y, i) => sum + y * (weight[i] as number), 0) / this.weightSum
  }

  protected override accompanying() {
    return { label: this.target, ...(this.weight ? { weight: this.weight } : {}) }
  }

  /** Its own clients, without the rows that repeat them. */
  get own(): { readonly matrix: Matrix; readonly target: Int8Array } {
    return this.#own([...this.target.keys()].slice(0, this.count))
  }

  /** The sample with more rows to learn from, behind those that it holds already; the caller closes it. */
  with(repeats: Repeats): Sample {
    const { matrix, target } = this.own
    const { weight, count } = this
    if (!weight) return new Sample(matrix, target, repeats)
    const before = this.#own([...this.#origin.keys()].map((k) => count + k))
    return new Sample(matrix, target, {
      matrix: joined(before.matrix, repeats.matrix),
      target: Int8Array.from([...before.target, ...repeats.target]),
      weight: Float32Array.from([...weight.subarray(count), ...repeats.weight]),
      origin: Int32Array.from([...this.#origin, ...repeats.origin]),
    })
  }

  /** A new sample of these of its own clients, with their repeats and those of none; the caller closes it. */
  take(rows: readonly number[]): Sample {
    const { matrix, target } = this.#own(rows)
    if (!this.weight) return new Sample(matrix, target)
    const place = new Map(rows.map((row, i) => [row, i]))
    const kept = [...this.#origin.keys()].filter((k) => this.#origin[k] === -1 || place.has(this.#origin[k]!))
    const { weight, count } = this
    return new Sample(matrix, target, {
      ...this.#own(kept.map((k) => count + k)),
      weight: Float32Array.from(kept, (k) => weight[count + k]!),
      origin: Int32Array.from(kept, (k) => (this.#origin[k] === -1 ? -1 : place.get(this.#origin[k]!)!)),
    })
  }

  #own(rows: readonly number[]): { matrix: Matrix; target: Int8Array } {
    return { matrix: rowsOf(this.matrix, rows), target: Int8Array.from(rows, (row) => this.target[row] as number) }
  }

  /** The `k`-th of `parts` stratified parts of its own clients held out, the others kept with their repeats; made once and closed with the sample. */
  split(k: number, parts: number, seed: number): { readonly kept: Sample; readonly held: Sample } {
    const rows = (held: boolean) => {
      const part = stratifiedFolds(this.target.subarray(0, this.count), parts, seed)
      return [...part.keys()].filter((row) => (part[row] === k) === held)
    }
    const key = (name: string) => `${name} ${k} ${parts} ${seed}`
    return {
      kept: this.once(key('kept'), () => this.take(rows(false))),
      held: this.once(key('held'), () => {
        const { matrix, target } = this.#own(rows(true))
        return new Sample(matrix, target)
      }),
    }
  }

  /** A stratified part of this share of the clients, or the sample itself; made once and closed with the sample. */
  share(share: number, seed: number): Sample {
    if (share >= 1) return this
    const own = this.target.subarray(0, this.count)
    return this.once(`share ${share} ${seed}`, () => this.take(holdOut(own, [...own.keys()], share, seed).held))
  }

  /** The same clients with these weights; the caller closes it. */
  weightedBy(weight: Float32Array): Sample {
    const { matrix, target } = this.own
    const none = { ...matrix, ids: new Int32Array(0), columns: matrix.columns.map(() => new Float32Array(0)) }
    const made = new Sample(matrix, target, {
      matrix: none,
      target: new Int8Array(0),
      weight: new Float32Array(0),
      origin: new Int32Array(0),
    })
    ;(made.weight as Float32Array).set(weight)
    return made
  }

  /** What `make` gives, made once for this key and closed with the sample. */
  once<T extends Disposable>(key: string, make: () => T): T {
    const known = this.#made.get(key) as T | undefined
    if (known) return known
    const made = make()
    this.#made.set(key, made)
    return made
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]()
    for (const part of this.#made.values()) part[Symbol.dispose]()
    this.#made.clear()
  }
}
