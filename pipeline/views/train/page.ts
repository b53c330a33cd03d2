/** The page of the train stage: how well the model ranks, how honest its probabilities are, what a decision costs. */

import { columns, type Html, histogram, html, lineChart, number, page, percent, type Section, table } from 'report-kit'
import { maximum } from '../../data/extremes.ts'
import type { Curves } from '../../models/curves.ts'
import type { Evaluation } from '../../models/evaluate.ts'
import { type Figures, figureNames } from '../../models/metrics.ts'
import type { OutOfFold } from '../../models/out-of-fold.ts'
import type { Segment } from '../../models/segments.ts'
import type { Bundle } from '../../scoring/bundle.ts'

const labels: Readonly<Record<keyof Figures, string>> = {
  roc_auc: 'Ranking power (ROC AUC)',
  gini: 'Gini (2 AUC − 1)',
  ks: 'KS',
  average_precision: 'Average precision (PR AUC)',
  cost: 'Cost per client, at the chosen thresholds',
  cost_theoretical: 'Cost per client at 1/11',
  cost_accept_all: 'Cost per client if all are approved',
  brier: 'Brier score',
  log_loss: 'Log loss',
  ece: 'Calibration error (ECE, 10 bins)',
  accuracy: 'Accuracy (for control)',
  precision: 'Precision of declines',
  recall: 'Recall: defaults declined',
  approval_rate: 'Approval rate',
  lift_top_decile: 'Lift of the riskiest tenth',
  capture_top_decile: 'Defaults in the riskiest tenth',
}

/** What the stage found, for its page. */
export interface Findings {
  readonly judgement: Evaluation
  readonly run: OutOfFold
  readonly target: Int8Array
  readonly errors: readonly Segment[]
}

const shares = new Set<keyof Figures>(['precision', 'recall', 'approval_rate', 'accuracy', 'capture_top_decile'])

/** Cost per client against the threshold, with its interval, the threshold chosen and the theoretical one. */
export function costFigure(bundle: Bundle, judgement: Evaluation): Html {
  const { pooled, settled, theoretical, cheapest } = judgement
  return lineChart({
    title: `The threshold is ${percent(settled.threshold)}; the least cost is at ${percent(cheapest)}, theory says ${percent(theoretical)}`,
    note: `Cost per client (${bundle.costs.falseNegative} for an approved loan that defaults, ${bundle.costs.falsePositive} for a good client declined) by threshold, out of fold, with a bootstrap 95% interval`,
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
      { at: settled.threshold, label: `chosen ${percent(settled.threshold)}` },
      { at: theoretical, label: `1/${number(1 / theoretical, { significant: 3 })}` },
    ],
    levels: [{ at: pooled.cost_accept_all, label: 'everybody approved' }],
  })
}

export function trainPage(bundle: Bundle, { judgement, run, errors }: Findings, curves: Curves): string {
  const { pooled, spread: over, auc, cost, settled, folds, oneSe } = judgement
  const { clients, defaults } = bundle.training
  const shown = (name: keyof Figures, value: number) =>
    shares.has(name) ? percent(value) : number(value, { digits: name.startsWith('lift') ? 2 : 4 })
  const mark = (at: number, label: string) => ({ at, label })
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
  const limit = maximum([0.1, ...curves.reliability.flatMap(({ predicted, observed }) => [predicted, observed])]) * 1.05
  const tenth = curves.gains[0]
  const words = (feature: string) =>
    bundle.definitions.features.find(({ name }) => name === feature)?.label.en ?? feature
  const worst = errors.filter((one) => one.clients >= 0.02 * clients).toSorted((a, b) => b.cost - a.cost)[0]
  const sections: Section[] = [
    {
      id: 'cost',
      title: `A decision costs ${number(pooled.cost, { digits: 2 })} per client, approving everybody ${number(pooled.cost_accept_all, { digits: 2 })}`,
      body: columns(
        html`${costFigure(bundle, judgement)}<p>The cost in the table is of clients that their threshold has not seen; 95% interval ${number(cost.lower, { digits: 3 })} to ${number(cost.upper, { digits: 3 })} (bootstrap). Thresholds that cost no more than ${number(oneSe, { significant: 2 })} standard errors above the least are not told apart; of them the one nearest to ${number(bundle.costs.falsePositive)}/${number(bundle.costs.falsePositive + bundle.costs.falseNegative)} is taken, which is best where probabilities are right.</p>`,
        figureTable,
      ),
    },
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
          note: 'Share of declines that are right against share of defaults declined; the level is the share of defaults',
          x: unit,
          y: { ...unit },
          series: [{ name: 'Precision', points: curves.precisionRecall.map(([x, y]) => [x, y]) }],
          levels: [{ at: defaults / clients, label: 'share of defaults', side: 'start' }],
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
      body: columns(
        lineChart({
          title: 'Gain: defaults found among the riskiest clients',
          note: 'Share of all defaults against share of clients, the riskiest first; the diagonal is no order at all',
          x: unit,
          y: unit,
          series: [{ name: 'defaults found', points: gainCurve(curves.gains, clients), dots: true }],
          diagonal: true,
        }),
        table({
          narrow: true,
          caption: `Tenths of ${number(tenth?.clients)} clients, the riskiest first`,
          columns: ['Tenth', 'Defaults', 'Default rate', 'Lift', 'Defaults so far', 'KS'].map((label, i) =>
            i === 0 ? { label } : { label, align: 'end' as const },
          ),
          rows: curves.gains.map((gain) => [
            String(gain.group),
            number(gain.defaults),
            percent(gain.rate),
            number(gain.lift, { digits: 2 }),
            percent(gain.capture),
            number(gain.ks, { digits: 3 }),
          ]),
        }),
      ),
    },
    {
      id: 'strategy',
      title: `At the threshold ${percent(pooled.approval_rate, { digits: 0 })} are approved`,
      body: lineChart({
        title: 'What accepting more clients would cost in defaults',
        note: 'Share of defaults among approved loans against share of clients approved',
        x: unit,
        y: { format: (value) => percent(value), min: 0 },
        series: [{ name: 'default rate', points: curves.strategy.map(({ approved, badRate }) => [approved, badRate]) }],
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
        columns: ['Group', 'Clients', 'Defaults', 'Predicted', 'Observed', 'Approved', 'Cost', 'ROC AUC'].map(
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
      en: `Of a loan that was repaid and one that was not, the model ranks the right one higher ${hundred} times out of 100 (AUC ${number(over.roc_auc.mean, { digits: 2 })} ± ${number(over.roc_auc.sd, { digits: 2 })}); at a threshold of ${percent(settled.threshold)} a file costs ${number(pooled.cost, { digits: 2 })}, against ${number(pooled.cost_accept_all, { digits: 2 })} if all are approved.`,
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

const curve40 = (judgement: Evaluation) => judgement.curve.filter((point, i) => below40(point) && i % 5 === 4)

/** Share of clients and share of defaults after each tenth, from nothing on. */
function gainCurve(gains: Curves['gains'], clients: number): [number, number][] {
  let seen = 0
  return [
    [0, 0],
    ...gains.map((gain): [number, number] => {
      seen += gain.clients
      return [seen / clients, gain.capture]
    }),
  ]
}
