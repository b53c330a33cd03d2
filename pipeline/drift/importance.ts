/** How much a model leans on the columns of the application, by way of the features that read them. */
import type { Definitions } from '../features/rules/check/definitions.ts'
import { allSources } from '../features/rules/check/sources.ts'

/** The gain of each feature split evenly over the columns it reads, of any table; kept for the application's. */
export function columnImportance(definitions: Definitions, gains: ReadonlyMap<string, number>): Map<string, number> {
  const importance = new Map<string, number>()
  for (const [feature, columns] of allSources(definitions))
    for (const source of columns) {
      const [table, column] = source.split('.') as [string, string]
      if (table !== 'application') continue
      importance.set(column, (importance.get(column) ?? 0) + (gains.get(feature) ?? 0) / columns.length)
    }
  return importance
}
