/** What a comparison of two data sets says: of the data set, and of each column. */
import type { Distribution } from './distribution.ts'

export type Policy = 'default' | 'evidently'
export type Band = 'none' | 'moderate' | 'major' | 'unknown'
export type Verdict = 'drift' | 'no drift' | 'not enough tested'

/** A column that cannot be compared by value, since it is of another type, on one side only, or holds values on one side only. */
export const schemaChanges = ['type', 'vanished', 'new', 'emptied', 'filled'] as const
export type SchemaChange = (typeof schemaChanges)[number]

/** The quantiles that are reported of a number. */
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
  /** Under the default policy: the p-value in addition to the distance, adjusted over all columns. */
  readonly adjusted_p: number | null
  readonly drifted: boolean
  /** 1 at the threshold; comparable between tests. */
  readonly severity: number | null
  readonly band: Band
  /** Why there is no score. */
  readonly reason: string | null
  /** Counts as moved; null of a column that was tested, or could not be. */
  readonly schema_change: SchemaChange | null
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
  /** Columns whose values could be tested. */
  readonly tested: number
  /** Columns that changed their type, vanished, are new, were emptied or filled. */
  readonly schema_changes: number
  /** Columns that hold values on both sides or too few to say, and have no test; the rest hold no value on either side. */
  readonly untested: number
  /** Values that each side needs for a test. */
  readonly min_count: number
  readonly drifted: number
  readonly major: number
  readonly missing_drifted: number
  /** Drifted ÷ tested; 0 where nothing was tested. */
  readonly share: number
  /** The same with changes of schema counted as columns that were tested and have drifted. */
  readonly share_with_schema: number
  /** Share of the model's importance in columns that drifted or changed their schema; null where no importance is known. */
  readonly importance_drifted: number | null
  readonly threshold: number
  readonly verdict: Verdict
}

export interface Drift {
  readonly dataset: DatasetDrift
  /** Worst first. */
  readonly columns: readonly ColumnDrift[]
}
