/** The page of the train stage: how well the model ranks, how honest its probabilities are, what a decision costs. */

import {
  columns,
  type Html,
  histogram,
  html,
  lineChart,
  number,
  type Page,
  percent,
  picture,
  type Section,
  table,
} from 'report-kit'
import { maximum } from '../../data/extremes.ts'
import type { Figures } from '../../models/metrics.ts'
import type { TrainingSummary } from '../../models/training-summary.ts'
import { calibrationTestsTable } from './calibration-tests.ts'
import { confusionSection, costRatioSection } from './cost-ratios.ts'
import { behaviourSection, historiesSection, reviewsSection } from './honesty.ts'

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

const shares = new Set<keyof Figures>(['precision', 'recall', 'approval_rate', 'accuracy', 'capture_top_decile'])

/** Cost per client against the threshold, with its interval, the threshold chosen and the theoretical one. */
function costFigure({ costs, figures, threshold, cost_curve }: TrainingSummary): Html {
  const { chosen, theoretical, cheapest } = threshold
  return lineChart({
    title: `The threshold is ${percent(chosen)}; the least cost is at ${percent(cheapest)}, theory says ${percent(theoretical)}`,
    note: `Cost per client (${costs.falseNegative} for an approved loan that defaults, ${costs.falsePositive} for a good client declined) by threshold, out of fold, with a bootstrap 95% interval`,
    x: { format: (value) => percent(value, { digits: 0 }), min: 0, max: 0.4 },
    y: { format: (value) => number(value, { digits: 2 }), min: 0 },
    series: [
      {
        name: 'cost',
        points: cost_curve.map(({ threshold, cost }) => [threshold, cost]),
        band: cost_curve.map(({ threshold, lower, upper }) => [threshold, lower, upper]),
      },
    ],
    marks: [
      { at: chosen, label: `chosen ${percent(chosen)}` },
      { at: theoretical, label: `1/${number(1 / theoretical, { significant: 3 })}` },
    ],
    levels: [{ at: figures.cost_accept_all.pooled, label: 'everybody approved' }],
  })
}

/** The same as an SVG file, for places that show no pages (cost.svg). */
export const costPicture = (summary: TrainingSummary): string => picture(costFigure(summary))

const counted = (errors: number): string =>
  `${number(errors, { significant: 2 })} standard ${errors === 1 ? 'error' : 'errors'}`

