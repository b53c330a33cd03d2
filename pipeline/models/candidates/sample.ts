/** Clients as a candidate meets them: features of those to be scored, features and outcomes of those to learn from, never both of one client. */
import { DMatrix } from 'xgboost-node'
import { holdOut, stratifiedFolds } from '../folds.ts'
import type { Matrix } from '../matrix.ts'

/** These rows of a matrix, in this order. */
export const rowsOf = (matrix: Matrix, rows: readonly number[]): Matrix => ({
  ...matrix,
  ids: Int32Array.from(rows, (row) => matrix.ids[row] as number),
  columns: matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row] as number)),
})

/** The columns whose name `keep` says yes to. */
export function columnsOf(matrix: Matrix, keep: (name: string) => boolean): Matrix {
  const kept = [...matrix.names.keys()].filter((j) => keep(matrix.names[j] as string))
  const pick = <T>(values: readonly T[]) => kept.map((j) => values[j] as T)
  return { ids: matrix.ids, columns: pick(matrix.columns), names: pick(matrix.names), types: pick(matrix.types) }
}

/** Features of some clients. Its DMatrix is made once, so that XGBoost's histograms are made once for all candidates. */
export class Rows implements Disposable {
  readonly matrix: Matrix
  readonly #label: Int8Array | null
  #data: DMatrix | null = null

  constructor(matrix: Matrix, label: Int8Array | null = null) {
    this.matrix = matrix
    this.#label = label
  }

  get count(): number {
    return this.matrix.ids.length
  }

  get data(): DMatrix {
    this.#data ??= DMatrix.fromColumns(this.matrix.columns, {
      ...(this.#label ? { label: this.#label } : {}),
      featureNames: this.matrix.names,
      featureTypes: this.matrix.types,
    })
    return this.#data
  }

  [Symbol.dispose](): void {
    this.#data?.close()
    this.#data = null
  }
}

/** Clients whose outcomes are known (1 has defaulted). */
export class Sample extends Rows {
  readonly target: Int8Array
  readonly #made = new Map<string, Sample>()

  constructor(matrix: Matrix, target: Int8Array) {
    super(matrix, target)
    this.target = target
  }

  get defaults(): number {
    return this.target.reduce((sum, y) => sum + y, 0)
  }

  /** A new sample of these rows; the caller closes it. */
  take(rows: readonly number[]): Sample {
    return new Sample(
      rowsOf(this.matrix, rows),
      Int8Array.from(rows, (row) => this.target[row] as number),
    )
  }

  /** The `k`-th of `parts` stratified parts held out, the others kept; made once and closed with the sample. */
  split(k: number, parts: number, seed: number): { readonly kept: Sample; readonly held: Sample } {
    const rows = (held: boolean) => {
      const part = stratifiedFolds(this.target, parts, seed)
      return [...part.keys()].filter((row) => (part[row] === k) === held)
    }
    const half = (name: string, held: boolean) =>
      this.#once(`${name} ${k} ${parts} ${seed}`, () => this.take(rows(held)))
    return { kept: half('kept', false), held: half('held', true) }
  }

  /** A stratified part of this share of the clients, or the sample itself; made once and closed with the sample. */
  share(share: number, seed: number): Sample {
    if (share >= 1) return this
    return this.#once(`share ${share} ${seed}`, () =>
      this.take(holdOut(this.target, [...this.target.keys()], share, seed).held),
    )
  }

  #once(key: string, make: () => Sample): Sample {
    const known = this.#made.get(key)
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
