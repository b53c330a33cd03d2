/** Gradient boosting (XGBoost, histograms), its number of rounds chosen by early stopping inside the sample, then fitted on all of it. */
import { type Params, train } from 'xgboost-node'
import { median } from '../../data/quantile.ts'
import type { Strategy } from '../imbalance/strategy.ts'
import { scaledRounds } from '../out-of-fold.ts'
import { type Candidate, treesMember } from './candidate.ts'
import type { Rows, Sample } from './sample.ts'

export interface Boosting {
  readonly params: Params
  /** At most. */
  readonly rounds: number
  /** Rounds without a better ROC AUC on the held-out clients. A ranking, so that resampling and weights, which shift probabilities, stop alike. */
  readonly earlyStopping: number
  /** Of the sample, held out to choose the number of rounds; never resampled. Small samples hold out several parts in turn. */
  readonly innerShare: number
}

export interface Named {
  readonly name: string
  readonly label: string
}

const base: Params = { objective: 'binary:logistic', tree_method: 'hist', eval_metric: 'auc' }

export function boosting(named: Named, options: Boosting, strategy: Strategy): Candidate {
  return {
    ...named,
    fit: (sample, seed) => {
      const weighted = { scale_pos_weight: strategy.weight(sample.count, sample.defaults) }
      const params: Params = { ...base, ...weighted, ...options.params, seed }
      const parts = Math.max(2, Math.round(1 / options.innerShare))
      const turns = Math.min(parts, Math.ceil((enoughDefaults * parts) / sample.defaults))
      const bests = Array.from({ length: turns }, (_, k) => {
        const { kept, held } = sample.split(k, parts, seed)
        return strategy.on(kept, seed, (resampled) => bestRounds(resampled, held, params, options))
      })
      const rounds = scaledRounds(median(bests), 1 - 1 / parts, 1)
      const { booster } = strategy.on(sample, seed, ({ data }) => train({ params, dtrain: data, rounds }))
      return {
        margins: (rows: Rows) => booster.predict(rows.data, { output: 'margin' }),
        members: () => treesMember(booster, { params, rounds }),
        [Symbol.dispose]: () => booster.close(),
      }
    },
  }
}

/** Defaults held out in all before a number of rounds is believed. */
const enoughDefaults = 120

function bestRounds(kept: Sample, held: Sample, params: Params, { rounds, earlyStopping }: Boosting): number {
  const { booster, bestRound } = train({
    params,
    dtrain: kept.data,
    rounds,
    evals: { held: held.data },
    earlyStopping: { rounds: earlyStopping, metric: 'auc', on: 'held' },
  })
  booster.close()
  return bestRound + 1
}
