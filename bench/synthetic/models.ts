/** This project's model on a synthetic portfolio, judged out of fold and on real clients. */
import { params } from 'dvc-ts'
import type { Params } from 'xgboost-node'
import { z } from 'zod'
import { ingestPortfolio } from '../../pipeline/data/ingestion.ts'
import { historyTables } from '../../pipeline/data/schema/tables.ts'
import { readParquetTable } from '../../pipeline/data/tables.ts'
import { definitions } from '../../pipeline/features/definitions/index.ts'
import { type FeatureFrames, featureFrames } from '../../pipeline/features/frames.ts'
import type { Definitions } from '../../pipeline/features/rules/check/definitions.ts'
import { allSources, without } from '../../pipeline/features/rules/check/sources.ts'
import { batch } from '../../pipeline/features/rules/polars/features.ts'
import { stratifiedFolds } from '../../pipeline/models/folds.ts'
import { matrixOf, targetOf } from '../../pipeline/models/matrix.ts'
import {
  chooseRounds,
  dmatrix,
  fittedBooster,
  outOfFold,
  type Plan,
  scaledRounds,
} from '../../pipeline/models/out-of-fold.ts'
import { rocAuc } from '../../pipeline/models/ranking.ts'

const section = z.object({
  folds: z.int(),
  seed: z.int(),
  threads: z.int(),
  rounds: z.int(),
  early_stopping: z.int(),
  inner_share: z.number(),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

export type Say = (text: string) => void

/** The parameters of the train stage as they stand. */
function planOf(): Plan & { folds: number } {
  const { folds, seed, threads, rounds, early_stopping, inner_share, booster } = params('train', section)
  const fixed = { objective: 'binary:logistic', eval_metric: 'logloss', tree_method: 'hist' }
  return {
    params: { ...fixed, ...booster, seed, nthread: threads } as Params,
    rounds,
    earlyStopping: early_stopping,
    innerShare: inner_share,
    seed,
    folds,
  }
}

/** Every feature of every client of a folder of CSV files. */
export async function featuresOf(data: string, work: string, say: Say): Promise<FeatureFrames> {
  const { exclude } = params('features', z.object({ exclude: z.array(z.string()) }))
  say('reading the tables')
  await ingestPortfolio(data, work, { unknownClients: 0.01 })
  return featureFrames(without(definitions, exclude), work, say)
}

/** The features that read nothing but the application form. */
export function formOnly(all: Definitions): Definitions['features'] {
  const sources = allSources(all)
  return all.features.filter(({ name }) => sources.get(name)!.every((source) => source.startsWith('application.')))
}

export interface Trained {
  readonly auc: number
  readonly features: number
  readonly finalRounds: number
}

/** Larger steps, and one fold in five judged instead of all. */
export const quicker = (plan: Plan): Plan => ({ ...plan, params: { ...plan.params, eta: 0.1 }, earlyStopping: 20 })

/** ROC AUC out of fold with the features named; of one fold alone when it is to be `quick`. */
export function trained(frames: FeatureFrames, features: Definitions['features'], say: Say, quick = false): Trained {
  const plan = planOf()
  const target = targetOf(frames.train)
  using data = dmatrix(matrixOf(frames.train, features), target)
  const fold = stratifiedFolds(target, plan.folds, plan.seed)
  if (quick) {
    const [rest, held] = [0, 1].map((judged) =>
      Array.from(fold, (_, i) => i).filter((i) => (fold[i] === 0) === (judged === 1)),
    ) as [number[], number[]]
    const fast = quicker(plan)
    const { best, trainedOn } = chooseRounds(data, target, rest, fast)
    const rounds = scaledRounds(best, trainedOn, rest.length)
    say(`${features.length} features, one fold: ${rounds} rounds`)
    using dtrain = data.slice(rest)
    using judged = data.slice(held)
    using booster = fittedBooster(dtrain, rounds, fast)
    const outcomes = Int8Array.from(held, (i) => target[i]!)
    const auc = rocAuc(outcomes, booster.predict(judged, { output: 'margin' }))
    return { auc, features: features.length, finalRounds: scaledRounds(rounds, rest.length, target.length) }
  }
  const { margin, finalRounds } = outOfFold(data, target, fold, plan, ({ fold: k, rounds }) =>
    say(`${features.length} features, fold ${k + 1} of ${plan.folds}: ${rounds} rounds`),
  )
  return { auc: rocAuc(target, margin), features: features.length, finalRounds }
}

/** Trains on all clients of `frames`; ROC AUC on the labelled clients of another folder. */
export async function transferred(
  frames: FeatureFrames,
  rounds: number,
  real: string,
  work: string,
  say: Say,
): Promise<{ auc: number; clients: number }> {
  const { features } = frames.definitions
  using data = dmatrix(matrixOf(frames.train, features), targetOf(frames.train))
  using booster = fittedBooster(data, rounds, planOf())
  say('the real clients')
  await ingestPortfolio(real, work, { unknownClients: 1 })
  const known = readParquetTable(work, 'application_train')
  const history = Object.fromEntries(historyTables.map((name) => [name, readParquetTable(work, name)]))
  const values = batch(frames.definitions, { application: known.drop('TARGET'), ...history }, { single: true })
  const matrix = matrixOf(values, features)
  const ids = known.getColumn('SK_ID_CURR').toArray() as number[]
  const outcomes = known.getColumn('TARGET').toArray() as number[]
  const outcome = new Map(ids.map((id, i) => [id, outcomes[i]!]))
  using judged = dmatrix(matrix)
  const target = Int8Array.from(matrix.ids, (id) => outcome.get(id)!)
  return { auc: rocAuc(target, booster.predict(judged, { output: 'margin' })), clients: target.length }
}
