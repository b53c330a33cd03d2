/** Rounding of parts that are shown beside their sum. */

/** Numbers rounded to `digits` so that they add up to their rounded sum (largest remainder). */
export function roundToSum(values: readonly number[], digits: number): number[] {
  const scale = 10 ** digits
  const floors = values.map((value) => Math.floor(value * scale))
  const total = Math.round(values.reduce((sum, value) => sum + value, 0) * scale)
  const missing = total - floors.reduce((sum, value) => sum + value, 0)
  const byRemainder = values
    .map((value, i) => ({ i, rest: value * scale - floors[i]! }))
    .toSorted((a, b) => b.rest - a.rest)
  for (const { i } of byRemainder.slice(0, missing)) floors[i]!++
  return floors.map((value) => value / scale)
}
