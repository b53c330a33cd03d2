/**
 * STAGE train: artifacts/portfolio + artifacts/features → artifacts/model + reports/train.
 *
 * Out-of-fold margins with rounds chosen inside each training fold; calibration and threshold judged nested; a final model of all clients.
 * Classes are not weighted: weights would bend the probabilities, and the threshold answers for the unequal costs. The page stands in this file
 * too, below the stage, because it is read beside the figures that it shows.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Live, params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { configure, libraryVersion, type Params } from 'xgboost-node'
import { z } from 'zod'
import { parseDefinitions } from './features/algebra/definitions.ts'
import { applicants, spread } from './learning/applicants.ts'
import { type Curves, curvesOf, thinned } from './learning/curves.ts'
import { checkFolds, foldsFromCsv, stratifiedFolds } from './learning/folds.ts'
import { refuseLeak } from './learning/interval.ts'
import { type Judgement, judge } from './learning/judge.ts'
import { type Matrix, matrixOf, targetOf } from './learning/matrix.ts'
import { type Figures, figureNames } from './learning/metrics.ts'
import { dmatrix, type FoldRun, fitted, type OutOfFold, outOfFold, type Plan } from './learning/out-of-fold.ts'
import { rocAuc } from './learning/ranking.ts'
import { groupsOf, type Segment, segments } from './learning/segments.ts'
import { importanceWeights } from './learning/shift.ts'
import { readParquetTable } from './portfolio/tables.ts'
import { histogram } from './report/histogram.ts'
import { html } from './report/html.ts'
import { lineChart } from './report/line-chart.ts'
import { number, percent } from './report/numbers.ts'
import { columns, page, type Section } from './report/page.ts'
import { table } from './report/table.ts'
import type { Bundle } from './scoring/bundle.ts'
import { writeBundle } from './scoring/write.ts'
import { mlmodel } from './tracking/mlmodel.ts'
import { type Logged, track } from './tracking/track.ts'

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
  /** See Rule in learning/threshold.ts. */
  slack: z.number().min(0).default(1),
})
const bundleParams = z.strictObject({ clients: z.int().min(0), reference: z.int().min(0) })
const portfolioSchema = z.object({ synthetic: z.record(z.string(), z.unknown()).nullable(), hash: z.string() })

export interface TrainPaths {
  readonly portfolio: string
  readonly features: string
  readonly model: string
  readonly reports: string
}

const say = (text: string) => process.stderr.write(`train: ${text}\n`)
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** Runs the stage and tells MLflow about it: parameters, figures, the log loss by round of each fold, the reports, the model for the registry. */
export async function train(paths: TrainPaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'train' }, async (run) => {
    const { bundle, folds } = build(paths)
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
    run.registerModel({ name: 'credit-scoring', folder: paths.model, version: bundle.version })
  })
}

