/** The one gate for features: whether a matrix has those of a model or of another matrix: their number, order, names and types. */
import { nameOf } from './columns.ts'
import { XGBoostError } from './error.ts'
import { type DMatrix, isMatrix } from './matrix.ts'
import type { FeatureType } from './matrix-info.ts'

export interface Features {
  readonly columns: number
  /** Null or empty where none were given. */
  readonly featureNames: readonly string[] | null
  readonly featureTypes: readonly FeatureType[] | null
}

const quoted = (name: string | undefined) => JSON.stringify(name) ?? 'nothing'
const none = 'q (none was given)'
const isCategory = (type: FeatureType | undefined) => type === 'c'

/** Throws unless it is a matrix of this package. */
export function checkIsMatrix(fn: string, what: string, matrix: unknown): asserts matrix is DMatrix {
  if (!isMatrix(matrix))
    throw new XGBoostError(fn, `${what} is ${nameOf(matrix)}, expected a DMatrix: see DMatrix.fromColumns and fromRows`)
}

/**
 * Throws unless the features are those expected. Names are compared where both have them. Of the types only `c` matters, for all others are numbers to the
 * library; a side without types is not compared, or with `untyped: 'numbers'` taken for numbers, which is what it was trained as.
 */
export function checkFeatures(
  fn: string,
  [what, given]: readonly [string, Features],
  [whose, expected]: readonly [string, Features],
  untyped: 'unknown' | 'numbers' = 'unknown',
): void {
  if (given.columns !== expected.columns)
    throw new XGBoostError(fn, `${what} has ${given.columns} columns, ${whose} ${expected.columns} features`)
  const [names, theirs] = [given.featureNames ?? [], expected.featureNames ?? []]
  const [types, kinds] = [given.featureTypes ?? [], expected.featureTypes ?? []]
  if (names.length > 0 && theirs.length > 0)
    for (const [i, name] of theirs.entries())
      if (names[i] !== name)
        throw new XGBoostError(fn, `${what}: column ${i} is ${quoted(names[i])}, ${whose} expects ${quoted(name)}`)
  if (untyped === 'unknown' && (types.length === 0 || kinds.length === 0)) return
  for (let i = 0; i < given.columns; i++)
    if (isCategory(types[i]) !== isCategory(kinds[i]))
      throw new XGBoostError(
        fn,
        `${what}: column ${i} is of type ${types[i] ?? none}, ${whose} expects ${kinds[i] ?? none}`,
      )
}
