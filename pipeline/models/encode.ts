/** From a client's feature values to a row of the model's matrix: float32, categories as codes, missing as NaN. */

import type { Value } from '../data/applicant.ts'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'

const largest = 3.4028234663852886e38 // of float32: beyond it libxgboost refuses the row, and a tree's answer is the same

type Features = readonly Pick<FeatureDefinition, 'name' | 'kind' | 'levels'>[]

/** XGBoost's type of each feature: 'c' for categories, 'q' for the rest. */
export const featureTypes = (features: Features): ('q' | 'c')[] =>
  features.map(({ kind }) => (kind === 'category' ? 'c' : 'q'))

/** A category's code is the place of its level; a category without levels was never filled in by the features stage. */
export function codes({ name, levels }: Features[number]): ReadonlyMap<string, number> {
  if (!levels) throw new Error(`feature ${name}: a category without levels; expected those of the training clients`)
  return new Map(levels.map((level, code) => [level, code]))
}

/**
 * Prepares the encoding of one client at a time: `into(values, out, at)` writes the features, in the order of the definitions, to
 * `out[at …]`. A level that training never saw is missing.
 */
export function encoder(features: Features): (values: readonly Value[], out: Float32Array, at?: number) => void {
  const codesOf = features.map((feature) => (feature.kind === 'category' ? codes(feature) : null))
  return (values, out, at = 0) => {
    if (values.length !== features.length)
      throw new Error(`encode: expected ${features.length} feature values, found ${values.length}`)
    for (let j = 0; j < values.length; j++) {
      const value = values[j] ?? null
      const codeOf = codesOf[j]
      if (value === null) out[at + j] = Number.NaN
      else if (codeOf) out[at + j] = codeOf.get(String(value)) ?? Number.NaN
      else if (typeof value === 'number') out[at + j] = Math.max(-largest, Math.min(largest, value))
      else throw new Error(`feature ${features[j]?.name}: expected a number, found the text ${JSON.stringify(value)}`)
    }
  }
}

/** One client's row by itself. */
export function encode(values: readonly Value[], features: Features): Float32Array {
  const out = new Float32Array(features.length)
  encoder(features)(values, out)
  return out
}
