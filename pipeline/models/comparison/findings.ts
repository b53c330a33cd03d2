/** What a comparison found, as plain data: compare.json, which the page and the notebooks read. */
import type { ReliabilityBin } from '../probability.ts'
import type { ScoreScale } from '../score-scale.ts'
import type { Trial } from '../search/search.ts'
import { direction, type Measure } from './measure.ts'
import { type Paired, pairedTest } from './paired.ts'
import { deviation, type Judged, judgedNames, mean, type SeedRun } from './run.ts'

export type Spread = Readonly<Record<keyof Judged, { readonly mean: number; readonly sd: number }>>

export interface Outcome {
  readonly name: string
  readonly label: string
  readonly features: number
  readonly seeds: number
  readonly folds: number
  /** Over folds and seeds; sd with divisor n − 1. */
  readonly figures: Spread
  /** By fold, one list a seed, of the measure that ranks. */
  readonly scores: readonly (readonly number[])[]
  /** How much better than the one compared with, on common folds; null for that one itself. */
  readonly against: Paired | null
  /** Trees that ask nothing in some fold: it cannot be chosen. */
  readonly neverSplit: boolean
}

export interface Card {
  readonly scale: ScoreScale
  readonly intercept: number
  readonly clients: number
  readonly characteristics: readonly {
    readonly feature: string
    readonly label: string
    readonly iv: number
    readonly coefficient: number
    /** Population stability of the characteristic's bins, training clients against new ones. */
    readonly psi: number
    readonly bins: readonly {
      readonly label: string
      readonly clients: number
      readonly share: number
      readonly rate: number
      readonly woe: number
      readonly iv: number
      readonly points: number
    }[]
  }[]
  /** Score bands of the training clients' tenths, lowest scores first. */
  readonly stability: {
    readonly psi: number
    readonly bands: readonly {
      readonly label: string
      readonly expected: number
      readonly actual: number
      readonly rate: number
      readonly psi: number
    }[]
  }
}

export interface Reliable {
  readonly name: string
  readonly raw: readonly ReliabilityBin[]
  readonly calibrated: readonly ReliabilityBin[]
}

/** A trial of the search as it is reported. */
export interface ReportedTrial extends Pick<Trial, 'number' | 'setting'> {
  /** `scores` as in Trial, more is better; `mean`: over them, in the measure's own sign. */
  readonly rungs: readonly (Trial['rungs'][number] & { readonly mean: number })[]
}

/** A model fitted with the histories and with the form alone, by the candidates' names. */
export interface HistoriesTest {
  readonly model: string
  readonly label: string
  /** Mean of the measure with the histories and with the form alone. */
  readonly whole: number
  readonly form: number
  /** How much better the model with the histories is. */
  readonly test: Paired
}

/** One text in both languages. */
export type Words = { readonly fr: string; readonly en: string }

export interface Choice {
  readonly name: string
  readonly label: string
  /** `one_standard_error`, `best`, or the name that params.yaml asks for. */
  readonly rule: string
  /** The candidate with the best mean. */
  readonly best: string
  /** By how much the best is better than the chosen one, on the same folds; null where they are the same. */
  readonly behind: Paired | null
  /** Completes "chosen: …". */
  readonly because: Words
}

export interface Comparison {
  readonly data: { readonly hash: string; readonly synthetic: boolean }
  readonly clients: number
  readonly defaults: number
  readonly features: number
  readonly folds: number
  readonly seeds: number
  readonly measure: Measure
  readonly alpha: number
  readonly costs: { readonly falseNegative: number; readonly falsePositive: number }
  readonly best: string
  /** Which candidate serves, and why. */
  readonly choice: Choice
  /** Tests in the report, over which p-values are adjusted. */
  readonly tests: number
  /** Clients that treatments of the rare defaults, histories and trials were judged on. */
  readonly quick: { readonly clients: number; readonly eta: number }
  readonly candidates: readonly Outcome[]
  /** Names of the candidates, the best by the measure first. */
  readonly ranking: readonly string[]
  readonly histories: readonly HistoriesTest[]
  readonly monotone: number
  readonly imbalance: readonly { readonly model: 'boosting' | 'logistic'; readonly outcomes: readonly Outcome[] }[]
  /** Of the first seed. */
  readonly reliability: readonly Reliable[]
  readonly search: {
    readonly method: string
    readonly trials: readonly ReportedTrial[]
    /** Numbers of the trials, the best first: those on all clients, then those given up on fewer. */
    readonly ranking: readonly number[]
    readonly fits: number
    readonly best: number
    /** The best trial against the given setting on every seed; null when it is the given setting. */
    readonly test: Paired | null
    readonly chosen: number
  }
  /** The largest of the logistic regression on all these clients, and how many are not 0. */
  readonly coefficients: readonly { readonly feature: string; readonly label: string; readonly value: number }[]
  readonly nonzero: number
  readonly card: Card
}

/** Mean and sd of every figure over folds and seeds. */
export function outcomeOf(
  named: { readonly name: string; readonly label: string },
  features: number,
  runs: readonly SeedRun[],
  measure: Measure,
  neverSplit = false,
): Outcome {
  const all = runs.flatMap(({ folds }) => folds)
  const figures = Object.fromEntries(
    judgedNames.map((name) => {
      const values = all.map((one) => one[name])
      return [name, { mean: mean(values), sd: deviation(values) }]
    }),
  ) as Spread
  return {
    name: named.name,
    label: named.label,
    features,
    seeds: runs.length,
    folds: runs[0]?.folds.length ?? 0,
    figures,
    scores: runs.map(({ folds }) => folds.map((one) => one[measure])),
    against: null,
    neverSplit,
  }
}

/** How much better `one` is than `other` by the measure, on the folds that both have. */
export function better(one: Outcome, other: Outcome, measure: Measure, alpha: number): Paired {
  const seeds = Math.min(one.scores.length, other.scores.length)
  const differences = Array.from({ length: seeds }, (_, s) =>
    one.scores[s]!.map((score, k) => direction(measure) * (score - other.scores[s]![k]!)),
  ).flat()
  return pairedTest(differences, 1 / (one.folds - 1), alpha)
}

/** What the histories add to the form, for the models that were fitted both ways. */
export const historiesTests = (outcomes: readonly Outcome[], measure: Measure, alpha: number): HistoriesTest[] =>
  [
    ['logistic', 'Logistic regression'],
    ['boosting', 'Boosting'],
  ].flatMap(([model = '', label = '']) => {
    const [whole, form] = [`${model}_none`, `${model}_form`].map((name) => outcomes.find((one) => one.name === name))
    if (!whole || !form) return []
    const means = { whole: whole.figures[measure].mean, form: form.figures[measure].mean }
    return [{ model, label, ...means, test: better(whole, form, measure, alpha) }]
  })

/** The outcomes with each compared with the named one; positive where better than it. */
export const compared = (outcomes: readonly Outcome[], name: string, measure: Measure, alpha: number): Outcome[] => {
  const reference = outcomes.find((one) => one.name === name)
  if (!reference) throw new Error(`compare: there is no ${name} to compare with`)
  return outcomes.map((one) => (one === reference ? one : { ...one, against: better(one, reference, measure, alpha) }))
}

/** From best to worst by the measure; equals keep their order. */
export const rankedBy = (outcomes: readonly Outcome[], measure: Measure): Outcome[] =>
  outcomes.toSorted((a, b) => direction(measure) * (b.figures[measure].mean - a.figures[measure].mean))
