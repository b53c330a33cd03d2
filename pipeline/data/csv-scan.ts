/** One pass over the bytes of a CSV file before it is parsed: its hash, its header, its number of rows, and whether every line is whole. */
import { createHash } from 'node:crypto'
import { type ByteSource, fileSource, memorySource } from './byte-source.ts'
import {
  carriage,
  cellsOf,
  isUtf16,
  markLength,
  nameOf,
  newline,
  quote,
  type Separator,
  separatorOf,
} from './csv-dialect.ts'
import {
  type CsvFault,
  encodingFault,
  fieldsFault,
  formatFault,
  headerFaults,
  problemOf,
  Utf8Watch,
} from './csv-faults.ts'
import type { Problem } from './data-error.ts'

export interface CsvScan {
  /** Of the bytes of the file. */
  readonly sha256: string
  readonly separator: Separator
  /** Names in the header; empty when there is none. */
  readonly header: readonly string[]
  /** The header's cells between their outer quotes: what polars calls the columns. */
  readonly rawHeader: readonly string[]
  /** Records after the header. */
  readonly rows: number
  readonly faults: readonly CsvFault[]
  /** Faults of its lines beyond those. */
  readonly more: number
  /** Where the file can be cut between two lines, every `blockBytes` or so: bytes from its start. The first is after the header, the last the end. */
  readonly cuts: readonly number[]
  /** Whether there are blank lines, which polars would take for rows. */
  readonly hasBlankLines: boolean
  /** Whether every row is one line, so that row and line go together. */
  readonly isRowPerLine: boolean
}

const chunkSize = 1 << 22
const most = 20 // faults reported of one file
const longestCell = 1 << 16 // of a line in quotes that is looked into

// Four bytes at once, as many of each in one word: most words hold none of them, and are passed over whole.
const [newlines, quotes, carriages] = [0x0a0a0a0a, 0x22222222, 0x0d0d0d0d]

/** Not 0 when one of the word's four bytes is 0. */
const hasZero = (word: number): number => (word - 0x01010101) & ~word & 0x80808080

/** How many of the word's four bytes are 0. */
const zeroBytes = (word: number): number =>
  Math.imul((~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080) >>> 7, 0x01010101) >>> 24

/**
 * Scans a file by its path, or bytes. polars fills short lines with nulls and cuts long ones without a word,
 * so the fields of every line are counted here, outside quotes.
 */
export function scanCsv(input: string | Buffer, blockBytes = Number.POSITIVE_INFINITY): CsvScan {
  const source = typeof input === 'string' ? fileSource(input) : memorySource(input)
  try {
    return scanned(source, input, blockBytes)
  } finally {
    source.close()
  }
}

/** The faults of a scan in words. */
export const scanProblems = ({ faults, more }: CsvScan, file: string): Problem[] =>
  faults.map((fault, i) => ({ ...problemOf(file, fault), ...(more > 0 && i === faults.length - 1 && { more }) }))

