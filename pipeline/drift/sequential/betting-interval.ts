/**
 * A confidence sequence for the mean of values in [0, 1] by betting (hedged capital: Waudby-Smith and Ramdas, JRSS B 86, 2024, theorem 3).
 * Whenever one looks, all intervals so far hold the mean with probability 1 − alpha.
 */
import { addValue, type BetSums, noBets, predictableBet, requireLevel } from './bets.ts'

export type Sides = 'both' | 'lower' | 'upper'

/** Log capital against each mean of a grid of 1,001 and the interval so far; plain data. `lower` bounds the mean from below only. */
export interface BettingInterval {
  readonly alpha: number
  readonly sides: Sides
  readonly sums: BetSums
  readonly up: readonly number[]
  readonly down: readonly number[]
  readonly low: number
  readonly high: number
}

const steps = 1000

export function bettingInterval(alpha: number, sides: Sides = 'both'): BettingInterval {
  requireLevel(alpha)
  const zeros = new Array<number>(steps + 1).fill(0)
  return { alpha, sides, sums: noBets, up: zeros, down: zeros, low: 0, high: 1 }
}

/** The interval after one more value, widened by a step of the grid (0.001) so that no mean between two steps is lost. */
export function narrowInterval(state: BettingInterval, value: number): BettingInterval {
  const sums = addValue(state.sums, value)
  const bet = predictableBet(state.sums, state.sides === 'both' ? state.alpha / 2 : state.alpha)
  const weight = state.sides === 'both' ? Math.log(0.5) : 0
  const limit = Math.log(1 / state.alpha)
  const up = [...state.up]
  const down = [...state.down]
  let [first, last] = [-1, -1]
  for (let i = 0; i <= steps; i++) {
    const mean = i / steps
    up[i]! += logGain(Math.min(bet, 0.5 / mean), value - mean)
    down[i]! += logGain(Math.min(bet, 0.5 / (1 - mean)), mean - value)
    const against = Math.max(
      state.sides === 'upper' ? Number.NEGATIVE_INFINITY : up[i]!,
      state.sides === 'lower' ? Number.NEGATIVE_INFINITY : down[i]!,
    )
    if (against + weight > limit) continue
    if (first < 0) first = i
    last = i
  }
  const low = first < 0 ? 0 : Math.max(0, (first - 1) / steps)
  const high = first < 0 ? 1 : Math.min(1, (last + 1) / steps)
  return { ...state, sums, up, down, low: Math.max(state.low, low), high: Math.min(state.high, high) }
}

const logGain = (bet: number, difference: number) => Math.log1p(bet * difference)
