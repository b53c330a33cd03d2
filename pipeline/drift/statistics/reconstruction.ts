/**
 * Multivariate drift by reconstruction: the main axes of the reference are learned, rows are projected on them and back, and the mean
 * distance between a row and its image rises when columns no longer go together as they did, even if none of them moved by itself.
 * Source: NannyML 0.13.1, drift/multivariate/data_reconstruction (mean imputed, standardised, axes for 65 % of the variance).
 */

export interface Axes {
  readonly mean: Float64Array
  readonly scale: Float64Array
  /** Each axis as one number a column; signs are arbitrary. */
  readonly axes: readonly Float64Array[]
  /** Of each axis kept, its share of the variance. */
  readonly explained: readonly number[]
}

/** Eigenvalues (falling) and vectors of a symmetric matrix, by Jacobi's rotations. */
export function eigen(symmetric: readonly Float64Array[]): { values: number[]; vectors: Float64Array[] } {
  const n = symmetric.length
  const a = symmetric.map((row) => Float64Array.from(row))
  const v = a.map((_, i) => Float64Array.from({ length: n }, (_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 60; sweep++) {
    let off = 0
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) off += a[i]![j]! ** 2
    if (off < 1e-26) break
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        const apq = a[p]![q]!
        if (Math.abs(apq) < 1e-300) continue
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * apq)
        const t = Math.sign(theta || 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k++) {
          const [kp, kq] = [a[k]![p]!, a[k]![q]!]
          a[k]![p] = c * kp - s * kq
          a[k]![q] = s * kp + c * kq
        }
        for (let k = 0; k < n; k++) {
          const [pk, qk] = [a[p]![k]!, a[q]![k]!]
          a[p]![k] = c * pk - s * qk
          a[q]![k] = s * pk + c * qk
          const [vp, vq] = [v[k]![p]!, v[k]![q]!]
          v[k]![p] = c * vp - s * vq
          v[k]![q] = s * vp + c * vq
        }
      }
  }
  const order = a.map((_, i) => i).sort((x, y) => a[y]![y]! - a[x]![x]!)
  return {
    values: order.map((i) => a[i]![i]!),
    vectors: order.map((i) => Float64Array.from(v, (row) => row[i]!)),
  }
}

/** Learns the axes from the reference's columns (NaN is missing, taken as the column's mean); `share` of the variance is kept. */
export function learnAxes(reference: readonly Float64Array[], share = 0.65): Axes {
  const rows = reference[0]?.length ?? 0
  const columns = reference.length
  const mean = Float64Array.from(reference, (column) => {
    let [sum, known] = [0, 0]
    for (const value of column)
      if (!Number.isNaN(value)) {
        sum += value
        known++
      }
    return sum / known
  })
  const scale = Float64Array.from(reference, (column, i) => {
    let squares = 0
    for (const value of column) if (!Number.isNaN(value)) squares += (value - mean[i]!) ** 2
    return Math.sqrt(squares / rows) || 1
  })
  const z = reference.map((column, i) =>
    column.map((value) => (Number.isNaN(value) ? 0 : (value - mean[i]!) / scale[i]!)),
  )
  const covariance = z.map(() => new Float64Array(columns))
  for (let i = 0; i < columns; i++)
    for (let j = i; j < columns; j++) {
      let sum = 0
      for (let row = 0; row < rows; row++) sum += z[i]![row]! * z[j]![row]!
      covariance[i]![j] = covariance[j]![i] = sum / rows
    }
  const { values, vectors } = eigen(covariance)
  const total = values.reduce((sum, value) => sum + value, 0)
  const explained = values.map((value) => value / total)
  let [kept, reached] = [0, 0]
  while (kept < columns && reached <= share) reached += explained[kept++]!
  return { mean, scale, axes: vectors.slice(0, kept), explained: explained.slice(0, kept) }
}

/** Of each row, the length of what the axes do not hold. */
export function reconstructionErrors({ mean, scale, axes }: Axes, columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0
  const z = new Float64Array(columns.length)
  return Float64Array.from({ length: rows }, (_, row) => {
    let length = 0
    columns.forEach((column, i) => {
      const value = column[row]!
      z[i] = Number.isNaN(value) ? 0 : (value - mean[i]!) / scale[i]!
    })
    const image = new Float64Array(columns.length)
    for (const axis of axes) {
      let along = 0
      for (let i = 0; i < z.length; i++) along += axis[i]! * z[i]!
      for (let i = 0; i < z.length; i++) image[i]! += along * axis[i]!
    }
    for (let i = 0; i < z.length; i++) length += (z[i]! - image[i]!) ** 2
    return Math.sqrt(length)
  })
}

/** Texts as the share that each has in the reference; one that the reference lacks is 0. */
export function frequencies(reference: readonly string[], values: readonly string[]): Float64Array {
  const counts = new Map<string, number>()
  for (const value of reference) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Float64Array.from(values, (value) => (counts.get(value) ?? 0) / reference.length)
}
