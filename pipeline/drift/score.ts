/** Drift of the model's own answer: predicted risk, share declined, and what both say of the performance to expect. */
import { numberColumn } from './column.ts'
import type { Policy } from './compare.ts'
import { comparison } from './comparison.ts'
import type { ScoreFindings } from './findings.ts'
import { type PerformanceSides, performanceFindings } from './performance.ts'

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

export function scoreFindings(
  known: PerformanceSides,
  options: { policy: Policy; share: number; minCount: number },
): ScoreFindings {
  const { before, after, cutoff } = known
  const sides = [before, after].map((values) => [numberColumn('probability', values, 'float')])
  const { columns } = comparison(sides[0]!, sides[1]!, options, () => ({ label: 'Predicted risk', group: null }))
  const declined = (values: Float64Array) => values.map((value) => (value >= cutoff ? 1 : 0))
  const [declinedBefore, declinedAfter] = [declined(before), declined(after)]
  return {
    column: columns[0]!,
    mean: { reference: mean(before), current: mean(after) },
    declined: { reference: mean(declinedBefore), current: mean(declinedAfter) },
    cutoff,
    performance: performanceFindings(known),
  }
}
