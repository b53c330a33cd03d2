/** How sure a ROC AUC is: DeLong's variance and the guard against a figure that is too good to be true. */
import type { Interval } from './cost.ts'
import { rocAuc } from './ranking.ts'

/** Ranks from 1, ties sharing the mean of theirs. */
function midranks(values: Float64Array): Float64Array {
  const order = Uint32Array.from(values, (_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number))
  const ranks = new Float64Array(values.length)
  for (let i = 0; i < order.length; ) {
    let end = i
    while (end < order.length && values[order[end] as number] === values[order[i] as number]) end++
    for (let j = i; j < end; j++) ranks[order[j] as number] = (i + 1 + end) / 2
    i = end
  }
  return ranks
}

const variance = (values: Float64Array): number => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length
  return values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1)
}

export interface AucInterval extends Interval {
  readonly auc: number
  readonly standardError: number
}

/**
 * ROC AUC with a normal 95% interval by the structural components of DeLong, DeLong and Clarke-Pearson (1988), computed from
 * midranks in n log n (Sun and Xu 2014). Needs two clients of each class.
 */
export function aucInterval(target: ArrayLike<number>, score: ArrayLike<number>): AucInterval {
  const values = Float64Array.from(score)
  const isBad = (_: number, i: number) => target[i] === 1
  const isGood = (_: number, i: number) => target[i] !== 1
  const all = midranks(values)
  const [bad, good] = [midranks(values.filter(isBad)), midranks(values.filter(isGood))]
  const [m, n] = [bad.length, good.length]
  if (m < 2 || n < 2)
    throw new Error(`metrics: an interval of AUC needs two clients of each class, found ${m} defaults and ${n} others`)
  const ofBad = all.filter(isBad).map((rank, i) => (rank - (bad[i] as number)) / n)
  const ofGood = all.filter(isGood).map((rank, i) => 1 - (rank - (good[i] as number)) / m)
  const auc = rocAuc(target, score)
  const standardError = Math.sqrt(variance(ofBad) / m + variance(ofGood) / n)
  return {
    auc,
    standardError,
    lower: auc - 1.959963984540054 * standardError,
    upper: auc + 1.959963984540054 * standardError,
  }
}

/** Stops a run whose ranking is better than any published model of these tables: some column probably knows the outcome. */
export function refuseLeak({ auc, lower }: AucInterval, limit: number, stage = 'train'): void {
  if (lower <= limit) return
  throw new Error(
    `${stage}: the out-of-fold ROC AUC is ${auc.toFixed(4)} and its lower 95% bound (DeLong) ${lower.toFixed(4)} is above ${limit}: ` +
      'probably a feature knows the outcome. Look for a column filled in after the decision. ' +
      'If the figure is right, raise train.suspicious_auc in params.yaml (1 switches this check off).',
  )
}
