/** What training found, as plain data: train.json, which the page and the notebooks read. */
import type { Calibration, Method } from './calibration.ts'
import { type CalibrationTests, calibrationTests, observedIntervals } from './calibration-tests.ts'
import type { Confusion, Costs, Interval } from './cost.ts'
import { type CostRatio, costRatios } from './cost-ratios.ts'
import type { Curves } from './curves.ts'
import type { Evaluation } from './evaluate.ts'
import type { Reviews } from './grey-zone.ts'
import type { AucInterval } from './interval.ts'
import { type Figures, figureNames } from './metrics.ts'
import { costliestOf, type LabelledSegment } from './segments.ts'
import type { StrategicBehaviour } from './strategic-gains.ts'
import type { Nested } from './threshold.ts'
import type { CrossFit } from './training/cross-fit.ts'
import type { WithoutHistories } from './training/without-histories.ts'

/** The share of two things on the axes of a curve. */
type Point = readonly [number, number]

export interface TrainingSummary {
  /** Version of the bundle. */
  readonly model: string
  /** The candidate that was fitted, and why. */
  readonly chosen: {
    readonly name: string
    readonly label: string
    readonly because: { readonly fr: string; readonly en: string } | null
  }
  readonly data: {
    readonly hash: string
    readonly synthetic: boolean
    readonly clients: number
    readonly defaults: number
  }
  readonly costs: Costs
  /** Of all folds together, and over folds. */
  readonly figures: Readonly<
    Record<keyof Figures, { readonly pooled: number; readonly mean: number; readonly sd: number }>
  >
  readonly roc_auc_interval: AucInterval
  readonly cost_interval: Interval
  readonly confusion: Confusion
  readonly threshold: {
    readonly chosen: number
    readonly theoretical: number
    /** The threshold with the least cost of all, whatever its noise. */
    readonly cheapest: number
    readonly one_se: number
    readonly by_fold: Nested['folds']
  }
  readonly calibration: Calibration & { readonly log_losses: Readonly<Record<Method, number>> }
  /** On probabilities of clients that their calibration has not seen. */
  readonly calibration_tests: CalibrationTests
  /** 95% interval of the observed share of each group of `reliability`. */
  readonly reliability_intervals: readonly (Interval | null)[]
  /** Decisions, had the costs stood in another ratio. */
  readonly cost_ratios: readonly CostRatio[]
  /** Of boosted trees; null where there are none. */
  readonly rounds: {
    readonly final: number
    readonly folds: readonly {
      readonly fold: number
      readonly clients: number
      readonly rounds: number
      readonly best: number
      readonly trained_on: number
    }[]
  } | null
  readonly folds: readonly ({ readonly fold: number; readonly clients: number } & Figures)[]
  /** Training clients weighted to look like the new ones: see Shift in models/shift.ts. */
  readonly shift: { readonly roc_auc: number; readonly auc: number; readonly effective: number }
  readonly reliability: Curves['reliability']
  readonly gains: Curves['gains']
  /** Cost per client by threshold, up to 0.4. */
  readonly cost_curve: readonly {
    readonly threshold: number
    readonly cost: number
    readonly lower: number
    readonly upper: number
  }[]
  readonly curves: {
    /** Share of good clients and of defaults caught. */
    readonly roc: readonly Point[]
    /** Recall and precision. */
    readonly precision_recall: readonly Point[]
    /** Share of clients, the riskiest first, and of defaults among them. */
    readonly gain: readonly Point[]
    /** Share of clients approved and of defaults among them. */
    readonly strategy: readonly Point[]
  }
  /** Probabilities of good clients and of defaults. */
  readonly scores: {
    /** Where each bin begins, and counts of both classes; the last bin holds all that is above. */
    readonly edges: readonly number[]
    readonly good: readonly number[]
    readonly defaults: readonly number[]
    /** Share of each class below a threshold, up to 0.4. */
    readonly below: readonly { readonly threshold: number; readonly good: number; readonly defaults: number }[]
    /** Where the two shares differ most. */
    readonly largest_gap: number
  }
  readonly segments: readonly LabelledSegment[]
  readonly costliest: LabelledSegment | null
  readonly params: Readonly<Record<string, unknown>>
  /** Clients near the threshold, whom a person reviews. */
  readonly reviews: Reviews
  /** Null where no feature reads a history. */
  readonly without_histories: WithoutHistories | null
  /** Null where no new client is declined. */
  readonly strategic_behaviour: StrategicBehaviour | null
}

