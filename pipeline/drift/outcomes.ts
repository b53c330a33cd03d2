/** The outcomes of new clients that are known by now, from a CSV file of SK_ID_CURR and TARGET. */
import { existsSync } from 'node:fs'
import pl from 'nodejs-polars'

/** Outcomes of the given clients, NaN where the file does not know them. */
export function outcomesOf(file: string, ids: Float64Array): Float64Array {
  if (!existsSync(file))
    throw new Error(
      `drift.outcomes: expected a CSV file of SK_ID_CURR,TARGET at ${file}, found none; null where no outcome is known`,
    )
  const table = pl.readCSV(file)
  if (!['SK_ID_CURR', 'TARGET'].every((name) => table.columns.includes(name)))
    throw new Error(
      `drift.outcomes: ${file}: expected the columns SK_ID_CURR and TARGET, found ${table.columns.join(', ')}`,
    )
  const column = (name: string) => table.getColumn(name).cast(pl.Float64).toArray() as (number | null)[]
  const [clients, targets] = [column('SK_ID_CURR'), column('TARGET')]
  const wrong = targets.findIndex((target) => target !== null && target !== 0 && target !== 1)
  if (wrong >= 0)
    throw new Error(`drift.outcomes: ${file}: expected TARGET 0 or 1, found ${targets[wrong]} in row ${wrong + 2}`)
  const known = new Map(clients.map((id, i) => [id, targets[i] ?? Number.NaN]))
  const outcomes = ids.map((id) => known.get(id) ?? Number.NaN)
  if (outcomes.every(Number.isNaN))
    throw new Error(`drift.outcomes: ${file} knows none of the new clients by SK_ID_CURR`)
  return outcomes
}
