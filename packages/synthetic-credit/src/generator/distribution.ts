/** Distributions from published figures: quantiles, mean and standard deviation. */
import cdf from '@stdlib/stats-base-dists-normal-cdf'
import type { Describe } from '../published/statistics.ts'

/** Value at a share of the clients, from 0 to 1. */
export type Quantiles = readonly (readonly [share: number, value: number])[]

/** An inverse distribution function: from a share of the clients, 0 to 1, to the value that so many lie below. */
export type Spread = (share: number) => number

/** Slopes at the knots that keep a cubic between them rising (Fritsch and Carlson 1980, harmonic means). */
function slopesOf(quantiles: Quantiles): Float64Array {
  const secants = quantiles.slice(1).map(([share, value], i) => (value - quantiles[i]![1]) / (share - quantiles[i]![0]))
  return Float64Array.from(quantiles, (_, i) => {
    const [left, right] = [secants[i - 1], secants[i]]
    if (left === undefined || right === undefined) return left ?? right ?? 0
    return left > 0 && right > 0 ? (2 * left * right) / (left + right) : 0
  })
}

/**
 * How far a first or last stretch has come from its inner end (0) to the extreme (1). It leaves with the slope of its neighbour, so that the
 * density has no step there, and the rest grows with a power: 1 is straight, large is a thin long tail.
 */
interface Tail {
  readonly slope: number
  readonly power: number
}

const reach = (part: number, { slope, power }: Tail) => slope * part + (1 - slope) * part ** power

/** Powers of the two tails, and by how much the slopes at their inner ends are eased: 1 is as the neighbours have it, 0 is flat. */
interface Shape {
  readonly lowPower: number
  readonly highPower: number
  readonly lowEase: number
  readonly highEase: number
}

const plain: Shape = { lowPower: 2, highPower: 2, lowEase: 1, highEase: 1 }

function shaped(quantiles: Quantiles, { lowPower, highPower, lowEase, highEase }: Shape) {
  const last = quantiles.length - 1
  const slopes = slopesOf(quantiles)
  slopes[1]! *= lowEase
  slopes[last - 1]! *= highEase
  const tail = (inner: number, outer: number, power: number): Tail => {
    const [width, distance] = [0, 1].map((at) => Math.abs(quantiles[outer]![at]! - quantiles[inner]![at]!)) as [
      number,
      number,
    ]
    return { slope: distance > 0 ? Math.min(1, (slopes[inner]! * width) / distance) : 1, power }
  }
  return { slopes, low: tail(1, 0, lowPower), high: tail(last - 1, last, highPower) }
}

/** Smooth through the published quantiles (three at least), with tails of the given shape. */
export function spread(quantiles: Quantiles, shape: Partial<Shape> = {}): Spread {
  const shares = Float64Array.from(quantiles, ([share]) => share)
  const values = Float64Array.from(quantiles, ([, value]) => value)
  const { slopes, low, high } = shaped(quantiles, { ...plain, ...shape })
  const last = quantiles.length - 1
  return (share) => {
    let i = 1
    while (i < last && shares[i]! < share) i++
    const width = shares[i]! - shares[i - 1]!
    const part = Math.min(1, Math.max(0, (share - shares[i - 1]!) / width))
    const [from, to] = [values[i - 1]!, values[i]!]
    if (i === 1) return to + (from - to) * reach(1 - part, low)
    if (i === last) return from + (to - from) * reach(part, high)
    const [square, rest] = [part * part, 1 - part]
    return (
      from * (1 + 2 * part) * rest * rest +
      slopes[i - 1]! * width * part * rest * rest +
      to * square * (3 - 2 * part) -
      slopes[i]! * width * square * rest
    )
  }
}

/** Straight between quantiles, for extracts that publish many of them. */
export function straightSpread(quantiles: Quantiles): Spread {
  const shares = Float64Array.from(quantiles, ([share]) => share)
  const values = Float64Array.from(quantiles, ([, value]) => value)
  const last = quantiles.length - 1
  return (share) => {
    let i = 1
    while (i < last && shares[i]! < share) i++
    const part = Math.min(1, Math.max(0, (share - shares[i - 1]!) / (shares[i]! - shares[i - 1]!)))
    return values[i - 1]! + (values[i]! - values[i - 1]!) * part
  }
}

/**
 * A quantity whose published median, third quartile, mean and deviation are those of a log-normal (flats and areas of buildings): log-normal
 * above the third quartile, with the deviation that gives the mean, and straight below the first.
 */
export function longTailed([, mean, , min, q25, median, q75, max]: Describe): Spread {
  const beyond = [0.9, 0.95, 0.97, 0.98, 0.99, 0.995, 0.998, 0.9995] as const
  const of = (deviation: number): Spread =>
    straightSpread([
      [0, min!],
      [0.25, q25!],
      [0.5, median!],
      [0.75, q75!],
      ...beyond.map(
        (share) =>
          [share, Math.min(max!, q75! * Math.exp(deviation * (quantileOf(share) - quantileOf(0.75))))] as const,
      ),
      [1, max!],
    ])
  const meanOf = (spread: Spread) => {
    let sum = 0
    for (let i = 0; i < 4000; i++) sum += spread((i + 0.5) / 4000)
    return sum / 4000
  }
  let [low, high] = [0.1, 3]
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2
    if (meanOf(of(middle)) < mean!) low = middle
    else high = middle
  }
  return of(low)
}

