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
}

const chunkSize = 1 << 22
const most = 20 // problems reported of one file

const [newline, carriage, comma, quote] = [10, 13, 44, 34]

/** The fields of a header line; quotes around a name are taken off. */
const fieldsOf = (line: string) => line.split(',').map((name) => name.trim().replace(/^"(.*)"$/, '$1'))

/**
 * Scans `path` and reports under `file`. polars fills short lines with nulls and cuts long ones without a word,
 * so the fields of every line are counted here, outside quotes: about a second for a gigabyte.
 */
export function scanCsv(path: string, file: string): CsvScan {
  const hash = createHash('sha256')
  const problems: Problem[] = []
  const report = (problem: Omit<Problem, 'file'>) => {
    if (problems.length < most) problems.push({ file, ...problem })
  }
  const handle = openSync(path, 'r')
  const chunk = Buffer.allocUnsafe(chunkSize)
  let head = ''
  let header: string[] = []
  let line = 1
  let commas = 0
  let width = -1 // commas of the header
  let length = 0 // bytes of the line so far, line end left out
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
      for (let at = 0; at < size; at++) {
        const byte = bytes[at]!
        high |= byte
        if (byte === comma) {
          if (!quoted) commas++
        } else if (byte === quote) quoted = !quoted
        else if (byte === 0) binary = true
        else if (byte === newline && !quoted) {
          if (width < 0) {
            width = commas
            header = fieldsOf(
              head
                .slice(0, head.indexOf('\n'))
                .replace(/\r$/, '')
                .replace(/^\u00ef\u00bb\u00bf/, ''),
            )
          } else if (commas !== width)
            report({ line, expected: `${width + 1} fields`, value: length === 0 ? 'an empty line' : `${commas + 1}` })
          line++
          commas = 0
          length = -1
        } else if (byte === carriage) length--
        length++
      }
      if (high > 127 || tail.length > 0) {
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
    header = fieldsOf(head)
    if (length > 0) line++
  } else if (length > 0) {
    if (commas !== width)
      report({ line, expected: `${width + 1} fields`, value: `${commas + 1} (the file seems to be cut off)` })
    line++
  }
  if (binary)
    return { sha256, header: [], rows: 0, problems: [{ file, expected: 'CSV text in UTF-8', value: 'binary data' }] }
  if (!ascii || !isUtf8(tail)) report({ expected: 'CSV text in UTF-8', value: 'another encoding' })
  if (quoted) report({ expected: 'a closing quote', value: 'the end of the file (the file seems to be cut off)' })
  return { sha256, header, rows: Math.max(0, line - 2), problems }
}
