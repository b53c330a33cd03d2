/** One pass over the bytes of a CSV file before it is parsed: its hash, its number of rows, and whether every line is whole. */
import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync } from 'node:fs'
import type { Problem } from './data-error.ts'

export interface CsvScan {
  /** Of the bytes of the file. */
  readonly sha256: string
  /** Names in the header; empty when there is none. */
  readonly header: readonly string[]
  /** Lines after the header. */
  readonly rows: number
  readonly problems: readonly Problem[]
  /** Where the file can be cut between two lines, every `blockBytes` or so: bytes from its start. The first is after the header, the last the end. */
  readonly cuts: readonly number[]
}

const chunkSize = 1 << 22
const most = 20 // problems reported of one file

const [newline, carriage, comma, quote] = [10, 13, 44, 34]
// four bytes at once: as many of each in one word
const [newlines, quotes, fourCommas] = [0x0a0a0a0a, 0x22222222, 0x2c2c2c2c]

/** Not 0 when one of the word's four bytes is 0. */
const hasZero = (word: number): number => (word - 0x01010101) & ~word & 0x80808080

/** How many of the word's four bytes are 0. */
const zeroBytes = (word: number): number =>
  Math.imul((~(((word & 0x7f7f7f7f) + 0x7f7f7f7f) | word) & 0x80808080) >>> 7, 0x01010101) >>> 24

/** The names in the first line; a byte order mark and quotes around a name are taken off. */
const headerOf = (head: string) =>
  (head.split(/\r?\n/, 1)[0] ?? '')
    .replace(/^\u00ef\u00bb\u00bf/, '')
    .split(',')
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))

/**
 * Scans `path` and reports under `file`. polars fills short lines with nulls and cuts long ones without a word,
 * so the fields of every line are counted here, outside quotes, four bytes at a time: some two seconds for a gigabyte.
 */
export function scanCsv(path: string, file: string, blockBytes = Number.POSITIVE_INFINITY): CsvScan {
  const hash = createHash('sha256')
  const problems: Problem[] = []
  const report = (problem: Omit<Problem, 'file'>) => {
    if (problems.length < most) problems.push({ file, ...problem })
  }
  const handle = openSync(path, 'r')
  const chunk = Buffer.from(new ArrayBuffer(chunkSize))
  const words = new Int32Array(chunk.buffer)
  let head = ''
  let header: string[] = []
  let line = 1
  let commas = 0
  let width = -1 // commas of the header
  const cuts: number[] = []
  let before = 0 // bytes of the chunks before
  let carried = 0 // bytes of the line that lie in earlier chunks
  let last = 0 // byte of the chunk before
  let quoted = false
  let binary = false
  let ascii = true
  let tail: Buffer = Buffer.alloc(0) // bytes of a character that the chunk's end cut
  try {
    for (;;) {
      const size = readSync(handle, chunk, 0, chunkSize, null)
      if (size === 0) break
      const bytes = chunk.subarray(0, size)
      hash.update(bytes)
      if (width < 0) head += bytes.toString('latin1')
      let high = 0
      let start = -carried // of the line, in this chunk
      /** Looks at single bytes, from a word that holds a line end, a quote or a zero. */
      const look = (from: number, to: number) => {
        for (let at = from; at < to; at++) {
          const byte = chunk[at]!
          high |= byte
          if (byte === comma) {
            if (!quoted) commas++
          } else if (byte === newline) {
            if (quoted) continue
            if (width < 0) {
              width = commas
              header = headerOf(head)
              cuts.push(before + at + 1)
            } else if (commas !== width) {
              const empty = at === start || (at - start === 1 && (at > 0 ? chunk[at - 1] : last) === carriage)
              report({ line, expected: `${width + 1} fields`, value: empty ? 'an empty line' : `${commas + 1}` })
            }
            line++
            commas = 0
            start = at + 1
            if (before + start - (cuts.at(-1) ?? 0) >= blockBytes) cuts.push(before + start)
          } else if (byte === quote) quoted = !quoted
          else if (byte === 0) binary = true
        }
      }
      const count = size >> 2
      for (let i = 0; i < count; i++) {
        const word = words[i]!
        if (hasZero(word ^ newlines) | hasZero(word ^ quotes) | hasZero(word)) {
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
      if ((high & 128) !== 0 || tail.length > 0) {
        const whole = Buffer.concat([tail, bytes])
        let cut = whole.length // before the last character, should it be incomplete
        while (cut > 0 && whole.length - cut < 3 && (whole[cut - 1]! & 0xc0) === 0x80) cut--
        if (cut > 0 && whole[cut - 1]! >= 0xc0) cut--
        else cut = whole.length
        if (!isUtf8(whole.subarray(0, cut))) ascii = false
        tail = Buffer.from(whole.subarray(cut))
      }
    }
  } finally {
    closeSync(handle)
  }
  const sha256 = hash.digest('hex')
  if (width < 0 && head.length > 0) {
    width = commas
    header = headerOf(head)
    if (carried > 0) line++
  } else if (carried > 0) {
    if (commas !== width)
      report({ line, expected: `${width + 1} fields`, value: `${commas + 1} (the file seems to be cut off)` })
    line++
  }
  if (binary)
    return {
      sha256,
      header: [],
      rows: 0,
      problems: [{ file, expected: 'CSV text in UTF-8', value: 'binary data' }],
      cuts: [],
    }
  if (!ascii || !isUtf8(tail)) report({ expected: 'CSV text in UTF-8', value: 'another encoding' })
  if (quoted) report({ expected: 'a closing quote', value: 'the end of the file (the file seems to be cut off)' })
  if (cuts.at(-1) !== before) cuts.push(before)
  return { sha256, header, rows: Math.max(0, line - 2), problems, cuts }
}
