/** Default rates of groups of clients, with the interval that their size allows. */
import pl from 'nodejs-polars'
import { shareInterval } from '../models/share-interval.ts'

export interface Rate {
  readonly level: string
  readonly clients: number
  readonly defaults: number
  /** 0 to 1. */
  readonly rate: number
  /** 95% interval. */
  readonly low: number
  readonly high: number
}

/** A default rate with its 95% interval. */
export function rateOf(level: string, clients: number, defaults: number): Rate {
  const { lower: low, upper: high } = shareInterval(defaults, clients)
  return { level, clients, defaults, rate: defaults / clients, low, high }
}

interface Group {
  readonly key: string | number | null
  readonly clients: number
  readonly defaults: number
}

/** Clients and defaults by the value of an expression, in no promised order. */
function groups(known: pl.DataFrame, key: pl.Expr): Group[] {
  return known
    .select(key.alias('key'), pl.col('TARGET').cast(pl.Float64))
    .groupBy('key')
    .agg(pl.len().alias('clients'), pl.col('TARGET').sum().alias('defaults'))
    .rows()
    .map(([key, clients, defaults]) => ({ key, clients: Number(clients), defaults: Number(defaults) }))
}

export const rateOfAll = (known: pl.DataFrame): Rate =>
  rateOf('all', known.height, Number(known.getColumn('TARGET').sum()))

/**
 * By the levels of a text column, the riskiest first; nulls are `missing`, levels of fewer than `least` clients
 * go together, and are left out when even together they are fewer.
 */
export function rateByLevel(known: pl.DataFrame, column: string, { least = 100, missing = 'not given' } = {}): Rate[] {
  const all = groups(known, pl.col(column))
  const large = all.filter(({ clients }) => clients >= least)
  const small = all.filter(({ clients }) => clients < least)
  const sum = (key: 'clients' | 'defaults') => small.reduce((total, group) => total + group[key], 0)
  const rates = large.map(({ key, clients, defaults }) =>
    rateOf(key === null ? missing : String(key), clients, defaults),
  )
  if (sum('clients') >= least) rates.push(rateOf(`${small.length} small groups`, sum('clients'), sum('defaults')))
  return rates.sort((a, b) => b.rate - a.rate || (a.level < b.level ? -1 : 1))
}

/**
 * By bands of a number: below the first break, from each break to below the next, from the last on. `name` words a band by its
 * ends (null where open). Clients without the number are left out, and so are empty bands.
 */
export function rateByBand(
  known: pl.DataFrame,
  value: pl.Expr,
  breaks: readonly number[],
  name: (from: number | null, below: number | null) => string,
): Rate[] {
  const band = breaks.map((at) => value.gtEq(pl.lit(at)).cast(pl.Int32)).reduce((sum, each) => sum.plus(each))
  const found = groups(known.filter(value.isNotNull()), band)
  return found
    .sort((a, b) => Number(a.key) - Number(b.key))
    .map(({ key, clients, defaults }) =>
      rateOf(name(breaks[Number(key) - 1] ?? null, breaks[Number(key)] ?? null), clients, defaults),
    )
}

/** Columns of numbers without polars' nulls: NaN stands for missing. */
export const numbers = (frame: pl.DataFrame, column: string): Float64Array =>
  Float64Array.from(frame.getColumn(column).toArray(), (value) => (value === null ? Number.NaN : Number(value)))

/** The clients that have the value, in `parts` groups of the same size from the lowest to the highest value; ties keep the table's order. */
export function ranked(value: Float64Array, parts: number): Uint32Array[] {
  const rows = Uint32Array.from(value.keys()).filter((row) => !Number.isNaN(value[row]))
  rows.sort((a, b) => (value[a] as number) - (value[b] as number) || a - b)
  return Array.from({ length: parts }, (_, part) =>
    rows.subarray(Math.round((part * rows.length) / parts), Math.round(((part + 1) * rows.length) / parts)),
  )
}

export const rateOfRows = (level: string, rows: Uint32Array, target: Float64Array): Rate =>
  rateOf(
    level,
    rows.length,
    rows.reduce((sum, row) => sum + (target[row] as number), 0),
  )
