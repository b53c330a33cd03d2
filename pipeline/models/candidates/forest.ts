/** A probability forest (Breiman 2001; Malley et al. 2012): the mean of the default rates of the leaves that a client falls into. */
import { type Params, train } from 'xgboost-node'
import { type Candidate, logit } from './candidate.ts'

export interface Forest {
  readonly trees: number
  readonly depth: number
  /** Clients in a leaf, at least. */
  readonly leaf: number
  /** Of the features, tried at each split. */
  readonly features: number
  readonly threads: number
}

/** Squared error on outcomes of 0 and 1 splits as Gini impurity does, and a leaf's mean is its default rate. */
export const forest = ({ trees, depth, leaf, features, threads }: Forest): Candidate => ({
  name: 'forest',
  label: 'Random forest',
  fit: (sample, seed) => {
    const params: Params = {
      objective: 'reg:squarederror',
      tree_method: 'hist',
      max_depth: depth,
      min_child_weight: leaf,
      num_parallel_tree: trees,
      subsample: 0.632,
      colsample_bynode: features,
      eta: 1,
      lambda: 0,
      base_score: sample.defaults / sample.count,
      max_bin: 64,
      seed,
      nthread: threads,
    }
    const { booster } = train({ params, dtrain: sample.data, rounds: 1 })
    // A rate of 0 has no log-odds: no leaf is believed beyond half a client of the sample.
    const least = 0.5 / sample.count
    return {
      margins: (rows) =>
        Float64Array.from(booster.predict(rows.data), (p) => logit(Math.min(1 - least, Math.max(least, p)))),
      [Symbol.dispose]: () => booster.close(),
    }
  },
})
