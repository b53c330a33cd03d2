/** How training clients must be weighted to look like new clients: a stand-in for a test on later clients, which undated data cannot give. */
import { DMatrix, type Params, train } from 'xgboost-node'
import { stratifiedFolds } from './folds.ts'
import type { Matrix } from './matrix.ts'
import { rocAuc } from './ranking.ts'

export interface Shift {
  /** Of each training client, mean 1: the odds of being a new client, cut at the 99th percentile. */
  readonly weight: Float64Array
  /** How well the classifier tells new from training clients: 0.5 not at all. */
  readonly auc: number
  /** Kish's effective number of training clients after weighting. */
  readonly effective: number
}

/**
 * Density ratio by classification (Bickel, Brückner and Scheffer 2007): a booster that tells new clients (1) from training clients (0),
 * judged out of fold; weight = p / (1 - p), scaled to mean 1. Both matrices have the same features.
 */
export function importanceWeights(
  old: Matrix,
  recent: Matrix,
  { seed, threads }: { seed: number; threads: number },
): Shift {
  const n = old.ids.length
  const isNew = new Int8Array(n + recent.ids.length).fill(1, n)
  const columns = old.columns.map((column, j) => {
    const both = new Float32Array(isNew.length)
    both.set(column)
    both.set(recent.columns[j] as Float32Array, n)
    return both
  })
  const params: Params = {
    objective: 'binary:logistic',
    tree_method: 'hist',
    max_depth: 3,
    eta: 0.1,
    subsample: 0.8,
    colsample_bytree: 0.3,
    min_child_weight: 20,
    lambda: 10,
    seed,
    nthread: threads,
  }
  using data = DMatrix.fromColumns(columns, { label: isNew, featureNames: old.names, featureTypes: old.types })
  const fold = stratifiedFolds(isNew, 3, seed)
  const rows = Array.from(isNew, (_, i) => i)
  const probability = new Float64Array(isNew.length)
  for (let k = 0; k < 3; k++) {
    const held = rows.filter((i) => fold[i] === k)
    using dtrain = data.slice(rows.filter((i) => fold[i] !== k))
    using judged = data.slice(held)
    using booster = train({ params, dtrain, rounds: 60 }).booster
    booster.predict(judged).forEach((p, i) => {
      probability[held[i] as number] = p
    })
  }
  const odds = probability.slice(0, n).map((p) => p / (1 - p))
  const cut = odds.slice().sort()[Math.floor(0.99 * (n - 1))] as number
  const bounded = odds.map((o) => Math.min(o, cut))
  const mean = bounded.reduce((a, b) => a + b, 0) / n
  const weight = bounded.map((o) => o / mean)
  const squares = weight.reduce((sum, w) => sum + w * w, 0)
  return { weight, auc: rocAuc(isNew, probability), effective: n ** 2 / squares }
}
