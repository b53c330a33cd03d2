/** The array interface: tells libxgboost, in JSON, where a typed array lies. */
import koffi from 'koffi'
import { XGBoostError } from './error.ts'

/** numpy's names of little-endian types (https://numpy.org/doc/stable/reference/arrays.interface.html), as the library reads them. */
const typestrs = {
  Float32Array: '<f4',
  Float64Array: '<f8',
  Int32Array: '<i4',
  Uint32Array: '<u4',
  Int16Array: '<i2',
  Uint16Array: '<u2',
  Int8Array: '|i1',
  Uint8Array: '|u1',
  Uint8ClampedArray: '|u1',
  BigInt64Array: '<i8',
  BigUint64Array: '<u8',
} as const

export type NumericArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array

/** What the library reads where it lies. */
export type Described = NumericArray | BigInt64Array | BigUint64Array

const nameOfKind = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get

/** The kind of a typed array (`Float32Array`), whatever realm it was made in (Jest and node:vm have their own); null for anything else. */
export function typedArrayKind(value: unknown): string | null {
  const kind: unknown = nameOfKind?.call(value)
  return typeof kind === 'string' ? kind : null
}

export const isDescribed = (value: unknown): value is Described => Object.hasOwn(typestrs, typedArrayKind(value) ?? '')

export interface ArrayInterface {
  readonly data: readonly [number, true]
  readonly shape: readonly number[]
  readonly typestr: string
  readonly version: 3
}

// An address keeps nothing alive: what was described stays referenced until the next call into the library has returned.
let pinned: Described[] = []
export const unpin = (): void => {
  pinned = []
}

/** Describes a typed array in place, for the next call into the library. */
export function arrayInterface(values: Described, shape: readonly number[] = [values.length]): ArrayInterface {
  const kind = typedArrayKind(values)
  if (!isDescribed(values))
    throw new XGBoostError('arrayInterface', `the library does not read ${kind ?? typeof values}`)
  pinned.push(values)
  const typestr = typestrs[kind as keyof typeof typestrs]
  return { data: [Number(koffi.address(values)), true], shape, typestr, version: 3 }
}

/** JSON as libxgboost reads it: bare NaN and Infinity are numbers. */
export function libraryJson(config: Readonly<Record<string, number | string | boolean>>): string {
  const fields = Object.entries(config).map(
    ([key, value]) => `${JSON.stringify(key)}:${typeof value === 'number' ? String(value) : JSON.stringify(value)}`,
  )
  return `{${fields.join(',')}}`
}
