/** The curves of a judgement, thinned to what a page can show. */
import { strategyCurve } from './cost.ts'
import type { Evaluation } from './evaluate.ts'
import { reliability } from './probability.ts'
import { corners, gains, ks, precisionRecall, rocCurve } from './ranking.ts'

/** Points `most` at most, evenly spread, ends kept. */
export const thinned = <T>(points: readonly T[], most: number): T[] =>
  points.length <= most
    ? [...points]
    : Array.from({ length: most }, (_, i) => points[Math.round((i * (points.length - 1)) / (most - 1))] as T)

export type Curves = ReturnType<typeof curvesOf>

/** From a judgement, the out-of-fold margins and the outcomes. */
export function curvesOf({ nested, settled, curve }: Evaluation, margin: ArrayLike<number>, target: Int8Array) {
  const roc = rocCurve(target, margin)
  const precision = precisionRecall(target, margin)
  const good = target.length - target.reduce((sum, y) => sum + y, 0)
  const edges = [...Array.from({ length: 30 }, (_, i) => i / 100), 0.3, 1]
  const counts = [0, 1].map((label) => {
    const bins = new Array<number>(edges.length - 1).fill(0)
    nested.probability.forEach((p, i) => {
      if (target[i] === label) bins[Math.min(bins.length - 1, Math.floor(p * 100))]!++
    })
    return bins
  })
  const at = (i: number): [number, number, number] => [
    roc.falsePositiveRate[i] as number,
    roc.truePositiveRate[i] as number,
    roc.threshold[i] as number,
  ]
  return {
    roc: thinned(corners(target, margin), 300).map(at),
    precisionRecall: thinned(
      Array.from(precision.recall, (recall, i): [number, number, number] => [
        recall,
        precision.precision[i] as number,
        precision.threshold[i] as number,
      ]),
      300,
    ),
    reliability: reliability(target, nested.probability, { by: 'quantile' }),
    gains: gains(target, margin),
    ks: ks(target, settled.probability),
    edges: edges.slice(0, -1),
    counts,
    // Shares of each class below a probability, for the KS figure.
    distributions: curve.map(({ threshold, falseNegative, falsePositive }) => ({
      threshold,
      defaults: falseNegative / (target.length - good),
      good: 1 - falsePositive / good,
    })),
    strategy: strategyCurve(curve, target.length),
  }
}