export function trainView(summary: TrainingSummary): Page {
  const { data, costs, figures, threshold, calibration, rounds, shift, curves, scores, costliest } = summary
  const { clients, defaults } = data
  const [auc, cost] = [summary.roc_auc_interval, summary.cost_interval]
  const pooled = (name: keyof Figures) => figures[name].pooled
  const shown = (name: keyof Figures, value: number) =>
    shares.has(name) ? percent(value) : number(value, { digits: name.startsWith('lift') ? 2 : 4 })
  const mark = (at: number, label: string) => ({ at, label })
  const figureTable = table({
    caption: 'Out-of-fold figures',
    columns: [{ label: 'Figure' }, { label: 'All folds', align: 'end' }, { label: 'Fold mean ± sd', align: 'end' }],
    rows: (Object.keys(labels) as (keyof Figures)[]).map((name) => [
      labels[name],
      shown(name, figures[name].pooled),
      `${shown(name, figures[name].mean)} ± ${shown(name, figures[name].sd)}`,
    ]),
  })
  const interval = ({ lower, upper }: { readonly lower: number; readonly upper: number }) =>
    `${number(lower, { digits: 3 })} to ${number(upper, { digits: 3 })}`
  const unit = { format: (value: number) => percent(value, { digits: 0 }), min: 0, max: 1 }
  const riskAxis = { format: (value: number) => percent(value, { digits: 0 }), min: 0 }
  const highest = summary.reliability_intervals.map((interval) => interval?.upper ?? 0)
  const limit =
    maximum([0.1, ...summary.reliability.flatMap(({ predicted, observed }) => [predicted, observed]), ...highest]) *
    1.05
  const tenth = summary.gains[0]
  const sections: Section[] = [
    {
      id: 'cost',
      title: `A decision costs ${number(pooled('cost'), { digits: 2 })} per client, approving everybody ${number(pooled('cost_accept_all'), { digits: 2 })}`,
      body: columns(
        html`${costFigure(summary)}
          <p>
            The cost in the table is of clients that their threshold has not seen; 95% interval ${interval(cost)} (bootstrap).
            Thresholds that cost no more than ${counted(threshold.one_se)} above the least count as equal;
            of them the one nearest to ${number(costs.falsePositive)}/${number(costs.falsePositive + costs.falseNegative)} is taken,
            which is best where probabilities are right.
          </p>`,
        figureTable,
      ),
    },
    confusionSection(summary),
    costRatioSection(summary),
    {
      id: 'ranking',
      title: `The model ranks ${percent(auc.auc, { digits: 0 })} of pairs of a defaulter and a payer rightly`,
      body: html`${columns(
        lineChart({
          title: `ROC AUC ${number(auc.auc, { digits: 4 })}`,
          note: `Share of defaults caught against share of good clients wrongly caught; 95% interval ${interval(auc)} (DeLong)`,
          x: unit,
          y: unit,
          series: [{ name: 'ROC', points: curves.roc }],
          diagonal: true,
        }),
        lineChart({
          title: `Average precision ${number(pooled('average_precision'), { digits: 4 })}`,
          note: 'Share of declines that are right against share of defaults declined; the level is the share of defaults',
          x: unit,
          y: { ...unit },
          series: [{ name: 'Precision', points: curves.precision_recall }],
          levels: [{ at: defaults / clients, label: 'share of defaults', side: 'start' }],
        }),
        { even: true },
      )}
        <p>
          The data have no dates, so there is no test on later clients.
          In its place: training clients weighted to look like the new ones give a ROC AUC of ${number(shift.roc_auc, { digits: 4 })}.
          A classifier separates new from training clients with an AUC of ${number(shift.auc, { digits: 3 })},
          and the weighted clients count as much as ${number(shift.effective)} unweighted ones:
          the fewer, the less the weighted figure says.
        </p>`,
    },
    {
      id: 'calibration',
      title: `Probabilities are right within ${number(100 * pooled('ece'), { digits: 1 })} points on average`,
      body: columns(
        lineChart({
          title: 'Predicted and observed risk by tenth of clients',
          note: 'Share of defaults, with its 95% interval, against mean probability; calibration fitted on the other folds',
          x: { ...riskAxis, max: limit },
          y: { ...riskAxis, max: limit },
          series: [
            {
              name: 'observed',
              points: summary.reliability.map(({ predicted, observed }) => [predicted, observed]),
              band: summary.reliability.flatMap(({ predicted }, i) => {
                const interval = summary.reliability_intervals[i]
                return interval ? [[predicted, interval.lower, interval.upper] as const] : []
              }),
              dots: true,
            },
          ],
          diagonal: true,
        }),
        html`${table({
          caption: 'Calibration by out-of-fold log loss',
          columns: [{ label: 'Method' }, { label: 'Log loss', align: 'end' }],
          rows: Object.entries(calibration.log_losses).map(([method, loss]) => [method, number(loss, { digits: 5 })]),
          strong: (row) => Object.keys(calibration.log_losses)[row] === calibration.method,
        })}
          <p>
            The chosen method is <strong>${calibration.method}</strong>.
            Classes are not weighted and no rows are resampled: both would bend the probabilities.
            The unequal costs are answered by the threshold alone.
          </p>
          ${calibrationTestsTable(summary)}`,
      ),
    },
    {
      id: 'scores',
      title: `Good clients and defaults are ${percent(pooled('ks'), { digits: 0 })} apart where they differ most`,
      body: columns(
        histogram({
          title: 'Probabilities of good clients and of defaults',
          note: 'Share of each class by probability; the last bin holds 30% and more',
          edges: [...scores.edges, 0.31],
          series: [
            { name: 'good clients', counts: scores.good, tone: 's2' },
            { name: 'defaults', counts: scores.defaults, tone: 's4' },
          ],
          x: { format: (value) => percent(value, { digits: 0 }) },
          marks: [mark(threshold.chosen, 'threshold')],
        }),
        lineChart({
          title: `KS ${number(pooled('ks'), { digits: 3 })}`,
          note: 'Share of each class with a lower probability',
          x: { format: (value) => percent(value, { digits: 0 }), min: 0, max: 0.4 },
          y: unit,
          series: [
            {
              name: 'good',
              points: scores.below.map(({ threshold, good }) => [threshold, good]),
              tone: 's2',
            },
            {
              name: 'defaults',
              points: scores.below.map(({ threshold, defaults: d }) => [threshold, d]),
              tone: 's4',
            },
          ],
          marks: [mark(scores.largest_gap, 'largest gap')],
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
          series: [{ name: 'defaults found', points: curves.gain, dots: true }],
          diagonal: true,
        }),
        table({
          narrow: true,
          caption: `Tenths of ${number(tenth?.clients)} clients, the riskiest first`,
          columns: ['Tenth', 'Defaults', 'Default rate', 'Lift', 'Defaults so far', 'KS'].map((label, i) =>
            i === 0 ? { label } : { label, align: 'end' as const },
          ),
          rows: summary.gains.map((gain) => [
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
      title: `At the threshold ${percent(pooled('approval_rate'), { digits: 0 })} are approved`,
      body: lineChart({
        title: 'What accepting more clients would cost in defaults',
        note: 'Share of defaults among approved loans against share of clients approved',
        x: unit,
        y: { format: (value) => percent(value), min: 0 },
        series: [{ name: 'default rate', points: curves.strategy }],
        marks: [mark(pooled('approval_rate'), 'chosen threshold')],
      }),
    },
    reviewsSection(summary),
    ...historiesSection(summary),
    ...behaviourSection(summary),
    {
      id: 'errors',
      title: costliest
        ? `A decision costs most in the group “${costliest.label}: ${costliest.group}”`
        : 'Where the decisions err',
      body: table({
        caption: 'Out-of-fold figures by group of clients',
        columns: ['Group', 'Clients', 'Defaults', 'Predicted', 'Observed', 'Approved', 'Cost', 'ROC AUC'].map(
          (label, i) => (i === 0 ? { label } : { label, align: 'end' as const }),
        ),
        rows: summary.segments.map((one) => [
          `${one.label}: ${one.group}`,
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
        rows: summary.folds.map((one, i) => [
          String(one.fold + 1),
          number(one.clients),
          rounds ? number(rounds.folds[i]?.rounds) : '–',
          threshold.by_fold[i]?.method ?? null,
          percent(threshold.by_fold[i]?.threshold),
          number(one.roc_auc, { digits: 4 }),
          number(one.cost, { digits: 4 }),
        ]),
      })}
        <p>
          ${rounds ? roundsSentence(rounds.final, data.clients) : ''}
          The margins that a fold's calibration and threshold are fitted on come from the models of the other folds,
          whose training clients overlap with the fold.
        </p>`,
    },
  ]
  const hundred = Math.round(100 * auc.auc)
  return {
    title: 'Training: how good are the decisions?',
    lead: {
      fr: `Entre un dossier remboursé et un non remboursé, le modèle classe bien ${hundred} fois sur 100 (AUC ${number(figures.roc_auc.mean, { digits: 2, lang: 'fr' })} ± ${number(figures.roc_auc.sd, { digits: 2, lang: 'fr' })}) ; au seuil de ${percent(threshold.chosen, { lang: 'fr' })}, un dossier coûte ${number(pooled('cost'), { digits: 2, lang: 'fr' })} contre ${number(pooled('cost_accept_all'), { digits: 2, lang: 'fr' })} si l’on accepte tout.`,
      en: `Of a loan that was repaid and one that was not, the model ranks the right one higher ${hundred} times out of 100 (AUC ${number(figures.roc_auc.mean, { digits: 2 })} ± ${number(figures.roc_auc.sd, { digits: 2 })}); at a threshold of ${percent(threshold.chosen)} a file costs ${number(pooled('cost'), { digits: 2 })}, against ${number(pooled('cost_accept_all'), { digits: 2 })} if all are approved.`,
    },
    source: {
      model: summary.model,
      data: `${number(clients)} clients, ${number(defaults)} defaults, data ${data.hash.slice(0, 8)}`,
      synthetic: data.synthetic,
    },
    sections,
    stage: 'train',
    figures: [
      { label: 'ROC AUC', value: number(figures.roc_auc.mean, { digits: 3 }), note: 'out of fold' },
      { label: 'Threshold', value: percent(threshold.chosen) },
      {
        label: 'Cost per client',
        value: number(pooled('cost'), { digits: 3 }),
        note: `${number(pooled('cost_accept_all'), { digits: 3 })} if all are approved`,
      },
      { label: 'Calibration error', value: number(pooled('ece'), { digits: 4 }) },
    ],
    files: ['train.json', 'metrics.json'],
  }
}

const roundsSentence = (final: number, clients: number): string =>
  `The number of rounds of a fold is chosen by early stopping on held-out parts of its own training clients; the final model, chosen likewise on all ${number(clients)} clients, has ${number(final)}.`
