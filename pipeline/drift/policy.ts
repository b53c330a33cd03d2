/**
 * What each policy measures on one column, and when that is drift.
 *
 * evidently: the test that Evidently picks by size and type, its thresholds.
 * default (the project's own): a column has drifted when it moved far enough to matter (0.1 standard deviations on the normal scores
 * of the reference, statistics/normal-scores.ts, or a Jensen-Shannon distance of 0.1 for categories; major from twice that) and further than
 * chance explains (p-value of Kolmogorov-Smirnov or chi-square, false-discovery rate 5 % over all columns). Missing shares are tested apart (missing.ts).
 */
import { type DriftColumn, isNumber, present } from './column.ts'
import type { Pair } from './column-pair.ts'
import * as evidently from './evidently.ts'
import type { Band, ColumnDrift, Policy } from './result.ts'
import { typeChange } from './schema-change.ts'
import { chiSquareHomogeneity, withoutRare } from './statistics/chi-square.ts'
import { jensenShannon } from './statistics/jensen-shannon.ts'

export const falseDiscoveryRate = 0.05
const farEnough = 0.1

/** What one policy measures on one column, before p-values are adjusted over all of them. */
export interface Scored {
  readonly type: ColumnDrift['type']
  readonly test: string | null
  readonly measure: 'distance' | 'p' | null
  readonly score: number | null
  readonly threshold: number | null
  readonly p: number | null
  readonly reason: string | null
  readonly evidently?: evidently.Test
}

export const unusable = (type: ColumnDrift['type'], reason: string): Scored => ({
  type,
  test: null,
  measure: null,
  score: null,
  threshold: null,
  p: null,
  reason,
})

/** Values that each side needs under the default policy, by default. */
export const defaultMinCount = 100

/** The measurement of one policy on one column; a column that cannot be tested has its reason and no score. */
export const scored = (policy: Policy, pair: Pair, minCount = defaultMinCount): Scored =>
  policy === 'evidently' ? byEvidently(pair) : byDefault(pair, minCount)

/** Whether a column has drifted, given its adjusted p-value (which Evidently's tests do not have). */
export function isDrifted({ score, threshold, evidently: test }: Scored, adjusted: number | null): boolean {
  if (score === null || threshold === null) return false
  if (test) return evidently.drifted(test, score)
  return score >= threshold && (adjusted === null || adjusted < falseDiscoveryRate)
}

/** How far past its threshold a score is: 1 at the threshold; null where nothing was measured. */
export function severityOf({ score, threshold, evidently: test }: Scored): number | null {
  if (score === null || threshold === null) return null
  return test ? evidently.severity(test, score) : score / threshold
}

export const bandOf = (value: number, moderate: number, major: number): Band =>
  value >= major ? 'major' : value >= moderate ? 'moderate' : 'none'

function faultOf(reference: DriftColumn, current: DriftColumn, minCount: number): string | null {
  const [n, m] = [present(reference), present(current)]
  if (n === 0 && m === 0) return 'no value on either side'
  if (n === 0 || m === 0) return `no value in the ${n === 0 ? 'reference' : 'current data'}`
  const changed = typeChange(reference, current)
  if (changed !== null) return changed
  const words = [n, m, minCount].map((count) => count.toLocaleString('en'))
  if (n < minCount || m < minCount)
    return `not enough data: ${words[0]} and ${words[1]} values, at least ${words[2]} are needed`
  return null
}

function byEvidently(pair: Pair): Scored {
  const { reference, current } = pair
  const kind = evidently.kindOf(current)
  const type = kind === 'num' ? 'number' : kind === 'cat' ? 'category' : 'text'
  const fault = faultOf(reference, current, 1)
  if (fault) return unusable(type, fault)
  if (kind === 'text') return unusable(type, 'free text: over half of the values differ')
  const test = evidently.defaultTest(reference, current, pair)
  const { name, measure, threshold } = evidently.tests[test]
  return {
    type,
    test: name,
    measure,
    score: evidently.scoreOf(test, reference, current, pair),
    threshold,
    p: null,
    reason: null,
    evidently: test,
  }
}

/** Numbers are compared as numbers when both sides together have more distinct values than this, else as categories. */
export const fewValues = 10

export const asNumbers = (pair: Pair): boolean =>
  isNumber(pair.reference) && isNumber(pair.current) && pair.distinct(fewValues) > fewValues

function byDefault(pair: Pair, minCount: number): Scored {
  const { reference, current } = pair
  const type = asNumbers(pair) ? 'number' : 'category'
  const fault = faultOf(reference, current, minCount)
  if (fault) return unusable(type, fault)
  if (type === 'category' && !isNumber(reference) && evidently.kindOf(current) === 'text')
    return unusable('text', 'free text: over half of the values differ')
  const against = { measure: 'distance', threshold: farEnough, reason: null } as const
  if (type === 'number')
    return { type, test: 'Wasserstein on normal scores', score: pair.wassersteinScores(), p: pair.ksP(), ...against }
  const both = pair.categories()
  const { p } = chiSquareHomogeneity(...withoutRare(both.reference, both.current), { yates: false })
  return { type, test: 'Jensen-Shannon', score: jensenShannon(both.reference, both.current), p, ...against }
}
