/** SMOTE-NC: made-up defaults between a default and one of its nearest neighbours (Chawla et al. 2002, section 6.1: nominal and continuous). */

import { quantile } from '../../data/quantile.ts'
import { Sample } from '../candidates/sample.ts'
import type { Matrix } from '../matrix.ts'
import { random } from '../random.ts'

/** Points of one class: numbers without gaps, and codes of categories. Columns of equal length. */
export interface Points {
  readonly numbers: readonly ArrayLike<number>[]
  readonly codes: readonly ArrayLike<number>[]
}

/** The population standard deviation of each column, and their median: what one differing category adds to a distance. */
export function nominalDistance(numbers: readonly ArrayLike<number>[]): number {
  const deviations = numbers.map((column) => {
    const values = Array.from(column)
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length)
  })
  return deviations.length
    ? quantile(
        deviations.sort((a, b) => a - b),
        0.5,
      )
    : 1
}

/**
 * The `k` nearest neighbours of each point, nearest first, equal distances in row order: Euclidean over the numbers, plus the squared
 * nominal distance for each category that differs. All pairs are measured: n² times the number of columns.
 */
export function neighbours({ numbers, codes }: Points, k: number): Uint32Array[] {
  const n = (numbers[0] ?? codes[0])?.length ?? 0
  const nominal = nominalDistance(numbers) ** 2
  // Row-major copies: the inner loop runs along a row.
  const rows = Float64Array.from(
    { length: n * numbers.length },
    (_, i) => numbers[i % numbers.length]![(i / numbers.length) | 0]!,
  )
  const kinds = Float64Array.from(
    { length: n * codes.length },
    (_, i) => codes[i % codes.length]![(i / codes.length) | 0]!,
  )
  const squared = new Float64Array(n * n)
  for (let a = 0; a < n; a++)
    for (let b = 0; b < a; b++) {
      let sum = 0
      for (let j = 0, x = a * numbers.length, y = b * numbers.length; j < numbers.length; j++)
        sum += (rows[x + j]! - rows[y + j]!) ** 2
      for (let j = 0, x = a * codes.length, y = b * codes.length; j < codes.length; j++)
        if (kinds[x + j] !== kinds[y + j]) sum += nominal
      squared[a * n + b] = sum
      squared[b * n + a] = sum
    }
  return Array.from({ length: n }, (_, a) =>
    Uint32Array.from({ length: n }, (_, b) => b)
      .filter((b) => b !== a)
      .sort((b, c) => squared[a * n + b]! - squared[a * n + c]! || b - c)
      .slice(0, k),
  )
}

/** One made-up point: from `base` the share `step` of the way to its `neighbour`-th nearest neighbour. */
export interface Draw {
  readonly base: number
  readonly neighbour: number
  readonly step: number
}

/** Draws as imbalanced-learn makes them: any base, any of its neighbours, a uniform step. */
export function draws(count: number, points: number, k: number, seed: number): Draw[] {
  const next = random(seed)
  return Array.from({ length: count }, () => {
    const at = Math.floor(next() * points * k)
    return { base: Math.floor(at / k), neighbour: at % k, step: next() }
  })
}

/** A number between the two; a gap of the base stays a gap, and where only the neighbour has one the base's value stays. */
export function between(base: number, neighbour: number, step: number): number {
  return Number.isNaN(neighbour) ? base : base + step * (neighbour - base)
}

/** The code that most neighbours have; the smallest of equally frequent ones; gaps (NaN) count as a code of their own. */
export function vote(codes: ArrayLike<number>, near: ArrayLike<number>): number {
  const counts = new Map<number, number>()
  for (let i = 0; i < near.length; i++) {
    const code = codes[near[i]!]!
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  return [...counts].sort(([a, m], [b, n]) => n - m || (Number.isNaN(a) ? 1 : Number.isNaN(b) ? -1 : a - b))[0]![0]
}

const k = 5

/** The sample with made-up defaults added until there are `good` good clients for each. Rows of good clients are as they were. */
export function oversampled(sample: Sample, good: number, seed: number): Sample {
  const bad = [...sample.target.keys()].filter((i) => sample.target[i] === 1)
  const wanted = Math.round((sample.count - bad.length) / good) - bad.length
  if (wanted <= 0 || bad.length <= k) return new Sample(sample.matrix, sample.target)
  const near = neighbours(comparable(sample.matrix, bad), k)
  const made = draws(wanted, bad.length, k, seed)
  const columns = sample.matrix.columns.map((column, j) => {
    const own = Float32Array.from(bad, (row) => column[row] as number)
    const grown = new Float32Array(sample.count + wanted)
    grown.set(column)
    made.forEach(({ base, neighbour, step }, i) => {
      const around = near[base] as Uint32Array
      grown[sample.count + i] =
        sample.matrix.types[j] === 'c' ? vote(own, around) : between(own[base]!, own[around[neighbour]!]!, step)
    })
    return grown
  })
  const target = new Int8Array(sample.count + wanted).fill(1, sample.count)
  target.set(sample.target)
  const ids = new Int32Array(target.length).fill(-1, sample.count)
  ids.set(sample.matrix.ids)
  return new Sample({ ...sample.matrix, ids, columns }, target)
}

/** The rows as points to be compared: numbers scaled to standard deviation 1 over all clients, gaps at their mean, categories apart. */
function comparable(matrix: Matrix, rows: readonly number[]): Points {
  const numbers: Float64Array[] = []
  const codes: Float64Array[] = []
  matrix.columns.forEach((column, j) => {
    if (matrix.types[j] === 'c') {
      codes.push(Float64Array.from(rows, (row) => (Number.isNaN(column[row]) ? -1 : column[row]!)))
      return
    }
    let [count, sum, squares] = [0, 0, 0]
    for (const v of column)
      if (!Number.isNaN(v)) {
        count++
        sum += v
        squares += v * v
      }
    const mean = sum / count
    const sd = Math.sqrt(Math.max(0, squares / count - mean ** 2))
    if (count && sd > 0)
      numbers.push(Float64Array.from(rows, (row) => (Number.isNaN(column[row]) ? 0 : (column[row]! - mean) / sd)))
  })
  return { numbers, codes }
}
