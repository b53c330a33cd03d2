/** The comparison of the two evaluators, cell by cell. */
import type pl from 'nodejs-polars'
import type { Value } from '../data/applicant.ts'
import type { Definitions } from './rules/check/definitions.ts'

export interface Parity {
  readonly cells: number
  /** Cells that differ at all. */
  readonly unequal: number
  /** The largest relative difference, infinite where one side is missing or a text differs; and where. */
  readonly worst: number
  readonly where: string
}

/** `batch` has a row per client, `single` that client's values in the definitions' order. */
export function parityOf(
  definitions: Definitions,
  batch: pl.DataFrame,
  single: (client: number) => readonly Value[],
): Parity {
  const clients = batch.getColumn('SK_ID_CURR').toArray() as number[]
  const rows = clients.map(single)
  let [unequal, worst, where] = [0, 0, '']
  for (const [index, { name }] of definitions.features.entries()) {
    const values = batch.getColumn(name).toArray() as (Value | undefined)[]
    for (const [row, client] of clients.entries()) {
      const [a, b] = [rows[row]![index]!, values[row] ?? null]
      if (a === b) continue
      unequal++
      const difference = relative(a, b)
      if (difference > worst)
        [worst, where] = [difference, `${name} of client ${client}: ${a} alone, ${b} in the batch`]
    }
  }
  return { cells: clients.length * definitions.features.length, unequal, worst, where }
}

function relative(a: Value, b: Value): number {
  if (typeof a !== 'number' || typeof b !== 'number') return Number.POSITIVE_INFINITY
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b))
}
