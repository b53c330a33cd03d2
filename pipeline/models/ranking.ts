/** How well a score sorts defaults from good clients: ROC and precision-recall curves, their areas, KS, gains by decile. */

/** Row numbers from the highest score to the lowest; equal scores keep their order. */
export function descending(score: ArrayLike<number>): Uint32Array {
  const values = Float64Array.from(score)
  return Uint32Array.from(values, (_, i) => i).sort((a, b) => (values[b] as number) - (values[a] as number))
}

/** At each distinct score, from the highest down: how many defaults and good clients have it or more. Starts before the first. */
export interface Cumulative {
  readonly threshold: Float64Array // the first is +Infinity
  readonly defaults: Float64Array
  readonly good: Float64Array
}

/** The counts (or, with weights, the sums of weights) that all curves below are made of. */
export function cumulative(
  target: ArrayLike<number>,
  score: ArrayLike<number>,
  weight?: ArrayLike<number>,
): Cumulative {
  const threshold = [Number.POSITIVE_INFINITY]
  const defaults = [0]
  const good = [0]
  let [bad, fine] = [0, 0]
  const order = descending(score)
  order.forEach((row, i) => {
    const w = weight ? (weight[row] as number) : 1
    if (target[row] === 1) bad += w
    else fine += w
    const next = order[i + 1]
    if (next !== undefined && score[next] === score[row]) return
    threshold.push(score[row] as number)
    defaults.push(bad)
    good.push(fine)
  })
  if (bad === 0 || fine === 0)
    throw new Error(`metrics: both classes are needed, found ${bad} defaults and ${fine} others`)
  return {
    threshold: Float64Array.from(threshold),
    defaults: Float64Array.from(defaults),
    good: Float64Array.from(good),
  }
}

export interface Roc {
  readonly threshold: Float64Array
  readonly falsePositiveRate: Float64Array
  readonly truePositiveRate: Float64Array
}

/** ROC curve, a point for each distinct score (Fawcett 2006, algorithm 1; scikit-learn's `roc_curve(drop_intermediate=False)`). */
export function rocCurve(target: ArrayLike<number>, score: ArrayLike<number>): Roc {
  const { threshold, defaults, good } = cumulative(target, score)
  const [bad, fine] = [defaults.at(-1) as number, good.at(-1) as number]
  return { threshold, falsePositiveRate: good.map((n) => n / fine), truePositiveRate: defaults.map((n) => n / bad) }
}

/** Numbers of the points that are not on the straight line between their neighbours (`drop_intermediate` of scikit-learn). */
export function corners(target: ArrayLike<number>, score: ArrayLike<number>): number[] {
  const { defaults, good } = cumulative(target, score)
  const bends = (c: Float64Array, i: number) =>
    (c[i + 1] as number) - (c[i] as number) !== (c[i] as number) - (c[i - 1] as number)
  const last = defaults.length - 1
  return Array.from(defaults, (_, i) => i).filter((i) => i === 0 || i === last || bends(defaults, i) || bends(good, i))
}

/** Area under the ROC curve, ties counted half (Mann and Whitney 1947; Hanley and McNeil 1982), optionally of weighted rows. */
export function rocAuc(target: ArrayLike<number>, score: ArrayLike<number>, weight?: ArrayLike<number>): number {
  const { defaults, good } = cumulative(target, score, weight)
  let area = 0
  for (let i = 1; i < good.length; i++)
    area += ((good[i] as number) - (good[i - 1] as number)) * ((defaults[i] as number) + (defaults[i - 1] as number))
  return area / 2 / (defaults.at(-1) as number) / (good.at(-1) as number)
}

/** Gini coefficient of the cumulative accuracy profile = 2 AUC - 1 (Engelmann, Hayden and Tasche 2003). */
export const gini = (auc: number): number => 2 * auc - 1

/** Largest distance between the two classes' distribution functions and the score where it is (Kolmogorov 1933, Smirnov 1948). */
export function ks(target: ArrayLike<number>, score: ArrayLike<number>): { statistic: number; location: number } {
  const { threshold, falsePositiveRate, truePositiveRate } = rocCurve(target, score)
  // The distribution functions at a score are 1 minus the rates above it, that is, of the point before.
  let best = { statistic: 0, location: Number.NaN }
  for (let i = threshold.length - 1; i > 0; i--) {
    const distance = Math.abs((truePositiveRate[i - 1] as number) - (falsePositiveRate[i - 1] as number))
    if (distance > best.statistic) best = { statistic: distance, location: threshold[i] as number }
  }
  return best
}

export interface PrecisionRecall {
  readonly threshold: Float64Array
  readonly precision: Float64Array
  readonly recall: Float64Array
}

/** Precision and recall at each distinct score from the highest down (scikit-learn's `precision_recall_curve`, reversed, without its added point). */
export function precisionRecall(target: ArrayLike<number>, score: ArrayLike<number>): PrecisionRecall {
  const { threshold, defaults, good } = cumulative(target, score)
  const bad = defaults.at(-1) as number
  const [d, g] = [defaults.slice(1), good.slice(1)]
  return {
    threshold: threshold.slice(1),
    precision: d.map((n, i) => n / (n + (g[i] as number))),
    recall: d.map((n) => n / bad),
  }
}

/** Average precision, sum of (R_n - R_(n-1)) P_n, no interpolation: the area under the precision-recall curve (scikit-learn). */
export function averagePrecision(target: ArrayLike<number>, score: ArrayLike<number>): number {
  const { precision, recall } = precisionRecall(target, score)
  return precision.reduce((sum, p, i) => sum + ((recall[i] as number) - (recall[i - 1] ?? 0)) * p, 0)
}

export interface Gain {
  readonly group: number // 1 = the riskiest
  readonly clients: number
  readonly defaults: number
  readonly rate: number
  readonly lowest: number // lowest and highest score of the group
  readonly highest: number
  readonly lift: number // rate of the group over the rate of all
  readonly capture: number // share of all defaults in this group and the riskier ones
  readonly ks: number // distance of the cumulated shares of defaults and of good clients after the group
}

/** Gain table: clients sorted by score in equal groups, the riskiest first (Siddiqi 2006, ch. 7). Equal scores may be split between groups. */
export function gains(target: ArrayLike<number>, score: ArrayLike<number>, groups = 10): Gain[] {
  const order = descending(score)
  const n = order.length
  const total = Array.from(target).filter((y) => y === 1).length
  let [bad, seen] = [0, 0]
  return Array.from({ length: groups }, (_, g) => {
    const rows = order.subarray(Math.round((g * n) / groups), Math.round(((g + 1) * n) / groups))
    const defaults = rows.reduce((sum, row) => sum + (target[row] === 1 ? 1 : 0), 0)
    bad += defaults
    seen += rows.length
    return {
      group: g + 1,
      clients: rows.length,
      defaults,
      rate: defaults / rows.length,
      lowest: score[rows.at(-1) as number] as number,
      highest: score[rows[0] as number] as number,
      lift: defaults / rows.length / (total / n),
      capture: bad / total,
      ks: Math.abs(bad / total - (seen - bad) / (n - total)),
    }
  })
}
