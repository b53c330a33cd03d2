/** From features to the columns of a linear model: medians for gaps, a column for each kind of gap, bounded and scaled numbers, one-hot levels. */

import { quantile } from '../../data/quantile.ts'
import type { Matrix } from '../matrix.ts'
import { rawValue, standardised } from '../members/linear.ts'
import type { LinearColumn } from '../members/member.ts'

/** A column whose coefficient is still to be learnt. */
export type DesignColumn = Omit<LinearColumn, 'coefficient'>

export interface Design {
  readonly columns: readonly DesignColumn[]
  /** The same columns of any clients. */
  readonly encode: (matrix: Matrix) => Float32Array[]
}

/** Shares of clients below which a level or a gap gets no column of its own. */
const rare = 0.005
/** Values beyond these quantiles of the sample are brought back to them: ratios have long tails. */
const bounds = [0.01, 0.99] as const

/** Everything is learnt from this matrix. Columns are centred and have standard deviation 1 in it, by its weights; constant ones are left out. */
export function designOf(matrix: Matrix, weight: Float32Array | null = null): Design {
  const made: { column: DesignColumn; from: number }[] = []
  const seen = new Set<string>()
  const n = matrix.ids.length
  const add = (feature: string, read: LinearColumn['read'], from: number) => {
    const { mean, sd } = spreadOf(read, matrix.columns[from] as Float32Array, weight)
    if (sd > 1e-6 * Math.max(1, Math.abs(mean))) made.push({ column: { feature, read, mean, sd }, from })
  }
  matrix.names.forEach((feature, j) => {
    const values = matrix.columns[j] as Float32Array
    const gaps = values.reduce((sum, v) => sum + (Number.isNaN(v) ? 1 : 0), 0)
    if (matrix.types[j] === 'c') {
      const counts = new Map<number, number>()
      for (const v of values) if (!Number.isNaN(v)) counts.set(v, (counts.get(v) ?? 0) + 1)
      for (const [code, count] of [...counts].sort(([a], [b]) => a - b))
        if (count >= rare * n) add(feature, { as: 'level', code }, j)
    } else if (gaps < n) {
      const known = values.filter((v) => !Number.isNaN(v)).sort()
      const [low, high] = [quantile(known, bounds[0]), quantile(known, bounds[1])]
      add(feature, { as: 'number', fill: quantile(known, 0.5), low, high }, j)
    }
    if (gaps < rare * n || gaps > (1 - rare) * n) return
    // Columns of one table are missing together: one column says so for all of them.
    const pattern = Buffer.from(Uint8Array.from(values, (v) => (Number.isNaN(v) ? 1 : 0))).toString('latin1')
    if (seen.has(pattern)) return
    seen.add(pattern)
    add(feature, { as: 'missing' }, j)
  })
  return {
    columns: made.map(({ column }) => column),
    encode: (other) =>
      made.map(({ column, from }) => (other.columns[from] as Float32Array).map((v) => standardised(column, v))),
  }
}

/** Weighted mean and standard deviation of a column before it is scaled. */
function spreadOf(read: LinearColumn['read'], values: Float32Array, weight: Float32Array | null) {
  let [total, sum] = [0, 0]
  for (let i = 0; i < values.length; i++) {
    const w = weight ? (weight[i] as number) : 1
    total += w
    sum += w * rawValue(read, values[i] as number)
  }
  const mean = sum / total
  let squares = 0
  for (let i = 0; i < values.length; i++)
    squares += (weight ? (weight[i] as number) : 1) * (rawValue(read, values[i] as number) - mean) ** 2
  return { mean, sd: Math.sqrt(squares / total) }
}
