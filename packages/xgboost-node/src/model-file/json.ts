/** Reads JSON as libxgboost does: bare NaN and Infinity are numbers, escapes of a text are few, a name occurs once in an object. */
import { deepest, type Fields, refused, require, type Value } from './document.ts'

const space = /[ \n\r\t]*/y
const number = /-?(?:NaN|Infinity|(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)/y
// libxgboost knows these escapes only, and keeps \u as it stands.
const text = /"[^"\\\n\r\xff]*(?:\\[rnt"\\u][^"\\\n\r\xff]*)*"/y
const word = /true|false|null/y
const words: Readonly<Record<string, Value>> = { true: true, false: false, null: null }

class Reader {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#source)
    if (!found) return null
    this.#at = pattern.lastIndex
    return found[0]
  }

  /** The next character that is no space, taken when it is `wanted`. */
  #take(wanted: string): boolean {
    this.#match(space)
    if (this.#source[this.#at] !== wanted) return false
    this.#at += 1
    return true
  }

  #unexpected(wanted: string): Error {
    const found = this.#at < this.#source.length ? JSON.stringify(this.#source[this.#at]) : 'its end'
    return refused(`character ${this.#at} is ${found}, expected ${wanted}`)
  }

  #text(): string {
    this.#match(space)
    const found = this.#match(text)
    if (found === null) throw this.#unexpected('text in quotes')
    return found
      .slice(1, -1)
      .replace(/\\([rnt"\\])/g, (_, letter: string) => ({ r: '\r', n: '\n', t: '\t' })[letter] ?? letter)
  }

  #object(depth: number): Fields {
    const fields: Fields = new Map()
    if (this.#take('}')) return fields
    do {
      const name = this.#text()
      require(!fields.has(name), () => `the field ${JSON.stringify(name)} occurs twice in one object`)
      if (!this.#take(':')) throw this.#unexpected('a colon')
      fields.set(name, this.value(depth))
    } while (this.#take(','))
    if (!this.#take('}')) throw this.#unexpected('a comma or the end of the object')
    return fields
  }

  #list(depth: number): Value[] {
    const values: Value[] = []
    if (this.#take(']')) return values
    do values.push(this.value(depth))
    while (this.#take(','))
    if (!this.#take(']')) throw this.#unexpected('a comma or the end of the list')
    return values
  }

  value(depth: number): Value {
    require(depth < deepest, () => `it nests deeper than ${deepest}`)
    if (this.#take('{')) return this.#object(depth + 1)
    if (this.#take('[')) return this.#list(depth + 1)
    if (this.#source[this.#at] === '"') return this.#text()
    const literal = this.#match(word)
    if (literal !== null) return words[literal] as Value
    const digits = this.#match(number)
    if (digits === null) throw this.#unexpected('a value')
    const value = Number(digits)
    require(!/^-?\d+$/.test(digits) || Number.isSafeInteger(value), () => `the integer ${digits} is out of range`)
    return value
  }

  end(): void {
    this.#match(space)
    if (this.#at < this.#source.length) throw this.#unexpected('the end of the file')
  }
}

/** Throws XGBoostError where the bytes are no JSON, are cut off, or go on after the model. */
export function readJson(bytes: Uint8Array): Value {
  const reader = new Reader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1'))
  const value = reader.value(0)
  reader.end()
  return value
}
