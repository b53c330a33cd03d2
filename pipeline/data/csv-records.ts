/**
 * The records of a CSV file (csv-dialect.ts) as places in a buffer: no string is made.
 * Throws DataError at the first thing that is wrong; with the header and the number of cells the caller deals.
 */
import { closeSync, openSync, readSync } from 'node:fs'
import { carriage, isUtf16, markLength, newline, quote, type Separator, separatorOf } from './csv-dialect.ts'
import { type CsvFault, csvError, encodingFault, formatFault, Utf8Watch } from './csv-faults.ts'

/** One record: cell i lies in bytes from starts[i] to ends[i]. Only valid until the next one. */
export interface CsvRecord {
  bytes: Buffer
  readonly starts: number[]
  readonly ends: number[]
  cells: number
  /** Of its first byte, from 1. */
  line: number
  /** Line ends inside its quoted cells. */
  inside: number
  separator: Separator
  /** Whether the file ends with it, without a line end. */
  isLast: boolean
}

const pieceSize = 1 << 20

/** Where the record that begins at `from` ends (after its line end), its cells noted; −1 when bytes are still wanted. Behind the last byte there is a line end. */
function scan(
  record: CsvRecord,
  escaped: number[],
  stops: Uint8Array,
  from: number,
  to: number,
  last: boolean,
  fail: (fault: CsvFault) => never,
): number {
  const { bytes, starts, ends } = record
  const comma = record.separator.charCodeAt(0)
  let [at, cell] = [from, 0]
  escaped.length = 0
  record.inside = 0
  for (;;) {
    if (bytes[at] === quote && at < to) {
      const opened = record.line + record.inside
      starts[cell] = ++at
      for (;;) {
        while (at < to && bytes[at] !== quote) if (bytes[at++] === newline) record.inside++
        if (at >= to || (at + 1 >= to && !last)) return last ? fail({ kind: 'open quote', line: opened }) : -1
        if (at + 1 >= to || bytes[at + 1] !== quote) break
        if (escaped.at(-1) !== cell) escaped.push(cell)
        at += 2
      }
      ends[cell] = at++
      const byte = bytes[at]!
      if (at < to && byte !== comma && byte !== newline && byte !== carriage)
        fail({ kind: 'after quote', line: record.line + record.inside })
    } else {
      starts[cell] = at
      while (stops[bytes[at]!] === 0) at++
      ends[cell] = at
      if (bytes[at] === quote) fail({ kind: 'quote inside', line: record.line + record.inside })
    }
    if (bytes[at] === carriage && at < to) {
      at++
      if (at >= to && !last) return -1
      if (at >= to || bytes[at] !== newline) fail({ kind: 'carriage return', line: record.line + record.inside })
    }
    if (at >= to && !last) return -1
    cell++
    if (at >= to || bytes[at] === newline) break
    at++
  }
  record.cells = cell
  record.isLast = at >= to
  return Math.min(at + 1, to)
}

/** Doubled quotes made single, in place. */
function undoubled({ bytes, starts, ends }: CsvRecord, cell: number): void {
  let to = starts[cell]!
  for (let from = to; from < ends[cell]!; from++) {
    bytes[to++] = bytes[from]!
    if (bytes[from] === quote) from++
  }
  ends[cell] = to
}

/** Calls `take` with each record that is not a blank line, until it answers false; the same object each time. Messages call the file `name`. */
export function eachRecord(path: string, name: string, take: (record: CsvRecord) => boolean): void {
  const file = openSync(path, 'r')
  const record: CsvRecord = {
    bytes: Buffer.allocUnsafe(pieceSize),
    starts: [],
    ends: [],
    cells: 0,
    line: 1,
    inside: 0,
    separator: ',',
    isLast: false,
  }
  const fail = (fault: CsvFault): never => {
    throw csvError(name, [fault])
  }
  const escaped: number[] = []
  const stops = new Uint8Array(256)
  const utf8 = new Utf8Watch()
  let [at, filled, last, begun] = [0, 0, false, false]
  const more = () => {
    const rest = filled - at
    const target = rest > record.bytes.length / 2 ? Buffer.allocUnsafe(2 * record.bytes.length) : record.bytes
    record.bytes.copy(target, 0, at, filled)
    record.bytes = target
    const read = readSync(file, target, rest, target.length - 1 - rest, null)
    const fresh = target.subarray(rest, rest + read)
    const format = begun ? null : formatFault(fresh)
    if (format) fail(format)
    if (!begun && isUtf16(fresh)) fail({ kind: 'UTF-16' })
    if (fresh.includes(0)) fail({ kind: 'binary' })
    utf8.take(fresh)
    if (utf8.isBroken || (read === 0 && !utf8.end())) fail(encodingFault(path))
    at = 0
    if (!begun) {
      at = markLength(fresh)
      record.separator = separatorOf(fresh)
      for (const stop of [record.separator.charCodeAt(0), quote, newline, carriage]) stops[stop] = 1
      begun = true
    }
    filled = rest + read
    target[filled] = newline
    last = read === 0
  }
  try {
    more()
    for (;;) {
      const after = at < filled ? scan(record, escaped, stops, at, filled, last, fail) : -1
      if (after < 0) {
        if (last) return
        more()
        continue
      }
      for (const cell of escaped) undoubled(record, cell)
      const blank = record.cells === 1 && record.starts[0] === at && record.ends[0] === at
      if (!blank && !take(record)) return
      record.line += 1 + record.inside
      at = after
    }
  } finally {
    closeSync(file)
  }
}
