/** How much a model leans on its features, and on the columns of the application, by way of the features that read them. */
import type { Definitions } from '../features/rules/check/definitions.ts'
import { allSources } from '../features/rules/check/sources.ts'
import type { Matrix } from '../models/matrix.ts'
import type { Predictor } from '../models/members/predictor.ts'
import { rowMajor } from '../models/row-major.ts'

/** Clients whose contributions are averaged, at most. */
const averaged = 2000

/** Mean absolute contribution to the log-odds by feature, over the first clients of the matrix. */
export function featureImportance(predictor: Predictor, matrix: Matrix): Map<string, number> {
  const count = Math.min(averaged, matrix.ids.length)
  const { contributions } = predictor.explain(rowMajor(matrix, 0, count), count)
  return new Map(
    matrix.names.map((name, j) => {
      let sum = 0
      for (let i = 0; i < count; i++) sum += Math.abs(contributions[i * (predictor.width + 1) + j] as number)
      return [name, sum / count]
    }),
  )
}

/** The importance of each feature split evenly over the columns it reads, of any table; kept for the application's. */
export function columnImportance(
  definitions: Definitions,
  ofFeatures: ReadonlyMap<string, number>,
): Map<string, number> {
  const importance = new Map<string, number>()
  for (const [feature, columns] of allSources(definitions))
    for (const source of columns) {
      const [table, column] = source.split('.') as [string, string]
      if (table !== 'application') continue
      importance.set(column, (importance.get(column) ?? 0) + (ofFeatures.get(feature) ?? 0) / columns.length)
    }
  return importance
}