export interface TrainingFindings {
  readonly model: string
  readonly data: TrainingSummary['data']
  readonly costs: Costs
  readonly target: ArrayLike<number>
  readonly evaluation: Evaluation
  readonly run: CrossFit
  readonly chosen: TrainingSummary['chosen']
  readonly final_rounds: number | null
  readonly curves: Curves
  readonly shift: TrainingSummary['shift']
  readonly segments: readonly LabelledSegment[]
  readonly params: TrainingSummary['params']
  readonly reviews: TrainingSummary['reviews']
  readonly without_histories: TrainingSummary['without_histories']
  readonly strategic_behaviour: TrainingSummary['strategic_behaviour']
}

const roundsOf = ({ fold, clients, rounds }: CrossFit['folds'][number]) =>
  rounds ? [{ fold, clients, rounds: rounds.rounds, best: rounds.best, trained_on: rounds.trainedOn }] : []

export function trainingSummary(found: TrainingFindings): TrainingSummary {
  const { evaluation, run, curves, data } = found
  const { settled, pooled, spread, auc, cost, folds, nested, confusion, theoretical, cheapest, oneSe } = evaluation
  return {
    model: found.model,
    chosen: found.chosen,
    data,
    costs: found.costs,
    figures: Object.fromEntries(
      figureNames.map((name) => [name, { pooled: pooled[name], ...spread[name] }]),
    ) as TrainingSummary['figures'],
    roc_auc_interval: auc,
    cost_interval: cost,
    confusion,
    threshold: { chosen: settled.threshold, theoretical, cheapest, one_se: oneSe, by_fold: nested.folds },
    calibration: { ...settled.calibration, log_losses: settled.losses },
    calibration_tests: calibrationTests(found.target, nested.probability),
    reliability_intervals: observedIntervals(curves.reliability),
    cost_ratios: costRatios(found.target, evaluation),
    rounds: found.final_rounds === null ? null : { final: found.final_rounds, folds: run.folds.flatMap(roundsOf) },
    folds: folds.map(({ fold, clients, figures }) => ({ fold, clients, ...figures })),
    shift: found.shift,
    reliability: curves.reliability,
    gains: curves.gains,
    cost_curve: evaluation.curve
      .filter((point, i) => below40(point) && i % 5 === 4)
      .map(({ threshold, cost, lower, upper }) => ({ threshold, cost, lower, upper })),
    curves: {
      roc: curves.roc.map(([x, y]) => [x, y]),
      precision_recall: curves.precisionRecall.map(([x, y]) => [x, y]),
      gain: gainCurve(curves.gains, data.clients),
      strategy: curves.strategy.map(({ approved, badRate }) => [approved, badRate]),
    },
    scores: {
      edges: curves.edges,
      good: curves.counts[0] ?? [],
      defaults: curves.counts[1] ?? [],
      below: curves.distributions.filter(below40),
      largest_gap: curves.ks.location,
    },
    segments: found.segments,
    costliest: costliestOf(found.segments, data.clients),
    params: found.params,
    reviews: found.reviews,
    without_histories: found.without_histories,
    strategic_behaviour: found.strategic_behaviour,
  }
}

const below40 = ({ threshold }: { readonly threshold: number }) => threshold <= 0.4

/** Share of clients and share of defaults after each tenth, from nothing on. */
function gainCurve(gains: Curves['gains'], clients: number): Point[] {
  let seen = 0
  return [
    [0, 0],
    ...gains.map((gain): Point => {
      seen += gain.clients
      return [seen / clients, gain.capture]
    }),
  ]
}
