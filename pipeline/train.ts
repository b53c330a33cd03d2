/**
 * STAGE train: artifacts/portfolio + artifacts/features + artifacts/compare/chosen.json → artifacts/model + reports/train.
 *
 * Out-of-fold margins with rounds chosen inside each training fold; calibration and threshold judged nested; a final model of all clients.
 * Classes are not weighted: weights would bend the probabilities, and the threshold answers for the unequal costs.
 */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Live, params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { number, picture } from 'report-kit'
import { configure, libraryVersion, type Params } from 'xgboost-node'
import { z } from 'zod'
import { told } from './data/exit-on-user-error.ts'
import { maximum } from './data/extremes.ts'
import { readPortfolioNote } from './data/portfolio-note.ts'
import { releaseFrames, scanParquetTable } from './data/tables.ts'
import { writeWhole } from './data/write-whole.ts'
import { type Definitions, parseDefinitions } from './features/rules/check/definitions.ts'
import { applicants, spread } from './models/applicants.ts'
import { curvesOf } from './models/curves.ts'
import { type Judgement, judge } from './models/evaluate.ts'
import { checkFolds, foldsFromCsv, stratifiedFolds } from './models/folds.ts'
import { refuseLeak } from './models/interval.ts'
import { type Matrix, matrixOf, targetOf } from './models/matrix.ts'
import { figureNames } from './models/metrics.ts'
import { dmatrix, type FoldRun, fitted, outOfFold, type Plan } from './models/out-of-fold.ts'
import { rocAuc } from './models/ranking.ts'
import { groupsOf, segments } from './models/segments.ts'
import { importanceWeights } from './models/shift.ts'
import type { Bundle } from './scoring/bundle.ts'
import { writeBundle } from './scoring/write.ts'
import { mlmodel, typicalRow } from './tracking/mlmodel.ts'
import { type Logged, track } from './tracking/track.ts'
import { costFigure, type Findings, trainPage } from './views/train/page.ts'

const trainSchema = z.strictObject({
  folds: z.int().min(3),
  /** A CSV of SK_ID_CURR and fold numbers from 0, in place of folds by seed; its second column unless `folds_column` names one. */
  folds_file: z.string().optional(),
  folds_column: z.string().optional(),
  seed: z.int(),
  threads: z.int().positive(),
  rounds: z.int().positive(),
  early_stopping: z.int().positive(),
  inner_share: z.number().gt(0).max(0.5),
  suspicious_auc: z.number().min(0.5).max(1),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
const decisionSchema = z.strictObject({
  false_negative: z.number().positive(),
  false_positive: z.number().positive(),
  grey_zone: z.number().min(0).max(1),
  points: z.strictObject({ offset: z.number(), factor: z.number().positive() }),
  /** See Rule in learning/threshold.ts. */
  slack: z.number().min(0).default(1),
})
const bundleParams = z.strictObject({ clients: z.int().min(0), reference: z.int().min(0) })
const chosenSchema = z.object({ booster: trainSchema.shape.booster })

export interface TrainPaths {
  readonly portfolio: string
  readonly features: string
  /** Parameters that the compare stage found better than `train.booster`. */
  readonly chosen: string
  readonly model: string
  readonly reports: string
}

const say = (text: string) => process.stderr.write(`train: ${text}\n`)
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** Runs the stage and tells MLflow about it: parameters, figures, the log loss by round of each fold, the reports, the model for the registry. */
export async function train(paths: TrainPaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'train' }, async (run) => {
    const { bundle, folds } = await build(paths)
    run.input({ name: 'portfolio', hash: bundle.training.data, source: paths.portfolio })
    run.params({
      ...(bundle.training.params as Record<string, Logged>),
      ...bundle.costs,
      rounds_final: bundle.training.rounds,
    })
    run.tags({ bundle_version: bundle.version, synthetic: bundle.synthetic !== null })
    run.metrics(Object.entries(bundle.metrics).map(([name, value]) => ({ name, value })))
    for (const { fold, choice } of folds)
      run.metrics(choice.curve.map((value, step) => ({ name: `log_loss/fold_${fold + 1}`, value, step })))
    run.artifacts(paths.reports, 'reports')
    const tags = { 'data.hash': bundle.training.data, synthetic: bundle.synthetic !== null }
    run.registerModel({ name: 'credit-scoring', folder: paths.model, version: bundle.version, tags })
  })
}

