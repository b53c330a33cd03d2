/** Categories that training clients do not have: such a value is missing to the model, and counted here. */
import pl from 'nodejs-polars'
import type { FeatureDefinition } from './rules/check/definitions.ts'

/** Of each category feature with levels: how many clients of the frame have another level. Other features are left out. */
export function unseenLevels(
  frame: pl.DataFrame,
  features: readonly Pick<FeatureDefinition, 'name' | 'levels'>[],
): ReadonlyMap<string, number> {
  const categories = features.filter(({ levels }) => levels !== undefined)
  if (categories.length === 0) return new Map()
  const counts = categories.map(({ name, levels }) => {
    const value = pl.col(name)
    const strange = levels!.length === 0 ? value.isNotNull() : value.isNotNull().and(value.isIn([...levels!]).not())
    return strange.cast(pl.UInt32).sum().alias(name)
  })
  const row = frame.select(...counts).row(0)
  return new Map(categories.map(({ name }, index) => [name, Number(row[index] ?? 0)]))
}
