/**
 * Chi-square tests over counts of categories. Sources: Pearson, 1900; `scipy.stats.chisquare` and `chi2_contingency`;
 * Evidently, stattests/chisquare_stattest.py.
 */
import gammainc from '@stdlib/math-base-special-gammainc'

/** Upper tail of the chi-square distribution; precise far out, where 1 − cdf is 0. */
export function chiSquareTail(statistic: number, freedom: number): number {
  if (statistic === Number.POSITIVE_INFINITY) return 0
  return freedom > 0 && statistic > 0 ? gammainc(statistic / 2, freedom / 2, true, true) : 1
}

/** Goodness of fit of current counts to the reference's shares; a category that the reference lacks gives p = 0 (Evidently's choice). */
export function chiSquareFit(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  let [n, m] = [0, 0]
  for (let i = 0; i < reference.length; i++) {
    n += reference[i]!
    m += current[i]!
  }
  let statistic = 0
  for (let i = 0; i < reference.length; i++) {
    const expected = (reference[i]! * m) / n
    statistic += (current[i]! - expected) ** 2 / expected
  }
  return chiSquareTail(statistic, reference.length - 1)
}

/** Homogeneity of two samples (2 × k table); Yates' correction on 2 × 2 as scipy; columns without counts are left out. */
export function chiSquareHomogeneity(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  { yates = true }: { yates?: boolean } = {},
): { statistic: number; freedom: number; p: number } {
  const kept = Array.from(reference, (_, i) => i).filter((i) => reference[i]! + current[i]! > 0)
  const n = kept.reduce((sum, i) => sum + reference[i]!, 0)
  const m = kept.reduce((sum, i) => sum + current[i]!, 0)
  const correct = yates && kept.length === 2
  let statistic = 0
  for (const i of kept)
    for (const [observed, size] of [
      [reference[i]!, n],
      [current[i]!, m],
    ] as const) {
      const expected = ((reference[i]! + current[i]!) * size) / (n + m)
      const gap = Math.abs(observed - expected)
      statistic += (correct ? gap - Math.min(0.5, gap) : gap) ** 2 / expected
    }
  const freedom = kept.length - 1
  return { statistic, freedom, p: chiSquareTail(statistic, freedom) }
}

/** Categories with fewer than five expected values a side join one rest, so that the chi-square law holds. */
export function withoutRare(a: Float64Array, b: Float64Array): [number[], number[]] {
  const [n, m] = [a.reduce((x, y) => x + y, 0), b.reduce((x, y) => x + y, 0)]
  const out: [number[], number[]] = [[], []]
  let [restA, restB] = [0, 0]
  for (let i = 0; i < a.length; i++) {
    if (((a[i]! + b[i]!) * Math.min(n, m)) / (n + m) < 5) {
      restA += a[i]!
      restB += b[i]!
    } else {
      out[0].push(a[i]!)
      out[1].push(b[i]!)
    }
  }
  if (restA + restB > 0) {
    out[0].push(restA)
    out[1].push(restB)
  }
  return out
}
