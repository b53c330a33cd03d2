/** Writes what training found: metrics.json and plots in DVCLive's layout, and train.json; and shows the log loss while folds are trained. */
import { join } from 'node:path'
import type { Live } from 'dvc-ts'
import { writeWhole } from '../../data/write-whole.ts'
import type { Costs } from '../cost.ts'
import { type Curves, curvesOf } from '../curves.ts'
import type { Evaluation } from '../evaluate.ts'
import type { Reviews } from '../grey-zone.ts'
import { segmentsOf } from '../segments.ts'
import { type TrainingSummary, trainingSummary } from '../training-summary.ts'
import type { TrainingClients } from './clients.ts'
import type { CrossFit } from './cross-fit.ts'
import type { TrainSettings } from './settings.ts'
import { withoutHistories } from './without-histories.ts'

/** Shows each fold's log loss by round while it is trained: `dvc plots show` draws it at any time. Every tenth round tells the shape. */
export const follow = (live: Live) => (fold: number, round: number, logLoss: number) => {
  if (round % 10 !== 0) return
  live.step = round
  live.logMetric(`log_loss/fold_${fold + 1}`, logLoss)
  live.nextStep()
}

/** What a report says of the model: as its bundle describes it. */
interface DescribedModel {
  readonly version: string
  readonly synthetic: unknown
  readonly costs: Costs
  readonly model: {
    readonly name: string
    readonly label: string
    readonly because: { readonly fr: string; readonly en: string } | null
  }
  readonly metrics: Readonly<Record<string, number>>
  readonly training: {
    readonly data: string
    readonly clients: number
    readonly defaults: number
    readonly rounds: number | null
    readonly params: Readonly<Record<string, unknown>>
  }
}

export interface Findings {
  readonly clients: TrainingClients
  readonly run: CrossFit
  readonly evaluation: Evaluation
  readonly shift: TrainingSummary['shift']
  readonly settings: TrainSettings
  readonly fold: Int32Array
  readonly reviews: Reviews
  readonly behaviour: TrainingSummary['strategic_behaviour']
}

/** `live`: that the rounds were logged to; the figures of the whole training take the place of the last round's. */
export function reportTraining(folder: string, live: Live, model: DescribedModel, findings: Findings): void {
  const { clients, run, evaluation, shift, fold, settings, reviews, behaviour } = findings
  const { target } = clients
  const { data: hash, clients: count, defaults, params } = model.training
  const curves = curvesOf(evaluation, run.margin, clients.target)
  writePlots(live, model.metrics, curves, evaluation)
  const judged = { ...evaluation.nested, target: clients.target, costs: model.costs }
  const summary = trainingSummary({
    model: model.version,
    chosen: { name: model.model.name, label: model.model.label, because: model.model.because },
    final_rounds: model.training.rounds,
    data: { hash, synthetic: model.synthetic !== null, clients: count, defaults },
    costs: model.costs,
    target: clients.target,
    evaluation,
    run,
    curves,
    shift,
    segments: segmentsOf(clients.definitions.features, clients.matrix, judged),
    params,
    reviews,
    without_histories: run.bareMargin
      ? withoutHistories(
          { margin: run.margin, bare: run.bareMargin },
          target,
          fold,
          evaluation,
          model.costs,
          settings.train.masking.weight,
        )
      : null,
    strategic_behaviour: behaviour && { clients: behaviour.clients, limit: behaviour.limit, gains: behaviour.gains },
  })
  writeWhole(join(folder, 'train.json'), `${JSON.stringify(summary, null, 1)}\n`)
}

function writePlots(live: Live, metrics: DescribedModel['metrics'], curves: Curves, evaluation: Evaluation): void {
  live.summary = { ...metrics }
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
    evaluation.curve.map(({ threshold, cost, lower, upper }) => ({ threshold, cost, lower, upper })),
  )
  live.end({ step: false })
}
