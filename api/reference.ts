/** The reference portfolio that travels in the bundle: how its risks and its features are spread. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'

export interface Spread {
  readonly p10: number
  readonly p25: number
  readonly p50: number
  readonly p75: number
  readonly p90: number
  /** The most frequent value and its share. */
  readonly mode: number
  readonly modeShare: number
  readonly count: number
}

export interface Reference {
  /** Out-of-fold probabilities, ascending. */
  readonly risks: Float64Array
  /** Share that did default; null when the reference does not say. */
  readonly defaultRate: number | null
  /** How a numeric feature is spread among those that have it; undefined when none has. */
  spread(feature: string): Spread | undefined
  /** The same among the clients whose risk passes `keep`. */
  spreadWhere(feature: string, keep: (risk: number) => boolean): Spread | undefined
}

/** Quantile with linear interpolation of ascending values (numpy's default, type 7 of Hyndman and Fan 1996). */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = q * (ascending.length - 1)
  const low = Math.floor(at)
  const below = ascending[low] ?? Number.NaN
  return below + (at - low) * ((ascending[low + 1] ?? below) - below)
}

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

function spreadOf(values: Float64Array): Spread | undefined {
  if (values.length === 0) return undefined
  const ascending = values.toSorted()
  let [mode, most, run] = [ascending[0]!, 0, 0]
  ascending.forEach((value, i) => {
    run = i > 0 && value === ascending[i - 1] ? run + 1 : 1
    if (run > most) [mode, most] = [value, run]
  })
  const [p10, p25, p50, p75, p90] = [0.1, 0.25, 0.5, 0.75, 0.9].map((q) => quantile(ascending, q)) as [
    number,
    number,
    number,
    number,
    number,
  ]
  return { p10, p25, p50, p75, p90, mode, modeShare: most / values.length, count: values.length }
}

/** Reads `reference.parquet` of a bundle folder; null when the bundle carries none. */
export async function readReference(folder: string): Promise<Reference | null> {
  const path = join(folder, 'reference.parquet')
  if (!existsSync(path)) return null
  const worker = new Worker(new URL(`./reference-columns${extname(import.meta.filename)}`, import.meta.url), {
    workerData: path,
    execArgv: [],
  })
  const [columns] = await once(worker, 'message')
  return referenceOf(columns as ReadonlyMap<string, Float64Array>)
}

const finite = (values: ArrayLike<number>) => Float64Array.from(values).filter(Number.isFinite)

/**
 * A reference from its columns, one row a client, NaN for what is missing or no number: `probability`, `TARGET` and the features.
 * Spreads are made when first asked for.
 */
export function referenceOf(columns: ReadonlyMap<string, ArrayLike<number>>): Reference {
  const column = (name: string) => columns.get(name) ?? []
  const risks = column('probability')
  const targets = finite(column('TARGET'))
  const known = new Map<string, Spread | undefined>()
  return {
    risks: finite(risks).sort(),
    defaultRate: targets.length > 0 ? targets.reduce((a, b) => a + b, 0) / targets.length : null,
    spread(feature) {
      if (!known.has(feature)) known.set(feature, spreadOf(finite(column(feature))))
      return known.get(feature)
    },
    spreadWhere: (feature, keep) =>
      spreadOf(finite(Float64Array.from(column(feature)).filter((_, i) => keep(risks[i]!)))),
  }
}
