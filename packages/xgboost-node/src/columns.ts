/** The one gate for the values of a matrix: what may be a column or a block of rows, and in which form the library reads it. */
import { type Described, isDescribed, type NumericArray, typedArrayKind } from './array-interface.ts'
import { XGBoostError } from './error.ts'

/** A Float16Array, described without the newest library of TypeScript. */
export interface Float16Column {
  readonly [Symbol.toStringTag]: 'Float16Array'
  readonly length: number
  readonly [index: number]: number
}

/** A column: a typed array of any kind. The library keeps float32 of whatever it holds. */
export type InterfaceColumn = Described | Float16Column

/** What something is, for a message. */
export function nameOf(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  return typedArrayKind(value) ?? Object.prototype.toString.call(value).slice('[object '.length, -1)
}

/** Throws unless a matrix of that many rows or columns can be. */
export function positive(fn: string, what: 'rows' | 'columns', count: number): void {
  if (!Number.isInteger(count) || count < 1)
    throw new XGBoostError(fn, `a matrix needs at least one of its ${what}, got ${count}`)
}

const isFloat16 = (value: unknown): value is Float16Column => typedArrayKind(value) === 'Float16Array'
export const isBig = (column: Described): column is BigInt64Array | BigUint64Array =>
  typedArrayKind(column) === 'BigInt64Array' || typedArrayKind(column) === 'BigUint64Array'

/** Columns of equal length as the library reads them: half precision, which it does not read, as float32 of the same values. */
export function readableColumns(
  fn: string,
  columns: readonly InterfaceColumn[],
  nameOfColumn: (index: number) => string,
): { readonly columns: readonly Described[]; readonly rows: number } {
  if (!Array.isArray(columns))
    throw new XGBoostError(fn, `expected a list of typed arrays, one a column, got ${nameOf(columns)}`)
  positive(fn, 'columns', columns.length)
  const readable = Array.from(columns as readonly InterfaceColumn[], (column, i) => {
    if (isDescribed(column)) return column
    if (isFloat16(column)) return new Float32Array(column)
    throw new XGBoostError(
      fn,
      `${nameOfColumn(i)} is not a typed array of numbers but ${nameOf(column)}: expected Float32Array or another kind`,
    )
  })
  const rows = readable[0]?.length ?? 0
  positive(fn, 'rows', rows)
  for (const [i, column] of readable.entries())
    if (column.length !== rows)
      throw new XGBoostError(fn, `${nameOfColumn(i)} has ${column.length} rows, column 0 has ${rows}`)
  return { columns: readable, rows }
}

/** Whether all of them hold numbers, so that they can be turned into rows here. */
export const areNumbers = (columns: readonly Described[]): columns is readonly NumericArray[] => !columns.some(isBig)

/** Throws unless the values are float32. */
export function checkFloats(fn: string, values: Float32Array): void {
  if (typedArrayKind(values) !== 'Float32Array')
    throw new XGBoostError(fn, `values must be a Float32Array, not ${nameOf(values)}`)
}

/** Throws unless the values are float32, row-major, of that shape. */
export function checkRows(fn: string, values: Float32Array, rows: number, columns: number, unit = 'columns'): void {
  positive(fn, 'rows', rows)
  positive(fn, 'columns', columns)
  checkFloats(fn, values)
  if (values.length !== rows * columns)
    throw new XGBoostError(
      fn,
      `${values.length} values for ${rows} rows of ${columns} ${unit}, expected ${rows * columns}`,
    )
}
