/**
 * The hash chain over the journal's records: each link is the SHA-256 of the link before, the record's place and the record's digest, so that no
 * record can be changed, removed or put in its place without a trace. A digest is salted by a text that lies in the record itself: once a record is
 * erased nothing of it can be guessed from its digest, and the chain still holds.
 */
import { hash, randomBytes } from 'node:crypto'

/** A record that is in its table and not yet in the chain. */
export interface Unlinked {
  /** Its table. */
  readonly record: string
  /** Its position there. */
  readonly place: number
  readonly digest: string
}

export interface ChainEntry extends Unlinked {
  readonly link: string
}

export const chainColumns = { record: 'text', place: 'bigint', digest: 'text', link: 'text' } as const

/** Before the first record. */
export const noLink = '0'.repeat(64)

export const freshSalt = (): string => randomBytes(16).toString('hex')

/** Of each value its column, its length and itself, so that no two records read alike; what is missing is left out, so that a new column changes no digest. */
export function digestOf(names: readonly string[], cells: readonly (number | string | null)[]): string {
  let text = ''
  for (const [i, cell] of cells.entries())
    if (cell !== null) {
      const value = String(cell)
      text += `${names[i]} ${value.length} ${value}\n`
    }
  return hash('sha256', text)
}

export const linkOf = (before: string, record: string, place: number, digest: string): string =>
  hash('sha256', `${before} ${record} ${place} ${digest}`)

/** The links of records that follow each other. */
export function linked(before: string, records: readonly Unlinked[]): ChainEntry[] {
  let link = before
  return records.map(({ record, place, digest }) => {
    link = linkOf(link, record, place, digest)
    return { record, place, digest, link }
  })
}

/** Positions as ranges: 1-3,7. */
export function rangesOf(positions: readonly number[]): string {
  const ranges: [number, number][] = []
  for (const position of positions.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last && position <= last[1] + 1) last[1] = position
    else ranges.push([position, position])
  }
  return ranges.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(',')
}

/** Whether a position lies in ranges that were written by `rangesOf`. */
export function inRanges(ranges: string): (position: number) => boolean {
  const pairs = ranges
    .split(',')
    .filter((range) => range !== '')
    .map((range) => range.split('-').map(Number))
  return (position) => pairs.some(([from = 0, to = from]) => position >= from && position <= to)
}
