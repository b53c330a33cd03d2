/** Reads the dialect of Universal Binary JSON (https://ubjson.org) that libxgboost writes, and nothing that its reader would not bound. */
import { deepest, type Fields, type NumberArray, refused, require, type Value } from './document.ts'

const bytesOf: Readonly<Record<string, number>> = { i: 1, U: 1, I: 2, l: 4, L: 8, d: 4, D: 8 }

class Reader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get rest(): number {
    return this.#bytes.length - this.#at
  }

  #skip(count: number): number {
    require(count <= this.rest, () =>
      `it ends at byte ${this.#bytes.length}, within a value that starts at byte ${this.#at}`)
    this.#at += count
    return this.#at - count
  }

  #next(): string {
    return String.fromCharCode(this.#bytes[this.#skip(1)] as number)
  }

  #peek(): string {
    require(this.rest > 0, () => `it ends at byte ${this.#bytes.length}, within an object or list`)
    return String.fromCharCode(this.#bytes[this.#at] as number)
  }

  #expect(wanted: string): void {
    const at = this.#at
    const found = this.#next()
    require(found === wanted, () => `byte ${at} is ${JSON.stringify(found)}, expected ${wanted}`)
  }

  #number(type: string): number {
    const at = this.#skip(bytesOf[type] as number)
    if (type === 'i') return this.#view.getInt8(at)
    if (type === 'U') return this.#view.getUint8(at)
    if (type === 'I') return this.#view.getInt16(at)
    if (type === 'l') return this.#view.getInt32(at)
    if (type === 'd') return this.#view.getFloat32(at)
    if (type === 'D') return this.#view.getFloat64(at)
    const long = this.#view.getBigInt64(at)
    require(long >= BigInt(Number.MIN_SAFE_INTEGER) && long <= BigInt(Number.MAX_SAFE_INTEGER), () =>
      `the integer ${long} at byte ${at} is out of range`)
    return Number(long)
  }

  /** A length, of which each unit takes at least `unit` bytes of what is left. */
  #length(unit: number): number {
    this.#expect('L')
    const length = this.#number('L')
    require(length >= 0 && length * unit <= this.rest, () =>
      `a length of ${length} at byte ${this.#at - 8}, with ${this.rest} bytes left`)
    return length
  }

  #text(): string {
    const length = this.#length(1)
    const at = this.#skip(length)
    // One character a byte: enough to compare names, and no two texts look alike.
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + at, length).toString('latin1')
  }

  #typedArray(): NumberArray {
    const type = this.#next()
    const unit = bytesOf[type]
    if (unit === undefined) throw refused(`byte ${this.#at - 1}: a list of type ${JSON.stringify(type)}`)
    this.#expect('#')
    const length = this.#length(unit)
    const at = this.#skip(length * unit)
    const view = this.#view
    if (type === 'i') return new Int8Array(view.buffer, view.byteOffset + at, length)
    if (type === 'U') return new Uint8Array(view.buffer, view.byteOffset + at, length)
    if (type === 'I') return Int16Array.from({ length }, (_, i) => view.getInt16(at + 2 * i))
    if (type === 'd') return Float32Array.from({ length }, (_, i) => view.getFloat32(at + 4 * i))
    if (type === 'D') return Float64Array.from({ length }, (_, i) => view.getFloat64(at + 8 * i))
    if (type === 'L') return Float64Array.from({ length }, (_, i) => Number(view.getBigInt64(at + 8 * i)))
    const integers = new Int32Array(length)
    for (let i = 0; i < length; i++) integers[i] = view.getInt32(at + 4 * i)
    return integers
  }

  #list(depth: number): Value {
    if (this.#peek() === '$') {
      this.#next()
      return this.#typedArray()
    }
    const values: Value[] = []
    if (this.#peek() === '#') {
      this.#next()
      const length = this.#length(1)
      for (let i = 0; i < length; i++) values.push(this.value(depth))
      return values
    }
    while (this.#peek() !== ']') values.push(this.value(depth))
    this.#next()
    return values
  }

  #object(depth: number): Fields {
    const fields: Fields = new Map()
    while (this.#peek() !== '}') {
      const name = this.#text()
      require(!fields.has(name), () => `the field ${JSON.stringify(name)} occurs twice in one object`)
      fields.set(name, this.value(depth))
    }
    this.#next()
    return fields
  }

  value(depth: number): Value {
    require(depth < deepest, () => `it nests deeper than ${deepest}`)
    const at = this.#at
    const type = this.#next()
    if (type === '{') return this.#object(depth + 1)
    if (type === '[') return this.#list(depth + 1)
    if (type === 'S') return this.#text()
    if (type === 'Z') return null
    if (type === 'T') return true
    if (type === 'F') return false
    if (type in bytesOf) return this.#number(type)
    throw refused(`byte ${at} is ${JSON.stringify(type)}, which starts no value`)
  }
}

/** Throws XGBoostError where the bytes are no UBJ, are cut off, or go on after the model. */
export function readUbj(bytes: Uint8Array): Value {
  const reader = new Reader(bytes)
  const value = reader.value(0)
  require(reader.rest === 0, () => `${reader.rest} bytes follow the end of the model`)
  return value
}
