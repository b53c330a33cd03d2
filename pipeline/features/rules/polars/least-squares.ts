/** Ordinary least squares with an intercept, by the normal equations of standardised predictors. */

/** Fewer rows than this for each coefficient tell nothing. */
const rowsEach = 20

/**
 * The intercept and the coefficients of `target` on the predictors (all of one length, finite).
 * null when there are fewer than 20 rows for each coefficient, or when predictors are constant or follow from each other.
 */
export function leastSquares(predictors: readonly Float64Array[], target: Float64Array): number[] | null {
  const [count, size] = [target.length, predictors.length]
  if (count < rowsEach * (size + 1)) return null
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / count
  const centres = predictors.map(mean)
  const scales = predictors.map((values, i) => Math.sqrt(mean(values.map((value) => (value - centres[i]!) ** 2))))
  if (scales.some((scale) => scale === 0)) return null
  const standard = predictors.map((values, i) => values.map((value) => (value - centres[i]!) / scales[i]!))
  const centre = mean(target)
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, row) => sum + value * b[row]!, 0)
  const residual = target.map((value) => value - centre)
  const slopes = solve(
    standard.map((a) => standard.map((b) => dot(a, b) / count)),
    standard.map((a) => dot(a, residual) / count),
  )
  if (slopes === null) return null
  const coefficients = slopes.map((slope, i) => slope / scales[i]!)
  return [centre - coefficients.reduce((sum, value, i) => sum + value * centres[i]!, 0), ...coefficients]
}

/** Gaussian elimination with partial pivoting; null when the matrix (correlations) is singular to 1e-9. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const rows = matrix.map((row, i) => [...row, right[i]!])
  const size = rows.length
  for (let step = 0; step < size; step++) {
    let pivot = step
    for (let i = step + 1; i < size; i++) if (Math.abs(rows[i]![step]!) > Math.abs(rows[pivot]![step]!)) pivot = i
    if (Math.abs(rows[pivot]![step]!) < 1e-9) return null
    ;[rows[step], rows[pivot]] = [rows[pivot]!, rows[step]!]
    for (let i = 0; i < size; i++) {
      if (i === step) continue
      const factor = rows[i]![step]! / rows[step]![step]!
      for (let j = step; j <= size; j++) rows[i]![j] = rows[i]![j]! - factor * rows[step]![j]!
    }
  }
  return rows.map((row, i) => row[size]! / row[i]!)
}
