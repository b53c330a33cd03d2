/** How far predicted probabilities are from what happened: Brier score, log loss, reliability and expected calibration error. */
import { quantile } from '../data/quantile.ts'

/** Mean squared difference of probability and outcome (Brier 1950). */
export function brier(target: ArrayLike<number>, probability: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < target.length; i++) sum += ((probability[i] as number) - (target[i] as number)) ** 2
  return sum / target.length
}

/** Mean negative log-likelihood in nats; probabilities are clipped to [2^-52, 1 - 2^-52] as scikit-learn does (Good 1952). */
export function logLoss(target: ArrayLike<number>, probability: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < target.length; i++) {
    const p = Math.min(1 - Number.EPSILON, Math.max(Number.EPSILON, probability[i] as number))
    sum -= target[i] === 1 ? Math.log(p) : Math.log1p(-p)
  }
  return sum / target.length
}

export interface ReliabilityBin {
  readonly lower: number
  readonly upper: number
  readonly clients: number
  readonly predicted: number // mean probability, NaN when empty
  readonly observed: number // share of defaults, NaN when empty
}

/** n + 1 edges of equal width from 0 to 1, each the float that numpy's linspace gives. */
const equalWidth = (bins: number): number[] =>
  Array.from({ length: bins + 1 }, (_, i) => (i === bins ? 1 : i * (1 / bins)))

/** Predicted against observed in bins (left, right], of equal width or of equal counts (scikit-learn's `calibration_curve`). */
export function reliability(
  target: ArrayLike<number>,
  probability: ArrayLike<number>,
  { bins = 10, by = 'width' as 'width' | 'quantile' } = {},
): ReliabilityBin[] {
  const sorted = by === 'quantile' ? Float64Array.from(probability).sort() : []
  const edges =
    by === 'width' ? equalWidth(bins) : Array.from({ length: bins + 1 }, (_, i) => quantile(sorted, i * (1 / bins)))
  const inner = edges.slice(1, -1)
  const sums = Array.from({ length: bins }, () => ({ clients: 0, predicted: 0, observed: 0 }))
  for (let i = 0; i < target.length; i++) {
    const p = probability[i] as number
    let bin = 0
    while (bin < inner.length && (inner[bin] as number) < p) bin++
    const sum = sums[bin]!
    sum.clients++
    sum.predicted += p
    sum.observed += target[i] as number
  }
  return sums.map(({ clients, predicted, observed }, b) => ({
    lower: edges[b] as number,
    upper: edges[b + 1] as number,
    clients,
    predicted: predicted / clients,
    observed: observed / clients,
  }))
}

/** Expected calibration error: mean over clients of |observed - predicted| of their bin, ten bins of equal width (Naeini 2015). */
export function expectedCalibrationError(bins: readonly ReliabilityBin[]): number {
  const filled = bins.filter((bin) => bin.clients > 0)
  const n = filled.reduce((sum, bin) => sum + bin.clients, 0)
  return filled.reduce((sum, bin) => sum + (bin.clients / n) * Math.abs(bin.observed - bin.predicted), 0)
}
