/**
 * Two-proportion z test with the pooled variance, two-sided. Source: Evidently, stattests/z_stattest.py (p is 2 (1 − Φ(|z|)),
 * so it is 0 or a multiple of 2e-16 far out).
 */
import cdf from '@stdlib/stats-base-dists-normal-cdf'

/** k of n against l of m; 1 when both samples are constant and equal. */
export function proportions(k: number, n: number, l: number, m: number): { z: number; p: number } {
  const [a, b] = [k / n, l / m]
  const pooled = (k + l) / (n + m)
  const spread = Math.sqrt(pooled * (1 - pooled) * (1 / n + 1 / m))
  if (spread === 0) return { z: 0, p: 1 }
  const z = (a - b) / spread
  return { z, p: 2 * (1 - cdf(Math.abs(z), 0, 1)) }
}