/** The stage without MLflow: writes the bundle and the reports. */
export async function build(
  paths: TrainPaths,
  file = 'params.yaml',
): Promise<{ bundle: Bundle; folds: readonly FoldRun[] }> {
  const given = params('train', trainSchema, { file })
  const chosen = chosenSchema.parse(readJson(paths.chosen))
  const settings = { ...given, booster: { ...given.booster, ...chosen.booster } }
  const decision = params('decision', decisionSchema, { file })
  const travels = params('bundle', bundleParams, { file })
  const { exclude } = params('features', z.object({ exclude: z.array(z.string()) }), { file })
  const costs = { falseNegative: decision.false_negative, falsePositive: decision.false_positive }
  const portfolio = readPortfolioNote(paths.portfolio)
  const definitions = parseDefinitions(readJson(join(paths.features, 'definitions.json')))
  configure({ nthread: settings.threads })

  const { matrix, target } = encoded(join(paths.features, 'train.parquet'), definitions)
  const { matrix: recent } = encoded(join(paths.features, 'new.parquet'), definitions)
  await releaseFrames()
  const fold = foldsOf(settings, matrix, target)
  say(`how far the new clients are from the ${matrix.ids.length} training clients`)
  const shift = importanceWeights(matrix, recent, settings)
  const plan: Plan = {
    params: {
      objective: 'binary:logistic',
      eval_metric: 'logloss',
      tree_method: 'hist',
      ...settings.booster,
      seed: settings.seed,
      nthread: settings.threads,
    } as Params,
    rounds: settings.rounds,
    earlyStopping: settings.early_stopping,
    innerShare: settings.inner_share,
    seed: settings.seed,
  }
  using data = dmatrix(matrix, target)
  say(`${matrix.ids.length} clients, ${matrix.columns.length} features, ${maximum(fold) + 1} folds`)
  const live = new Live({ dir: paths.reports })
  const run = outOfFold(
    data,
    target,
    fold,
    plan,
    ({ fold: k, rounds }) => say(`fold ${k + 1}: ${rounds} rounds`),
    follow(live),
  )
  const judgement = judge(run.margin, target, fold, { costs, slack: decision.slack }, settings.seed)
  refuseLeak(judgement.auc, settings.suspicious_auc)
  const shifted = rocAuc(target, run.margin, shift.weight)

  say(`final model: ${run.finalRounds} rounds on all clients`)
  using booster = fitted(data, run.finalRounds, plan)
  const description = {
    algebra: definitions.algebra,
    synthetic: portfolio.synthetic,
    definitions,
    calibration: judgement.settled.calibration,
    threshold: judgement.settled.threshold,
    greyZone: greyZone(judgement.settled.threshold, decision.grey_zone),
    points: decision.points,
    costs,
    exclude,
    libraries: { 'nodejs-polars': polarsVersion(), xgboost: libraryVersion() },
    training: {
      data: portfolio.hash,
      clients: target.length,
      defaults: target.reduce((sum, y) => sum + y, 0),
      rounds: run.finalRounds,
      params: { ...settings },
      ranges: ranges(matrix),
    },
    metrics: {
      ...flat(judgement),
      roc_auc_new_clients: shifted,
      shift_auc: shift.auc,
      shift_effective: shift.effective,
    },
  }
  const travelling = spread(Array.from(recent.ids), travels.clients)
  if (travelling.length > 0) say(`raw rows of ${travelling.length} new clients`)
  const judged = { target, probability: judgement.nested.probability, refused: judgement.nested.refused, costs }
  const errors = definitions.features.flatMap((feature, j) =>
    segmented.includes(feature.name)
      ? segments(
          feature.name,
          groupsOf(feature, matrix.columns[j] as Float32Array, (value) => number(value, { significant: 3 })),
          judged,
        )
      : [],
  )
  const bundle = writeBundle(paths.model, {
    booster,
    description,
    frame: pl.readParquet(join(paths.features, 'train.parquet')),
    margin: run.margin,
    fold,
    judgement,
    recent,
    applicants: travelling.length > 0 ? applicants(travelling, (name) => scanParquetTable(paths.portfolio, name)) : [],
    reference: travels.reference,
    seed: settings.seed,
    files: mlmodel({
      features: definitions.features,
      example: typicalRow(matrix.columns, definitions.features),
      xgboost: libraryVersion(),
    }),
  })
  writeReports(paths.reports, live, bundle, { judgement, run, target, errors })
  say(
    `model ${bundle.version}: ROC AUC ${judgement.pooled.roc_auc.toFixed(4)}, cost per client ${judgement.pooled.cost.toFixed(4)}`,
  )
  return { bundle, folds: run.folds }
}

/** The features of a file as a matrix, and the outcomes where the file has them (else all 0); the frame is let go of. */
function encoded(path: string, { features }: Definitions): { matrix: Matrix; target: Int8Array } {
  const frame = pl.readParquet(path)
  const known = frame.columns.includes('TARGET')
  return { matrix: matrixOf(frame, features), target: known ? targetOf(frame) : new Int8Array(frame.height) }
}

/** Features whose groups are looked at one by one; sex, age and family are looked at by the fairness report. */
const segmented = [
  'contract_type',
  'income_type',
  'education',
  'credit',
  'income',
  'ext_nulls',
  'has_bureau',
  'has_previous',
]

