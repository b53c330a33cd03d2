/**
 * Wasserstein distance W₁ = ∫ |F_reference − F_current| in the column's unit, and in standard deviations of the reference.
 * Sources: `scipy.stats.wasserstein_distance`; Evidently, stattests/wasserstein_distance_norm.py.
 */

/** W₁ of two sorted samples without missing values, in their unit. */
export function wasserstein(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length]
  let [i, j, area] = [0, 0, 0]
  let last = Math.min(reference[0]!, current[0]!)
  while (i < n || j < m) {
    const value = j >= m || (i < n && reference[i]! <= current[j]!) ? reference[i]! : current[j]!
    area += Math.abs(i / n - j / m) * (value - last)
    while (i < n && reference[i] === value) i++
    while (j < m && current[j] === value) j++
    last = value
  }
  return area
}

/** Population standard deviation (ddof 0), two passes. */
export function deviation(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  const mean = sum / values.length
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return Math.sqrt(squares / values.length)
}

/** W₁ divided by the reference's standard deviation (at least 0.001): how many standard deviations the column moved. */
export const wassersteinNormed = (reference: Float64Array, current: Float64Array): number =>
  wasserstein(reference, current) / Math.max(deviation(reference), 0.001)
