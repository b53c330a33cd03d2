/** Writes what readUbj reads, so that a test can change a model file's values and keep its grammar. */
import type { Value } from '../model-file/document.ts'

const length = (count: number) => {
  const bytes = Buffer.alloc(9, 'L')
  bytes.writeBigInt64BE(BigInt(count), 1)
  return bytes
}

const text = (value: string) => [length(value.length), Buffer.from(value, 'latin1')]

/** Lists of generic numbers that libxgboost wants as floats; all others hold integers. */
const floats = new Set(['weight_drop'])
const longs = new Set(['categories_segments', 'categories_sizes'])

function write(value: Value, name: string): Buffer[] {
  if (value === null) return [Buffer.from('Z')]
  if (typeof value === 'boolean') return [Buffer.from(value ? 'T' : 'F')]
  if (typeof value === 'string') return [Buffer.from('S'), ...text(value)]
  if (typeof value === 'number') {
    if (Number.isInteger(value) && !floats.has(name)) return [length(value)]
    const bytes = Buffer.alloc(5, 'd')
    bytes.writeFloatBE(value, 1)
    return [bytes]
  }
  if (value instanceof Map)
    return [
      Buffer.from('{'),
      ...[...value].flatMap(([key, part]) => [...text(key), ...write(part, key)]),
      Buffer.from('}'),
    ]
  if (Array.isArray(value))
    return [Buffer.from('[#'), length(value.length), ...value.flatMap((part) => write(part, name))]
  const typed = (type: string, unit: number, put: (bytes: Buffer, number: number, at: number) => void) => {
    const bytes = Buffer.alloc(value.length * unit)
    for (let i = 0; i < value.length; i++) put(bytes, value[i] as number, i * unit)
    return [Buffer.from(`[$${type}#`), length(value.length), bytes]
  }
  if (longs.has(name))
    return typed('L', 8, (bytes, number, at) =>
      bytes.writeBigInt64BE(BigInt(Number.isFinite(number) ? Math.trunc(number) : 0), at),
    )
  if (value instanceof Float32Array) return typed('d', 4, (bytes, number, at) => bytes.writeFloatBE(number, at))
  if (value instanceof Uint8Array) return typed('U', 1, (bytes, number, at) => bytes.writeUInt8(number & 255, at))
  if (value instanceof Int8Array) return typed('i', 1, (bytes, number, at) => bytes.writeInt8((number << 24) >> 24, at))
  return typed('l', 4, (bytes, number, at) => bytes.writeInt32BE(number, at))
}

export const writeUbj = (value: Value): Uint8Array => Buffer.concat(write(value, ''))