function foldsOf(settings: z.output<typeof trainSchema>, { ids }: Matrix, target: Int8Array): Int32Array {
  if (settings.folds_file === undefined) return stratifiedFolds(target, settings.folds, settings.seed)
  const fold = foldsFromCsv(settings.folds_file, ids, settings.folds_column)
  checkFolds(target, fold, maximum(fold) + 1)
  return fold
}

const polarsVersion = (): string =>
  (createRequire(import.meta.url)('nodejs-polars/package.json') as { version: string }).version

const greyZone = (threshold: number, width: number) => ({
  lower: Math.max(0, threshold - width / 2),
  upper: Math.min(1, threshold + width / 2),
})

/** Smallest and largest value of each feature that is not a category, as the model sees them (float32). */
function ranges({ columns, names, types }: Matrix): Record<string, [number, number] | null> {
  const entries = names.flatMap((name, j): [string, [number, number] | null][] => {
    if (types[j] === 'c') return []
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of columns[j] as Float32Array) {
      if (value < low) low = value
      if (value > high) high = value
    }
    return [[name, low <= high ? [low, high] : null]]
  })
  return Object.fromEntries(entries)
}

/** Flat figures for `dvc metrics`, MLflow and the bundle. */
const flat = ({ pooled, auc, cost, settled, confusion }: Judgement): Record<string, number> => ({
  ...pooled,
  roc_auc_lower: auc.lower,
  roc_auc_upper: auc.upper,
  cost_lower: cost.lower,
  cost_upper: cost.upper,
  threshold: settled.threshold,
  true_positive: confusion.truePositive,
  false_positive: confusion.falsePositive,
  false_negative: confusion.falseNegative,
  true_negative: confusion.trueNegative,
})

/** Shows each fold's log loss by round while it is trained: `dvc plots show` draws it at any time. Every tenth round tells the shape. */
const follow = (live: Live) => (fold: number, round: number, logLoss: number) => {
  if (round % 10 !== 0) return
  live.step = round
  live.logMetric(`log_loss/fold_${fold + 1}`, logLoss)
  live.nextStep()
}

/** metrics.json and plots in DVCLive's layout, train.json and the page. */
function writeReports(folder: string, live: Live, bundle: Bundle, findings: Findings): void {
  const { judgement, run, target, errors } = findings
  live.summary = { ...bundle.metrics } // the figures of the whole training in place of the last round's
  const curves = curvesOf(judgement, run.margin, target)
  live.logCurve(
    'roc',
    curves.roc.map(([fpr, tpr, threshold]) => ({ fpr, tpr, threshold })),
  )
  live.logCurve(
    'precision_recall',
    curves.precisionRecall.map(([recall, precision, threshold]) => ({ precision, recall, threshold })),
  )
  live.logCurve(
    'calibration',
    curves.reliability.map(({ predicted, observed }) => ({ prob_pred: predicted, prob_true: observed })),
  )
  live.logPlot(
    'cost',
    judgement.curve.map(({ threshold, cost, lower, upper }) => ({ threshold, cost, lower, upper })),
  )
  live.end({ step: false })
  const { settled, pooled, spread: over, auc, cost, folds, nested, confusion, theoretical, cheapest, slack } = judgement
  const rounds = run.folds.map((one) => ({
    fold: one.fold,
    clients: one.clients,
    rounds: one.rounds,
    best: one.choice.best,
    trained_on: one.choice.trainedOn,
  }))
  const summary = {
    model: bundle.version,
    data: {
      hash: bundle.training.data,
      synthetic: bundle.synthetic !== null,
      clients: bundle.training.clients,
      defaults: bundle.training.defaults,
    },
    figures: Object.fromEntries(figureNames.map((name) => [name, { pooled: pooled[name], ...over[name] }])),
    roc_auc_interval: auc,
    cost_interval: cost,
    confusion,
    threshold: { chosen: settled.threshold, theoretical, cheapest, slack, by_fold: nested.folds },
    calibration: { ...settled.calibration, log_losses: settled.losses },
    rounds: { final: run.finalRounds, folds: rounds },
    folds: folds.map((one) => ({ fold: one.fold, clients: one.clients, ...one.figures })),
    reliability: curves.reliability,
    gains: curves.gains,
    segments: errors,
    params: bundle.training.params,
  }
  writeWhole(join(folder, 'train.json'), `${JSON.stringify(summary, null, 1)}\n`)
  writeWhole(join(folder, 'cost.svg'), picture(costFigure(bundle, judgement)))
  writeWhole(join(folder, 'index.html'), trainPage(bundle, findings, curves))
}

if (import.meta.main) {
  const [portfolio, features, chosen, model, reports] = process.argv.slice(2)
  if (!portfolio || !features || !chosen || !model || !reports)
    throw new Error('usage: train.ts PORTFOLIO FEATURES CHOSEN MODEL REPORTS')
  await told('train', () => train({ portfolio, features, chosen, model, reports }))
}
