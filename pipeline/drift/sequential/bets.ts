/**
 * The predictable plug-in bet of Waudby-Smith and Ramdas, "Estimating means of bounded random variables by betting" (JRSS B 86, 2024),
 * equation 24: what is known of mean and variance before a value comes decides how much is bet on it.
 */

/** Sums over the values in [0, 1] seen so far; plain numbers, so that it can be stored. */
export interface BetSums {
  readonly n: number
  readonly sum: number
  readonly squares: number
}

export const noBets: BetSums = { n: 0, sum: 0, squares: 0 }

/** The next bet at level alpha, in units of 1 ÷ value; not yet truncated. */
export function predictableBet({ n, squares }: BetSums, alpha: number): number {
  const variance = (0.25 + squares) / (n + 1)
  return Math.sqrt((2 * Math.log(1 / alpha)) / ((n + 1) * Math.log(n + 2) * variance))
}

/** Sums with one more value; refuses what is outside [0, 1]. */
export function addValue(sums: BetSums, value: number): BetSums {
  if (!(value >= 0 && value <= 1)) throw new RangeError(`expected a value from 0 to 1, got ${value}: scale it first`)
  const next = { n: sums.n + 1, sum: sums.sum + value }
  return { ...next, squares: sums.squares + (value - (0.5 + next.sum) / (next.n + 1)) ** 2 }
}

/** Refuses a level that is no probability. */
export function requireLevel(alpha: number): void {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`expected a level between 0 and 1, got ${alpha}`)
}
