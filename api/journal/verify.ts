/** Whether the journal is what was recorded: every record against its digest, every digest against its link, every gap against an erasure. */
import { inRanges, linkOf, noLink } from './chain.ts'
import { type Journal, type JournalRow, type JournalTable, journalTables } from './journal.ts'
import { digestOfRow } from './rows.ts'

const page = 500

/** One record that is not as it was recorded. */
export interface ChainFault {
  /** Of the chain for a link; else of the record's table. */
  readonly table: JournalTable | 'chain'
  readonly position: number
  readonly kind: 'changed' | 'removed' | 'replaced' | 'added' | 'broken link' | 'link removed' | 'other history'
  /** Of a record that is there and belongs to a request. */
  readonly requestId: string | null
}

export interface Verified {
  readonly records: number
  readonly erased: number
  /** The last link: kept elsewhere, it proves later that nothing up to here was written anew. Position 0 where nothing is recorded. */
  readonly head: { readonly position: number; readonly link: string }
  readonly faults: readonly ChainFault[]
}

/** A link that was noted earlier, as `verify` showed it. */
export interface KnownHead {
  readonly position: number
  readonly link: string
}

/** Reads everything once, in the order of the chain, also while records arrive; memory does not grow with the journal but for its faults. */
export async function verifyJournal(journal: Journal, known: KnownHead | null = null): Promise<Verified> {
  const faults: ChainFault[] = []
  const isErased = await erasedRecords(journal)
  const readers = new Map(journalTables.map((table) => [table, readerOf(journal, table)]))
  let [link, position, records, erased, knownSeen] = [noLink, 0, 0, 0, known === null || known.position === 0]
  const fault = (table: ChainFault['table'], at: number, kind: ChainFault['kind'], row?: JournalRow | null) =>
    faults.push({ table, position: at, kind, requestId: row?.request_id == null ? null : String(row.request_id) })

  for await (const entry of pages(journal, 'chain', 0)) {
    const at = Number(entry.position)
    const [record, place, digest] = [String(entry.record), Number(entry.place), String(entry.digest)]
    // Positions of PostgreSQL have gaps where a transaction was undone; a link that is missing breaks the next one.
    if (linkOf(link, record, place, digest) !== entry.link)
      fault('chain', at, at === position + 1 ? 'broken link' : 'link removed')
    link = String(entry.link)
    position = at
    if (known?.position === at) {
      knownSeen = true
      if (known.link !== link) fault('chain', at, 'other history')
    }
    const table = journalTables.find((name) => name === record)
    if (!table) continue // its link was told
    const row = await readers.get(table)!.at(place)
    if (row) records++
    if (row && digestOfRow(table, row) !== digest) fault(table, place, 'changed', row)
    if (!row && isErased(table, place)) erased++
    else if (!row) fault(table, place, 'removed')
  }
  if (!knownSeen) fault('chain', known!.position, 'link removed')
  // What no link spoke of so far, and what was recorded meanwhile.
  const left: [JournalTable, JournalRow][] = []
  for (const [table, reader] of readers) for (const row of await reader.rest()) left.push([table, row])
  const later = new Set<string>()
  if (left.length > 0)
    for await (const { record, place } of pages(journal, 'chain', position)) later.add(`${record} ${place}`)
  for (const [table, row] of left)
    if (!later.has(`${table} ${row.position}`)) fault(table, Number(row.position), 'added', row)
  return { records, erased, head: { position, link }, faults: replacements(faults) }
}

/** The rows of a table as far as they are asked for: mostly in their order, but for those that PostgreSQL numbered before it linked another. */
function readerOf(journal: Journal, table: JournalTable) {
  const passed = new Map<number, JournalRow>()
  let [rows, next, after]: [readonly JournalRow[], number, number] = [[], 0, 0]
  async function read(): Promise<JournalRow | null> {
    if (next === rows.length) {
      rows = await journal.rows(table, after, page)
      next = 0
      after = Number(rows.at(-1)?.position ?? after)
    }
    return rows[next] ?? null
  }
  return {
    /** The row at a position; null where there is none. */
    async at(place: number): Promise<JournalRow | null> {
      const before = passed.get(place)
      if (passed.delete(place)) return before!
      for (let row = await read(); row && Number(row.position) <= place; row = await read()) {
        next++
        if (Number(row.position) === place) return row
        passed.set(Number(row.position), row)
      }
      return null
    },
    /** All that nobody asked for. */
    async rest(): Promise<JournalRow[]> {
      const found = [...passed.values()]
      for (let row = await read(); row; row = await read()) {
        found.push(row)
        next++
      }
      return found
    },
  }
}

/** A row removed and one added in the same table: INSERT OR REPLACE does both at once, and the new row gets a new position. */
function replacements(faults: readonly ChainFault[]): ChainFault[] {
  return faults.map((one) => {
    if (one.kind !== 'added') return one
    const isReplacement = faults.some(({ table, kind }) => table === one.table && kind === 'removed')
    return isReplacement ? { ...one, kind: 'replaced' } : one
  })
}

async function erasedRecords(journal: Journal) {
  const ranges = new Map<string, ((position: number) => boolean)[]>()
  for await (const row of pages(journal, 'erasures', 0))
    for (const [table, text] of Object.entries(JSON.parse(String(row.records)) as Record<string, string>))
      ranges.set(table, [...(ranges.get(table) ?? []), inRanges(text)])
  return (table: string, position: number) => (ranges.get(table) ?? []).some((covers) => covers(position))
}

async function* pages(journal: Journal, table: JournalTable | 'chain', from: number): AsyncGenerator<JournalRow> {
  for (let after = from; ; ) {
    const rows = await journal.rows(table, after, page)
    yield* rows
    if (rows.length < page) return
    after = Number(rows.at(-1)?.position)
  }
}

/** A fault in words. */
export function faultText({ table, position, kind, requestId }: ChainFault): string {
  const where = `${table}, position ${position}${requestId === null ? '' : ` (request ${requestId})`}`
  switch (kind) {
    case 'changed':
      return `${where}: changed after it was recorded`
    case 'removed':
      return `${where}: removed, and no erasure speaks of it`
    case 'replaced':
      return `${where}: put in the place of a record that was removed`
    case 'added':
      return `${where}: written by something other than this program`
    case 'broken link':
      return `${where}: this link, or the one before it, was changed`
    case 'link removed':
      return `${where}: links before it were removed, or it is not there itself`
    case 'other history':
      return `${where}: another link stands here than the one that was noted: the chain was written anew`
  }
}
