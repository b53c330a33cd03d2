/** How the values of the reference portfolio are spread: quantiles, the most frequent value, the rank of one risk. */
import { z } from 'zod'
import { quantile } from '../data/quantile.ts'

export const spreadSchema = z
  .strictObject({
    p10: z.number(),
    p25: z.number(),
    p50: z.number(),
    p75: z.number(),
    p90: z.number(),
    /** The most frequent value and its share of the known ones, 0 to 1. */
    mode: z.number(),
    modeShare: z.number(),
    /** Clients whose value is known. */
    count: z.int().positive(),
  })
  .readonly()
export type ReferenceSpread = z.output<typeof spreadSchema>

/** What the bundle carries of its reference portfolio, so that one client can be set against it. */
export const portfolioSchema = z
  .strictObject({
    clients: z.int().min(0),
    /** Out-of-fold probabilities, ascending. */
    risks: z.array(z.number()).readonly(),
    /** By feature that is no category; absent where no client has a value. */
    spreads: z.record(z.string(), spreadSchema).readonly(),
  })
  .readonly()
export type Portfolio = z.output<typeof portfolioSchema>

/** Share of ascending `values` below `value`, 0 to 1. */
export function rank(values: ArrayLike<number>, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return values.length ? low / values.length : 0
}

/** The spread of known values; undefined when there are none. */
export function spreadOf(values: ArrayLike<number>): ReferenceSpread | undefined {
  if (values.length === 0) return undefined
  const ascending = Float64Array.from(values).sort()
  let [mode, most, run] = [ascending[0]!, 0, 0]
  ascending.forEach((value, i) => {
    run = i > 0 && value === ascending[i - 1] ? run + 1 : 1
    if (run > most) [mode, most] = [value, run]
  })
  const at = (q: number) => quantile(ascending, q)
  return {
    p10: at(0.1),
    p25: at(0.25),
    p50: at(0.5),
    p75: at(0.75),
    p90: at(0.9),
    mode,
    modeShare: most / values.length,
    count: values.length,
  }
}

/** The portfolio of risks and of features (null or NaN: missing), written to six significant digits. */
export function portfolioOf(
  risks: readonly number[],
  features: Readonly<Record<string, readonly (number | null)[]>>,
): Portfolio {
  const short = (value: number) => Number(value.toPrecision(6))
  const spreads = Object.entries(features).flatMap(([name, values]) => {
    const spread = spreadOf(values.filter((value) => value !== null && Number.isFinite(value)) as number[])
    return spread ? [[name, mapped(spread, short)] as const] : []
  })
  return {
    clients: risks.length,
    risks: risks.map(short).sort((a, b) => a - b),
    spreads: Object.fromEntries(spreads),
  }
}

const mapped = (spread: ReferenceSpread, change: (value: number) => number): ReferenceSpread => ({
  p10: change(spread.p10),
  p25: change(spread.p25),
  p50: change(spread.p50),
  p75: change(spread.p75),
  p90: change(spread.p90),
  mode: change(spread.mode),
  modeShare: change(spread.modeShare),
  count: spread.count,
})
