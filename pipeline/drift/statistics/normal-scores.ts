/**
 * Wasserstein distance W₁ of two samples on the normal scores of the reference, in standard deviations of these scores: of a normal column
 * W₁ ÷ sd, of any other neither its unit, nor a few values far out on either side, nor a code such as 365243 sets the scale.
 * Sources: normal scores, van der Waerden, Indag. Math. 14, 1952; ties in the middle of their ranks, Parzen, Statist. Sci. 19(4), 2004;
 * linear between values, the last score beyond them, `sklearn.preprocessing.QuantileTransformer(output_distribution='normal')`.
 */
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import normalQuantile from '@stdlib/stats-base-dists-normal-quantile'
import { quantile } from '../../data/quantile.ts'
import { deviation, wasserstein } from './wasserstein.ts'

/** Values of a sample, rising, and the normal quantile of each one's middle rank. */
interface Scores {
  readonly values: readonly number[]
  readonly scores: readonly number[]
  /** Share of the most frequent value. */
  readonly most: number
}

/** At least a thousandth of a sample lies between two values that are kept: 300,000 values cost a thousand quantiles. */
const steps = 1000

/** A reference with this share of one value has no scale of its own: that of both sides together is taken. */
const constant = 0.99

function scoresOf(sorted: Float64Array): Scores {
  const n = sorted.length
  const [values, scores]: [number[], number[]] = [[], []]
  let [kept, most] = [Number.NEGATIVE_INFINITY, 0]
  for (let from = 0; from < n; ) {
    const value = sorted[from]!
    let to = from + 1
    while (to < n && sorted[to] === value) to++
    if (to === n || (to - kept) * steps >= n) {
      values.push(value)
      scores.push(normalQuantile((from + to) / (2 * n), 0, 1))
      kept = to
    }
    most = Math.max(most, to - from)
    from = to
  }
  return { values, scores, most: most / n }
}

function scored(sorted: Float64Array, { values, scores }: Scores): Float64Array {
  const last = values.length - 1
  let at = 0
  return sorted.map((value) => {
    if (value <= values[0]!) return scores[0]!
    if (value >= values[last]!) return scores[last]!
    while (values[at + 1]! < value) at++
    const [low, high] = [values[at]!, values[at + 1]!]
    return scores[at]! + ((value - low) / (high - low)) * (scores[at + 1]! - scores[at]!)
  })
}

function together(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both.sort()
}

/** Of two sorted samples without missing values; 0 where neither side varies and both agree. */
export function wassersteinScores(reference: Float64Array, current: Float64Array): number {
  const own = scoresOf(reference)
  const both = own.most < constant ? null : together(reference, current)
  const scale = both ? scoresOf(both) : own
  const before = scored(reference, scale)
  const spread = deviation(both ? scored(both, scale) : before)
  return spread > 0 ? wasserstein(before, scored(current, scale)) / spread : 0
}

/** What one standard deviation of the scores is in a column's unit: half the span of the middle 68 %; the standard deviation where that is none. */
export function robustDeviation(sorted: Float64Array): number {
  const [low, high] = [-1, 1].map((score) => quantile(sorted, normalCdf(score, 0, 1)))
  return high! > low! ? (high! - low!) / 2 : deviation(sorted)
}
