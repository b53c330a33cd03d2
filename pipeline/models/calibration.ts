/** From a model's margin (log-odds) to a probability of default: no change, Platt, beta or isotonic calibration. */
import { maximum } from '../data/extremes.ts'

export const methods = ['none', 'platt', 'beta', 'isotonic'] as const
export type Method = (typeof methods)[number]

/** A fitted map as plain data; it travels in the bundle. Platt and beta work on log-odds, isotonic on the uncalibrated probability. */
export type Calibration =
  | { readonly method: 'none' }
  | { readonly method: 'platt'; readonly slope: number; readonly intercept: number }
  | { readonly method: 'beta'; readonly a: number; readonly b: number; readonly c: number }
  | { readonly method: 'isotonic'; readonly x: readonly number[]; readonly y: readonly number[] }

/** 1 / (1 + e^-x), without overflow. */
export const sigmoid = (x: number): number => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** ln(1 + e^x), without overflow: ln p = -softplus(-margin), ln(1 - p) = -softplus(margin). */
const softplus = (x: number): number => (x > 0 ? x + Math.log1p(Math.exp(-x)) : Math.log1p(Math.exp(x)))

/** Fits one method on margins and outcomes (0 or 1). */
export function fit(method: Method, margin: ArrayLike<number>, target: ArrayLike<number>): Calibration {
  switch (method) {
    case 'none':
      return { method }
    case 'platt':
      return platt(margin, target)
    case 'beta':
      return beta(margin, target)
    case 'isotonic':
      return isotonic(Array.from(margin, sigmoid), target)
  }
}

/** The calibrated probability of one margin; never decreasing in the margin (Platt: for a positive slope). */
export function calibrate(calibration: Calibration, margin: number): number {
  switch (calibration.method) {
    case 'none':
      return sigmoid(margin)
    case 'platt':
      return sigmoid(calibration.slope * margin + calibration.intercept)
    case 'beta':
      return sigmoid(-calibration.a * softplus(-margin) + calibration.b * softplus(margin) + calibration.c)
    case 'isotonic':
      return interpolate(calibration.x, calibration.y, sigmoid(margin))
  }
}

/** Where calibrated log-odds are linear in the margin, the line; else null. */
export function logOddsLine(calibration: Calibration): { readonly slope: number; readonly intercept: number } | null {
  if (calibration.method === 'none') return { slope: 1, intercept: 0 }
  return calibration.method === 'platt' ? calibration : null
}

/**
 * Platt scaling: logistic regression of the outcome on the margin (Platt 1999), with scikit-learn's negligible ridge
 * slope^2 / (2 · 10^6) so that an optimum exists for separable data too.
 */
export function platt(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
): { method: 'platt'; slope: number; intercept: number } {
  const [slope = 0, intercept = 0] = logistic([margin], target)
  return { method: 'platt', slope, intercept }
}

/**
 * Beta calibration: log-odds = a ln p - b ln(1 - p) + c with a, b >= 0 (Kull, Silva Filho and Flach 2017). A negative coefficient is set to 0
 * and the rest fitted again, as the authors' package does.
 */
export function beta(
  margin: ArrayLike<number>,
  target: ArrayLike<number>,
): { method: 'beta'; a: number; b: number; c: number } {
  const logP = Float64Array.from(margin, (x) => -softplus(-x))
  const minusLogQ = Float64Array.from(margin, softplus)
  const [a = 0, b = 0, c = 0] = logistic([logP, minusLogQ], target)
  if (a >= 0 && b >= 0) return { method: 'beta', a, b, c }
  const [one = 0, intercept = 0] = logistic([a < 0 ? minusLogQ : logP], target)
  return a < 0
    ? { method: 'beta', a: 0, b: Math.max(0, one), c: intercept }
    : { method: 'beta', a: Math.max(0, one), b: 0, c: intercept }
}

/**
 * Logistic regression by Newton's method with step halving: coefficients of the columns, then the intercept.
 * Minimises the (weighted) sum of log losses + sum of squared coefficients / (2 · 10^6); the intercept is free.
 */
