/** Whether probabilities are right, tested on clients that they were not fitted on: Hosmer-Lemeshow, Spiegelhalter, slope and calibration-in-the-large. */
import gammainc from '@stdlib/math-base-special-gammainc'
import normalCdf from '@stdlib/stats-base-dists-normal-cdf'
import { logistic, sigmoid } from './calibration.ts'
import type { Interval } from './cost.ts'
import { type ReliabilityBin, reliability } from './probability.ts'
import { shareInterval } from './share-interval.ts'

const z95 = 1.959963984540054

/** A probability of 0 or 1 (isotonic) has no log-odds and no variance: a single client would decide every test. */
const clipped = (p: number) => Math.min(1 - 1e-6, Math.max(1e-6, p))

const twoSided = (z: number) => 2 * normalCdf(-Math.abs(z), 0, 1)

export interface Estimate extends Interval {
  readonly estimate: number
  readonly p: number
}

/** An estimate with its normal 95% interval and the two-sided p-value against what a calibrated model has. */
const estimated = (estimate: number, standardError: number, expected: number): Estimate => ({
  estimate,
  lower: estimate - z95 * standardError,
  upper: estimate + z95 * standardError,
  p: twoSided((estimate - expected) / standardError),
})

export interface CalibrationTests {
  /** Level of each test, so that a calibrated model fails one of the four in at most 5 runs of 100 (Bonferroni). */
  readonly level: number
  readonly hosmer_lemeshow: { readonly statistic: number; readonly freedom: number; readonly p: number }
  readonly spiegelhalter: { readonly z: number; readonly p: number }
  /** Of the outcome's log-odds on the predicted ones: 1 when right, below when predictions are too extreme. */
  readonly slope: Estimate
  /** Added to all log-odds so that mean risk is met: 0 when right, above when risks are understated. */
  readonly in_the_large: Estimate
  /** Tests that reject, in the order above. */
  readonly rejected: readonly ('hosmer_lemeshow' | 'spiegelhalter' | 'slope' | 'in_the_large')[]
}

/**
 * Needs defaults and good clients. Sources: Hosmer and Lemeshow 1980, with as many degrees of freedom as groups because
 * nothing was fitted on these clients; Spiegelhalter 1986; slope and in-the-large: Cox 1958, Steyerberg 2019 ch. 15.
 */
export function calibrationTests(target: ArrayLike<number>, probability: ArrayLike<number>): CalibrationTests {
  const p = Float64Array.from(probability, clipped)
  const defaults = Array.from(target).filter((y) => y === 1).length
  if (defaults === 0 || defaults === target.length)
    throw new Error(
      `calibration tests need defaults and good clients, found ${defaults} defaults of ${target.length} clients`,
    )
  const large = inTheLarge(target, p)
  const found = {
    hosmer_lemeshow: hosmerLemeshow(target, p),
    spiegelhalter: spiegelhalter(target, p),
    slope: calibrationSlope(target, p),
    in_the_large: large,
  }
  const names = ['hosmer_lemeshow', 'spiegelhalter', 'slope', 'in_the_large'] as const
  const level = 0.05 / names.length
  return { level, ...found, rejected: names.filter((name) => found[name].p < level) }
}

function hosmerLemeshow(target: ArrayLike<number>, p: Float64Array): CalibrationTests['hosmer_lemeshow'] {
  const groups = reliability(target, p, { by: 'quantile' }).filter(({ clients }) => clients > 0)
  const statistic = groups.reduce(
    (sum, { clients, predicted, observed }) =>
      sum + (clients * (observed - predicted) ** 2) / (predicted * (1 - predicted)),
    0,
  )
  return { statistic, freedom: groups.length, p: gammainc(statistic / 2, groups.length / 2, true, true) }
}

function spiegelhalter(target: ArrayLike<number>, p: Float64Array): CalibrationTests['spiegelhalter'] {
  let [sum, variance] = [0, 0]
  p.forEach((risk, i) => {
    sum += ((target[i] as number) - risk) * (1 - 2 * risk)
    variance += (1 - 2 * risk) ** 2 * risk * (1 - risk)
  })
  const z = sum / Math.sqrt(variance)
  return { z, p: twoSided(z) }
}

const logOdds = (p: Float64Array) => p.map((risk) => Math.log(risk / (1 - risk)))

/** The slope's variance is its entry of the inverse information matrix. */
function calibrationSlope(target: ArrayLike<number>, p: Float64Array): Estimate {
  const x = logOdds(p)
  const [slope = 0, intercept = 0] = logistic([x], target)
  let [s0, s1, s2] = [0, 0, 0]
  for (const value of x) {
    const risk = sigmoid(slope * value + intercept)
    const w = risk * (1 - risk)
    s0 += w
    s1 += w * value
    s2 += w * value ** 2
  }
  return estimated(slope, Math.sqrt(s0 / (s0 * s2 - s1 ** 2)), 1)
}

/** The intercept of a logistic regression whose slope is held at 1, by Newton's method. */
function inTheLarge(target: ArrayLike<number>, p: Float64Array): Estimate {
  const x = logOdds(p)
  let [offset, information] = [0, 0]
  for (let step = 0; step < 50; step++) {
    let gradient = 0
    information = 0
    x.forEach((value, i) => {
      const risk = sigmoid(value + offset)
      gradient += (target[i] as number) - risk
      information += risk * (1 - risk)
    })
    const move = Math.max(-2, Math.min(2, gradient / information)) // far from the optimum a whole step would overshoot
    offset += move
    if (Math.abs(move) < 1e-12) break
  }
  return estimated(offset, 1 / Math.sqrt(information), 0)
}

/** 95% interval of each bin's share of defaults (Wilson 1927); null where a bin has no clients. */
export const observedIntervals = (bins: readonly ReliabilityBin[]): (Interval | null)[] =>
  bins.map(({ clients, observed }) => (clients === 0 ? null : shareInterval(observed * clients, clients)))
