/** QuantileDMatrix: a matrix that keeps the bin of each value only, made batch by batch, so that the values need not fit in memory. */
import koffi from 'koffi'
import { arrayInterface, type Described, libraryJson } from './array-interface.ts'
import { checkRows, type InterfaceColumn, nameOf, readableColumns } from './columns.ts'
import { defaultThreads } from './configure.ts'
import { XGBoostError } from './error.ts'
import { checkFeatures, checkIsMatrix } from './features.ts'
import { call } from './gate.ts'
import { columnName, DMatrix, handleOf, own } from './matrix.ts'
import {
  checkCodes,
  checkFeatureInfo,
  checkMissing,
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
  /** The most bins a feature has; default: 256. It must equal the parameter `max_bin` of the training. */
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

/** What the first batch had, and every other one must have too. */
interface Shape {
  readonly columns: number
  readonly info: string
}

const rowInfo = [
  'label',
  'targets',
  'weight',
  'baseMargin',
  'group',
  'qid',
  'labelLowerBound',
  'labelUpperBound',
] as const

/** Shows one batch to the library, through its proxy matrix, which reads the values (`held`) after this has returned. */
function show(
  proxy: bigint,
  batch: Batch,
  options: QuantileOptions,
  expected: Shape | null,
): { readonly shape: Shape; readonly held: readonly Described[] } {
  const missing = options.missing ?? Number.NaN
  if (typeof batch !== 'object' || batch === null || !('columns' in batch || 'values' in batch))
    throw new XGBoostError(fn, `a batch is ${nameOf(batch)}, expected { columns } or { values, shape }`)
  const named = (i: number) => `${columnName(options, i)} of a batch`
  const { columns: held, rows } =
    'columns' in batch
      ? readableColumns(fn, batch.columns, named)
      : { columns: [batch.values], rows: batch.shape?.rows }
  const width = 'columns' in batch ? held.length : batch.shape?.columns
  if (!('columns' in batch)) checkRows(fn, batch.values, rows, width)
  const shape = { columns: width, info: rowInfo.filter((field) => batch[field] !== undefined).join(', ') || 'nothing' }
  if (expected === null) checkFeatureInfo(fn, width, options)
  else if (width !== expected.columns)
    throw new XGBoostError(fn, `a batch of ${width} columns after one of ${expected.columns}`)
  // The library would join what is there, and give some rows the labels of others.
  else if (shape.info !== expected.info)
    throw new XGBoostError(fn, `a batch with ${shape.info} after one with ${expected.info}: all need the same`)
  for (const [i, type] of (options.featureTypes ?? []).entries())
    if (type === 'c')
      if ('columns' in batch) checkCodes(fn, named(i), held[i]!, missing)
      else checkCodes(fn, named(i), batch.values, missing, i, width)
  if ('columns' in batch)
    call('XGProxyDMatrixSetDataColumnar', proxy, JSON.stringify(held.map((column) => arrayInterface(column))))
  else call('XGProxyDMatrixSetDataDense', proxy, JSON.stringify(arrayInterface(batch.values, [rows, width])))
  setFeatureInfo(proxy, options)
  setRowInfo(fn, proxy, rows, batch)
  return { shape, held }
}

/** Throws unless the new matrix will have the features of the one whose bins it shares. */
function checkReference(options: QuantileOptions, columns: number): void {
  const { ref, featureNames = null, featureTypes = null } = options
  if (ref) checkFeatures(fn, ['the batches', { columns, featureNames, featureTypes }], ['ref', ref], 'numbers')
}

/** A matrix for `tree_method: hist`; it trains the same model as a DMatrix of the same rows, in less memory. It cannot be sliced. */
export class QuantileDMatrix extends DMatrix {
  /** Goes through the batches several times (four, in 3.2), and keeps one of them in memory at a time. */
  static fromBatches(batches: Batches, options: QuantileOptions = {}): QuantileDMatrix {
    if (typeof batches !== 'function' && typeof Object(batches)[Symbol.iterator] !== 'function')
      throw new XGBoostError(fn, `expected a list of batches or a generator function, got ${nameOf(batches)}`)
    if (typeof batches !== 'function' && Object.is(batches[Symbol.iterator](), batches))
      throw new XGBoostError(
        fn,
        'these batches can be gone through once only: give a list, or the generator function itself (without calling it)',
      )
    checkMissing(fn, options.missing)
    if (options.ref !== undefined) checkIsMatrix(fn, 'ref', options.ref)
    let iterator: Iterator<Batch> = iteratorOf(batches)
    // The library reads the batch after `next` has returned: it must not be collected before then.
    const kept: (readonly Described[])[] = []
    let shape: Shape | null = null
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
          if (step.done) return 0
          const shown = show(pointer(proxy), step.value, options, shape)
          if (shape === null) checkReference(options, shown.shape.columns)
          shape = shown.shape
          kept[0] = shown.held
          return 1
        }),
      nextType,
    )
    const reset = koffi.register(
      () =>
        guarded(undefined, () => {
          kept.length = 0
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
      return new QuantileDMatrix(own, pointer(created), options)
    } catch (error) {
      throw failure ? (failure as { error: unknown }).error : error
    } finally {
      koffi.unregister(next)
      koffi.unregister(reset)
      call('XGDMatrixFree', pointer(proxy))
    }
  }
}
