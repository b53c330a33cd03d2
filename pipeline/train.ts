/**
 * STAGE train: artifacts/portfolio + artifacts/features + artifacts/compare/chosen.json → artifacts/model + reports/train (JSON and plots).
 *
 * The candidate that `compare` chose, cross-fitted, its own choices made inside each training fold; calibration and threshold judged nested; a final
 * model of all clients.
 */
import { Live } from 'dvc-ts'
import { configure } from 'xgboost-node'
import { maximum } from './data/extremes.ts'
import { runStage } from './data/stage.ts'
import { allTables } from './features/rules/check/sources.ts'
import { candidatesOf } from './models/candidates/catalogue.ts'
import { evaluate } from './models/evaluate.ts'
import { refuseLeak } from './models/interval.ts'
import { openMembers } from './models/members/predictor.ts'
import { rocAuc } from './models/ranking.ts'
import { importanceWeights } from './models/shift.ts'
import { foldsOf, readClients } from './models/training/clients.ts'
import { crossFit, type FoldFit } from './models/training/cross-fit.ts'
import { finalModel } from './models/training/final-model.ts'
import { follow, reportTraining } from './models/training/report.ts'
import { readTrainSettings, reviewsFor, ruleOf, type TrainPaths } from './models/training/settings.ts'
import { withoutAnyHistory } from './models/training/without-any-history.ts'
import type { Bundle } from './scoring/bundle.ts'
import { behaviourOf } from './scoring/trained-behaviour.ts'
import { writeTrained } from './scoring/write-trained.ts'
import { mlmodelOf } from './tracking/mlmodel.ts'
import { type Logged, track } from './tracking/track.ts'

const say = (text: string) => process.stderr.write(`train: ${text}\n`)

/** Runs the stage and tells MLflow about it: parameters, figures, the log loss by round of each fold, the reports, the model for the registry. */
export async function train(paths: TrainPaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'train' }, async (run) => {
    const { bundle, folds } = await build(paths)
    const { training, synthetic, version } = bundle
    run.input({ name: 'portfolio', hash: training.data, source: paths.portfolio })
    run.params({
      ...(training.params as Record<string, Logged>),
      ...bundle.costs,
      model: bundle.model.name,
      rounds_final: training.rounds,
    })
    run.tags({ bundle_version: version, synthetic: synthetic !== null })
    run.metrics(Object.entries(bundle.metrics).map(([name, value]) => ({ name, value })))
    for (const { fold, rounds } of folds)
      if (rounds) run.metrics(rounds.curve.map((value, step) => ({ name: `log_loss/fold_${fold + 1}`, value, step })))
    run.reports(paths.reports)
    const tags = { 'data.hash': training.data, synthetic: synthetic !== null }
    run.registerModel({ name: 'credit-scoring', folder: paths.model, version, tags })
  })
}

/** The stage without MLflow: writes the bundle and the reports. */
export async function build(
  paths: TrainPaths,
  file = 'params.yaml',
): Promise<{ bundle: Bundle; folds: readonly FoldFit[] }> {
  const settings = readTrainSettings(file, paths.chosen)
  const { seed, threads, suspicious_auc } = settings.train
  configure({ nthread: threads })
  const clients = await readClients(paths)
  const { matrix, target, recent } = clients
  const fold = foldsOf(settings, clients)
  say(`how far the new clients are from the ${matrix.ids.length} training clients`)
  const weights = importanceWeights(matrix, recent, { seed, threads }) // before the next DMatrix is made: both are large

  const tables = allTables(clients.definitions)
  const { model: chosen } = settings
  const candidate = candidatesOf(settings.models, { names: matrix.names, tables })[chosen.name]
  say(`${chosen.because ? `chosen: ${chosen.because.en}` : candidate.label}`)
  say(`${matrix.ids.length} clients, ${matrix.columns.length} features, ${maximum(fold) + 1} folds`)
  const live = new Live({ dir: paths.reports })
  const run = crossFit(candidate, matrix, target, fold, {
    bare: withoutAnyHistory(matrix, tables),
    seed,
    onFold: ({ fold: k, rounds }) => say(`fold ${k + 1}${rounds ? `: ${rounds.rounds} rounds` : ''}`),
    onRound: follow(live),
  })
  const evaluation = evaluate(run.margin, target, fold, ruleOf(settings), seed)
  refuseLeak(evaluation.auc, suspicious_auc)
  const shift = { roc_auc: rocAuc(target, run.margin, weights.weight), auc: weights.auc, effective: weights.effective }

  say('final model on all clients')
  const final = finalModel(candidate, clients, settings)
  using predictor = openMembers(final.members, matrix.names, (file) => final.models.get(file) as Uint8Array)
  const behaviour = behaviourOf(paths.portfolio, predictor, clients, evaluation)
  const reviews = reviewsFor(settings, evaluation, target)
  const files = mlmodelOf(clients.definitions.features, final.members, matrix.columns)
  const trained = { files, clients, settings, fold, run, evaluation, shift, behaviour, reviews, ...final }
  const bundle = writeTrained(paths, trained, say)
  reportTraining(paths.reports, live, bundle, trained)
  const { roc_auc, cost } = evaluation.pooled
  say(`model ${bundle.version}: ROC AUC ${roc_auc.toFixed(4)}, cost per client ${cost.toFixed(4)}`)
  return { bundle, folds: run.folds }
}

if (import.meta.main)
  await runStage('train', 'PORTFOLIO FEATURES CHOSEN MODEL REPORTS', (portfolio, features, chosen, model, reports) =>
    train({ portfolio, features, chosen, model, reports }),
  )