/** The published distribution of a column. */
export const spreadOf = ([, mean, sd, min, q25, median, q75, max]: Describe): Spread =>
  fitted(
    [
      [0, min!],
      [0.25, q25!],
      [0.5, median!],
      [0.75, q75!],
      [1, max!],
    ],
    mean!,
    sd!,
  )

const anyEase = { low: [1, 0.7, 0.4], high: [1, 0.7, 0.4] }

/**
 * The distribution that has these quantiles and, as nearly as its tails allow, this mean and standard deviation (null: any).
 * The powers of the tails are searched in turn, for several easings of their inner slopes.
 */
export function fitted(
  quantiles: Quantiles,
  mean: number,
  sd: number | null,
  eases: { readonly low: readonly number[]; readonly high: readonly number[] } = anyEase,
): Spread {
  const last = quantiles.length - 1
  const [[from], [to]] = [quantiles[1]!, quantiles[last - 1]!]
  /** Mean and mean square of the middle. */
  const middle = (shape: Shape): [number, number] => {
    const at = spread(quantiles, shape)
    const steps = 48
    let [first, second] = [0, 0]
    for (let i = 0; i < steps; i++) {
      const value = at(from + ((i + 0.5) / steps) * (to - from))
      first += (value * (to - from)) / steps
      second += (value * value * (to - from)) / steps
    }
    return [first, second]
  }
  /** A tail's part of mean and mean square, in closed form. */
  const tail = (inner: number, outer: number, { slope, power }: Tail): [number, number] => {
    const [start, end] = [quantiles[inner]!, quantiles[outer]!]
    const width = Math.abs(end[0] - start[0])
    const d = end[1] - start[1]
    const bend = 1 - slope
    const once = slope / 2 + bend / (power + 1)
    const twice = (slope * slope) / 3 + (2 * slope * bend) / (power + 2) + (bend * bend) / (2 * power + 1)
    return [width * (start[1] + d * once), width * (start[1] * start[1] + 2 * start[1] * d * once + d * d * twice)]
  }
  let best: { shape: Shape; error: number } = { shape: plain, error: Number.POSITIVE_INFINITY }
  for (const lowEase of eases.low)
    for (const highEase of eases.high) {
      const [first, second] = middle({ ...plain, lowEase, highEase })
      const off = (lowPower: number, highPower: number) => {
        const { low, high } = shaped(quantiles, { lowPower, highPower, lowEase, highEase })
        const [[lowFirst, lowSecond], [highFirst, highSecond]] = [tail(1, 0, low), tail(last - 1, last, high)]
        const found = first + lowFirst + highFirst
        const deviation = Math.sqrt(Math.max(0, second + lowSecond + highSecond - found * found))
        const scale = sd ?? Math.abs(mean)
        return ((found - mean) / scale) ** 2 * 25 + (sd === null ? 0 : ((deviation - sd) / sd) ** 2)
      }
      let [lowPower, highPower] = [2, 2]
      for (let sweep = 0; sweep < 4; sweep++) {
        lowPower = smallest((power) => off(power, highPower))
        highPower = smallest((power) => off(lowPower, power))
      }
      const error = off(lowPower, highPower) + 0.05 * (2 - lowEase - highEase) // an eased slope heaps values up at its quantile
      if (error < best.error) best = { shape: { lowPower, highPower, lowEase, highEase }, error }
    }
  return spread(quantiles, best.shape)
}

/** Where a function of a tail's power is smallest, by golden section over its logarithm. */
function smallest(off: (power: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [from, to] = [0, Math.log(400)]
  for (let i = 0; i < 20; i++) {
    const [left, right] = [to - golden * (to - from), from + golden * (to - from)]
    if (off(Math.exp(left)) < off(Math.exp(right))) to = right
    else from = left
  }
  return Math.exp((from + to) / 2)
}

/** The standard normal distribution function. */
export const normalShare: (z: number) => number = cdf.factory(0, 1)

/** Lower triangle L with L·Lᵀ = the correlation matrix, row by row. */
export function cholesky(matrix: readonly (readonly number[])[]): number[][] {
  const lower: number[][] = []
  for (const [i, row] of matrix.entries()) {
    const line: number[] = []
    for (let j = 0; j <= i; j++) {
      const other = lower[j] ?? line
      let sum = row[j] ?? 0
      for (let k = 0; k < j; k++) sum -= line[k]! * other[k]!
      if (j < i) line.push(sum / other[j]!)
      else if (sum > 0) line.push(Math.sqrt(sum))
      else throw new Error('these correlations cannot hold together')
    }
    lower.push(line)
  }
  return lower
}

/** The standard normal value that a share lies below, by bisection: for tables made once. */
function quantileOf(share: number): number {
  let [low, high] = [-8, 8]
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return low
}
