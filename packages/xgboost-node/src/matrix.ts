/** DMatrix: the rows that XGBoost trains on and predicts, copied into the library's own memory. */
import { arrayInterface, libraryJson } from './array-interface.ts'
import {
  areNumbers,
  checkFloats,
  checkRows,
  type InterfaceColumn,
  nameOf,
  positive,
  readableColumns,
} from './columns.ts'
import { defaultThreads } from './configure.ts'
import { XGBoostError } from './error.ts'
import { call } from './gate.ts'
import { Handle } from './handle.ts'
import {
  checkCodes,
  checkFeatureInfo,
  checkMissing,
  type FeatureType,
  type MatrixOptions,
  setFeatureInfo,
  setRowInfo,
} from './matrix-info.ts'
import { copyFloats, out, pointer, size } from './memory.ts'
import { block, largestBlock, rowMajor } from './row-major.ts'

export interface CompressedRows {
  /** Where each row starts in `indices` and `values`; its length is the rows plus one. */
  readonly indptr: ArrayLike<number>
  /** The column of each value. */
  readonly indices: ArrayLike<number>
  readonly values: Float32Array
  readonly columns: number
}

/** What a worker thread needs to use a matrix of another thread. */
export interface LentMatrix {
  readonly address: bigint
  readonly featureNames: readonly string[] | null
  readonly featureTypes: readonly FeatureType[] | null
}

/** The handle of a matrix, whether something is one, and a matrix that another thread owns, for the other files of this package. */
export let handleOf: (matrix: DMatrix) => Handle
export let isMatrix: (value: unknown) => value is DMatrix
export let borrowed: (lent: LentMatrix) => DMatrix

/** Only this package makes matrices of addresses: any other number would be followed by the library, and end the process. */
export const own = Symbol('made by xgboost-node')

export const columnName = (options: Pick<MatrixOptions, 'featureNames'>, index: number): string =>
  `column ${index}${options.featureNames?.[index] === undefined ? '' : ` (${options.featureNames[index]})`}`

const creation = (options: MatrixOptions) =>
  libraryJson({ missing: options.missing ?? Number.NaN, nthread: options.nthread ?? defaultThreads() })

export class DMatrix {
  static {
    handleOf = (matrix) => matrix.#handle
    isMatrix = (value): value is DMatrix => typeof value === 'object' && value !== null && #handle in value
    borrowed = ({ address, featureNames, featureTypes }) =>
      new DMatrix(own, address, { ...(featureNames && { featureNames }), ...(featureTypes && { featureTypes }) }, false)
  }

  readonly #handle: Handle
  readonly rows: number
  readonly columns: number
  readonly featureNames: readonly string[] | null
  readonly featureTypes: readonly FeatureType[] | null

  /** Takes over a C handle. Use the static functions. */
  protected constructor(
    by: typeof own,
    address: bigint,
    options: Pick<MatrixOptions, 'featureNames' | 'featureTypes'>,
    owned = true,
  ) {
    if (by !== own)
      throw new XGBoostError('DMatrix', `use DMatrix.fromColumns, fromRows or fromCSR, not new DMatrix(${nameOf(by)})`)
    this.#handle = new Handle('DMatrix', 'XGDMatrixFree', address, owned)
    const [rows, columns] = [out(), out()]
    call('XGDMatrixNumRow', address, rows)
    call('XGDMatrixNumCol', address, columns)
    this.rows = size(rows)
    this.columns = size(columns)
    this.featureNames = options.featureNames ? [...options.featureNames] : null
    this.featureTypes = options.featureTypes ? [...options.featureTypes] : null
  }