/** The stage without MLflow: writes the bundle and the reports. */
export function build(paths: TrainPaths, file = 'params.yaml'): { bundle: Bundle; folds: readonly FoldRun[] } {
  const settings = params('train', trainSchema, { file })
  const decision = params('decision', decisionSchema, { file })
  const travels = params('bundle', bundleParams, { file })
  const { exclude } = params('features', z.object({ exclude: z.array(z.string()) }), { file })
  const costs = { falseNegative: decision.false_negative, falsePositive: decision.false_positive }
  const portfolio = portfolioSchema.parse(readJson(join(paths.portfolio, 'portfolio.json')))
  const definitions = parseDefinitions(readJson(join(paths.features, 'definitions.json')))
  configure({ nthread: settings.threads })

  const frame = pl.readParquet(join(paths.features, 'train.parquet'))
  const [matrix, target] = [matrixOf(frame, definitions.features), targetOf(frame)]
  const fold = foldsOf(settings, matrix, target)
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
  say(`${matrix.ids.length} clients, ${matrix.columns.length} features, ${Math.max(...fold) + 1} folds`)
  const run = outOfFold(data, target, fold, plan, ({ fold: k, rounds }) => say(`fold ${k + 1}: ${rounds} rounds`))
  const judgement = judge(run.margin, target, fold, { costs, slack: decision.slack }, settings.seed)
  refuseLeak(judgement.auc, settings.suspicious_auc)
  const recent = matrixOf(pl.readParquet(join(paths.features, 'new.parquet')), definitions.features)
  const shift = importanceWeights(matrix, recent, settings)
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
  const chosen = spread(Array.from(recent.ids), travels.clients)
  if (chosen.length > 0) say(`raw rows of ${chosen.length} new clients`)
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
    frame,
    margin: run.margin,
    fold,
    judgement,
    recent,
    applicants: chosen.length > 0 ? applicants(chosen, (name) => readParquetTable(paths.portfolio, name)) : [],
    reference: travels.reference,
    seed: settings.seed,
    files: mlmodel({ features: definitions.features, xgboost: libraryVersion() }),
  })
  writeReports(paths.reports, bundle, { judgement, run, target, errors })
  say(
    `model ${bundle.version}: ROC AUC ${judgement.pooled.roc_auc.toFixed(4)}, cost per client ${judgement.pooled.cost.toFixed(4)}`,
  )
  return { bundle, folds: run.folds }
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
  const fold = foldsFromCsv(readFileSync(settings.folds_file, 'utf8'), ids, settings.folds_column)
  checkFolds(target, fold, Math.max(...fold) + 1)
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

/** metrics.json and plots in DVCLive's layout, train.json and the page. */
interface Findings {
  readonly judgement: Judgement
  readonly run: OutOfFold
  readonly target: Int8Array
  readonly errors: readonly Segment[]
}

function writeReports(folder: string, bundle: Bundle, findings: Findings): void {
  const { judgement, run, target, errors } = findings
  const live = new Live({ dir: folder })
  for (const [name, value] of Object.entries(bundle.metrics)) live.summary[name] = value
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
  live.logPlot(
    'rounds',
    run.folds.flatMap(({ fold, choice }) =>
      thinned(
        Array.from(choice.curve, (log_loss, round) => ({ fold, round: round + 1, log_loss })),
        100,
      ),
    ),
  )
  live.end()
  const { settled, pooled, spread: over, auc, cost, folds, nested, confusion, theoretical, cheapest } = judgement
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
    threshold: { chosen: settled.threshold, theoretical, cheapest, by_fold: nested.folds },
    calibration: { ...settled.calibration, log_losses: settled.losses },
    rounds: { final: run.finalRounds, folds: rounds },
    folds: folds.map((one) => ({ fold: one.fold, clients: one.clients, ...one.figures })),
    reliability: curves.reliability,
    gains: curves.gains,
    segments: errors,
    params: bundle.training.params,
  }
  writeWhole(join(folder, 'train.json'), `${JSON.stringify(summary, null, 1)}\n`)
  writeWhole(join(folder, 'index.html'), trainPage(bundle, findings, curves))
}

