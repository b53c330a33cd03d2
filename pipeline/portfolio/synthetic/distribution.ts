/** Distributions from published figures: quantiles, mean and standard deviation. */
import cdf from '@stdlib/stats-base-dists-normal-cdf'

/** Value at a share of the clients, from 0 to 1. */
export type Quantiles = readonly (readonly [share: number, value: number])[]

/** An inverse distribution function. */
export type Spread = (share: number) => number

/**
 * Straight between the published quantiles; the first and last stretch bend towards their inner end,
 * `lowTail` and `highTail` being the power (1 is straight, large is a thin long tail). `rise` bends the stretch before the last.
 */
export function spread(quantiles: Quantiles, lowTail = 1, highTail = 1, rise = 1): Spread {
  const shares = Float64Array.from(quantiles, ([share]) => share)
  const values = Float64Array.from(quantiles, ([, value]) => value)
  const last = quantiles.length - 1
  return (share) => {
    let i = 1
    while (i < last && shares[i]! < share) i++
    const from = shares[i - 1]!
    const [low, high] = [values[i - 1]!, values[i]!]
    const part = Math.min(1, Math.max(0, (share - from) / (shares[i]! - from)))
    if (i === 1 && lowTail !== 1) return high + (low - high) * (1 - part) ** lowTail
    if (i === last && highTail !== 1) return low + (high - low) * part ** highTail
    return low + (high - low) * (i === last - 1 && rise !== 1 ? part ** rise : part)
  }
}

/** Mean and standard deviation of such a distribution. */
function moments(quantiles: Quantiles, lowTail: number, highTail: number, rise: number): { mean: number; sd: number } {
  let [first, second] = [0, 0]
  for (let i = 1; i < quantiles.length; i++) {
    const [from, low] = quantiles[i - 1]!
    const [to, high] = quantiles[i]!
    const last = quantiles.length - 1
    const bend = i === last ? highTail : i === last - 1 ? rise : 1
    const [start, reach, power] = i === 1 ? [high, low - high, lowTail] : [low, high - low, bend]
    const mean = start + reach / (power + 1)
    first += (to - from) * mean
    second += (to - from) * (start * start + (2 * start * reach) / (power + 1) + (reach * reach) / (2 * power + 1))
  }
  return { mean: first, sd: Math.sqrt(Math.max(0, second - first * first)) }
}

/** One row of a describe table: missing share, mean, sd, min, q25, median, q75, max. */
export type Describe = readonly number[]

/**
 * The distribution that has the published quantiles and, as nearly as tails allow, the published mean and standard deviation.
 * The powers of the two tails are searched one after the other.
 */
export function spreadOf([, mean, sd, min, q25, median, q75, max]: Describe): Spread {
  const quantiles: Quantiles = [
    [0, min!],
    [0.25, q25!],
    [0.5, median!],
    [0.75, q75!],
    [1, max!],
  ]
  // where the lower half is all at the least value, the rise to the upper quartile is bent too
  const rise = min === median && q75! > median! ? 1.8 : 1
  const off = (low: number, high: number) => {
    const found = moments(quantiles, low, high, rise)
    return ((found.mean - mean!) / sd!) ** 2 * 25 + ((found.sd - sd!) / sd!) ** 2
  }
  let [low, high] = [1, 1]
  for (let sweep = 0; sweep < 6; sweep++) {
    if (min !== q25) low = smallest((power) => off(power, high))
    if (max !== q75) high = smallest((power) => off(low, power))
  }
  return spread(quantiles, low, high, rise)
}

/** Where a function of a tail's power is smallest, by golden section over its logarithm. */
function smallest(off: (power: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [from, to] = [Math.log(0.5), Math.log(250)]
  for (let i = 0; i < 24; i++) {
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
  matrix.forEach((row, i) => {
    const line: number[] = []
    for (let j = 0; j <= i; j++) {
      let sum = row[j] ?? 0
      const other = lower[j] ?? line
      for (let k = 0; k < j; k++) sum -= line[k]! * other[k]!
      if (j < i) line.push(sum / other[j]!)
      else if (sum > 0) line.push(Math.sqrt(sum))
      else throw new Error('these correlations cannot hold together')
    }
    lower.push(line)
  })
  return lower
}
