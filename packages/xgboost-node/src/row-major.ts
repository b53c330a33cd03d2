/** Turns columns into rows, block by block. */
import type { NumericArray } from './array-interface.ts'

/**
 * The largest matrix, in bytes, that goes through a row-major block. libxgboost reads rows a third quicker than columns, and the turn costs a tenth
 * of that; above this size memory counts for more, and the columns are read where they lie.
 */
export const largestBlock = 32 * 2 ** 20

/** Rows a step: what a step reads and writes stays in the processor's cache. */
const step = 64

// Fresh memory costs as much as the turn itself: the last block is used again, unless the garbage collector wanted it.
let last: WeakRef<Float32Array> | null = null

/** A place for that many values, whose content is whatever was there; it is free again once the call that reads it has returned. */
export function block(length: number): Float32Array {
  const kept = last?.deref()
  if (kept && kept.length >= length) return kept.subarray(0, length)
  const made = new Float32Array(length)
  last = new WeakRef(made)
  return made
}

/** The values of columns of equal length, row after row, as float32 (which is what libxgboost keeps of any number). */
export function rowMajor(
  columns: readonly NumericArray[],
  rows: number,
  values: Float32Array = new Float32Array(rows * columns.length),
): Float32Array {
  const width = columns.length
  // values[row * width + i] = columns[i][row]
  for (let start = 0; start < rows; start += step) {
    const end = Math.min(rows, start + step)
    for (let i = 0; i < width; i++) {
      const column = columns[i] as NumericArray
      for (let row = start, place = start * width + i; row < end; row++, place += width)
        values[place] = column[row] as number
    }
  }
  return values
}
