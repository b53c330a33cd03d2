/** The largest and the smallest of any number of values: Math.max(...values) overflows the stack from some 120,000 on. */

/** The largest value; −Infinity of none, NaN where one is NaN, as Math.max. */
export function maximum(values: Iterable<number>): number {
  let found = Number.NEGATIVE_INFINITY
  for (const value of values) found = Math.max(found, value)
  return found
}

/** The smallest value; Infinity of none, NaN where one is NaN, as Math.min. */
export function minimum(values: Iterable<number>): number {
  let found = Number.POSITIVE_INFINITY
  for (const value of values) found = Math.min(found, value)
  return found
}
