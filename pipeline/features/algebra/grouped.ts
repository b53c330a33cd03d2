/** One client's rows by their keys. */
import type { CellRow, Rows } from './fused.ts'

/** The rows by key, in the order of their first row; a missing key is a group of its own. */
export function grouped(rows: Rows, keys: readonly number[]): CellRow[][] {
  const groups: CellRow[][] = []
  const byHash = new Map<number | string, CellRow[][]>()
  for (const one of rows) {
    const hash = hashOf(one, keys)
    const alike = byHash.get(hash)
    const group = alike?.find(([first]) => keys.every((slot) => first![slot] === one[slot]))
    if (group) {
      group.push(one)
      continue
    }
    const made = [one]
    groups.push(made)
    if (alike) alike.push(made)
    else byHash.set(hash, [made])
  }
  return groups
}

const odd = (Math.random() * 2 ** 32) | 1 // another in each process, so that nobody can send rows that all have one hash

function hashOf(row: CellRow, keys: readonly number[]): number | string {
  let hash = 0
  for (const slot of keys) {
    const cell = row[slot]
    if (typeof cell !== 'number' || cell !== (cell | 0)) return keys.map((key) => String(row[key])).join('\n')
    hash = Math.imul(hash ^ cell, odd)
    hash ^= hash >>> 15
  }
  return hash
}
