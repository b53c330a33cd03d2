/** Drift that no column shows by itself: whether a classifier can distinguish the two sides, and whether columns still correlate as before. */
import normal from '@stdlib/stats-base-dists-normal-cdf'
import type { Matrix } from '../models/matrix.ts'
import { random, shuffled } from '../models/random.ts'
import { importanceWeights } from '../models/shift.ts'
import { alertBand } from './estimated-performance.ts'
import type { Findings } from './findings.ts'
import type { PoolColumn } from './pool.ts'
import { learnAxes, reconstructionErrors } from './statistics/reconstruction.ts'

/** The classifier two-sample test (Lopez-Paz and Oquab, ICLR 2017); p by the normal law of the AUC under no difference (Mann-Whitney). */
export function separability(
  before: Matrix,
  after: Matrix,
  options: { seed: number; threads: number },
): { auc: number; p: number } {
  const { auc } = importanceWeights(before, after, options)
  const [n, m] = [before.ids.length, after.ids.length]
  return { auc, p: Math.min(1, 1 - normal((auc - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m)), 0, 1)) }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Over the numbers that nine clients of ten have and that vary, in ten parts of the reference by a seeded shuffle. */
export function reconstruction(
  before: readonly PoolColumn[],
  after: readonly PoolColumn[],
  seed: number,
): Findings['reconstruction'] {
  const now = new Map(after.map((column) => [column.name, column]))
  const numbers = before.flatMap((column) => {
    const other = now.get(column.name)
    if (column.kind !== 'number' || other?.kind !== 'number') return []
    const known = column.values.filter((value) => !Number.isNaN(value))
    return known.length >= 0.9 * column.values.length && known.some((value) => value !== known[0])
      ? [[column.values, other.values] as const]
      : []
  })
  const axes = learnAxes(numbers.map(([values]) => values))
  const [old, fresh] = [
    reconstructionErrors(
      axes,
      numbers.map(([values]) => values),
    ),
    reconstructionErrors(
      axes,
      numbers.map(([, values]) => values),
    ),
  ]
  const order = shuffled(
    Array.from(old, (_, i) => i),
    random(seed),
  )
  const parts = Array.from({ length: 10 }, (_, k) =>
    mean(
      Float64Array.from(
        order.filter((_, i) => i % 10 === k),
        (i) => old[i]!,
      ),
    ),
  )
  const { lower, upper } = alertBand(parts, [0, Number.POSITIVE_INFINITY])
  const current = mean(fresh)
  return {
    columns: numbers.length,
    axes: axes.axes.length,
    reference: mean(old),
    current,
    lower,
    upper,
    alert: current < lower || current > upper,
  }
}