function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.unfinished`, text)
  renameSync(`${path}.unfinished`, path)
}

const labels: Readonly<Record<keyof Figures, string>> = {
  roc_auc: 'Ranking power (ROC AUC)',
  gini: 'Gini (2 AUC − 1)',
  ks: 'KS',
  average_precision: 'Average precision (PR AUC)',
  cost: 'Cost per client, at the chosen thresholds',
  cost_theoretical: 'Cost per client at 1/11',
  cost_accept_all: 'Cost per client if all are granted',
  brier: 'Brier score',
  log_loss: 'Log loss',
  ece: 'Calibration error (ECE, 10 bins)',
  accuracy: 'Accuracy (for control)',
  precision: 'Precision of refusals',
  recall: 'Recall: defaults refused',
  approval_rate: 'Approval rate',
  lift_top_decile: 'Lift of the riskiest tenth',
  capture_top_decile: 'Defaults in the riskiest tenth',
}

const shares = new Set<keyof Figures>(['precision', 'recall', 'approval_rate', 'accuracy', 'capture_top_decile'])

function trainPage(bundle: Bundle, { judgement, run, errors }: Findings, curves: Curves): string {
  const { pooled, spread: over, auc, settled, folds, theoretical, cheapest } = judgement
  const { clients, defaults } = bundle.training
  const shown = (name: keyof Figures, value: number) =>
    shares.has(name) ? percent(value) : number(value, { digits: name.startsWith('lift') ? 2 : 4 })
  const mark = (at: number, label: string) => ({ at, label })
  const costFigure = lineChart({
    title: `The threshold is ${percent(settled.threshold)}; the least cost is at ${percent(cheapest)}, theory says ${percent(theoretical)}`,
    note: `Cost per client (${bundle.costs.falseNegative} for a granted loan that defaults, ${bundle.costs.falsePositive} for a good client refused) by threshold, out of fold, with a bootstrap 95% interval`,
    x: { format: (value) => percent(value, { digits: 0 }), min: 0, max: 0.4 },
    y: { format: (value) => number(value, { digits: 2 }), min: 0 },
    series: [
      {
        name: 'cost',
        points: curve40(judgement).map(({ threshold, cost }) => [threshold, cost]),
        band: curve40(judgement).map(({ threshold, lower, upper }) => [threshold, lower, upper]),
      },
    ],
    marks: [
      mark(settled.threshold, `chosen ${percent(settled.threshold)}`),
      mark(theoretical, `1/${number(1 / theoretical, { significant: 3 })}`),
    ],
    levels: [{ at: pooled.cost_accept_all, label: 'everybody granted' }],
  })
  const figureTable = table({
    caption: 'Out-of-fold figures',
    columns: [{ label: 'Figure' }, { label: 'All folds', align: 'end' }, { label: 'Fold mean ± sd', align: 'end' }],
    rows: figureNames.map((name) => [
      labels[name],
      shown(name, pooled[name]),
      `${shown(name, over[name].mean)} ± ${shown(name, over[name].sd)}`,
    ]),
  })
  const unit = { format: (value: number) => percent(value, { digits: 0 }), min: 0, max: 1 }
  const riskAxis = { format: (value: number) => percent(value, { digits: 0 }), min: 0 }
  const limit = Math.max(0.1, ...curves.reliability.flatMap(({ predicted, observed }) => [predicted, observed])) * 1.05
  const tenth = curves.gains[0]
  const words = (feature: string) =>
    bundle.definitions.features.find(({ name }) => name === feature)?.label.en ?? feature
  const worst = errors.filter((one) => one.clients >= 0.02 * clients).toSorted((a, b) => b.cost - a.cost)[0]
  const sections: Section[] = [
    { id: 'cost', title: 'What a decision costs', body: columns(costFigure, figureTable) },
    {
      id: 'ranking',
      title: `The model ranks ${percent(auc.auc, { digits: 0 })} of pairs of a defaulter and a payer rightly`,
      body: html`${columns(
        lineChart({
          title: `ROC AUC ${number(auc.auc, { digits: 4 })}`,
          note: `Share of defaults caught against share of good clients wrongly caught; 95% interval ${number(auc.lower, { digits: 3 })} to ${number(auc.upper, { digits: 3 })} (DeLong)`,
          x: unit,
          y: unit,
          series: [{ name: 'ROC', points: curves.roc.map(([x, y]) => [x, y]) }],
          diagonal: true,
        }),
        lineChart({
          title: `Average precision ${number(pooled.average_precision, { digits: 4 })}`,
          note: 'Share of refusals that are right against share of defaults refused; the level is the share of defaults',
          x: unit,
          y: { ...unit },
          series: [{ name: 'Precision', points: curves.precisionRecall.map(([x, y]) => [x, y]) }],
          levels: [{ at: defaults / clients, label: 'share of defaults' }],
        }),
        { even: true },
      )}<p>The data have no dates, so there is no test on later clients. In its place: training clients weighted to look like the new ones give a ROC AUC of ${number(bundle.metrics.roc_auc_new_clients, { digits: 4 })}. A classifier tells new from training clients with an AUC of ${number(bundle.metrics.shift_auc, { digits: 3 })}, and the weighted clients count as much as ${number(bundle.metrics.shift_effective)} unweighted ones: the fewer, the less the weighted figure says.</p>`,
    },
    {
      id: 'calibration',
      title: `Probabilities are right within ${number(100 * pooled.ece, { digits: 1 })} points on average`,
      body: columns(
        lineChart({
          title: 'Predicted and observed risk by tenth of clients',
          note: 'Share of defaults against mean probability; calibration fitted on the other folds',
          x: { ...riskAxis, max: limit },
          y: { ...riskAxis, max: limit },
          series: [
            {
              name: 'observed',
              points: curves.reliability.map(({ predicted, observed }) => [predicted, observed]),
              dots: true,
            },
          ],
          diagonal: true,
        }),
        html`${table({
          caption: 'Calibration by out-of-fold log loss',
          columns: [{ label: 'Method' }, { label: 'Log loss', align: 'end' }],
          rows: Object.entries(settled.losses).map(([method, loss]) => [method, number(loss, { digits: 5 })]),
          strong: (row) => Object.keys(settled.losses)[row] === settled.method,
        })}<p>The chosen method is <strong>${settled.method}</strong>. Classes are not weighted and no rows are resampled: both would bend the probabilities. The unequal costs are answered by the threshold alone.</p>`,
      ),
    },
    {
      id: 'scores',
      title: `Good clients and defaults are ${percent(pooled.ks, { digits: 0 })} apart where they differ most`,
      body: columns(
        histogram({
          title: 'Probabilities of good clients and of defaults',
          note: 'Share of each class by probability; the last bin holds 30% and more',
          edges: [...curves.edges, 0.31],
          series: [
            { name: 'good clients', counts: curves.counts[0] ?? [], tone: 's2' },
            { name: 'defaults', counts: curves.counts[1] ?? [], tone: 's4' },
          ],
          x: { format: (value) => percent(value, { digits: 0 }) },
          marks: [mark(settled.threshold, 'threshold')],
        }),
        lineChart({
          title: `KS ${number(pooled.ks, { digits: 3 })}`,
          note: 'Share of each class with a lower probability',
          x: { format: (value) => percent(value, { digits: 0 }), min: 0, max: 0.4 },
          y: unit,
          series: [
            {
              name: 'good',
              points: curves.distributions.filter(below40).map(({ threshold, good }) => [threshold, good]),
              tone: 's2',
            },
            {
              name: 'defaults',
              points: curves.distributions.filter(below40).map(({ threshold, defaults: d }) => [threshold, d]),
              tone: 's4',
            },
          ],
          marks: [mark(curves.ks.location, 'largest gap')],
        }),
        { even: true },
      ),
    },
    {
      id: 'gains',
      title: `The riskiest tenth holds ${percent(tenth?.capture, { digits: 0 })} of the defaults`,
      body: table({
        caption: 'Clients in tenths, the riskiest first',
        columns: ['Tenth', 'Clients', 'Defaults', 'Default rate', 'Lift', 'Defaults so far', 'KS'].map((label, i) =>
          i === 0 ? { label } : { label, align: 'end' as const },
        ),
        rows: curves.gains.map((gain) => [
          String(gain.group),
          number(gain.clients),
          number(gain.defaults),
          percent(gain.rate),
          number(gain.lift, { digits: 2 }),
          percent(gain.capture),
          number(gain.ks, { digits: 3 }),
        ]),
      }),
    },
    {
      id: 'strategy',
      title: `At the threshold ${percent(pooled.approval_rate, { digits: 0 })} are granted`,
      body: lineChart({
        title: 'What accepting more clients would cost in defaults',
        note: 'Share of defaults among granted loans against share of clients granted',
        x: unit,
        y: { format: (value) => percent(value), min: 0 },
        series: [{ name: 'default rate', points: curves.strategy.map(({ granted, badRate }) => [granted, badRate]) }],
        marks: [mark(pooled.approval_rate, 'chosen threshold')],
      }),
    },
    {
      id: 'errors',
      title: worst
        ? `A decision costs most in the group “${words(worst.feature)}: ${worst.group}”`
        : 'Where the decisions err',
      body: table({
        caption: 'Out-of-fold figures by group of clients',
        columns: ['Group', 'Clients', 'Defaults', 'Predicted', 'Observed', 'Granted', 'Cost', 'ROC AUC'].map(
          (label, i) => (i === 0 ? { label } : { label, align: 'end' as const }),
        ),
        rows: errors.map((one) => [
          `${words(one.feature)}: ${one.group}`,
          number(one.clients),
          number(one.defaults),
          percent(one.predicted),
          percent(one.observed),
          percent(one.approved, { digits: 0 }),
          number(one.cost, { digits: 3 }),
          number(one.auc, { digits: 3 }),
        ]),
        fold: true,
      }),
    },
    {
      id: 'folds',
      title: `Every figure is of clients that its model, calibration and threshold have not seen`,
      body: html`${table({
        caption: 'Folds',
        columns: ['Fold', 'Clients', 'Rounds', 'Calibration', 'Threshold', 'ROC AUC', 'Cost'].map((label, i) =>
          i === 0 ? { label } : { label, align: 'end' as const },
        ),
        rows: folds.map((one, i) => [
          String(one.fold + 1),
          number(one.clients),
          number(run.folds[i]?.rounds ?? null),
          one.method,
          percent(one.threshold),
          number(one.figures.roc_auc, { digits: 4 }),
          number(one.figures.cost, { digits: 4 }),
        ]),
      })}<p>The number of rounds of a fold is chosen by early stopping on held-out parts of its own training clients. The final model has ${number(run.finalRounds)} rounds, the median of the folds scaled to all ${number(clients)} clients. The margins that a fold's calibration and threshold are fitted on come from the models of the other folds, whose training clients overlap with the fold.</p>`,
    },
  ]
  const hundred = Math.round(100 * auc.auc)
  return page({
    title: 'Training: how good are the decisions?',
    lead: {
      fr: `Entre un dossier remboursé et un non remboursé, le modèle classe bien ${hundred} fois sur 100 (AUC ${number(over.roc_auc.mean, { digits: 2, lang: 'fr' })} ± ${number(over.roc_auc.sd, { digits: 2, lang: 'fr' })}) ; au seuil de ${percent(settled.threshold, { lang: 'fr' })}, un dossier coûte ${number(pooled.cost, { digits: 2, lang: 'fr' })} contre ${number(pooled.cost_accept_all, { digits: 2, lang: 'fr' })} si l’on accepte tout.`,
      en: `Of a loan that was repaid and one that was not, the model ranks the right one higher ${hundred} times out of 100 (AUC ${number(over.roc_auc.mean, { digits: 2 })} ± ${number(over.roc_auc.sd, { digits: 2 })}); at a threshold of ${percent(settled.threshold)} a file costs ${number(pooled.cost, { digits: 2 })}, against ${number(pooled.cost_accept_all, { digits: 2 })} if all are granted.`,
    },
    source: {
      model: bundle.version,
      data: `${number(clients)} clients, ${number(defaults)} defaults, data ${bundle.training.data.slice(0, 8)}`,
      synthetic: bundle.synthetic !== null,
    },
    sections,
    stage: 'train',
    files: ['train.json', 'metrics.json'],
  })
}

const below40 = ({ threshold }: { readonly threshold: number }) => threshold <= 0.4

const curve40 = (judgement: Judgement) => judgement.curve.filter((point, i) => below40(point) && i % 5 === 4)

if (import.meta.main) {
  const [portfolio, features, model, reports] = process.argv.slice(2)
  if (!portfolio || !features || !model || !reports) throw new Error('usage: train.ts PORTFOLIO FEATURES MODEL REPORTS')
  await train({ portfolio, features, model, reports })
}
