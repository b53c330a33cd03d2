/** Cross-fitting of a candidate: log-odds of clients that a fold's model has not seen, with their histories and, where asked, without. */
import { maximum } from '../../data/extremes.ts'
import type { Candidate, Model, RoundsChosen } from '../candidates/candidate.ts'
import { Rows, rowsOf, Sample } from '../candidates/sample.ts'
import type { Matrix } from '../matrix.ts'

export interface FoldFit {
  readonly fold: number
  /** Judged. */
  readonly clients: number
  /** Of boosted trees; null where there are none. */
  readonly rounds: RoundsChosen | null
}

export interface CrossFit {
  /** Log-odds of each client by the model of the other folds. */
  readonly margin: Float64Array
  /** The same of the clients as `bare` knows them; null without it. */
  readonly bareMargin: Float64Array | null
  readonly folds: readonly FoldFit[]
}

export interface CrossFitOptions {
  /** The clients as they would be known without their histories. */
  readonly bare: Matrix | null
  readonly seed: number
  readonly onFold?: (fold: FoldFit) => void
  /** Of boosted trees, the log loss on the first hold-out of a fold. */
  readonly onRound?: (fold: number, round: number, logLoss: number) => void
}

/** `fold[i]`: 0 … k - 1. Each fold's model is fitted with seed + fold. */
export function crossFit(
  candidate: Candidate,
  matrix: Matrix,
  target: Int8Array,
  fold: Int32Array,
  { bare, seed, onFold = () => {}, onRound = () => {} }: CrossFitOptions,
): CrossFit {
  const margin = new Float64Array(fold.length)
  const bareMargin = bare && new Float64Array(fold.length)
  const every = [...fold.keys()]
  const folds = Array.from({ length: maximum(fold) + 1 }, (_, k): FoldFit => {
    const [rest, judged] = [every.filter((i) => fold[i] !== k), every.filter((i) => fold[i] === k)]
    using train = sampleOf(matrix, target, rest)
    using model = candidate.fit(train, seed + k, (round, logLoss) => onRound(k, round, logLoss))
    scoreInto(margin, model, matrix, judged)
    if (bare && bareMargin) scoreInto(bareMargin, model, bare, judged)
    const found = { fold: k, clients: judged.length, rounds: model.rounds ?? null }
    onFold(found)
    return found
  })
  return { margin, bareMargin, folds }
}

const sampleOf = (matrix: Matrix, target: Int8Array, rows: readonly number[]): Sample =>
  new Sample(
    rowsOf(matrix, rows),
    Int8Array.from(rows, (row) => target[row] as number),
  )

function scoreInto(out: Float64Array, model: Model, matrix: Matrix, rows: readonly number[]): void {
  using scored = new Rows(rowsOf(matrix, rows))
  const margins = model.margins(scored)
  rows.forEach((row, i) => {
    out[row] = margins[i] as number
  })
}
