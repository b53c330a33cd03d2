/** A probability forest (Breiman 2001; Malley et al. 2012): the mean of the default rates of the leaves that a client falls into. */
import { type Params, train } from 'xgboost-node'
import { type Candidate, treesMember } from './candidate.ts'

export interface Forest {
  readonly trees: number
  readonly depth: number
  /** Clients in a leaf, at least. */
  readonly leaf: number
  /** Of the features, tried at each split. */
  readonly features: number
  readonly threads: number
}

/**
 * One logistic step from the default rate, without shrinkage: a leaf says how far its clients' rate is from that of all, over p (1 - p), so that the
 * trees rank as the mean of the leaves' rates does, splits are Gini's, and the log-odds add up tree by tree. Calibration bends them to probabilities.
 */
export const forest = ({ trees, depth, leaf, features, threads }: Forest): Candidate => ({
  name: 'forest',
  label: 'Random forest',
  fit: (sample, seed) => {
    const { rate } = sample
    const params: Params = {
      objective: 'binary:logistic',
      tree_method: 'hist',
      max_depth: depth,
      min_child_weight: leaf * rate * (1 - rate), // each client weighs p (1 - p)
      num_parallel_tree: trees,
      subsample: 0.632,
      colsample_bynode: features,
      eta: 1,
      lambda: 0,
      base_score: rate,
      max_bin: 64,
      seed,
      nthread: threads,
    }
    const { booster } = train({ params, dtrain: sample.data, rounds: 1 })
    return {
      margins: (rows) => booster.predict(rows.data, { output: 'margin' }),
      members: () => treesMember(booster, { params, rounds: 1 }),
      [Symbol.dispose]: () => booster.close(),
    }
  },
})
