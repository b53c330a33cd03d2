/** One column of one side as drift is measured on: sorted numbers, or counts of texts, with what is missing counted apart. No polars here. */
import { numberOf } from '../data/csv-dialect.ts'
import { DriftInputError } from './input.ts'

export interface NumberColumn {
  readonly name: string
  /** int: whole numbers without a missing value (what pandas would call int64). */
  readonly type: 'int' | 'float'
  readonly rows: number
  readonly missing: number
  /** The finite values, rising. */
  readonly sorted: Float64Array
}

export interface TextColumn {
  readonly name: string
  /** category: declared, never taken for free text. */
  readonly type: 'text' | 'bool' | 'category'
  readonly rows: number
  readonly missing: number
  readonly counts: ReadonlyMap<string, number>
}

export type DriftColumn = NumberColumn | TextColumn

/** A column that holds neither numbers nor texts, and what it holds: "lists". */
export interface LeftOut {
  readonly name: string
  readonly type: string
}

export interface FileColumns {
  /** Of all columns of the file. */
  readonly names: readonly string[]
  /** In the order of the file, but those ignored and left out. */
  readonly columns: readonly DriftColumn[]
  readonly leftOut: readonly LeftOut[]
  /** Columns with numbers beyond all bounds, which count as missing, and how many. */
  readonly infinite: readonly { readonly name: string; readonly count: number }[]
}

export const isNumber = (column: DriftColumn): column is NumberColumn =>
  column.type === 'int' || column.type === 'float'

/** Values in any order; NaN and ±∞ are missing. */
export function numberColumn(name: string, values: ArrayLike<number>, type?: 'int' | 'float'): NumberColumn {
  const kept = new Float64Array(values.length)
  let n = 0
  let whole = true
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (!Number.isFinite(value)) continue
    kept[n++] = value
    if (whole && !Number.isInteger(value)) whole = false
  }
  const missing = values.length - n
  return {
    name,
    type: type ?? (whole && missing === 0 ? 'int' : 'float'),
    rows: values.length,
    missing,
    sorted: kept.slice(0, n).sort(),
  }
}

/** null is missing. */
export function textColumn(name: string, values: Iterable<string | null>): TextColumn {
  const counts = new Map<string, number>()
  let [rows, missing] = [0, 0]
  for (const value of values) {
    rows++
    if (value === null) missing++
    else counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return { name, type: 'text', rows, missing, counts }
}

/** A column declared to be of a kind, whatever its values look like. @throws DriftInputError with the text that is no number */
export function declared(column: DriftColumn, kind: 'number' | 'category' | 'text'): DriftColumn {
  if (isNumber(column)) {
    if (kind === 'number') return { ...column, type: 'float' }
    const counts = new Map<string, number>()
    for (const value of column.sorted) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1)
    return { name: column.name, type: kind, rows: column.rows, missing: column.missing, counts }
  }
  if (kind !== 'number') return { ...column, type: kind }
  const values = new Float64Array(present(column))
  let at = 0
  for (const [text, count] of column.counts) {
    const value = numberOf(text, ',')
    if (Number.isNaN(value))
      throw new DriftInputError(
        `column ${column.name}: declared a number, but it holds texts: ${count} of its ${column.rows} rows hold “${text.slice(0, 40)}”`,
      )
    values.fill(value, at, at + count)
    at += count
  }
  const { name, rows, missing } = column
  return { name, type: 'float', rows, missing, sorted: values.sort() }
}

export const present = (column: DriftColumn): number => column.rows - column.missing

/** Distinct values; for sorted numbers counting stops above `enough`. */
export const distinct = (column: DriftColumn, enough = Number.POSITIVE_INFINITY): number =>
  isNumber(column) ? distinctOf(column.sorted, enough) : column.counts.size

function distinctOf(sorted: Float64Array, enough: number): number {
  let count = 0
  for (let i = 0; i < sorted.length && count <= enough; i++) if (i === 0 || sorted[i] !== sorted[i - 1]) count++
  return count
}

export interface Categories {
  /** Every value of either side: numbers rising, texts by code point. */
  readonly keys: readonly (string | number)[]
  readonly reference: Float64Array
  readonly current: Float64Array
}

/** Distinct values of a rising sample, with how often each stands there. */
function runs(sorted: Float64Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (let from = 0; from < sorted.length; ) {
    let to = from + 1
    while (to < sorted.length && sorted[to] === sorted[from]) to++
    counts.set(sorted[from]!, to - from)
    from = to
  }
  return counts
}

const tally = (column: DriftColumn): ReadonlyMap<string | number, number> =>
  isNumber(column) ? runs(column.sorted) : column.counts

/** Counts of both sides over the values that occur on either. */
export function categories(reference: DriftColumn, current: DriftColumn): Categories {
  const [left, right] = [tally(reference), tally(current)]
  const keys = [...left.keys(), ...[...right.keys()].filter((key) => !left.has(key))].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a) < String(b) ? -1 : 1,
  )
  return {
    keys,
    reference: Float64Array.from(keys, (key) => left.get(key) ?? 0),
    current: Float64Array.from(keys, (key) => right.get(key) ?? 0),
  }
}

/** Distinct values over both sides; exact up to `enough`, then only known to be more. */
export function distinctOfBoth(reference: DriftColumn, current: DriftColumn, enough: number): number {
  if (distinct(reference, enough) > enough) return enough + 1
  if (distinct(current, enough) > enough) return enough + 1
  return categories(reference, current).keys.length
}
