/** Outcomes of new clients that are known by now, from a CSV file of SK_ID_CURR,TARGET (parameter drift.outcomes). */
import { existsSync, readFileSync } from 'node:fs'
import { numberTable } from '../data/csv-rows.ts'

/** TARGET of the given clients, NaN where the file does not know them. @throws DataError where the file is no table */
export function outcomesOf(file: string, ids: Float64Array): Float64Array {
  if (!existsSync(file))
    throw new Error(
      `drift.outcomes: expected a CSV file of SK_ID_CURR,TARGET at ${file}, found none; null where no outcome is known`,
    )
  const { names, lines, column } = numberTable(readFileSync(file), file)
  if (!['SK_ID_CURR', 'TARGET'].every((name) => names.includes(name)))
    throw new Error(`drift.outcomes: ${file}: expected the columns SK_ID_CURR and TARGET, found ${names.join(', ')}`)
  const [clients, targets] = [column('SK_ID_CURR'), column('TARGET')]
  const wrong = targets.findIndex((target) => !Number.isNaN(target) && target !== 0 && target !== 1)
  if (wrong >= 0)
    throw new Error(`drift.outcomes: ${file}, line ${lines[wrong]}: expected TARGET 0 or 1, found ${targets[wrong]}`)
  const known = new Map(Array.from(clients, (id, i) => [id, targets[i]!]))
  const outcomes = ids.map((id) => known.get(id) ?? Number.NaN)
  if (outcomes.every(Number.isNaN))
    throw new Error(`drift.outcomes: ${file} knows none of the new clients by SK_ID_CURR`)
  return outcomes
}