  /** Finishes a matrix that the library has just made: its labels, names and types. Frees it when one of them is refused. */
  static #complete(fn: string, address: bigint, options: MatrixOptions): DMatrix {
    const matrix = new DMatrix(own, address, options)
    try {
      setFeatureInfo(address, options)
      setRowInfo(fn, address, matrix.rows, options)
      return matrix
    } catch (error) {
      matrix.close()
      throw error
    }
  }

  /**
   * A matrix of columns, one typed array each, all of the same length. NaN (and `missing`) is missing, infinity is refused.
   * Any kind of typed array will do. A large matrix is read where its columns lie, without a copy (half precision is made float32 first); one below
   * 32 MB by way of a row-major block, which is quicker.
   * Columns of type `c` hold codes 0, 1, …
   */
  static fromColumns(given: readonly InterfaceColumn[], options: MatrixOptions = {}): DMatrix {
    const fn = 'DMatrix.fromColumns'
    const { columns, rows } = readableColumns(fn, given, (i) => columnName(options, i))
    checkFeatureInfo(fn, columns.length, options)
    checkMissing(fn, options.missing)
    for (const [i, column] of columns.entries())
      if (options.featureTypes?.[i] === 'c')
        checkCodes(fn, columnName(options, i), column, options.missing ?? Number.NaN)
    const created = out()
    if (areNumbers(columns) && rows * columns.length * Float32Array.BYTES_PER_ELEMENT <= largestBlock) {
      const values = rowMajor(columns, rows, block(rows * columns.length))
      call(
        'XGDMatrixCreateFromDense',
        JSON.stringify(arrayInterface(values, [rows, columns.length])),
        creation(options),
        created,
      )
    } else {
      const places = columns.map((column) => arrayInterface(column))
      call('XGDMatrixCreateFromColumnar', JSON.stringify(places), creation(options), created)
    }
    return DMatrix.#complete(fn, pointer(created), options)
  }

  /** A matrix of row-major values: `rows * columns` of them. NaN (and `missing`) is missing, infinity is refused. */
  static fromRows(
    values: Float32Array,
    shape: { readonly rows: number; readonly columns: number },
    options: MatrixOptions = {},
  ): DMatrix {
    const fn = 'DMatrix.fromRows'
    const { rows, columns } = shape ?? {}
    checkRows(fn, values, rows, columns)
    checkFeatureInfo(fn, columns, options)
    checkMissing(fn, options.missing)
    for (const [i, type] of (options.featureTypes ?? []).entries())
      if (type === 'c') checkCodes(fn, columnName(options, i), values, options.missing ?? Number.NaN, i, columns)
    const created = out()
    call(
      'XGDMatrixCreateFromDense',
      JSON.stringify(arrayInterface(values, [rows, columns])),
      creation(options),
      created,
    )
    return DMatrix.#complete(fn, pointer(created), options)
  }

  /** A matrix of compressed sparse rows; a value that is not given is missing (not zero). */
  static fromCSR(csr: CompressedRows, options: MatrixOptions = {}): DMatrix {
    const fn = 'DMatrix.fromCSR'
    const { indptr, indices, values, columns } = csr
    positive(fn, 'rows', indptr.length - 1)
    positive(fn, 'columns', columns)
    checkFloats(fn, values)
    if (indices.length !== values.length)
      throw new XGBoostError(fn, `${indices.length} indices for ${values.length} values`)
    if (indptr[0] !== 0 || indptr[indptr.length - 1] !== values.length)
      throw new XGBoostError(
        fn,
        `indptr runs from ${indptr[0]} to ${indptr[indptr.length - 1]}, expected 0 to ${values.length}`,
      )
    for (let i = 1; i < indptr.length; i++)
      if (!Number.isInteger(indptr[i]) || (indptr[i] as number) < (indptr[i - 1] as number))
        throw new XGBoostError(
          fn,
          `indptr[${i}] is ${nameOf(indptr[i])} ${indptr[i]} after ${indptr[i - 1]}: expected whole numbers, which must not fall`,
        )
    checkFeatureInfo(fn, columns, options)
    checkMissing(fn, options.missing)
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] as number
      if (!(Number.isInteger(index) && index >= 0 && index < columns))
        throw new XGBoostError(fn, `indices[${i}] is ${index}, expected a column from 0 to ${columns - 1}`)
      if (options.featureTypes?.[index] === 'c')
        checkCodes(fn, columnName(options, index), [values[i] as number], options.missing ?? Number.NaN)
    }
    const [starts, places] = [
      BigUint64Array.from(indptr as ArrayLike<number> & Iterable<number>, BigInt),
      Uint32Array.from(indices),
    ]
    const created = out()
    call(
      'XGDMatrixCreateFromCSR',
      JSON.stringify(arrayInterface(starts)),
      JSON.stringify(arrayInterface(places)),
      JSON.stringify(arrayInterface(values)),
      columns,
      creation(options),
      created,
    )
    return DMatrix.#complete(fn, pointer(created), options)
  }

  /** The labels, row-major; empty when none were given. */
  get label(): Float32Array {
    const [length, values] = [out(), out()]
    call('XGDMatrixGetFloatInfo', this.#handle.address, 'label', length, values)
    return copyFloats(values, size(length))
  }

  /** A new matrix of some rows, by index, in the order given (an index may repeat), with their labels and weights. */
  slice(rows: ArrayLike<number>): DMatrix {
    const fn = 'DMatrix.slice'
    positive(fn, 'rows', rows.length)
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i] as number
      if (!(Number.isInteger(row) && row >= 0 && row < this.rows))
        throw new XGBoostError(fn, `row ${row} at ${i}, expected a whole number from 0 to ${this.rows - 1}`)
    }
    const created = out()
    call('XGDMatrixSliceDMatrixEx', this.#handle.address, Int32Array.from(rows), rows.length, created, 0)
    const options = {
      ...(this.featureNames && { featureNames: this.featureNames }),
      ...(this.featureTypes && { featureTypes: this.featureTypes }),
    }
    const matrix = new DMatrix(own, pointer(created), options)
    setFeatureInfo(pointer(created), options)
    return matrix
  }

  /** Frees the matrix; any use after that throws. */
  close(): void {
    this.#handle.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }
}
