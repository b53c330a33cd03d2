/** Gradient boosting (XGBoost, histograms), its number of rounds chosen by early stopping inside the sample, then fitted on all of it. */
import { type Booster, type DMatrix, type Params, train } from 'xgboost-node'
import { median } from '../../data/quantile.ts'
import type { Strategy } from '../imbalance/strategy.ts'
import { scaledRounds } from '../out-of-fold.ts'
import { type Candidate, type OnRound, type RoundsChosen, treesMember } from './candidate.ts'
import type { Rows, Sample } from './sample.ts'

export interface Boosting {
  readonly params: Params
  /** At most. */
  readonly rounds: number
  /** Rounds without a better log loss on the held-out clients. */
  readonly earlyStopping: number
  /** Of the sample, held out to choose the number of rounds; never resampled. Small samples hold out several parts in turn. */
  readonly innerShare: number
}

export interface Named {
  readonly name: string
  readonly label: string
}

const base: Params = { objective: 'binary:logistic', tree_method: 'hist', eval_metric: 'logloss' }

/** Defaults held out in all before a number of rounds is believed. */
const enoughDefaults = 200

/** The parts that a sample is cut in when a part of `innerShare` is held out. */
export const innerParts = (innerShare: number): number => Math.max(2, Math.round(1 / innerShare))

export function boosting(named: Named, options: Boosting, strategy: Strategy): Candidate {
  return {
    ...named,
    fit: (sample, seed, onRound) => {
      const weighted = { scale_pos_weight: strategy.weight(sample.count, sample.defaults) }
      const params: Params = { ...base, ...weighted, ...options.params, seed }
      const chosen = chosenRounds(sample, params, options, strategy, seed, onRound)
      const rounds = scaledRounds(chosen.best, chosen.trainedOn, sample.count)
      const { booster } = strategy.on(sample, seed, ({ data }) => train({ params, dtrain: data, rounds }))
      const neverSplit = !splits(booster)
      return {
        margins: (rows: Rows) => booster.predict(rows.data, { output: 'margin' }),
        members: () => treesMember(booster, { params, rounds }),
        inner: chosen.inner,
        rounds: { ...chosen, rounds },
        neverSplit,
        [Symbol.dispose]: () => booster.close(),
      }
    },
  }
}

/** Whether any tree asks anything. */
const splits = (booster: Booster): boolean => Object.keys(booster.importance('weight')).length > 0

/** The number of rounds with the least log loss on held-out parts, and the log-odds of the first part held out at its best round. */
function chosenRounds(
  sample: Sample,
  params: Params,
  options: Boosting,
  strategy: Strategy,
  seed: number,
  onRound: OnRound = () => {},
): Omit<RoundsChosen, 'rounds'> & { readonly inner: ArrayLike<number> } {
  const parts = innerParts(options.innerShare)
  const turns = Math.min(parts, Math.ceil((enoughDefaults * parts) / sample.defaults))
  let [inner, curve]: [ArrayLike<number>, readonly number[]] = [[], []]
  const bests = Array.from({ length: turns }, (_, k) => {
    const { kept, held } = sample.split(k, parts, seed)
    return strategy.on(kept, seed, (resampled) => {
      const ratio = strategy.weight(kept.count, kept.defaults) * (resampled.rate / (1 - resampled.rate))
      using judged = judgedAt(held, ratio)
      const { booster, bestRound, evaluations } = train({
        params,
        dtrain: resampled.data,
        rounds: options.rounds,
        evals: { held: judged.data },
        earlyStopping: { rounds: options.earlyStopping, metric: 'logloss', on: 'held' },
        ...(k === 0 && { onRound: ({ round, scores }) => onRound(round, scores.held?.logloss ?? Number.NaN) }),
      })
      if (k === 0) {
        inner = booster.predict(held.data, { output: 'margin', rounds: [0, bestRound + 1] })
        curve = evaluations.held?.logloss ?? []
      }
      booster.close()
      return bestRound + 1
    })
  })
  return { best: median(bests), trainedOn: sample.count * (1 - 1 / parts), curve, inner }
}

/**
 * The held-out clients for early stopping, whose defaults weigh so much that they are as frequent as those learnt from: a resampled or weighted model
 * says the risks of the world that it has seen, and log loss would stop it for that alone.
 */
function judgedAt(held: Sample, odds: number): { readonly data: DMatrix } & Disposable {
  const own = held.rate / (1 - held.rate)
  if (Math.abs(Math.log(odds / own)) < 0.2) return { data: held.data, [Symbol.dispose]: () => {} }
  const weighted = held.weightedBy(Float32Array.from(held.target, (y) => (y === 1 ? odds / own : 1)))
  return { data: weighted.data, [Symbol.dispose]: () => weighted[Symbol.dispose]() }
}
