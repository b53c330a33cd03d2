/** QuantileDMatrix: a matrix that keeps the bin of each value only, made batch by batch, so that the values need not fit in memory. */
import koffi from 'koffi'
import { arrayInterface, type InterfaceColumn, libraryJson } from './array-interface.ts'
import { defaultThreads } from './configure.ts'
import { XGBoostError } from './error.ts'
import { call } from './gate.ts'
import { DMatrix, handleOf } from './matrix.ts'
import {
  checkCodes,
  checkFeatureInfo,
  type FeatureInfo,
  type RowInfo,
  setFeatureInfo,
  setRowInfo,
} from './matrix-info.ts'
import { out, pointer } from './memory.ts'

/** Some rows, as columns or row-major, and what belongs to them. */
export type Batch = RowInfo &
  (
    | { readonly columns: readonly InterfaceColumn[] }
    | { readonly values: Float32Array; readonly shape: { readonly rows: number; readonly columns: number } }
  )

/** Batches that can be gone through several times: a list, any object with an iterator of its own each time, or a generator function. */
export type Batches = Iterable<Batch> | (() => Iterable<Batch>)

export interface QuantileOptions extends FeatureInfo {
  readonly missing?: number
  readonly nthread?: number
  /** The most bins a feature has; 256 unless told. It must equal the parameter `max_bin` of the training. */
  readonly maxBin?: number
  /** The training matrix, whose bins a validation matrix shall share. */
  readonly ref?: DMatrix
}

const fn = 'QuantileDMatrix.fromBatches'
const nextType = koffi.pointer(koffi.proto('int', ['void *']))
const resetType = koffi.pointer(koffi.proto('void', ['void *']))

function iteratorOf(batches: Batches): Iterator<Batch> {
  const iterable = typeof batches === 'function' ? batches() : batches
  return iterable[Symbol.iterator]()
}

/** Shows one batch to the library, through its proxy matrix. Returns the number of columns. */
function show(proxy: bigint, batch: Batch, options: QuantileOptions, expected: number | null): number {
  const missing = options.missing ?? Number.NaN
  const columns = 'columns' in batch ? batch.columns.length : batch.shape.columns
  const rows = 'columns' in batch ? (batch.columns[0]?.length ?? 0) : batch.shape.rows
  if (!(Number.isInteger(rows) && rows >= 1 && Number.isInteger(columns) && columns >= 1))
    throw new XGBoostError(fn, `a batch needs at least one row and one column, got ${rows} and ${columns}`)
  if (expected !== null && columns !== expected)
    throw new XGBoostError(fn, `a batch of ${columns} columns after one of ${expected}`)
  if (expected === null) checkFeatureInfo(fn, columns, options)
  if ('columns' in batch) {
    for (const [i, column] of batch.columns.entries()) {
      if (!ArrayBuffer.isView(column) || column.length !== rows)
        throw new XGBoostError(fn, `column ${i} of a batch is no typed array of ${rows} values`)
      if (options.featureTypes?.[i] === 'c') checkCodes(fn, `column ${i}`, column, missing)
    }
    call('XGProxyDMatrixSetDataColumnar', proxy, JSON.stringify(batch.columns.map((column) => arrayInterface(column))))
  } else {
    if (!(batch.values instanceof Float32Array) || batch.values.length !== rows * columns)
      throw new XGBoostError(fn, `the values of a batch must be a Float32Array of ${rows * columns}`)
    for (const [i, type] of (options.featureTypes ?? []).entries())
      if (type === 'c') checkCodes(fn, `column ${i}`, batch.values, missing, i, columns)
    call('XGProxyDMatrixSetDataDense', proxy, JSON.stringify(arrayInterface(batch.values, [rows, columns])))
  }
  setFeatureInfo(proxy, options)
  setRowInfo(fn, proxy, rows, batch)
  return columns
}

/** A matrix for `tree_method: hist`; it trains the same model as a DMatrix of the same rows, in less memory. It cannot be sliced. */
export class QuantileDMatrix extends DMatrix {
  /** Goes through the batches several times (four, in 3.2), and keeps one of them in memory at a time. */
  static fromBatches(batches: Batches, options: QuantileOptions = {}): QuantileDMatrix {
    if (typeof batches !== 'function' && Object.is(batches[Symbol.iterator](), batches))
      throw new XGBoostError(
        fn,
        'these batches can be gone through once only: give a list, or the generator function itself (without calling it)',
      )
    let iterator: Iterator<Batch> = iteratorOf(batches)
    // The library reads the batch after `next` has returned: it must not be collected before then.
    let current: Batch | null = null
    let columns: number | null = null
    let failure: { readonly error: unknown } | null = null
    const proxy = out()
    call('XGProxyDMatrixCreate', proxy)
    // An exception must not pass through C: it is kept, iteration ends, and it is thrown again outside.
    const guarded = <T>(otherwise: T, body: () => T): T => {
      if (failure) return otherwise
      try {
        return body()
      } catch (error) {
        failure = { error }
        return otherwise
      }
    }
    const next = koffi.register(
      () =>
        guarded(0, () => {
          const step = iterator.next()
          current = step.done ? null : step.value
          if (current === null) return 0
          columns = show(pointer(proxy), current, options, columns)
          return 1
        }),
      nextType,
    )
    const reset = koffi.register(
      () =>
        guarded(undefined, () => {
          current = null
          iterator = iteratorOf(batches)
        }),
      resetType,
    )
    const config = libraryJson({
      missing: options.missing ?? Number.NaN,
      nthread: options.nthread ?? defaultThreads(),
      max_bin: options.maxBin ?? 256,
    })
    const created = out()
    try {
      const ref = options.ref ? handleOf(options.ref).address : null
      call('XGQuantileDMatrixCreateFromCallback', null, pointer(proxy), ref, reset, next, config, created)
      if (failure) throw (failure as { error: unknown }).error
      return new QuantileDMatrix(pointer(created), options)
    } catch (error) {
      throw failure ? (failure as { error: unknown }).error : error
    } finally {
      koffi.unregister(next)
      koffi.unregister(reset)
      call('XGDMatrixFree', pointer(proxy))
    }
  }
}
