/** Predictions: the two C calls, their configuration, and the copy of what they return. */
import { arrayInterface, libraryJson } from './array-interface.ts'
import { call } from './gate.ts'
import { copyFloats, copySizes, out, size } from './memory.ts'

/** The library's numbers for what a prediction returns (c_api.h, XGBoosterPredictFromDMatrix). */
export const predictionTypes = {
  value: 0,
  margin: 1,
  contributions: 2,
  approxContributions: 3,
  interactions: 4,
  approxInteractions: 5,
  leaf: 6,
} as const

export type PredictionType = keyof typeof predictionTypes

export interface Prediction {
  readonly values: Float32Array
  readonly shape: readonly number[]
}

interface Wanted {
  readonly type: PredictionType
  /** The first round and the one after the last; [0, 0] is all. */
  readonly rounds: readonly [number, number]
  /** Whether it is made during training (matters to dart, which drops trees). */
  readonly training?: boolean
}

const copied = (shape: BigUint64Array, dimensions: BigUint64Array, values: BigUint64Array): Prediction => {
  const sizes = copySizes(shape, size(dimensions))
  return {
    values: copyFloats(
      values,
      sizes.reduce((product, part) => product * part, 1),
    ),
    shape: sizes,
  }
}

const settings = ({ type, rounds, training = false }: Wanted) => ({
  type: predictionTypes[type],
  training,
  iteration_begin: rounds[0],
  iteration_end: rounds[1],
  // With vectors in the leaves the strict shape of leaf numbers is wrong in the library (3.2), and it says so.
  strict_shape: type !== 'leaf',
})

export function predictMatrix(booster: bigint, matrix: bigint, wanted: Wanted): Prediction {
  const [shape, dimensions, values] = [out(), out(), out()]
  call('XGBoosterPredictFromDMatrix', booster, matrix, libraryJson(settings(wanted)), shape, dimensions, values)
  return copied(shape, dimensions, values)
}

/** Predicts row-major values where they lie, without a DMatrix; NaN is missing. */
export function predictInPlace(
  booster: bigint,
  values: Float32Array,
  rows: number,
  columns: number,
  wanted: Wanted,
): Prediction {
  const [shape, dimensions, result] = [out(), out(), out()]
  const config = libraryJson({ ...settings(wanted), missing: Number.NaN, cache_id: 0 })
  call(
    'XGBoosterPredictFromDense',
    booster,
    JSON.stringify(arrayInterface(values, [rows, columns])),
    config,
    null,
    shape,
    dimensions,
    result,
  )
  return copied(shape, dimensions, result)
}
