/** The reference portfolio that travels in the bundle: how its risks and its features are spread. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetRead } from 'hyparquet'
import type { Value } from '../pipeline/portfolio/applicant.ts'
import { type Spread, spreadOf } from '../pipeline/scoring/reference.ts'

export interface Reference {
  /** Out-of-fold probabilities, ascending. */
  readonly risks: Float64Array
  /** Share that did default; null when the reference does not say. */
  readonly defaultRate: number | null
  /** How a numeric feature is spread among those that have it; undefined when none has. */
  spread(feature: string): Spread | undefined
  /** A numeric feature's values by client, NaN for what is missing or no number. */
  values(feature: string): readonly number[]
  /** One client's values of the named features, null for what is missing. */
  row(index: number, features: readonly string[]): Value[]
  readonly clients: number
  /** The same among the clients whose risk passes `keep`. */
  spreadWhere(feature: string, keep: (risk: number, row: number) => boolean): Spread | undefined
}

/** Reads `reference.parquet` of a bundle folder; null when the bundle carries none. */
export async function readReference(folder: string): Promise<Reference | null> {
  const path = join(folder, 'reference.parquet')
  if (!existsSync(path)) return null
  const bytes = readFileSync(path)
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
  const columns = new Map<string, number[]>()
  const words = new Map<string, (string | null)[]>()
  await parquetRead({
    file,
    onChunk({ columnName, columnData }) {
      const numbers = columns.get(columnName) ?? []
      const data = Array.from<unknown>(columnData)
      for (const value of data) numbers.push(typeof value === 'number' ? value : Number.NaN)
      columns.set(columnName, numbers)
      if (!data.some((value) => typeof value === 'string')) return
      const before = words.get(columnName) ?? new Array<null>(numbers.length - data.length).fill(null)
      words.set(columnName, [...before, ...data.map((value) => (typeof value === 'string' ? value : null))])
    },
  })
  return referenceOf(columns, words)
}

const finite = (values: readonly number[]) => values.filter(Number.isFinite)

/**
 * A reference from its columns, one row a client, NaN for what is missing or no number: `probability`, `TARGET` and the features;
 * `words` holds those that are categories.
 * Spreads are made when first asked for.
 */
export function referenceOf(
  columns: ReadonlyMap<string, readonly number[]>,
  words: ReadonlyMap<string, readonly (string | null)[]> = new Map(),
): Reference {
  const column = (name: string) => columns.get(name) ?? []
  const risks = column('probability')
  const targets = finite(column('TARGET'))
  const known = new Map<string, Spread | undefined>()
  return {
    risks: Float64Array.from(finite(risks)).sort(),
    defaultRate: targets.length > 0 ? targets.reduce((a, b) => a + b, 0) / targets.length : null,
    spread(feature) {
      if (!known.has(feature)) known.set(feature, spreadOf(finite(column(feature))))
      return known.get(feature)
    },
    values: column,
    clients: risks.length,
    row: (index, features) =>
      features.map((feature) => {
        const word = words.get(feature)
        if (word) return word[index] ?? null
        const value = column(feature)[index]
        return value === undefined || Number.isNaN(value) ? null : value
      }),
    spreadWhere: (feature, keep) => spreadOf(finite(column(feature).filter((_, i) => keep(risks[i]!, i)))),
  }
}
