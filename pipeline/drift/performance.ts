/** How well the model does on the current clients: expected from its probabilities while outcomes are not known, realised where they are. */
import { random, shuffled } from '../models/random.ts'
import { averagePrecision, rocAuc } from '../models/ranking.ts'
import {
  alertBand,
  aucSamplingError,
  type Confusion,
  costOf,
  expectedAuc,
  expectedAveragePrecision,
  expectedConfusion,
  ratesOf,
} from './estimated-performance.ts'
import { type PerformanceMeasure, performanceMeasures } from './measures.ts'
import { averagePrecisionError, costError, rateErrors } from './sampling-error.ts'

type Values = Readonly<Record<PerformanceMeasure, number>>

export interface MeasureFindings {
  /** Realised on the reference, out of fold. */
  readonly reference: number
  /** Expected on the current clients from their calibrated probabilities, and its sampling error (one standard error). */
  readonly expected: number
  readonly error: number
  /** Mean ± three standard deviations of the realised values of ten parts of the reference: an expectation outside is an alert. */
  readonly lower: number
  readonly upper: number
  readonly alert: boolean
  /** On the current clients whose outcome is known; null before any is, or where all known ones went the same way. */
  readonly realised: number | null
}

export interface PerformanceFindings extends Readonly<Record<PerformanceMeasure, MeasureFindings>> {
  /** Current clients whose outcome is known. */
  readonly outcomes: number
  /** Of the current clients: expected counts, and realised ones where outcomes are known. */
  readonly confusion: { readonly expected: Confusion; readonly realised: Confusion | null }
  /** Mean predicted probability and share of defaults of the reference: what calibration in the large looks like there. */
  readonly calibration: { readonly predicted: number; readonly observed: number }
  /** The estimation tried where the truth is known: ten parts of the reference, expected against realised. */
  readonly parts: readonly { readonly clients: number; readonly expected: Values; readonly realised: Values }[]
}

export interface PerformanceSides {
  /** Calibrated probabilities of default: out of fold on the reference, the model's on the current clients. */
  readonly before: Float64Array
  readonly after: Float64Array
  /** Outcomes, 1 has defaulted; of the current clients NaN where not known, null where none is. */
  readonly target: Float64Array
  readonly outcome: Float64Array | null
  /** Declined at or above it. */
  readonly cutoff: number
  readonly costs: { readonly falseNegative: number; readonly falsePositive: number }
  readonly seed: number
}

const declinedAt = (probability: Float64Array, cutoff: number) => probability.map((p) => (p >= cutoff ? 1 : 0))
const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Parts of the reference that the estimation is tried on and that alert bounds are taken from. */
const partCount = 10

export function performanceFindings(sides: PerformanceSides): PerformanceFindings {
  const { before, after, target, outcome, cutoff, costs, seed } = sides
  const of = (auc: number, precision: number, confusion: Confusion): Values => {
    const { recall, precision: hit, f1, accuracy } = ratesOf(confusion)
    return { auc, average_precision: precision, cost: costOf(confusion, costs), recall, precision: hit, f1, accuracy }
  }
  const expectedOf = (p: Float64Array): Values =>
    of(expectedAuc(p, p), expectedAveragePrecision(p, p), expectedConfusion(p, declinedAt(p, cutoff)))
  const realisedOf = (y: Float64Array, p: Float64Array): Values =>
    of(rocAuc(y, p), averagePrecision(y, p), expectedConfusion(y, declinedAt(p, cutoff)))

  const order = shuffled(
    Array.from(before, (_, i) => i),
    random(seed),
  )
  const parts = Array.from({ length: partCount }, (_, k) => {
    const rows = order.filter((_, i) => i % partCount === k)
    const p = Float64Array.from(rows, (i) => before[i]!)
    const y = Float64Array.from(rows, (i) => target[i]!)
    return { clients: rows.length, expected: expectedOf(p), realised: realisedOf(y, p) }
  })

  const known = outcome ? Array.from(outcome, (_, i) => i).filter((i) => !Number.isNaN(outcome[i]!)) : []
  const knownY = Float64Array.from(known, (i) => outcome![i]!)
  const knownP = Float64Array.from(known, (i) => after[i]!)
  const mixed = new Set(knownY).size > 1
  const realisedNow = mixed ? realisedOf(knownY, knownP) : null
  const [reference, expected] = [realisedOf(target, before), expectedOf(after)]
  const whole = expectedConfusion(target, declinedAt(before, cutoff))
  const errors: Values = {
    auc: aucSamplingError(target, before, after.length),
    average_precision: averagePrecisionError(target, before, after.length, seed),
    cost: costError(whole, costs, after.length),
    ...rateErrors(whole, after.length),
  }
  const found = Object.fromEntries(
    performanceMeasures.map((measure): [PerformanceMeasure, MeasureFindings] => {
      const limits: [number, number] = measure === 'cost' ? [0, Number.MAX_VALUE] : [0, 1]
      const { lower, upper } = alertBand(
        parts.map(({ realised }) => realised[measure]),
        limits,
      )
      const value = expected[measure]
      return [
        measure,
        {
          reference: reference[measure],
          expected: value,
          error: errors[measure],
          lower,
          upper,
          alert: value < lower || value > upper,
          realised: realisedNow?.[measure] ?? null,
        },
      ]
    }),
  ) as Record<PerformanceMeasure, MeasureFindings>
  return {
    ...found,
    outcomes: known.length,
    confusion: {
      expected: expectedConfusion(after, declinedAt(after, cutoff)),
      realised: known.length > 0 ? expectedConfusion(knownY, declinedAt(knownP, cutoff)) : null,
    },
    calibration: { predicted: mean(before), observed: mean(target) },
    parts,
  }
}
