/** A worker thread: compares columns of numbers with the reference's, which takes longer than other requests may wait. */
import { parentPort, workerData } from 'node:worker_threads'
import { numberColumn } from '../pipeline/drift/column.ts'
import { compareColumns } from '../pipeline/drift/compare.ts'

/** NaN where missing. */
export interface NumberValues {
  readonly name: string
  readonly values: Float32Array | Float64Array
}

/** Columns of the reference and of now, in pairs; tested where both have `minCount` values. */
export interface NumberComparison {
  readonly before: readonly NumberValues[]
  readonly now: readonly NumberValues[]
  readonly minCount: number
}

const column = ({ name, values }: NumberValues) => numberColumn(name, values)

const compared = ({ before, now, minCount }: NumberComparison) =>
  before.length === 0
    ? []
    : compareColumns(before.map(column), now.map(column), { policy: 'default', share: 0.5, minCount }).columns

parentPort?.postMessage((workerData as readonly [risk: NumberComparison, features: NumberComparison]).map(compared))
