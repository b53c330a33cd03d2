/**
 * By how much a measure of performance moves from one chunk of clients to the next though nothing has changed: standard errors for a chunk
 * of `clients`, from the outcomes of the reference. Source: NannyML 0.13.1, sampling_error/binary_classification.py.
 */
import { random } from '../models/random.ts'
import { averagePrecision } from '../models/ranking.ts'
import type { Confusion, Rates } from './estimated-performance.ts'

export function deviationOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
}

/** Standard error of a mean of ones and zeros times `step`, where `ones` of `relevant` of `all` reference clients are ones. */
const errorOfShare = (ones: number, relevant: number, all: number, clients: number, step = 1): number =>
  (step * Math.sqrt((ones / relevant) * (1 - ones / relevant))) / Math.sqrt((clients * relevant) / all)

/** Of the rates that are read off a confusion, from the reference's realised one. */
export function rateErrors(
  { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn }: Confusion,
  clients: number,
): Rates {
  const all = tp + fp + fn + tn
  const relevant = tp + fp + fn
  return {
    f1: errorOfShare(tp, relevant, all, clients, relevant / (tp + 0.5 * (fp + fn))),
    precision: errorOfShare(tp, tp + fp, all, clients),
    recall: errorOfShare(tp, tp + fn, all, clients),
    specificity: errorOfShare(tn, tn + fp, all, clients),
    accuracy: errorOfShare(tp + tn, all, all, clients),
  }
}

/** Of the mean cost a file: a default approved costs `falseNegative`, a good client declined `falsePositive`. */
export function costError(
  { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn }: Confusion,
  costs: { falseNegative: number; falsePositive: number },
  clients: number,
): number {
  const all = tp + fp + fn + tn
  const mean = (fn * costs.falseNegative + fp * costs.falsePositive) / all
  const square = (fn * costs.falseNegative ** 2 + fp * costs.falsePositive ** 2) / all
  return Math.sqrt((square - mean ** 2) / clients)
}

const draws = 50

/** Of average precision, by drawing half as many clients as the reference has, with replacement, `draws` times (NannyML draws unseeded). */
export function averagePrecisionError(
  target: ArrayLike<number>,
  score: ArrayLike<number>,
  clients: number,
  seed: number,
): number {
  const next = random(seed)
  const size = Math.min(target.length >> 1, 50_000)
  const drawn = Array.from({ length: draws }, () => {
    const rows = Uint32Array.from({ length: size }, () => Math.floor(next() * target.length))
    const of = (values: ArrayLike<number>) => Float64Array.from(rows, (row) => values[row]!)
    return averagePrecision(of(target), of(score))
  })
  return deviationOf(drawn) * Math.sqrt(size / clients)
}
