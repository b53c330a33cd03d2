/** A row of the model's matrix as the client's feature values again: levels for codes, null for missing, numbers as float32. */

import type { Value } from '../data/applicant.ts'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'

/** `columns`: one a feature, in the order of the definitions. */
export function valuesAt(
  columns: readonly Float32Array[],
  features: readonly Pick<FeatureDefinition, 'kind' | 'levels'>[],
  row: number,
): Value[] {
  return features.map(({ kind, levels }, j) => {
    const value = columns[j]?.[row] ?? Number.NaN
    if (Number.isNaN(value)) return null
    return kind === 'category' ? (levels?.[value] ?? null) : value
  })
}
