/** The one quantile: linear between order statistics (Hyndman and Fan 1996, type 7; the default of numpy and R). */

/** The quantile at `share` (0 to 1) of ascending values; NaN of none. */
export function quantile(ascending: ArrayLike<number>, share: number): number {
  const at = share * (ascending.length - 1)
  const low = Math.floor(at)
  const below = ascending[low] ?? Number.NaN
  if (low === at) return below
  return below + (at - low) * ((ascending[low + 1] ?? Number.NaN) - below)
}

/** The same of values in any order. */
export const quantileOf = (values: readonly number[], share: number): number =>
  quantile(
    values.toSorted((a, b) => a - b),
    share,
  )

/** The median of values in any order. */
export const median = (values: readonly number[]): number => quantileOf(values, 0.5)
