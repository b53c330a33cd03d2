/**
 * STAGE train: artifacts/portfolio + artifacts/features + artifacts/compare/chosen.json → artifacts/model + reports/train (JSON and plots).
 *
 * Out-of-fold margins with rounds chosen inside each training fold; calibration and threshold judged nested; a final model of all clients.
 */
import { join } from 'node:path'
import { Live } from 'dvc-ts'
import pl from 'nodejs-polars'
import { configure } from 'xgboost-node'
import { maximum } from './data/extremes.ts'
import { runStage } from './data/stage.ts'
import { scanParquetTable } from './data/tables.ts'
import { applicants, evenlySpread } from './models/applicants.ts'
import { treesMember } from './models/candidates/candidate.ts'
import { evaluate } from './models/evaluate.ts'
import { refuseLeak } from './models/interval.ts'
import { filed } from './models/members/member.ts'
import { dmatrix, type FoldRun, fittedBooster, outOfFold } from './models/out-of-fold.ts'
import { rocAuc } from './models/ranking.ts'
import { importanceWeights } from './models/shift.ts'
import { foldsOf, readClients } from './models/training/clients.ts'
import { follow, reportTraining } from './models/training/report.ts'
import { planOf, readTrainSettings, ruleOf } from './models/training/settings.ts'
import type { Bundle } from './scoring/bundle.ts'
import { descriptionOf, type Trained } from './scoring/description.ts'
import { writeBundle } from './scoring/write.ts'
import { mlmodelOf } from './tracking/mlmodel.ts'
import { type Logged, track } from './tracking/track.ts'

export interface TrainPaths {
  readonly portfolio: string
  readonly features: string
  /** Parameters that the compare stage found better than `train.booster`. */
  readonly chosen: string
  readonly model: string
  readonly reports: string
}

const say = (text: string) => process.stderr.write(`train: ${text}\n`)

/** Runs the stage and tells MLflow about it: parameters, figures, the log loss by round of each fold, the reports, the model for the registry. */
export async function train(paths: TrainPaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'train' }, async (run) => {
    const { bundle, folds } = await build(paths)
    const { training, synthetic, version } = bundle
    run.input({ name: 'portfolio', hash: training.data, source: paths.portfolio })
    run.params({ ...(training.params as Record<string, Logged>), ...bundle.costs, rounds_final: training.rounds })
    run.tags({ bundle_version: version, synthetic: synthetic !== null })
    run.metrics(Object.entries(bundle.metrics).map(([name, value]) => ({ name, value })))
    for (const { fold, choice } of folds)
      run.metrics(choice.curve.map((value, step) => ({ name: `log_loss/fold_${fold + 1}`, value, step })))
    run.reports(paths.reports)
    const tags = { 'data.hash': training.data, synthetic: synthetic !== null }
    run.registerModel({ name: 'credit-scoring', folder: paths.model, version, tags })
  })
}

/** The stage without MLflow: writes the bundle and the reports. */
export async function build(
  paths: TrainPaths,
  file = 'params.yaml',
): Promise<{ bundle: Bundle; folds: readonly FoldRun[] }> {
  const settings = readTrainSettings(file, paths.chosen)
  const { seed, threads, suspicious_auc } = settings.train
  configure({ nthread: threads })
  const clients = await readClients(paths)
  const { matrix, target, recent } = clients
  const fold = foldsOf(settings, clients)
  say(`how far the new clients are from the ${matrix.ids.length} training clients`)
  const weights = importanceWeights(matrix, recent, { seed, threads }) // before the next DMatrix is made: both are large

  const plan = planOf(settings)
  using data = dmatrix(matrix, target)
  say(`${matrix.ids.length} clients, ${matrix.columns.length} features, ${maximum(fold) + 1} folds`)
  const live = new Live({ dir: paths.reports })
  const onFold = ({ fold: k, rounds }: FoldRun) => say(`fold ${k + 1}: ${rounds} rounds`)
  const run = outOfFold(data, target, fold, plan, onFold, follow(live))
  const evaluation = evaluate(run.margin, target, fold, ruleOf(settings), seed)
  refuseLeak(evaluation.auc, suspicious_auc)
  const shift = { roc_auc: rocAuc(target, run.margin, weights.weight), auc: weights.auc, effective: weights.effective }

  say(`final model: ${run.finalRounds} rounds on all clients`)
  using booster = fittedBooster(data, run.finalRounds, plan)
  const { members, models } = filed(treesMember(booster, { params: plan.params, rounds: run.finalRounds }))
  const model = { name: 'boosting', label: 'Boosting', settings: settings.train.booster, because: null }
  const trained = { clients, settings, fold, run, evaluation, shift, members, models, model }
  const bundle = writeModel(paths, trained)
  reportTraining(paths.reports, live, bundle, trained)
  const { roc_auc, cost } = evaluation.pooled
  say(`model ${bundle.version}: ROC AUC ${roc_auc.toFixed(4)}, cost per client ${cost.toFixed(4)}`)
  return { bundle, folds: run.folds }
}

type Written = Trained & { readonly fold: Int32Array; readonly models: ReadonlyMap<string, Uint8Array> }

/** The bundle: the model with its description, what was found out of fold, the new clients' scores, and what travels with it. */
function writeModel(paths: TrainPaths, trained: Written): Bundle {
  const { clients, settings, fold, run, evaluation, models } = trained
  const { matrix, recent, definitions } = clients
  const travelling = evenlySpread(Array.from(recent.ids), settings.bundle.clients)
  if (travelling.length > 0) say(`raw rows of ${travelling.length} new clients`)
  return writeBundle(paths.model, {
    models,
    description: descriptionOf(trained),
    frame: pl.readParquet(join(paths.features, 'train.parquet')),
    margin: run.margin,
    fold,
    evaluation,
    recent,
    applicants: travelling.length > 0 ? applicants(travelling, (name) => scanParquetTable(paths.portfolio, name)) : [],
    reference: settings.bundle.reference,
    seed: settings.train.seed,
    files: mlmodelOf(definitions.features, trained.members, matrix.columns),
  })
}

if (import.meta.main)
  await runStage('train', 'PORTFOLIO FEATURES CHOSEN MODEL REPORTS', (portfolio, features, chosen, model, reports) =>
    train({ portfolio, features, chosen, model, reports }),
  )
