/**
 * An empirical-Bernstein confidence sequence for the mean of values in [0, 1] in closed form, cheaper and wider than betting
 * (predictable plug-in: Waudby-Smith and Ramdas, JRSS B 86, 2024, theorem 2; after Howard et al., Annals of Statistics 49, 2021).
 */
import { addValue, type BetSums, noBets, predictableBet, requireLevel, shrunkMean } from './bets.ts'

/** Running sums of bets, bet values and variance; plain numbers. */
export interface EmpiricalBernstein {
  readonly alpha: number
  readonly sums: BetSums
  readonly bets: number
  readonly weighted: number
  readonly variance: number
}

export function empiricalBernstein(alpha: number): EmpiricalBernstein {
  requireLevel(alpha)
  return { alpha, sums: noBets, bets: 0, weighted: 0, variance: 0 }
}

export function addToBernstein(state: EmpiricalBernstein, value: number): EmpiricalBernstein {
  const bet = Math.min(0.5, predictableBet(state.sums, state.alpha / 2))
  return {
    ...state,
    sums: addValue(state.sums, value),
    bets: state.bets + bet,
    weighted: state.weighted + bet * value,
    variance: state.variance + (value - shrunkMean(state.sums)) ** 2 * (-Math.log1p(-bet) - bet),
  }
}

/** [low, high] now; [0, 1] before the first value. */
export function bernsteinBounds({ alpha, bets, weighted, variance }: EmpiricalBernstein): readonly [number, number] {
  if (bets === 0) return [0, 1]
  const margin = (Math.log(2 / alpha) + variance) / bets
  return [Math.max(0, weighted / bets - margin), Math.min(1, weighted / bets + margin)]
}
