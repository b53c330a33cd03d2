/** Two sides compared under the chosen policy, every column with its words and with Evidently's answer. */
import type { DriftColumn } from './column.ts'
import { measured, type Policy, verdictOn } from './compare.ts'
import type { Comparison, NamedColumn } from './findings.ts'

export type Naming = (column: string) => { label: string; group: string | null }

/** One comparison under the chosen policy, each column with Evidently's answer. */
export function comparison(
  reference: readonly DriftColumn[],
  current: readonly DriftColumn[],
  options: { policy: Policy; share: number; minCount?: number; importance?: ReadonlyMap<string, number> },
  naming: Naming,
): Comparison {
  const columns = measured(reference, current, options)
  const chosen = verdictOn(columns, options)
  const other = verdictOn(columns, { policy: 'evidently', share: options.share })
  const answers = new Map(other.columns.map((column) => [column.column, column]))
  return {
    dataset: chosen.dataset,
    evidently: other.dataset,
    columns: chosen.columns.map((column): NamedColumn => {
      const { test = null, score = null, threshold = null, drifted = false } = answers.get(column.column) ?? {}
      return { ...column, ...naming(column.column), evidently: { test, score, threshold, drifted } }
    }),
  }
}
