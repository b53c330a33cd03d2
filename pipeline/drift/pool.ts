/** A table that samples are drawn from: columns by row, so that drift between parts of one population can be measured. No polars here. */
import { type DriftColumn, numberColumn, textColumn } from './column.ts'

export interface PoolNumber {
  readonly name: string
  readonly kind: 'number'
  /** NaN is missing. */
  readonly values: Float64Array
  /** Whether the column is of whole numbers without gaps (as pandas' int64). */
  readonly whole: boolean
}

export interface PoolText {
  readonly name: string
  readonly kind: 'text'
  readonly values: readonly (string | null)[]
}

export type PoolColumn = PoolNumber | PoolText

/** The column's values in the given rows; `change` is applied to each number. */
export function taken(
  column: PoolColumn,
  rows: ArrayLike<number>,
  change?: (value: number, i: number) => number,
): DriftColumn {
  if (column.kind === 'text')
    return textColumn(
      column.name,
      Array.from(rows, (row) => column.values[row]!),
    )
  const values = Float64Array.from(rows, (row) => column.values[row]!)
  const type = column.whole && !change ? 'int' : 'float'
  return numberColumn(column.name, change ? values.map(change) : values, type)
}
