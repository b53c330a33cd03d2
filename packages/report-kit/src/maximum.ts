/** The largest of any number of values: Math.max(...values) overflows the stack from some 120,000 on. −Infinity of none. */
export const maximum = (values: Iterable<number>): number => {
  let found = Number.NEGATIVE_INFINITY
  for (const value of values) found = Math.max(found, value)
  return found
}
