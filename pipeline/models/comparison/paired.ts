/** Whether two learners differ significantly over the splits: the corrected resampled t-test. */
import tCdf from '@stdlib/stats-base-dists-t-cdf'
import tQuantile from '@stdlib/stats-base-dists-t-quantile'

export interface Paired {
  /** Mean difference over folds and seeds. */
  readonly difference: number
  readonly standardError: number
  /** Degrees of freedom. */
  readonly freedom: number
  /** Two-sided; 1 where nothing differs. */
  readonly p: number
  /** p adjusted over all comparisons (multiplicity.ts), where that was done. */
  readonly adjusted?: number
  /** The minimum detectable difference: a smaller one is not significant at alpha, whatever its sign. */
  readonly minimumDetectable: number
  /** Whether the difference is significant at alpha: |difference| ≥ minimumDetectable. */
  readonly significant: boolean
}

/**
 * Nadeau and Bengio (2003), eq. 9: the variance of the mean of J differences is (1/J + n2/n1) · s², because training parts overlap;
 * n2/n1 is the share of clients scored over those trained on, 1/(k − 1) for k folds. Alpha is two-sided.
 */
export function pairedTest(differences: readonly number[], scoredOverTrained: number, alpha = 0.05): Paired {
  const n = differences.length
  if (n < 2) throw new Error(`compare: a paired test needs two differences or more, found ${n}`)
  const mean = differences.reduce((a, b) => a + b, 0) / n
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1)
  const standardError = Math.sqrt((1 / n + scoredOverTrained) * variance)
  const freedom = n - 1
  const minimumDetectable = tQuantile(1 - alpha / 2, freedom) * standardError
  const p = standardError > 0 ? 2 * tCdf(-Math.abs(mean / standardError), freedom) : mean === 0 ? 1 : 0
  return {
    difference: mean,
    standardError,
    freedom,
    p,
    minimumDetectable,
    significant: mean !== 0 && Math.abs(mean) >= minimumDetectable,
  }
}
