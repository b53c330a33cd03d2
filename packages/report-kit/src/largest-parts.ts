/** Which parts of a sum a figure shows by name, and which it joins as the rest. */

/**
 * The largest parts first, at least `least` of them, and more until the rest is a tenth of the movement at most: the sum of the rest against
 * the sum of all sizes. Parts that are `joined` already stay in the rest, whatever their size.
 */
export function largestParts<T>(
  parts: readonly T[],
  sizeOf: (part: T) => number,
  joined: (part: T) => boolean = () => false,
  least = 8,
): { kept: T[]; rest: T[] } {
  const named = parts.filter((part) => !joined(part)).toSorted((a, b) => Math.abs(sizeOf(b)) - Math.abs(sizeOf(a)))
  const all = parts.reduce((sum, part) => sum + Math.abs(sizeOf(part)), 0)
  const restOf = (count: number) => [...named.slice(count), ...parts.filter(joined)]
  let count = Math.min(least, named.length)
  while (count < named.length && Math.abs(restOf(count).reduce((sum, part) => sum + sizeOf(part), 0)) > all / 10)
    count++
  // One left over is no rest: it is shown by its name.
  if (named.length - count === 1 && !parts.some(joined)) count++
  return { kept: named.slice(0, count), rest: restOf(count) }
}
