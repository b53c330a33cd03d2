/**
 * How well the model is doing on clients whose outcome is not known yet: confidence-based performance estimation. A calibrated
 * probability p says that the client defaults with probability p, so each answer is right or wrong with a known probability.
 * It holds while the relation of features and default holds (no concept drift) and the new clients are of kinds that training saw.
 * Source: NannyML 0.13.1, performance_estimation/confidence_based/cbpe.py and sampling_error/binary_classification.py.
 */

export interface Confusion {
  /** Expected clients: declined and defaulting, declined and good, approved and defaulting, approved and good. */
  readonly truePositive: number
  readonly falsePositive: number
  readonly falseNegative: number
  readonly trueNegative: number
}

/** Expected confusion of answers (1 declined) from calibrated probabilities; with outcomes in their place, the realised one. */
export function expectedConfusion(probability: ArrayLike<number>, declined: ArrayLike<number>): Confusion {
  let [truePositive, falsePositive, falseNegative, trueNegative] = [0, 0, 0, 0]
  for (let i = 0; i < probability.length; i++) {
    const p = probability[i]!
    if (declined[i]) {
      truePositive += p
      falsePositive += 1 - p
    } else {
      falseNegative += p
      trueNegative += 1 - p
    }
  }
  return { truePositive, falsePositive, falseNegative, trueNegative }
}

export interface Rates {
  readonly f1: number
  readonly precision: number
  readonly recall: number
  readonly specificity: number
  readonly accuracy: number
}

export function ratesOf({
  truePositive: tp,
  falsePositive: fp,
  falseNegative: fn,
  trueNegative: tn,
}: Confusion): Rates {
  return {
    f1: tp / (tp + 0.5 * (fp + fn)),
    precision: tp / (tp + fp),
    recall: tp / (tp + fn),
    specificity: tn / (tn + fp),
    accuracy: (tp + tn) / (tp + fp + fn + tn),
  }
}

/** Mean cost a file, where a default approved costs `falseNegative` and a good client declined `falsePositive`. */
export const costOf = (confusion: Confusion, costs: { falseNegative: number; falsePositive: number }): number =>
  (costs.falseNegative * confusion.falseNegative + costs.falsePositive * confusion.falsePositive) /
  (confusion.truePositive + confusion.falsePositive + confusion.falseNegative + confusion.trueNegative)

const rounded = (value: number): number => Math.round(value * 1e5) / 1e5

/** Expected ROC AUC: clients ranked by `score`, each a default with its calibrated probability (counts rounded to 5 digits as NannyML). */
export function expectedAuc(score: ArrayLike<number>, probability: ArrayLike<number>): number {
  const order = Array.from(score, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b)
  let [defaults, goods, area] = [0, 0, 0]
  let [lastDefaults, lastGoods] = [0, 0]
  order.forEach((i, place) => {
    defaults += probability[i]!
    goods = place + 1 - defaults
    const [d, g] = [rounded(defaults), rounded(goods)]
    area += ((d + lastDefaults) / 2) * (g - lastGoods)
    lastDefaults = d
    lastGoods = g
  })
  return area / (lastDefaults * lastGoods)
}

/** Expected average precision: the step integral of precision over recall, clients ranked by `score`. */
export function expectedAveragePrecision(score: ArrayLike<number>, probability: ArrayLike<number>): number {
  const order = Array.from(score, (_, i) => i).sort((a, b) => score[b]! - score[a]! || a - b)
  let [defaults, sum] = [0, 0]
  order.forEach((i, place) => {
    defaults += probability[i]!
    sum += (probability[i]! * defaults) / (place + 1)
  })
  return sum / defaults
}

/** Standard error of the ROC AUC of a chunk of `clients`, from the spread of ranks among the reference's outcomes. */
export function aucSamplingError(target: ArrayLike<number>, score: ArrayLike<number>, clients: number): number {
  const n = target.length
  let positives = 0
  for (let i = 0; i < n; i++) positives += target[i]!
  const flipped = positives > n / 2
  const [label, rank] = [
    Array.from(target, (value) => (flipped ? 1 - value : value)),
    Array.from(score, (value) => (flipped ? 1 - value : value)),
  ]
  const ones = flipped ? n - positives : positives
  const order = rank.map((_, i) => i).sort((a, b) => rank[a]! - rank[b]! || a - b)
  const shares: number[] = []
  order.forEach((i, place) => {
    if (label[i] && place > 0) shares.push((place - shares.length) / (n - ones))
  })
  const mean = shares.reduce((sum, value) => sum + value, 0) / shares.length
  const deviation = Math.sqrt(shares.reduce((sum, value) => sum + (value - mean) ** 2, 0) / shares.length)
  return deviation / Math.sqrt((clients * ones) / n)
}

/** Mean ± three standard deviations of a measure over the chunks of the reference: outside of it is an alert. */
export function alertBand(
  values: readonly number[],
  limits: readonly [number, number] = [0, 1],
): { lower: number; upper: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
  return { lower: Math.max(limits[0], mean - 3 * deviation), upper: Math.min(limits[1], mean + 3 * deviation) }
}
