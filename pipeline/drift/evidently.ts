/**
 * Evidently's default way to tell drift, number for number: type from the current side, test by size and type, threshold, and the
 * data set's verdict at half of the columns.
 * Source: evidently 0.7.23, legacy/calculations/stattests/registry.py and legacy/calculations/data_drift.py.
 */

import { populationStability } from '../models/population-stability.ts'
import { type Categories, type DriftColumn, distinct, isNumber, present } from './column.ts'
import { type Pair, pairOf } from './column-pair.ts'
import { binCounts, filled, shares, sturges } from './statistics/bins.ts'
import { chiSquareFit } from './statistics/chi-square.ts'
import { jensenShannon } from './statistics/jensen-shannon.ts'
import { kullbackLeibler } from './statistics/kullback-leibler.ts'
import { proportions } from './statistics/proportions.ts'

export type EvidentlyKind = 'num' | 'cat' | 'text'

/** Evidently's type of a column, read off its current side only. */
export function kindOf(current: DriftColumn): EvidentlyKind {
  if (current.type === 'float') return 'num'
  if (current.type === 'int') return distinct(current, 10) <= 10 ? 'cat' : 'num'
  if (current.type === 'bool' || current.type === 'category') return 'cat'
  return distinct(current) > 0.5 * present(current) ? 'text' : 'cat'
}

export const tests = {
  ks: { name: 'K-S p_value', measure: 'p', threshold: 0.05, kinds: ['num'] },
  wasserstein: { name: 'Wasserstein distance (normed)', measure: 'distance', threshold: 0.1, kinds: ['num'] },
  jensenshannon: { name: 'Jensen-Shannon distance', measure: 'distance', threshold: 0.1, kinds: ['num', 'cat'] },
  psi: { name: 'PSI', measure: 'distance', threshold: 0.1, kinds: ['num', 'cat'] },
  kl_div: { name: 'Kullback-Leibler divergence', measure: 'distance', threshold: 0.1, kinds: ['num', 'cat'] },
  chisquare: { name: 'chi-square p_value', measure: 'p', threshold: 0.05, kinds: ['cat'] },
  z: { name: 'Z-test p_value', measure: 'p', threshold: 0.05, kinds: ['cat'] },
} as const satisfies Record<
  string,
  { name: string; measure: 'p' | 'distance'; threshold: number; kinds: readonly EvidentlyKind[] }
>

export type Test = keyof typeof tests

/** The test that Evidently picks when none is named: by the reference's size without missing values, and by how many values there are. */
export function defaultTest(
  reference: DriftColumn,
  current: DriftColumn,
  pair: Pair = pairOf(reference, current),
): Test {
  const numerical = kindOf(current) === 'num'
  const several = pair.distinct(5)
  if (present(reference) > 1000) return numerical && several > 5 ? 'wasserstein' : 'jensenshannon'
  if (numerical && several > 5) return 'ks'
  return several > 2 ? 'chisquare' : 'z'
}

/** Shares over Evidently's bins: Sturges over both sides above 20 distinct reference values of a number, else one bin a value. */
export function evidentlyShares(pair: Pair): { reference: Float64Array; current: Float64Array } {
  const { reference, current } = pair
  if (kindOf(current) === 'num' && isNumber(reference) && isNumber(current) && distinct(reference, 20) > 20) {
    const edges = sturges(reference.sorted, current.sorted, reference.type === 'int' && current.type === 'int')
    return {
      reference: shares(binCounts(reference.sorted, edges), present(reference)),
      current: shares(binCounts(current.sorted, edges), present(current)),
    }
  }
  const both = pair.categories()
  return { reference: shares(both.reference, present(reference)), current: shares(both.current, present(current)) }
}

/** z of "not the first value in order", whatever the number of values. */
function firstAgainstRest({ reference, current, keys }: Categories, n: number, m: number): number {
  return keys.length === 1 ? 1 : proportions(n - reference[0]!, n, m - current[0]!, m).p
}

/** The score of one test: a p-value or a distance. Both sides must have values, and be numbers where the test wants numbers. */
export function scoreOf(
  test: Test,
  reference: DriftColumn,
  current: DriftColumn,
  pair: Pair = pairOf(reference, current),
): number {
  switch (test) {
    case 'ks':
      return pair.ksP()
    case 'wasserstein':
      return pair.wasserstein()
    case 'chisquare':
      return chiSquareFit(pair.categories().reference, pair.categories().current)
    case 'z':
      return firstAgainstRest(pair.categories(), present(reference), present(current))
    default: {
      const of = evidentlyShares(pair)
      if (test === 'jensenshannon') return jensenShannon(of.reference, of.current)
      const [p, q] = [filled(of.reference), filled(of.current)]
      return test === 'psi' ? populationStability(p, q) : kullbackLeibler(p, q)
    }
  }
}

/** Evidently's comparisons: p < or ≤ threshold (strict for categories), distance ≥ threshold. */
export function drifted(test: Test, score: number): boolean {
  const { measure, threshold } = tests[test]
  if (measure === 'distance') return score >= threshold
  return test === 'ks' ? score <= threshold : score < threshold
}

/** How far past its threshold a score is: 1 at the threshold; distances by ratio, p-values by the ratio of their logarithms. */
export function severity(test: Test, score: number): number {
  const { measure, threshold } = tests[test]
  return measure === 'distance' ? score / threshold : Math.log(Math.max(score, 1e-300)) / Math.log(threshold)
}
