/** One client's rows by their keys. */
import type { CellRow, Rows } from './aggregates.ts'

/** Groups of one hash beyond which rows are distinguished by text: whoever sends many on purpose gains nothing by it. */
const crowded = 16

/** The rows by key, in the order of their first row; a missing key is a group of its own. */
export function grouped(rows: Rows, keys: readonly number[]): CellRow[][] {
  const groups: CellRow[][] = []
  const byHash = new Map<number, CellRow[][]>()
  const byText = new Map<string, CellRow[]>()
  for (const row of rows) {
    const hash = hashOf(row, keys)
    const alike = hash === null ? null : (byHash.get(hash) ?? [])
    const near = alike?.find(([first]) => keys.every((slot) => first![slot] === row[slot]))
    const text = near || (alike && alike.length < crowded) ? null : textOf(row, keys)
    const group = near ?? (text === null ? undefined : byText.get(text))
    if (group) {
      group.push(row)
      continue
    }
    const made = [row]
    groups.push(made)
    if (text !== null) byText.set(text, made)
    else if (hash !== null && alike!.push(made) === 1) byHash.set(hash, alike!)
  }
  return groups
}

/** Of keys that are whole numbers, which nearly all are; else null. */
function hashOf(row: CellRow, keys: readonly number[]): number | null {
  let hash = 0
  for (const slot of keys) {
    const cell = row[slot]
    if (typeof cell !== 'number' || cell !== (cell | 0)) return null
    hash = (Math.imul(hash, 31) + cell) | 0
  }
  return hash
}

const textOf = (row: CellRow, keys: readonly number[]): string =>
  keys.map((slot) => (typeof row[slot] === 'string' ? `'${row[slot]}'` : String(row[slot]))).join('\n')
