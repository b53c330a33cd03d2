/** Many values to the end of an array: array.push(...values) overflows the stack from some 120,000 on. */

export function append<T>(array: T[], values: Iterable<T>): void {
  for (const value of values) array.push(value)
}
