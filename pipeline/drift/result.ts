/** What a comparison of two data sets says: of the data set, and of each column. */
import type { Distribution } from './distribution.ts'

export type Policy = 'default' | 'evidently'
export type Band = 'none' | 'moderate' | 'major' | 'unknown'

/** Of which a number's quantiles are told. */
export const quantileShares = [0.05, 0.25, 0.5, 0.75, 0.95] as const

export interface Missing {
  /** Shares, 0 to 1. */
  readonly reference: number
  readonly current: number
  /** Two-proportion z test, adjusted over all columns. */
  readonly adjusted_p: number
  readonly drifted: boolean
  readonly band: Band
}

export interface ColumnDrift {
  readonly column: string
  readonly type: 'number' | 'category' | 'text'
  /** Rows with a value. */
  readonly values: { readonly reference: number; readonly current: number }
  readonly test: string | null
  readonly measure: 'distance' | 'p' | null
  readonly score: number | null
  readonly threshold: number | null
  /** Under the default policy: the p-value beside the distance, adjusted over all columns. */
  readonly adjusted_p: number | null
  readonly drifted: boolean
  /** 1 at the threshold; comparable between tests. */
  readonly severity: number | null
  readonly band: Band
  /** Why there is no score. */
  readonly reason: string | null
  readonly missing: Missing
  /** Categories on one side only, with their share there. */
  readonly new_categories: readonly { readonly name: string; readonly share: number }[]
  readonly vanished_categories: readonly { readonly name: string; readonly share: number }[]
  /** Share of the model's total importance, 0 to 1; null where no model tells. */
  readonly importance: number | null
  readonly statistics: Readonly<Record<string, number>>
  /** Of numbers. */
  readonly mean: { readonly reference: number; readonly current: number } | null
  readonly quantiles: { readonly reference: readonly number[]; readonly current: readonly number[] } | null
  readonly distribution: Distribution | null
}

export interface DatasetDrift {
  readonly policy: Policy
  readonly rows: { readonly reference: number; readonly current: number }
  readonly columns: number
  /** Columns that could be tested. */
  readonly tested: number
  readonly drifted: number
  readonly major: number
  readonly missing_drifted: number
  /** Drifted ÷ columns. */
  readonly share: number
  /** Share of the model's importance in drifted columns; null where no importance is known. */
  readonly importance_drifted: number | null
  readonly threshold: number
  readonly verdict: 'drift' | 'no drift'
}

export interface Drift {
  readonly dataset: DatasetDrift
  /** Worst first. */
  readonly columns: readonly ColumnDrift[]
}
