/** The records of a CSV file as places in a buffer (RFC 4180: quoted cells, doubled quotes, line ends in quotes; LF or CRLF): no string is made. */
import { closeSync, openSync, readSync } from 'node:fs'
import { DriftInputError } from './input.ts'

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
}

const [comma, quote, newline, carriage] = [44, 34, 10, 13]
const pieceSize = 1 << 20

/** Where the record that begins at `from` ends (after its line end), its cells noted; −1 when bytes are still wanted. */
function scan(record: CsvRecord, escaped: number[], from: number, to: number, last: boolean): number {
  const { bytes, starts, ends } = record
  let [at, cell] = [from, 0]
  escaped.length = 0
  record.inside = 0
  for (;;) {
    if (bytes[at] === quote && at < to) {
      starts[cell] = ++at
      for (;;) {
        while (at < to && bytes[at] !== quote) if (bytes[at++] === newline) record.inside++
        if (at >= to || (at + 1 >= to && !last)) {
          if (last) throw new DriftInputError(`line ${record.line}: a quote is opened and not closed`)
          return -1
        }
        if (at + 1 >= to || bytes[at + 1] !== quote) break
        if (escaped.at(-1) !== cell) escaped.push(cell)
        at += 2
      }
      ends[cell] = at++
      if (bytes[at] === carriage && at + 1 < to) at++
      if (at < to && bytes[at] !== comma && bytes[at] !== newline)
        throw new DriftInputError(`line ${record.line}: expected a comma after the closing quote of cell ${cell + 1}`)
    } else {
      starts[cell] = at
      // Behind the last byte there is a line end (see `more`), so the end needs no asking.
      let byte = bytes[at]!
      while (byte !== comma && byte !== newline) byte = bytes[++at]!
      ends[cell] = at > from && bytes[at] !== comma && bytes[at - 1] === carriage ? at - 1 : at
    }
    if (at >= to && !last) return -1
    cell++
    if (at >= to || bytes[at] === newline) break
    at++
  }
  record.cells = cell
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

/** Calls `take` with each record that is not a blank line, until it answers false; the same object each time. */
export function eachRecord(path: string, take: (record: CsvRecord) => boolean): void {
  const file = openSync(path, 'r')
  const record: CsvRecord = { bytes: Buffer.allocUnsafe(pieceSize), starts: [], ends: [], cells: 0, line: 1, inside: 0 }
  const escaped: number[] = []
  let [at, filled, last] = [0, 0, false]
  const more = () => {
    const rest = filled - at
    const target = rest > record.bytes.length / 2 ? Buffer.allocUnsafe(2 * record.bytes.length) : record.bytes
    record.bytes.copy(target, 0, at, filled)
    record.bytes = target
    const read = readSync(file, target, rest, target.length - 1 - rest, null)
    if (at === 0 && filled === 0 && target.subarray(0, 3).equals(Buffer.from('\uFEFF')) && read >= 3) {
      target.copy(target, 0, 3, read)
      filled = read - 3
    } else filled = rest + read
    target[filled] = newline
    at = 0
    last = read === 0
  }
  try {
    more()
    for (;;) {
      const after = at < filled ? scan(record, escaped, at, filled, last) : -1
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
