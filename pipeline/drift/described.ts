/** What is reported of a column in addition to its test: other statistics, quantiles, categories of one side only, both distributions in bins. */

import { quantile } from '../data/quantile.ts'
import { populationStability } from '../models/population-stability.ts'
import { type DriftColumn, isNumber, present } from './column.ts'
import type { Pair } from './column-pair.ts'
import { distributionOf } from './distribution.ts'
import { evidentlyShares } from './evidently.ts'
import { asNumbers } from './policy.ts'
import { type ColumnDrift, quantileShares } from './result.ts'
import { binCounts, deciles, filled, shares } from './statistics/bins.ts'
import { chiSquareHomogeneity, withoutRare } from './statistics/chi-square.ts'
import { hellinger } from './statistics/hellinger.ts'
import { jensenShannon } from './statistics/jensen-shannon.ts'
import { lInfinity } from './statistics/l-infinity.ts'

/** Columns of more categories than this have none of the statistics over categories. */
const mostCategories = 1000

/** By the names of their measures; over bins the bins are named too. Empty where the sides cannot be compared. */
function statisticsOf(pair: Pair): Record<string, number> {
  const { reference, current } = pair
  if (present(reference) === 0 || present(current) === 0 || isNumber(reference) !== isNumber(current)) return {}
  if (isNumber(reference) && isNumber(current) && asNumbers(pair)) {
    const edges = deciles(reference.sorted)
    const byDecile = [reference, current].map(({ sorted }) => filled(shares(binCounts(sorted, edges))))
    const { reference: p, current: q } = evidentlyShares(pair)
    return {
      ks_distance: pair.ksDistance(),
      ks_p: pair.ksP(),
      wasserstein_scores: pair.wassersteinScores(),
      wasserstein_normed: pair.wasserstein(),
      psi_deciles: populationStability(byDecile[0]!, byDecile[1]!),
      psi_evidently_bins: populationStability(filled(p), filled(q)),
      jensen_shannon_evidently_bins: jensenShannon(p, q),
    }
  }
  const both = pair.categories()
  if (both.keys.length > mostCategories) return {}
  const [p, q] = [shares(both.reference), shares(both.current)]
  return {
    jensen_shannon: jensenShannon(p, q),
    chi_square_p: chiSquareHomogeneity(...withoutRare(both.reference, both.current), { yates: false }).p,
    psi_categories: populationStability(filled(p), filled(q)),
    hellinger: hellinger(p, q),
    l_infinity: lInfinity(p, q),
  }
}

function onOneSide(reference: DriftColumn, current: DriftColumn) {
  const none = { new_categories: [], vanished_categories: [] }
  if (isNumber(reference) || isNumber(current)) return none
  const [n, m] = [present(reference), present(current)]
  const list = (own: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>, total: number) =>
    [...own]
      .filter(([name]) => !other.has(name))
      .map(([name, count]) => ({ name, share: count / total }))
      .sort((a, b) => b.share - a.share || (a.name < b.name ? -1 : 1))
      .slice(0, 20)
  return {
    new_categories: list(current.counts, reference.counts, m),
    vanished_categories: list(reference.counts, current.counts, n),
  }
}

function meanOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

export type Described = Pick<
  ColumnDrift,
  'new_categories' | 'vanished_categories' | 'statistics' | 'mean' | 'quantiles' | 'distribution'
>

/** `type` as the policy sees the column: a mean is reported of numbers only, a distribution not of free text. */
export function described(pair: Pair, type: ColumnDrift['type']): Described {
  const { reference, current } = pair
  const usable = present(reference) > 0 && present(current) > 0 && isNumber(reference) === isNumber(current)
  const samples =
    usable && type === 'number' && isNumber(reference) && isNumber(current)
      ? { reference: reference.sorted, current: current.sorted }
      : null
  const both = <T>(of: (sorted: Float64Array) => T) =>
    samples && { reference: of(samples.reference), current: of(samples.current) }
  return {
    ...onOneSide(reference, current),
    statistics: statisticsOf(pair),
    mean: both(meanOf),
    quantiles: both((sorted) => quantileShares.map((share) => quantile(sorted, share))),
    distribution: usable && type !== 'text' ? distributionOf(reference, current, type === 'category') : null,
  }
}

/** Of a column that stands on one side only. */
export const undescribed: Described = {
  new_categories: [],
  vanished_categories: [],
  statistics: {},
  mean: null,
  quantiles: null,
  distribution: null,
}