export function logistic(
  columns: readonly ArrayLike<number>[],
  target: ArrayLike<number>,
  weight: ArrayLike<number> | null = null,
): number[] {
  const weightOf = (i: number) => (weight ? (weight[i] as number) : 1)
  const [k, n, ridge] = [columns.length, target.length, 1e-6]
  const loss = (w: readonly number[]) => {
    let sum = 0
    for (let i = 0; i < n; i++) {
      let z = w[k] as number
      for (let j = 0; j < k; j++) z += (w[j] as number) * (columns[j]![i] as number)
      sum += weightOf(i) * (softplus(z) - (target[i] as number) * z)
    }
    for (let j = 0; j < k; j++) sum += (ridge / 2) * (w[j] as number) ** 2
    return sum
  }
  let weights = new Array<number>(k + 1).fill(0)
  let now = loss(weights)
  for (let step = 0; step < 100; step++) {
    const gradient = new Array<number>(k + 1).fill(0)
    const hessian = Array.from({ length: k + 1 }, () => new Array<number>(k + 1).fill(0))
    const x = new Array<number>(k + 1).fill(1)
    for (let i = 0; i < n; i++) {
      let z = weights[k] as number
      for (let j = 0; j < k; j++) {
        x[j] = columns[j]![i] as number
        z += (weights[j] as number) * x[j]!
      }
      const [p, w] = [sigmoid(z), weightOf(i)]
      for (let r = 0; r <= k; r++) {
        gradient[r]! += w * (p - (target[i] as number)) * x[r]!
        for (let c = 0; c <= r; c++) hessian[r]![c]! += w * p * (1 - p) * x[r]! * x[c]!
      }
    }
    for (let r = 0; r <= k; r++) {
      if (r < k) {
        gradient[r]! += ridge * (weights[r] as number)
        hessian[r]![r]! += ridge
      }
      hessian[r]![r]! += 1e-12 // keeps a constant column or a saturated fit solvable
      for (let c = 0; c < r; c++) hessian[c]![r] = hessian[r]![c]!
    }
    const move = solve(hessian, gradient)
    let [size, next, value] = [1, weights, now]
    do {
      next = weights.map((w, r) => w - size * (move[r] as number))
      value = loss(next)
      size /= 2
    } while (!(value <= now) && size > 1e-10)
    const moved = maximum(next.map((w, r) => Math.abs(w - (weights[r] as number)) / (1 + Math.abs(w))))
    if (!(value <= now)) break
    ;[weights, now] = [next, value]
    if (moved < 1e-13) break
  }
  return weights
}

/** Solves a small symmetric system by Gaussian elimination with row pivoting. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const a = matrix.map((row, r) => [...row, right[r] as number])
  const n = right.length
  for (let c = 0; c < n; c++) {
    let pivot = c
    for (let r = c + 1; r < n; r++) if (Math.abs(a[r]![c]!) > Math.abs(a[pivot]![c]!)) pivot = r
    ;[a[c], a[pivot]] = [a[pivot]!, a[c]!]
    for (let r = c + 1; r < n; r++) {
      const factor = a[r]![c]! / a[c]![c]!
      for (let j = c; j <= n; j++) a[r]![j]! -= factor * a[c]![j]!
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let r = n - 1; r >= 0; r--) {
    let sum = a[r]![n]!
    for (let j = r + 1; j < n; j++) sum -= a[r]![j]! * x[j]!
    x[r] = sum / a[r]![r]!
  }
  return x
}

/**
 * Isotonic regression by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002): equal scores are averaged first, values between
 * two knots are interpolated, values outside are clipped, as scikit-learn's IsotonicRegression(out_of_bounds='clip') does.
 */
export function isotonic(
  score: ArrayLike<number>,
  target: ArrayLike<number>,
): { method: 'isotonic'; x: readonly number[]; y: readonly number[] } {
  const order = Array.from(score, (_, i) => i).sort((a, b) => (score[a] as number) - (score[b] as number))
  const blocks: { from: number; to: number; sum: number; weight: number }[] = []
  const mean = (block: { sum: number; weight: number } | undefined) =>
    block ? block.sum / block.weight : Number.NEGATIVE_INFINITY
  const points: { x: number; sum: number; weight: number }[] = []
  for (const row of order) {
    const last = points.at(-1)
    if (last && last.x === score[row]) {
      last.sum += target[row] as number
      last.weight++
    } else points.push({ x: score[row] as number, sum: target[row] as number, weight: 1 })
  }
  for (const { x, sum, weight } of points) {
    const block = { from: x, to: x, sum, weight }
    while (blocks.length && mean(blocks.at(-1)) >= mean(block)) {
      const before = blocks.pop()!
      block.from = before.from
      block.sum += before.sum
      block.weight += before.weight
    }
    blocks.push(block)
  }
  // A block of several scores is flat: its two ends are its knots.
  const knots = blocks.flatMap((block) =>
    (block.from === block.to ? [block.from] : [block.from, block.to]).map((x) => ({ x, y: mean(block) })),
  )
  return { method: 'isotonic', x: knots.map((k) => k.x), y: knots.map((k) => k.y) }
}

/** Linear interpolation on ascending knots, clipped at both ends. */
export function interpolate(x: readonly number[], y: readonly number[], at: number): number {
  const last = x.length - 1
  if (at <= (x[0] as number)) return y[0] as number
  if (at >= (x[last] as number)) return y[last] as number
  let [low, high] = [0, last]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((x[middle] as number) <= at) low = middle
    else high = middle
  }
  const [x0, x1, y0, y1] = [x[low]!, x[high]!, y[low]!, y[high]!]
  return y0 + ((y1 - y0) * (at - x0)) / (x1 - x0)
}
