/** What the explain report holds, as reports/explain/explain.json has it. */

import type { Value } from '../data/applicant.ts'
import type { Words } from '../features/rules/check/definitions.ts'
import type { Family } from '../models/members/member.ts'
import type { DependencePoint, FeatureWeight, GroupWeight } from './attribution.ts'
import type { Swarm } from './contribution-bins.ts'
import type { Pair } from './relations.ts'

export interface ClientFeature {
  readonly feature: string
  readonly group: string
  readonly label: string
  /** Log-odds of the uncalibrated model. */
  readonly contribution: number
  /** Only of synthetic clients. */
  readonly value?: Value
}

export interface StoryReason {
  readonly code: string
  readonly headline: Words
  /** Holds the client's value: only of synthetic clients. */
  readonly text?: Words
  /** Percentage points of the probability of default. */
  readonly attribution: number
}

export interface ClientStory {
  readonly kind: 'approved' | 'declined' | 'borderline'
  /** SK_ID_CURR, only of synthetic clients. */
  readonly client?: number
  readonly probability: number
  readonly decision: 'approved' | 'declined'
  /** On the PDO scale. */
  readonly score: number
  readonly bias: number
  readonly margin: number
  /** From the typical client's probability, by reason group; start and shifts add up to the probability. */
  readonly start: number
  readonly steps: readonly { readonly group: string; readonly label: Words; readonly shift: number }[]
  readonly against: readonly StoryReason[]
  readonly for: readonly StoryReason[]
  /** What would turn a declined application into an approved one, or `none` that says that nothing does; only of synthetic clients whose raw rows travel with the model. */
  readonly none?: Words
  readonly alternatives?: readonly { readonly text: Words; readonly probability: number }[]
  /** Strongest first; bias and all contributions add up to the margin. */
  readonly features: readonly ClientFeature[]
}

/** A weight beside two other ways to measure it. */
export interface Measured {
  /** Mean |contribution| of the final model over the sample, log-odds. */
  readonly final: number
  /** Share of the total gain of the final model's splits, 0 to 1; null of models that are not one member of trees. */
  readonly gain: number | null
  /** ROC AUC lost when the values are shuffled between unseen clients, over folds; null where it was not measured. */
  readonly permutation: { readonly mean: number; readonly low: number; readonly high: number } | null
}

export interface Explanation {
  readonly model: string
  /** Of the model's members, each once. */
  readonly families: readonly Family[]
  readonly data: string
  readonly synthetic: boolean
  readonly threshold: number
  /** Training clients that the final model is explained on, and the seed of their choice. */
  readonly sample: { readonly clients: number; readonly of: number; readonly seed: number }
  /** The models fitted again: on how many clients, in how many rounds where they are boosted, and how well each fold's ranks the clients it has not seen. */
  readonly refits: {
    readonly clients: number
    readonly rounds: number | null
    readonly auc: readonly number[]
    readonly seeds: number
  }
  /** Largest difference of contributions' sum and margin, log-odds. */
  readonly additivity_error: number
  /** Weights are means over the folds, each of clients that the fold's model has not seen, with a 95 % interval over folds. */
  readonly groups: readonly (GroupWeight & Measured)[]
  readonly features: readonly (FeatureWeight & Measured)[]
  /** Of the twenty heaviest features: in how many of the seeds they are among the twenty again, best and worst place. */
  readonly stability: readonly {
    readonly feature: string
    readonly label: string
    readonly again: number
    readonly best: number
    readonly worst: number
  }[]
  /** Pairs of the heaviest features whose ranks go together. */
  readonly correlated: readonly Pair[]
  /** Null of models that add up feature by feature: those without trees. */
  readonly interactions: { readonly clients: number; readonly pairs: readonly Pair[] } | null
  readonly swarms: readonly Swarm[]
  readonly dependence: readonly {
    readonly feature: string
    readonly label: string
    readonly kind: 'number' | 'count' | 'category'
    readonly points: readonly DependencePoint[]
  }[]
  readonly clients: readonly ClientStory[]
}
