/** Stratified cross-validation of a booster: margins for clients that it has not seen, rounds chosen inside each training fold. */

import { type Booster, DMatrix, type Params, train } from 'xgboost-node'
import { maximum } from '../data/extremes.ts'
import { median } from '../data/quantile.ts'
import { stratifiedFolds } from './folds.ts'
import type { Matrix } from './matrix.ts'

export interface Plan {
  readonly params: Params // objective, metric, seed and threads included
  readonly rounds: number // at most
  readonly earlyStopping: number // rounds without a better log loss
  readonly innerShare: number // of a training fold, held out to choose the number of rounds
  readonly seed: number
}

/** Rounds for a fit to `clients`, from the best number on fewer of them: the optimum grows with the data, here in proportion. */
export const scaledRounds = (best: number, trainedOn: number, clients: number): number =>
  Math.max(1, Math.round((best * clients) / trainedOn))

/** Defaults that must be held out in all before a number of rounds is believed; small portfolios hold out several parts in turn. */
const enoughDefaults = 200

export interface RoundsChoice {
  readonly best: number // median over the hold-outs
  readonly trainedOn: number // clients
  readonly curve: readonly number[] // log loss on the first hold-out, by round
}

const pick = (values: ArrayLike<number>, rows: readonly number[]): Int8Array =>
  Int8Array.from(rows, (row) => values[row] as number)

/**
 * The number of rounds with the least log loss on held-out clients among `rows`, by early stopping. The rows are cut in stratified parts
 * of `innerShare`; parts are held out in turn until 200 defaults have been, or all parts. `onRound` hears of the first hold-out's log loss.
 */
export function chooseRounds(
  data: DMatrix,
  target: ArrayLike<number>,
  rows: readonly number[],
  plan: Plan,
  onRound: (round: number, logLoss: number) => void = () => {},
): RoundsChoice {
  const labels = pick(target, rows)
  const parts = Math.max(2, Math.round(1 / plan.innerShare))
  const part = stratifiedFolds(labels, parts, plan.seed)
  const defaults = labels.reduce((sum, y) => sum + y, 0)
  const turns = Math.min(parts, Math.ceil(enoughDefaults / (defaults / parts)))
  const bests: number[] = []
  let curve: readonly number[] = []
  for (let k = 0; k < turns; k++) {
    using dtrain = data.slice(rows.filter((_, i) => part[i] !== k))
    using held = data.slice(rows.filter((_, i) => part[i] === k))
    const { booster, evaluations, bestRound } = train({
      params: plan.params,
      dtrain,
      rounds: plan.rounds,
      evals: { held },
      earlyStopping: { rounds: plan.earlyStopping, metric: 'logloss', on: 'held' },
      ...(k === 0 && { onRound: ({ round, scores }) => onRound(round, scores.held?.logloss ?? Number.NaN) }),
    })
    booster.close()
    bests.push(bestRound + 1)
    if (k === 0) curve = evaluations.held?.logloss ?? []
  }
  return { best: median(bests), trainedOn: rows.length * (1 - 1 / parts), curve }
}

export interface FoldRun {
  readonly fold: number
  readonly clients: number // judged
  readonly rounds: number // of the fold's model, fitted on the whole training fold
  readonly choice: RoundsChoice
}

export interface OutOfFold {
  readonly margin: Float32Array // log-odds, by the model of the other folds
  readonly folds: readonly FoldRun[]
  /** Rounds for a model of all clients: the median over folds, scaled to all clients. */
  readonly finalRounds: number
}

/** The columns as a DMatrix with names, types and labels. */
export const dmatrix = (matrix: Matrix, label?: ArrayLike<number>): DMatrix =>
  DMatrix.fromColumns(matrix.columns, {
    ...(label ? { label } : {}),
    featureNames: matrix.names,
    featureTypes: matrix.types,
  })

/** Runs every fold; `onFold` hears of each as it ends, `onRound` of the rounds by which it chooses their number. `fold[i]` is 0 … k - 1. */
export function outOfFold(
  data: DMatrix,
  target: ArrayLike<number>,
  fold: Int32Array,
  plan: Plan,
  onFold: (run: FoldRun) => void = () => {},
  onRound: (fold: number, round: number, logLoss: number) => void = () => {},
): OutOfFold {
  const margin = new Float32Array(fold.length)
  const count = maximum(fold) + 1
  const every = Array.from(fold, (_, i) => i)
  const folds = Array.from({ length: count }, (_, k): FoldRun => {
    const [rest, judged] = [every.filter((i) => fold[i] !== k), every.filter((i) => fold[i] === k)]
    const choice = chooseRounds(data, target, rest, plan, (round, logLoss) => onRound(k, round, logLoss))
    const rounds = scaledRounds(choice.best, choice.trainedOn, rest.length)
    using dtrain = data.slice(rest)
    using held = data.slice(judged)
    using booster = fittedBooster(dtrain, rounds, plan)
    const margins = booster.predict(held, { output: 'margin' })
    judged.forEach((row, i) => {
      margin[row] = margins[i] as number
    })
    const run = { fold: k, clients: judged.length, rounds, choice }
    onFold(run)
    return run
  })
  const finalRounds = Math.round(
    median(folds.map(({ choice }) => scaledRounds(choice.best, choice.trainedOn, fold.length))),
  )
  return { margin, folds, finalRounds }
}

/** A booster of exactly that many rounds. */
export const fittedBooster = (dtrain: DMatrix, rounds: number, plan: Plan): Booster =>
  train({ params: plan.params, dtrain, rounds }).booster
