/** From frames of features (polars) to the columns that a DMatrix is made of. Not part of the service, which imports no polars. */
import pl from 'nodejs-polars'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import { codes, featureTypes } from './encode.ts'

export interface Matrix {
  readonly ids: Int32Array
  readonly columns: readonly Float32Array[] // one a feature, NaN where missing
  readonly names: readonly string[]
  readonly types: readonly ('q' | 'c')[]
}

type Features = readonly Pick<FeatureDefinition, 'name' | 'kind' | 'levels'>[]

/** Encodes a frame with SK_ID_CURR and every feature; levels that training never saw are missing. */
export function matrixOf(frame: pl.DataFrame, features: Features): Matrix {
  const absent = features.filter(({ name }) => !frame.columns.includes(name)).map(({ name }) => name)
  if (absent.length > 0 || !frame.columns.includes('SK_ID_CURR'))
    throw new Error(
      `features: expected a column SK_ID_CURR and one for each definition; not there: ${absent.join(', ') || 'SK_ID_CURR'}`,
    )
  const numeric = features.filter(({ kind }) => kind !== 'category').map(({ name }) => name)
  const filled = frame.select(pl.col(numeric).cast(pl.Float32).fillNull(pl.lit(Number.NaN)).cast(pl.Float32))
  const columns = features.map((feature) => {
    if (feature.kind !== 'category')
      return Float32Array.from(filled.getColumn(feature.name).toTypedArray() as Float32Array)
    const codeOf = codes(feature)
    const levels = frame.getColumn(feature.name).toArray() as (string | null)[]
    return Float32Array.from(levels, (level) => (level === null ? Number.NaN : (codeOf.get(level) ?? Number.NaN)))
  })
  return {
    ids: Int32Array.from(frame.getColumn('SK_ID_CURR').cast(pl.Int32).toArray() as number[]),
    columns,
    names: features.map(({ name }) => name),
    types: featureTypes(features),
  }
}

/** The outcomes of training clients: 1 has defaulted. */
export const targetOf = (frame: pl.DataFrame): Int8Array =>
  Int8Array.from(frame.getColumn('TARGET').cast(pl.Int32).toArray() as number[])
