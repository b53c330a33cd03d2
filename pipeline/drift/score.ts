/** Drift of the model's own answer: predicted risk, share refused, and what both say of the performance to expect. */
import { rocAuc } from '../learning/ranking.ts'
import { numberColumn } from './column.ts'
import type { Policy } from './compare.ts'
import { comparison } from './comparison.ts'
import { aucSamplingError, costOf, expectedAuc, expectedConfusion } from './estimated-performance.ts'
import type { ScoreFindings } from './findings.ts'

export interface ScoreSides {
  /** Calibrated probabilities of default: out of fold on the reference, the model's on the current clients. */
  readonly before: Float64Array
  readonly after: Float64Array
  /** Outcomes of the reference, 1 has defaulted. */
  readonly target: Float64Array
  /** Refused at or above it. */
  readonly cutoff: number
  readonly costs: { readonly falseNegative: number; readonly falsePositive: number }
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

export function scoreFindings(
  { before, after, target, cutoff, costs }: ScoreSides,
  options: { policy: Policy; share: number; least: number },
): ScoreFindings {
  const sides = [before, after].map((values) => [numberColumn('probability', values, 'float')])
  const { columns } = comparison(sides[0]!, sides[1]!, options, () => ({ label: 'Predicted risk', concept: null }))
  const refused = (values: Float64Array) => values.map((value) => (value >= cutoff ? 1 : 0))
  const [refusedBefore, refusedAfter] = [refused(before), refused(after)]
  return {
    column: columns[0]!,
    mean: { reference: mean(before), current: mean(after) },
    refused: { reference: mean(refusedBefore), current: mean(refusedAfter) },
    cutoff,
    performance: {
      auc: {
        realised: rocAuc(target, before),
        expected: expectedAuc(after, after),
        error: aucSamplingError(target, before, after.length),
      },
      cost: {
        realised: costOf(expectedConfusion(target, refusedBefore), costs),
        expected: costOf(expectedConfusion(after, refusedAfter), costs),
      },
    },
  }
}
