/** Copies results out of the library's memory, which it reuses at the next call on the same thread. */
import koffi from 'koffi'
import { XGBoostError } from './error.ts'

/** A place for one 64-bit value that the library writes. */
export const out = (): BigUint64Array => new BigUint64Array(1)

/** The handle or pointer that was written; null pointers must not reach koffi.decode, which would end the process. */
export const pointer = (place: BigUint64Array): bigint => place[0] ?? 0n

/** The length that was written. */
export const size = (place: BigUint64Array): number => Number(place[0])

function notNull(place: BigUint64Array, length: number): bigint {
  const address = pointer(place)
  if (address === 0n && length > 0) throw new XGBoostError('libxgboost', `returned a null pointer for ${length} values`)
  return address
}

export function copyFloats(place: BigUint64Array, length: number): Float32Array {
  const address = notNull(place, length)
  return length === 0 ? new Float32Array(0) : (koffi.decode(address, 'float', length) as Float32Array)
}

export function copySizes(place: BigUint64Array, length: number): number[] {
  const address = notNull(place, length)
  return length === 0 ? [] : Array.from(koffi.decode(address, 'uint64_t', length) as BigUint64Array, Number)
}

export function copyBytes(place: BigUint64Array, length: number): Uint8Array {
  const address = notNull(place, length)
  return length === 0 ? new Uint8Array(0) : (koffi.decode(address, 'uint8_t', length) as Uint8Array)
}

export function copyText(place: BigUint64Array): string {
  return koffi.decode(notNull(place, 1), 'char', -1) as string
}

export function copyTexts(place: BigUint64Array, length: number): string[] {
  const address = notNull(place, length)
  return length === 0 ? [] : (koffi.decode(address, 'str', length) as string[])
}
