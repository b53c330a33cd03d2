/** From features to the columns of a linear model: medians for gaps, a column for each kind of gap, bounded and scaled numbers, one-hot levels. */

import { quantile } from '../../data/quantile.ts'
import type { Matrix } from '../matrix.ts'

export interface DesignColumn {
  readonly name: string
  readonly feature: string
  readonly code?: number
  readonly missing?: boolean
}

export interface Design {
  readonly columns: readonly DesignColumn[]
  /** The same columns of any clients. */
  readonly encode: (matrix: Matrix) => Float32Array[]
}

/** Shares of clients below which a level or a gap gets no column of its own. */
const rare = 0.005
/** Values beyond these quantiles of the sample are brought back to them: ratios have long tails. */
const bounds = [0.01, 0.99] as const

type Encoder = (column: Float32Array) => Float32Array

/** Everything is learnt from this matrix. Columns are centred and have standard deviation 1 in it; constant ones are left out. */
export function designOf(matrix: Matrix): Design {
  const made: { column: DesignColumn; from: number; encode: Encoder }[] = []
  const seen = new Set<string>()
  const n = matrix.ids.length
  const add = (column: DesignColumn, from: number, raw: Encoder) => {
    const values = raw(matrix.columns[from] as Float32Array)
    const mean = values.reduce((sum, v) => sum + v, 0) / n
    const sd = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n)
    if (sd > 1e-6 * Math.max(1, Math.abs(mean)))
      made.push({ column, from, encode: (other) => raw(other).map((v) => (v - mean) / sd) })
  }
  matrix.names.forEach((feature, j) => {
    const values = matrix.columns[j] as Float32Array
    const gaps = values.reduce((sum, v) => sum + (Number.isNaN(v) ? 1 : 0), 0)
    if (matrix.types[j] === 'c') {
      const counts = new Map<number, number>()
      for (const v of values) if (!Number.isNaN(v)) counts.set(v, (counts.get(v) ?? 0) + 1)
      for (const [code, count] of [...counts].sort(([a], [b]) => a - b))
        if (count >= rare * n)
          add({ name: `${feature} = ${code}`, feature, code }, j, (v) => v.map((x) => (x === code ? 1 : 0)))
    } else if (gaps < n) {
      const known = values.filter((v) => !Number.isNaN(v)).sort()
      const [low, high] = [quantile(known, bounds[0]), quantile(known, bounds[1])]
      const median = quantile(known, 0.5)
      add({ name: feature, feature }, j, (v) =>
        v.map((x) => (Number.isNaN(x) ? median : Math.min(high, Math.max(low, x)))),
      )
    }
    if (gaps < rare * n || gaps > (1 - rare) * n) return
    // Columns of one table are missing together: one column says so for all of them.
    const pattern = Buffer.from(Uint8Array.from(values, (v) => (Number.isNaN(v) ? 1 : 0))).toString('latin1')
    if (seen.has(pattern)) return
    seen.add(pattern)
    add({ name: `${feature} is missing`, feature, missing: true }, j, (v) => v.map((x) => (Number.isNaN(x) ? 1 : 0)))
  })
  return {
    columns: made.map(({ column }) => column),
    encode: (other) => made.map(({ from, encode }) => encode(other.columns[from] as Float32Array)),
  }
}
