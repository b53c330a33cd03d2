/**
 * The columns of a CSV file (data/csv-dialect.ts), typed and with missing values as pandas.read_csv infers them, read once from front to back.
 * By hand, since what is wanted is not rows: numbers are packed and texts only counted while the bytes go by, so a file of 150 MB is
 * read in a tenth of the memory that a data frame of it takes, at the speed of one (bench/drift.ts measures both).
 */
import { isMissingText, isNumeral, nameOf, numberText, type Separator } from '../data/csv-dialect.ts'
import { csvError, fieldsFault, headerFaults } from '../data/csv-faults.ts'
import { type CsvRecord, eachRecord } from '../data/csv-records.ts'
import { type DriftColumn, type FileColumns, textColumn } from './column.ts'
import { type Packed, packed, packedNumbers, push } from './packed.ts'

const infinite = /^[+-]?inf(inity)?$/i
const truth: ReadonlySet<string> = new Set(['true', 'false', 'True', 'False', 'TRUE', 'FALSE'])

interface Word {
  readonly text: string
  readonly bytes: Uint8Array
  count: number
  readonly next: Word | null
}

interface Gathered {
  readonly name: string
  /** unknown until the first value; mixed when a text comes after numbers: such a column is read again as texts. */
  kind: 'unknown' | 'number' | 'text' | 'mixed'
  whole: boolean
  absent: number
  /** Of the absent ones, numbers beyond all bounds. */
  infinite: number
  readonly numbers: Packed
  /** Texts by a hash of their bytes. */
  readonly words: Map<number, Word>
}

const gathered = (name: string, kind: Gathered['kind']): Gathered => ({
  name,
  kind,
  whole: true,
  absent: 0,
  infinite: 0,
  numbers: packed(),
  words: new Map(),
})

/** The texts of a column's cells, counted without making a string of each. */
function countWord(column: Gathered, bytes: Buffer, from: number, to: number): void {
  let hash = 0x811c9dc5
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  const first = column.words.get(hash) ?? null
  for (let word = first; word; word = word.next) {
    if (word.bytes.length !== to - from) continue
    let i = 0
    while (i < word.bytes.length && word.bytes[i] === bytes[from + i]) i++
    if (i === word.bytes.length) {
      word.count++
      return
    }
  }
  const text = bytes.toString('utf8', from, to)
  column.words.set(hash, { text, bytes: Uint8Array.from(bytes.subarray(from, to)), count: 1, next: first })
}

/** Whether the last plain number was written with a point. */
let pointed = false

/** The number that plain decimals stand for, exactly (Clinger: both parts are exact doubles); NaN where that is not plain to see. */
function plainNumber(bytes: Buffer, start: number, to: number, decimalPoint: number): number {
  if (to - start === 1) {
    const digit = bytes[start]! - 48
    pointed = false
    return digit >= 0 && digit <= 9 ? digit : Number.NaN
  }
  let from = start
  const negative = bytes[from] === 45
  if (negative) from++
  let [mantissa, decimals, point] = [0, 0, false]
  if (from === to) return Number.NaN
  for (let i = from; i < to; i++) {
    const digit = bytes[i]! - 48
    if (digit >= 0 && digit <= 9) {
      mantissa = mantissa * 10 + digit
      if (point) decimals++
    } else if ((digit === -2 || digit === decimalPoint) && !point && i > from) point = true
    else return Number.NaN
  }
  if (mantissa > 9007199254740991 || decimals > 22) return Number.NaN
  pointed = point
  const value = decimals ? mantissa / 10 ** decimals : mantissa
  return negative ? -value : value
}

/** Takes one cell in. */
function take(column: Gathered, bytes: Buffer, from: number, to: number, separator: Separator): void {
  if (from === to) {
    column.absent++
    return
  }
  if (column.kind === 'mixed') return
  if (column.kind !== 'text') {
    const value = plainNumber(bytes, from, to, separator === ',' ? -2 : -4)
    if (!Number.isNaN(value)) {
      column.kind = 'number'
      if (pointed) column.whole = false
      push(column.numbers, value)
      return
    }
    const text = bytes.toString('latin1', from, to)
    if (isMissingText(text.trim())) {
      column.absent++
      return
    }
    const trimmed = numberText(text.trim(), separator)
    if (isNumeral(trimmed) || infinite.test(trimmed)) {
      column.kind = 'number'
      if (!/^[+-]?\d+$/.test(trimmed)) column.whole = false
      if (infinite.test(trimmed) || !Number.isFinite(Number(trimmed))) {
        column.absent++
        column.infinite++
      } else push(column.numbers, Number(trimmed))
      return
    }
    column.kind = column.kind === 'number' ? 'mixed' : 'text'
    if (column.kind === 'mixed') return
  }
  countWord(column, bytes, from, to)
}

