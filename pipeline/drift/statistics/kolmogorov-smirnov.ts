/**
 * Two-sample Kolmogorov-Smirnov: the largest gap between two empirical distributions, and its p-value, exact or asymptotic
 * by the sizes, as `scipy.stats.ks_2samp(method='auto')` (scipy/stats/_stats_py.py; Hodges, Ark. Mat. 3, 1958).
 */
import { kolmogorovTail } from './kolmogorov.ts'

/** Largest |F_reference − F_current|, 0 to 1; both samples sorted, without missing values. */
export function ksDistance(reference: Float64Array, current: Float64Array): number {
  const [n, m] = [reference.length, current.length]
  let [i, j, gap] = [0, 0, 0]
  while (i < n && j < m) {
    const value = Math.min(reference[i]!, current[j]!)
    while (i < n && reference[i] === value) i++
    while (j < m && current[j] === value) j++
    gap = Math.max(gap, Math.abs(i / n - j / m))
  }
  return gap
}

const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))

/** Share of lattice paths of two equal samples of n that leave the band of half-width h. */
function outsideSquare(n: number, h: number): number {
  let p = 0
  for (let k = Math.floor(n / h); k >= 0; k--) {
    let term = 1
    for (let j = 0; j < h; j++) term = ((n - k * h - j) * term) / (n + k * h + j + 1)
    p = term * (1 - p)
  }
  return 2 * p
}

/** The same for samples of different sizes: probabilities column by column over a sliding window (Hodges' outside method). */
function outsideBand(first: number, second: number, common: number, h: number): number {
  const [m, n] = [Math.max(first, second), Math.min(first, second)]
  const [mg, ng] = [m / common, n / common]
  let low = 0
  let high = Math.min(Math.ceil(h / mg), n + 1)
  let length = high - low
  const column = new Float64Array(Math.min(2 * high + 2, n + 1)).fill(1)
  column.fill(0, low, high)
  // Reciprocals once: a division a step would be most of the work.
  const inverse = Float64Array.from({ length: m + n + 1 }, (_, i) => 1 / i)
  for (let i = 1; i <= m; i++) {
    const [lastLow, lastLength] = [low, length]
    low = Math.min(Math.max(Math.floor((ng * i - h) / mg) + 1, 0), n)
    high = Math.min(Math.ceil((ng * i + h) / mg), n + 1)
    if (high <= low) return 1
    let value = low === 0 ? 0 : 1
    for (let k = 0; k < high - low; k++) {
      const j = k + low
      value = (column[k + low - lastLow]! * i + value * j) * inverse[i + j]!
      column[k] = value
    }
    length = high - low
    if (lastLength > length) column.fill(1, length, lastLength)
  }
  return column[length - 1]!
}

/** Two-sided p-value of a distance between samples of n and m values: exact up to 10,000 values a side, then asymptotic. */
export function ksPValue(distance: number, n: number, m: number): number {
  if (Math.max(n, m) <= 10_000) {
    const common = divisor(n, m)
    const h = Math.round(distance * (n / common) * m)
    if (h === 0) return 1
    const p = n === m ? outsideSquare(n, h) : outsideBand(n, m, common, h)
    if (p >= 0 && p <= 1) return p
  }
  return kolmogorovTail(roundHalfEven((n * m) / (n + m)), distance)
}

/** numpy's rounding. */
function roundHalfEven(x: number): number {
  const floor = Math.floor(x)
  return x - floor === 0.5 ? floor + (floor % 2) : Math.round(x)
}
