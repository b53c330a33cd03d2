/** A model file as it was read, from UBJ or JSON alike, and the questions that the checks ask of it. */
import { XGBoostError } from '../error.ts'

export type NumberArray = Float32Array | Float64Array | Int8Array | Uint8Array | Int16Array | Int32Array
export type Value = null | boolean | number | string | NumberArray | Value[] | Fields
export type Fields = Map<string, Value>

/** Nesting of the deepest genuine model is 9; a parser that recurses needs a bound. */
export const deepest = 32

export const refused = (message: string): XGBoostError =>
  new XGBoostError('Booster.load', `the model file is not sound: ${message}`)

export function require(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw refused(message())
}

function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (value instanceof Map) return 'an object'
  return typeof value === 'object' ? 'an array' : `a ${typeof value}`
}

/** A field that must be an object. `where` names the object that holds it. */
export function fieldsOf(value: Value | undefined, where: string): Fields {
  if (value instanceof Map) return value
  throw refused(`${where} is ${kindOf(value)}, expected an object`)
}

export function textOf(value: Value | undefined, where: string): string {
  if (typeof value === 'string') return value
  throw refused(`${where} is ${kindOf(value)}, expected text`)
}

export function listOf(value: Value | undefined, where: string): readonly Value[] {
  if (Array.isArray(value)) return value
  throw refused(`${where} is ${kindOf(value)}, expected a list`)
}

/** A list of numbers, typed (UBJ) or not (JSON, where old files write true and false for 1 and 0). */
export function numbersOf(value: Value | undefined, where: string): ArrayLike<number> {
  if (ArrayBuffer.isView(value)) return value
  return listOf(value, where).map((part, i) => {
    if (typeof part === 'number') return part
    if (typeof part === 'boolean') return Number(part)
    throw refused(`${where}[${i}] is ${kindOf(part)}, expected a number`)
  })
}

/** A list of whole numbers from `least` to `most`. */
export function integersOf(value: Value | undefined, where: string, least: number, most: number): ArrayLike<number> {
  const numbers = numbersOf(value, where)
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number
    require(Number.isInteger(number) && number >= least && number <= most, () =>
      `${where}[${i}] is ${number}, expected ${least} to ${most}`)
  }
  return numbers
}

/** A whole number that the file writes as text ("3"). */
export function countOf(value: Value | undefined, where: string, most = 2 ** 31 - 1): number {
  const text = textOf(value, where)
  const count = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN
  require(count <= most, () => `${where} is ${JSON.stringify(text)}, expected a whole number up to ${most}`)
  return count
}
