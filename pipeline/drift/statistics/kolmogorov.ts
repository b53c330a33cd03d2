/**
 * The exact distribution of the one-sample Kolmogorov-Smirnov statistic, by the methods that scipy's `kstwo` chooses among.
 * Sources: Simard and L'Ecuyer, Computing the Two-Sided Kolmogorov-Smirnov Distribution, J. Stat. Software 39(11), 2011;
 * Marsaglia, Tsang and Wang, J. Stat. Software 8(18), 2003; Pelz and Good, J. R. Stat. Soc. B 38(2), 1976; scipy/stats/_ksstats.py.
 */

const big = 2 ** 128

/** Pr(D_n⁺ ≥ x), the one-sided tail: a finite sum of positive terms (Birnbaum and Tingey, 1951). */
export function smirnov(n: number, x: number): number {
  if (x <= 0) return 1
  if (x >= 1) return 0
  let sum = 0
  let logChoose = 0
  for (let j = 0; j <= Math.floor(n * (1 - x)); j++) {
    if (j > 0) logChoose += Math.log((n - j + 1) / j)
    const rest = 1 - x - j / n
    const tail = rest > 0 ? (n - j) * Math.log1p(-(x + j / n)) : n === j ? 0 : Number.NEGATIVE_INFINITY
    sum += Math.exp(logChoose + (j - 1) * Math.log(x + j / n) + tail)
  }
  return Math.min(1, x * sum)
}

function product(a: Float64Array, b: Float64Array, m: number): Float64Array {
  const c = new Float64Array(m * m)
  for (let i = 0; i < m; i++)
    for (let k = 0; k < m; k++) {
      const left = a[i * m + k]!
      if (left !== 0) for (let j = 0; j < m; j++) c[i * m + j]! += left * b[k * m + j]!
    }
  return c
}

/** Pr(D_n ≤ d) as an element of a power of Durbin's matrix; cost grows with (n·d)³. */
function durbin(n: number, d: number): number {
  const k = Math.ceil(n * d)
  const h = k - n * d
  const m = 2 * k - 1
  let matrix: Float64Array = new Float64Array(m * m)
  const inverse = new Float64Array(m)
  const edge = new Float64Array(m)
  let factor = 1
  for (let j = 1; j <= m; j++) {
    inverse[j - 1] = factor
    factor /= j
    edge[j - 1] = (1 - h ** j) * factor
  }
  edge[m - 1] = (1 - 2 * h ** m + Math.max(2 * h - 1, 0) ** m) * factor
  for (let i = 0; i < m; i++) for (let j = 1; j <= Math.min(i + 1, m - 1); j++) matrix[i * m + j] = inverse[i - j + 1]!
  for (let i = 0; i < m; i++) matrix[i * m] = edge[i]!
  for (let j = 0; j < m; j++) matrix[(m - 1) * m + j] = edge[m - 1 - j]!

  let power: Float64Array = new Float64Array(m * m)
  for (let i = 0; i < m; i++) power[i * m + i] = 1
  let [exponent, matrixExponent] = [0, 0]
  const middle = (k - 1) * m + k - 1
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2) {
      power = product(power, matrix, m)
      exponent += matrixExponent
    }
    matrix = product(matrix, matrix, m)
    matrixExponent *= 2
    if (Math.abs(matrix[middle]!) > big) {
      matrix = matrix.map((value) => value / big)
      matrixExponent += 128
    }
    if (Math.abs(power[middle]!) > big) {
      power = power.map((value) => value / big)
      exponent += 128
    }
  }
  let p = power[middle]!
  for (let i = 1; i <= n; i++) {
    p = (i * p) / n
    if (Math.abs(p) < 1 / big) {
      p *= big
      exponent -= 128
    }
  }
  return p * 2 ** exponent
}

/** Pr(D_n ≤ x), asymptotic series with terms to n^(-3/2). */
function pelzGood(n: number, x: number): number {
  const z = Math.sqrt(n) * x
  const pi2 = Math.PI ** 2
  const qLog = -pi2 / 8 / z ** 2
  if (qLog < -708) return 0
  const q = Math.exp(qLog)
  const [z2, z4, z6] = [z ** 2, z ** 4, z ** 6]
  const top = Math.ceil((16 * z) / Math.PI)
  const sums = [0, 0, 0, 0]
  for (let k = top; k > 0; k--) {
    const m2 = (2 * k - 1) ** 2
    const terms = [
      1,
      -z2 + (pi2 / 4) * m2,
      6 * z6 + 2 * z4 + ((2 * z4 - 5 * z2) * pi2 * m2) / 4 + (pi2 ** 2 * (1 - 2 * z2) * m2 ** 2) / 16,
      -30 * z6 -
        90 * z ** 8 +
        ((pi2 * (135 * z4 - 96 * z6)) / 4) * m2 +
        ((pi2 ** 2 * (-60 * z2 + 212 * z4)) / 16) * m2 ** 2 +
        ((pi2 ** 3 * (5 - 30 * z2)) / 64) * m2 ** 3,
    ]
    for (let i = 0; i < 4; i++) sums[i] = sums[i]! * q ** (8 * k) + terms[i]!
  }
  const scale = q * Math.sqrt(2 * Math.PI)
  const divisors = [z, 6 * z4, 72 * z ** 7, 6480 * z ** 10]
  for (let i = 0; i < 4; i++) sums[i] = (sums[i]! * scale) / divisors[i]!
  const q4 = Math.exp(-pi2 / 2 / z2)
  let [second, third] = [0, 0]
  for (let k = top; k > 0; k--) {
    second += k ** 2 * q4 ** (k ** 2)
    third += (3 * z2 - pi2 * k ** 2) * k ** 2 * q4 ** (k ** 2)
  }
  sums[2]! += (second * pi2 * Math.sqrt(2 * Math.PI)) / (-36 * z ** 3)
  sums[3]! += (third * pi2 * Math.sqrt(2 * Math.PI)) / (216 * z6)
  return sums[0]! + sums[1]! / Math.sqrt(n) + sums[2]! / n + sums[3]! / n ** 1.5
}

const clipped = (p: number): number => Math.min(1, Math.max(0, p))

/** Pr(D_n ≥ x) of the two-sided statistic of one sample of n, exact where scipy is. */
export function kolmogorovTail(n: number, x: number): number {
  const t = n * x
  if (x >= 1) return 0
  if (t <= 0.5) return 1
  if (t <= 1) {
    let inside = 1
    for (let i = 1; i <= n; i++) inside *= (i / n) * (2 * t - 1)
    return clipped(1 - inside)
  }
  if (t >= n - 1) return clipped(2 * (1 - x) ** n)
  if (x >= 0.5) return clipped(2 * smirnov(n, x))
  const nx2 = t * x
  if (n <= 140) return clipped(nx2 <= 4 ? 1 - durbin(n, x) : 2 * smirnov(n, x))
  if (nx2 >= 370) return 0
  if (nx2 >= 2.2) return clipped(2 * smirnov(n, x))
  return clipped(1 - (n <= 100_000 && n * x ** 1.5 <= 1.4 ? durbin(n, x) : pelzGood(n, x)))
}
