/**
 * An empirical-Bernstein confidence sequence for the mean of values in [0, 1] in closed form, cheaper and wider than betting
 * (predictable plug-in: Waudby-Smith and Ramdas, JRSS B 86, 2024, theorem 2; after Howard et al., Annals of Statistics 49, 2021).
 */
import { addValue, type BetSums, noBets, predictableBet, requireLevel } from './bets.ts'

/** Running sums of bets, bet values and variance; plain numbers. */
export interface EmpiricalBernstein {
  readonly alpha: number
  readonly sums: BetSums
  readonly bets: number
  readonly weighted: number
  readonly lowVariance: number
  readonly highVariance: number
}

export function empiricalBernstein(alpha: number): EmpiricalBernstein {
  requireLevel(alpha)
  return { alpha, sums: noBets, bets: 0, weighted: 0, lowVariance: 0, highVariance: 0 }
}

export function addToBernstein(state: EmpiricalBernstein, value: number): EmpiricalBernstein {
  const bet = Math.min(0.5, predictableBet(state.sums, state.alpha / 2))
  const { n, sum } = state.sums
  const weight = -Math.log1p(-bet) - bet
  // before the first value the lower bound takes 0 as the mean, the upper bound 1, as confseq does
  const spread = (first: number) => (value - (n === 0 ? first : sum / n)) ** 2 * weight
  return {
    ...state,
    sums: addValue(state.sums, value),
    bets: state.bets + bet,
    weighted: state.weighted + bet * value,
    lowVariance: state.lowVariance + spread(0),
    highVariance: state.highVariance + spread(1),
  }
}

/** [low, high] now; [0, 1] before the first value. */
export function bernsteinBounds(state: EmpiricalBernstein): readonly [number, number] {
  const { alpha, bets, weighted, lowVariance, highVariance } = state
  if (bets === 0) return [0, 1]
  const margin = (variance: number) => (Math.log(2 / alpha) + variance) / bets
  return [Math.max(0, weighted / bets - margin(lowVariance)), Math.min(1, weighted / bets + margin(highVariance))]
}
