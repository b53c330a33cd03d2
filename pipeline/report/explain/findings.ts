/** What the explain report holds, as reports/explain/explain.json has it. */
import type { Value } from '../../portfolio/applicant.ts'
import type { ConceptWeight, DependencePoint, FeatureWeight } from './attribution.ts'

export interface ClientFeature {
  readonly feature: string
  readonly concept: string
  readonly label: string
  /** Log-odds of the uncalibrated model. */
  readonly contribution: number
  /** Only of synthetic clients. */
  readonly value?: Value
}

export interface ClientStory {
  readonly kind: 'granted' | 'refused' | 'borderline'
  /** SK_ID_CURR, only of synthetic clients. */
  readonly client?: number
  readonly probability: number
  readonly decision: 'granted' | 'refused'
  readonly bias: number
  readonly margin: number
  readonly concepts: readonly { readonly concept: string; readonly label: string; readonly contribution: number }[]
  /** Strongest first; bias and all contributions add up to the margin. */
  readonly features: readonly ClientFeature[]
}

export interface Explanation {
  readonly model: string
  readonly data: string
  readonly synthetic: boolean
  readonly threshold: number
  /** Training clients that the means are taken over, and the seed of their choice. */
  readonly sample: { readonly clients: number; readonly of: number; readonly seed: number }
  /** Largest difference of contributions' sum and margin, log-odds. */
  readonly additivity_error: number
  readonly concepts: readonly ConceptWeight[]
  readonly features: readonly FeatureWeight[]
  readonly dependence: readonly {
    readonly feature: string
    readonly label: string
    readonly kind: 'number' | 'count' | 'category'
    readonly points: readonly DependencePoint[]
  }[]
  readonly clients: readonly ClientStory[]
}
