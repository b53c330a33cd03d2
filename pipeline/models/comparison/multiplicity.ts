/** Many tests at once: Holm's correction over all comparisons of a report. */
import tQuantile from '@stdlib/stats-base-dists-t-quantile'
import type { Comparison } from './findings.ts'
import type { Paired } from './paired.ts'

/**
 * Each test with its p-value adjusted over all of them (Holm 1979), significant where that is at most alpha: the chance that any of them is called
 * significant by luck is at most alpha. The minimum detectable difference is that of the strictest step, alpha / m: a larger one is significant
 * whatever the others say.
 */
export function holm(tests: readonly Paired[], alpha: number): Map<Paired, Paired> {
  const m = tests.length
  const ordered = [...tests].sort((a, b) => a.p - b.p)
  let least = 0
  return new Map(
    ordered.map((test, i) => {
      least = Math.min(1, Math.max(least, (m - i) * test.p))
      const minimumDetectable = tQuantile(1 - alpha / (2 * m), test.freedom) * test.standardError
      return [
        test,
        { ...test, adjusted: least, minimumDetectable, significant: test.difference !== 0 && least <= alpha },
      ]
    }),
  )
}

/** A comparison whose tests are adjusted over all of them. */
export function adjusted(found: Comparison): Comparison {
  const outcomes = [...found.candidates, ...found.imbalance.flatMap((one) => one.outcomes)]
  const tests = [
    ...outcomes.flatMap(({ against }) => against ?? []),
    ...found.histories.map(({ test }) => test),
    ...(found.search.test ? [found.search.test] : []),
  ]
  const after = holm(tests, found.alpha)
  const again = <T extends { readonly against: Paired | null }>(one: T): T => ({
    ...one,
    against: one.against && (after.get(one.against) as Paired),
  })
  return {
    ...found,
    tests: tests.length,
    candidates: found.candidates.map(again),
    imbalance: found.imbalance.map((one) => ({ ...one, outcomes: one.outcomes.map(again) })),
    histories: found.histories.map((one) => ({ ...one, test: after.get(one.test) as Paired })),
    search: { ...found.search, test: found.search.test && (after.get(found.search.test) as Paired) },
  }
}
