/** The array interface: how libxgboost is told, in JSON, where a typed array lies. */
import koffi from 'koffi'

export type InterfaceColumn =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array

type Described = InterfaceColumn | BigUint64Array

/** numpy's names of little-endian types (https://numpy.org/doc/stable/reference/arrays.interface.html). */
function typestr(values: Described): string {
  if (values instanceof Float32Array) return '<f4'
  if (values instanceof Float64Array) return '<f8'
  if (values instanceof Int32Array) return '<i4'
  if (values instanceof Uint32Array) return '<u4'
  if (values instanceof Int16Array) return '<i2'
  if (values instanceof Uint16Array) return '<u2'
  if (values instanceof Int8Array) return '|i1'
  if (values instanceof BigUint64Array) return '<u8'
  return '|u1'
}

export interface ArrayInterface {
  readonly data: readonly [number, true]
  readonly shape: readonly number[]
  readonly typestr: string
  readonly version: 3
}

/** Describes a typed array in place; it must be kept referenced until the call that reads it has returned. */
export function arrayInterface(values: Described, shape: readonly number[] = [values.length]): ArrayInterface {
  return { data: [Number(koffi.address(values)), true], shape, typestr: typestr(values), version: 3 }
}

/** JSON as libxgboost reads it: bare NaN and Infinity are numbers. */
export function libraryJson(config: Readonly<Record<string, number | string | boolean>>): string {
  const fields = Object.entries(config).map(
    ([key, value]) => `${JSON.stringify(key)}:${typeof value === 'number' ? String(value) : JSON.stringify(value)}`,
  )
  return `{${fields.join(',')}}`
}
