/** What may be wrong with a CSV file, whichever reader finds it, and the one wording of it. */
import { isUtf8 } from 'node:buffer'
import { closeSync, openSync, readSync } from 'node:fs'
import { cellsOf, newline, type Separator, separators } from './csv-dialect.ts'
import { DataError, type Problem } from './data-error.ts'
import { type FileFormat, formatOf, formatWords } from './file-format.ts'

/** Lines are those of the file, from 1. */
export type CsvFault =
  | { readonly kind: 'empty' }
  | { readonly kind: 'no rows' }
  /** `format`: what it is instead, where that is known. */
  | { readonly kind: 'binary'; readonly format?: FileFormat }
  | { readonly kind: 'UTF-16' }
  | { readonly kind: 'encoding'; readonly line: number }
  | { readonly kind: 'column twice'; readonly line: number; readonly column: string }
  /** Of the line where the quote opens. */
  | { readonly kind: 'open quote'; readonly line: number }
  /** A quote in a cell that does not begin with one. */
  | { readonly kind: 'quote inside'; readonly line: number }
  /** Something else than a separator or line end behind a closing quote. */
  | { readonly kind: 'after quote'; readonly line: number }
  | { readonly kind: 'carriage return'; readonly line: number }
  /** A row of another number of fields than the header; `last`: the file ends with it, without a line end. */
  | {
      readonly kind: 'fields'
      readonly line: number
      readonly wanted: number
      readonly found: number
      readonly last: boolean
    }
  /** A whole line, fields and separators, in one pair of quotes. */
  | { readonly kind: 'line in quotes'; readonly line: number; readonly wanted: number | null; readonly inside: number }

const inUtf8 = 'CSV text in UTF-8'
const saveAsUtf8 = 'save it as “CSV UTF-8”'
const cutOff = '(the file seems to be cut off)'

const fieldsText = (count: number): string => `${count} ${count === 1 ? 'field' : 'fields'}`

/** The fault in words. */
export function problemOf(file: string, fault: CsvFault): Problem {
  const of = (expected: string, value: string): Problem => ({
    file,
    ...('line' in fault ? { line: fault.line } : {}),
    expected,
    value,
  })
  switch (fault.kind) {
    case 'empty':
      return of('a header and rows', 'an empty file')
    case 'no rows':
      return of('at least one row after the header', 'none')
    case 'binary':
      return of(inUtf8, fault.format ? formatWords(fault.format).en : 'binary data')
    case 'UTF-16':
      return of(inUtf8, `UTF-16 (${saveAsUtf8})`)
    case 'encoding':
      return of(inUtf8, `another encoding (${saveAsUtf8})`)
    case 'column twice':
      return { ...of('each column once', 'twice'), column: fault.column }
    case 'open quote':
      return of('a closing quote', `the end of the file ${cutOff}`)
    case 'quote inside':
      return of('a cell with a quote in it to be in quotes, and that quote doubled', 'a quote within a cell')
    case 'after quote':
      return of('a separator or the end of the line after the closing quote of a cell', 'something else')
    case 'carriage return':
      return of('lines that end with LF or CRLF', 'a carriage return alone')
    case 'fields':
      return of(fieldsText(fault.wanted), `${fault.found}${fault.last ? ` ${cutOff}` : ''}`)
    case 'line in quotes':
      return of(
        fault.wanted === null ? 'names of columns' : fieldsText(fault.wanted),
        `one field in quotes that holds ${fault.inside} (the whole line was quoted: take its outer quotes off)`,
      )
  }
}

export const csvError = (file: string, faults: readonly CsvFault[]): DataError =>
  new DataError(faults.map((fault) => problemOf(file, fault)))

/** Bytes that begin a file which is no text, by its format. */
export function formatFault(head: Uint8Array): CsvFault | null {
  const format = formatOf(head)
  return format ? { kind: 'binary', format } : null
}

/** What is wrong with a header: its names, and its first line that they come from. */
export function headerFaults(names: readonly string[], line: number): CsvFault[] {
  const [first = ''] = names
  const separator = separators.find((one) => first.includes(one))
  if (names.length === 1 && separator)
    return [{ kind: 'line in quotes', line, wanted: null, inside: cellsOf(first, separator).length }]
  return [...new Set(names)]
    .filter((name) => names.indexOf(name) !== names.lastIndexOf(name))
    .map((column) => ({ kind: 'column twice', line, column }))
}

/** What a row of `found` fields amounts to; `only` is the text of its cell where it has one in quotes. */
export function fieldsFault(
  row: { readonly line: number; readonly wanted: number; readonly found: number; readonly last: boolean },
  only: string | null,
  separator: Separator,
): CsvFault {
  const inside = only === null ? 0 : cellsOf(only, separator).length
  return inside > 1
    ? { kind: 'line in quotes', line: row.line, wanted: row.wanted, inside }
    : { kind: 'fields', ...row }
}

/** Watches that the pieces of a file are UTF-8, characters cut between two pieces too. */
export class Utf8Watch {
  isBroken = false
  private tail: Buffer = Buffer.alloc(0)

  /** Whether a character has begun that the next piece must end. */
  get isPending(): boolean {
    return this.tail.length > 0
  }

  take(bytes: Buffer): void {
    const whole = this.tail.length > 0 ? Buffer.concat([this.tail, bytes]) : bytes
    let cut = whole.length // before the last character, should it be incomplete
    while (cut > 0 && whole.length - cut < 3 && (whole[cut - 1]! & 0xc0) === 0x80) cut--
    if (cut > 0 && whole[cut - 1]! >= 0xc0) cut--
    else cut = whole.length
    if (!isUtf8(whole.subarray(0, cut))) this.isBroken = true
    this.tail = Buffer.from(whole.subarray(cut))
  }

  /** Whether all that came was UTF-8, now that nothing follows. */
  end(): boolean {
    return !this.isBroken && isUtf8(this.tail)
  }
}

/** The fault of bytes that are not UTF-8, with the first line where they are not: the file is read once more for it. */
export function encodingFault(source: string | Buffer): CsvFault {
  let line = 1
  for (const piece of lines(source)) {
    if (!isUtf8(piece)) break
    line++
  }
  return { kind: 'encoding', line }
}

/** The lines of a file or of bytes, ends included. */
function* lines(source: string | Buffer): Generator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for (const piece of typeof source === 'string' ? pieces(source) : [source]) {
    rest = Buffer.concat([rest, piece])
    for (let end = rest.indexOf(newline); end >= 0; end = rest.indexOf(newline)) {
      yield rest.subarray(0, end + 1)
      rest = rest.subarray(end + 1)
    }
  }
  if (rest.length > 0) yield rest
}

function* pieces(path: string): Generator<Buffer> {
  const file = openSync(path, 'r')
  try {
    const piece = Buffer.alloc(1 << 20)
    for (let size = readSync(file, piece); size > 0; size = readSync(file, piece)) yield piece.subarray(0, size)
  } finally {
    closeSync(file)
  }
}
