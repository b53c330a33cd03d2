/** The reference portfolio that travels in the bundle: how its risks and its features are spread. */
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Value } from '../pipeline/data/applicant.ts'
import { type ReferenceSpread, spreadOf } from '../pipeline/scoring/reference.ts'

/** As precise as in the file. */
export type NumberColumn = Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer>

/** What the worker hands over: each column's numbers, NaN where it has none, and the words of those that are categories. */
export interface ReferenceColumns {
  readonly numbers: ReadonlyMap<string, NumberColumn>
  readonly words: ReadonlyMap<string, readonly (string | null)[]>
}

export interface Reference {
  /** Out-of-fold probabilities, ascending. */
  readonly risks: Float64Array
  /** Share that did default; null when the reference does not say. */
  readonly defaultRate: number | null
  /** How a numeric feature is spread among those that have it; undefined when none has. */
  spread(feature: string): ReferenceSpread | undefined
  /** A numeric feature's values by client, NaN for what is missing or no number. */
  values(feature: string): ArrayLike<number>
  /** One client's values of the named features, null for what is missing. */
  row(index: number, features: readonly string[]): Value[]
  readonly clients: number
  /** The same among the clients whose risk passes `keep`. */
  spreadWhere(feature: string, keep: (risk: number, row: number) => boolean): ReferenceSpread | undefined
}

/** Reads `reference.parquet` of a bundle folder; null when the bundle carries none. @throws Error naming a file that cannot be read */
export async function readReference(folder: string): Promise<Reference | null> {
  const path = join(folder, 'reference.parquet')
  if (!existsSync(path)) return null
  const worker = new Worker(new URL(`./reference-columns${extname(import.meta.filename)}`, import.meta.url), {
    workerData: path,
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 4 }, // garbage is collected before it makes the process large
  })
  try {
    const [{ numbers, words }] = (await once(worker, 'message')) as [ReferenceColumns]
    return referenceOf(numbers, words)
  } catch (cause) {
    throw new Error(
      `${path}: expected the reference portfolio in Parquet, which cannot be read (${cause instanceof Error ? cause.message : cause}). Put the file back as it was (dvc checkout), or make the bundle again with: dvc repro train`,
      { cause },
    )
  }
}

const finite = (values: ArrayLike<number>) => Float64Array.from(values).filter(Number.isFinite)

/**
 * A reference from its columns, one row a client, NaN for what is missing or no number: `probability`, `TARGET` and the features;
 * `words` holds those that are categories.
 * Spreads are made when first asked for.
 */
export function referenceOf(
  columns: ReadonlyMap<string, ArrayLike<number>>,
  words: ReferenceColumns['words'] = new Map(),
): Reference {
  const column = (name: string) => columns.get(name) ?? []
  const risks = column('probability')
  const targets = finite(column('TARGET'))
  const known = new Map<string, ReferenceSpread | undefined>()
  return {
    risks: finite(risks).sort(),
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
    spreadWhere: (feature, keep) =>
      spreadOf(finite(Float64Array.from(column(feature)).filter((_, i) => keep(risks[i]!, i)))),
  }
}