function scanned(source: ByteSource, input: string | Buffer, blockBytes: number): CsvScan {
  const hash = createHash('sha256')
  const utf8 = new Utf8Watch()
  const faults: CsvFault[] = []
  let isTorn = false // a quote is astray: what follows cannot be interpreted
  let more = 0
  const report = (fault: CsvFault) => {
    if (isTorn) return
    if (faults.length < most) faults.push(fault)
    else more++
  }
  const astray = (kind: 'quote inside' | 'after quote') => {
    report({ kind, line })
    isTorn = true
  }
  const capacity = typeof input === 'string' ? chunkSize : Math.min(chunkSize, (input.length + 4) & ~3)
  const chunk = Buffer.from(new ArrayBuffer(capacity))
  const words = new Int32Array(chunk.buffer)
  const cuts: number[] = []
  let separator: Separator = ','
  let [comma, fourCommas] = [0, 0]
  const header = { from: 0, to: 0, line: 0 }
  let line = 1 // of the file
  let begun = 1 // line where the record begins
  let opened = 1 // line where the last quote opened
  let rows = 0
  let commas = 0
  let width = -1 // commas of the header
  let mark = 0 // bytes of the byte order mark
  let before = 0 // bytes of the chunks before
  let carried = 0 // bytes of the record that lie in earlier chunks
  let last = newline // byte of the chunk before
  let quoted = false
  let awaits: 'end of cell' | 'end of line' | null = null // what the next chunk must begin with
  let format: CsvFault | null = null
  let [binary, utf16, blank, inner] = [false, false, false, false]

  /** Whether a byte may stand behind a closing quote. */
  const endsCell = (byte: number) => byte === comma || byte === newline || byte === carriage || byte === quote
  const record = (start: number, end: number, isLast: boolean) => {
    if (width < 0) {
      width = commas
      Object.assign(header, { from: start, to: end, line: begun })
      return
    }
    rows++
    if (commas === width) return
    const row = { line: begun, wanted: width + 1, found: commas + 1, last: isLast }
    const text = commas > 0 ? '' : source.between(start, Math.min(end, start + longestCell)).toString('utf8')
    const [, only = null] = /^"([\s\S]*)"\r?\n?$/.exec(text) ?? []
    report(fieldsFault(row, only?.replaceAll('""', '"') ?? null, separator))
  }

  for (;;) {
    const size = source.next(chunk)
    if (size === 0) break
    const bytes = chunk.subarray(0, size)
    hash.update(bytes)
    if (before === 0) {
      format = formatFault(bytes)
      utf16 = isUtf16(bytes)
      mark = markLength(bytes)
      separator = separatorOf(bytes)
      comma = separator.charCodeAt(0)
      fourCommas = comma * 0x01010101
      carried = -mark
    }
    if (awaits === 'end of cell' && !endsCell(bytes[0]!)) astray('after quote')
    if (awaits === 'end of line' && bytes[0] !== newline) report({ kind: 'carriage return', line })
    awaits = null
    let high = 0
    let start = -carried // of the record, in this chunk
    /** Looks at single bytes, from a word that holds a line end, a quote or a zero. */
    const look = (from: number, to: number) => {
      for (let at = from; at < to; at++) {
        const byte = chunk[at]!
        high |= byte
        if (byte === comma) {
          if (!quoted) commas++
        } else if (byte === newline) {
          line++
          if (quoted) {
            inner = true
            continue
          }
          const length = at - start
          if (length === 0 || (length === 1 && (at > 0 ? chunk[at - 1] : last) === carriage)) blank = true
          else {
            record(before + start, before + at + 1, false)
            if (cuts.length === 0 || before + at + 1 - cuts.at(-1)! >= blockBytes) cuts.push(before + at + 1)
          }
          begun = line
          commas = 0
          start = at + 1
        } else if (byte === quote) {
          if (quoted) {
            quoted = false
            if (at + 1 >= size) awaits = 'end of cell'
            else if (!endsCell(chunk[at + 1]!)) astray('after quote')
            continue
          }
          const previous = at > 0 ? chunk[at - 1] : last
          if (previous === quote && at > start)
            quoted = true // a doubled one
          else if (at === start || previous === comma) {
            quoted = true
            opened = line
          } else astray('quote inside')
        } else if (byte === carriage) {
          if (quoted) continue
          if (at + 1 >= size) awaits = 'end of line'
          else if (chunk[at + 1] !== newline) report({ kind: 'carriage return', line })
        } else if (byte === 0) binary = true
      }
    }
    const count = size >> 2
    for (let i = 0; i < count; i++) {
      const word = words[i]!
      if (hasZero(word ^ newlines) | hasZero(word ^ quotes) | hasZero(word ^ carriages) | hasZero(word)) {
        look(i << 2, (i << 2) + 4)
        continue
      }
      high |= word | (word >>> 8) | (word >>> 16) | (word >>> 24)
      if (!quoted) commas += zeroBytes(word ^ fourCommas)
    }
    look(count << 2, size)
    carried = size - start
    before += size
    last = chunk[size - 1]!
    if ((high & 128) !== 0 || utf8.isPending) utf8.take(bytes)
  }
  if (awaits === 'end of line') report({ kind: 'carriage return', line })
  if (quoted) report({ kind: 'open quote', line: opened })
  else if (carried > 0) record(before - carried, before, true)
  if (cuts.at(-1) !== before) cuts.push(before)
  const sha256 = hash.digest('hex')
  const none = {
    sha256,
    separator,
    header: [],
    rawHeader: [],
    rows: 0,
    more: 0,
    cuts: [],
    hasBlankLines: false,
    isRowPerLine: true,
  }
  if (format) return { ...none, faults: [format] }
  if (utf16) return { ...none, faults: [{ kind: 'UTF-16' }] }
  if (binary) return { ...none, faults: [{ kind: 'binary' }] }
  if (!utf8.end()) return { ...none, faults: [encodingFault(input)] }
  if (width < 0) return { ...none, faults: faults.length > 0 ? faults : [{ kind: 'empty' }] }
  const rawHeader = cellsOf(
    source
      .between(header.from, header.to)
      .toString('utf8')
      .replace(/\r?\n$/, ''),
    separator,
  )
  const names = rawHeader.map(nameOf)
  return {
    sha256,
    separator,
    header: names,
    rawHeader,
    rows,
    faults: [...headerFaults(names, header.line), ...faults],
    more,
    cuts,
    hasBlankLines: blank,
    isRowPerLine: !blank && !inner,
  }
}