function columnOf(column: Gathered, rows: number): DriftColumn {
  const { name, absent, numbers, words } = column
  if (column.kind !== 'text') {
    const type = column.whole && absent === 0 ? 'int' : 'float'
    return packedNumbers({ name, type, rows, missing: absent }, numbers)
  }
  const counts: [string, number][] = []
  for (const first of words.values())
    for (let word: Word | null = first; word; word = word.next) counts.push([word.text, word.count])
  const known = counts.filter(([text]) => !isMissingText(text.trim())).sort(([a], [b]) => (a < b ? -1 : 1))
  const present = known.reduce((sum, [, count]) => sum + count, 0)
  const bool = known.length > 0 && known.every(([text]) => truth.has(text))
  return {
    ...textColumn(name, []),
    type: bool ? 'bool' : 'text',
    rows,
    missing: rows - present,
    counts: new Map(known),
  }
}

/** The text of a record's only cell, where that stands in quotes. */
function quotedCell({ bytes, starts, ends, cells }: CsvRecord): string | null {
  const [start = 0, end = 0] = [starts[0], ends[0]]
  return cells === 1 && bytes[start - 1] === 34 ? bytes.toString('utf8', start, end) : null
}

/** One reading of the file; the columns named in `texts` are taken as texts from the first cell on. */
function reading(
  path: string,
  file: string,
  texts: ReadonlySet<string>,
  rows: number,
  wanted: (name: string) => boolean,
) {
  let columns: (Gathered | null)[] | null = null
  let names: string[] = []
  let read = 0
  eachRecord(path, file, (record) => {
    const { bytes, starts, ends, cells, line, separator } = record
    if (!columns) {
      names = Array.from({ length: cells }, (_, i) => nameOf(bytes.toString('utf8', starts[i], ends[i]), i))
      const faults = headerFaults(names, line)
      if (faults.length > 0) throw csvError(file, faults)
      columns = names.map((name) => (!wanted(name) ? null : gathered(name, texts.has(name) ? 'text' : 'unknown')))
      return rows > 0
    }
    if (cells !== columns.length)
      throw csvError(file, [
        fieldsFault({ line, wanted: columns.length, found: cells, last: record.isLast }, quotedCell(record), separator),
      ])
    for (let i = 0; i < cells; i++) {
      const column = columns[i]
      if (column) take(column, bytes, starts[i]!, ends[i]!, separator)
    }
    return ++read < rows
  })
  return { names, columns: (columns ?? []) as (Gathered | null)[], rows: read }
}

export interface CsvColumnsOptions {
  /** As messages call the file. */
  readonly file?: string
  /** Read from the top. */
  readonly rows?: number
  /** Columns whose cells are texts, whatever they look like: "01" is then no 1. */
  readonly texts?: ReadonlySet<string>
  /** Columns left out. */
  readonly ignore?: ReadonlySet<string>
}

/** The columns in the file's order, but those ignored. Throws DataError with the line where the file is no table. */
export const csvColumns = (path: string, options: CsvColumnsOptions = {}): readonly DriftColumn[] =>
  csvTable(path, options).columns

/** The same with the names of all columns, those ignored too, and where infinite numbers count as missing. */
export function csvTable(
  path: string,
  options: CsvColumnsOptions,
): Pick<FileColumns, 'names' | 'columns' | 'infinite'> {
  const { file = path, rows = Number.POSITIVE_INFINITY, texts = new Set(), ignore = new Set() } = options
  const first = reading(path, file, texts, rows, (name) => !ignore.has(name))
  if (first.names.length === 0) throw csvError(file, [{ kind: 'empty' }])
  if (first.rows === 0) throw csvError(file, [{ kind: 'no rows' }])
  const kept = first.columns.filter((column) => column !== null)
  const mixed = new Set(kept.filter(({ kind }) => kind === 'mixed').map(({ name }) => name))
  const again = mixed.size > 0 ? reading(path, file, mixed, rows, (name) => mixed.has(name)).columns : []
  const asTexts = new Map(again.flatMap((column) => (column ? [[column.name, column]] : [])))
  const columns = kept.map((column) => columnOf(asTexts.get(column.name) ?? column, first.rows))
  const infinite = kept.flatMap(({ name, kind, infinite }) =>
    kind === 'number' && infinite > 0 ? [{ name, count: infinite }] : [],
  )
  return { names: first.names, columns, infinite }
}
