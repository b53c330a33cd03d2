/** Damages a model file, by a seed: in its bytes, or in its values with the grammar kept whole. */
import type { Value } from '../model-file/document.ts'
import { readUbj } from '../model-file/ubj.ts'
import { lcg } from './made.ts'
import type { Model } from './models.ts'
import { writeUbj } from './ubj-writer.ts'

type Pick = (below: number) => number

const extremes = [
  -1,
  0,
  1,
  2,
  3,
  7,
  100,
  255,
  65535,
  2 ** 24,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 40,
  Number.NaN,
  Number.POSITIVE_INFINITY,
]
const texts = [
  '',
  '0',
  '1',
  '2',
  '3',
  '7',
  '-1',
  '4294967296',
  '2147483647',
  '[5E-1]',
  '[nan]',
  '[1,2]',
  'gblinear',
  'dart',
  'gbtree',
  'c',
  'multi:softmax',
  'rank:ndcg',
  'survival:aft',
]

const byteMutations: readonly ((bytes: Buffer, pick: Pick) => Buffer)[] = [
  (bytes, pick) => {
    for (let i = pick(4); i >= 0; i--) bytes[pick(bytes.length)]! ^= 1 << pick(8)
    return bytes
  },
  (bytes, pick) => {
    for (let i = pick(8); i >= 0; i--) bytes[pick(bytes.length)] = pick(256)
    return bytes
  },
  (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  (bytes, pick) => {
    const at = pick(bytes.length)
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + pick(64))])
  },
  (bytes, pick) => {
    const [at, length] = [pick(bytes.length), 1 + pick(200)]
    return Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)])
  },
  (bytes, pick) => {
    const at = pick(bytes.length)
    return Buffer.concat([
      bytes.subarray(0, at),
      Buffer.from(Array.from({ length: 1 + pick(9) }, () => pick(256))),
      bytes.subarray(at),
    ])
  },
  (bytes, pick) => {
    if (bytes.length > 4)
      bytes.writeInt32BE([-1, 2 ** 31 - 1, -(2 ** 31), pick(16), pick(2 ** 24)][pick(5)]!, pick(bytes.length - 4))
    return bytes
  },
  // A number in the text of a JSON file becomes another one.
  (bytes, pick) => {
    const text = bytes.toString('latin1')
    const found = [...text.matchAll(/-?\d+(\.\d+)?(E-?\d+)?/g)]
    const number = found[pick(found.length)]
    if (!number) return bytes
    const other = String(extremes[pick(extremes.length)])
    return Buffer.from(text.slice(0, number.index) + other + text.slice(number.index + number[0].length), 'latin1')
  },
]

/** Every place in a document that holds a value, as a pair of functions. */
function places(
  value: Value,
  found: { value: Value; set: (value: Value) => void; drop: () => void }[] = [],
): typeof found {
  if (value instanceof Map)
    for (const [key, part] of value) {
      found.push({ value: part, set: (other) => value.set(key, other), drop: () => value.delete(key) })
      places(part, found)
    }
  else if (Array.isArray(value))
    for (const [i, part] of value.entries()) {
      found.push({ value: part, set: (other) => (value[i] = other), drop: () => value.splice(i, 1) })
      places(part, found)
    }
  return found
}

function mutateValue(value: Value, pick: Pick): Value {
  if (typeof value === 'number') return extremes[pick(extremes.length)]!
  if (typeof value === 'string') return texts[pick(texts.length)]!
  if (value !== null && ArrayBuffer.isView(value)) {
    const changed = value.slice()
    if (pick(5) === 0) return changed.slice(0, pick(value.length + 1))
    for (let i = pick(3); i >= 0 && changed.length > 0; i--)
      changed[pick(changed.length)] = pick(2) ? extremes[pick(extremes.length)]! : pick(changed.length + 2) - 1
    return changed
  }
  return [null, true, 0, '', [], new Map()][pick(6)]!
}

function mutateDocument(bytes: Uint8Array, pick: Pick): Uint8Array {
  const document = readUbj(bytes)
  const all = places(document)
  for (let i = pick(2); i >= 0; i--) {
    const place = all[pick(all.length)]!
    if (pick(12) === 0) place.drop()
    else place.set(mutateValue(place.value, pick))
  }
  return writeUbj(document)
}

/** The damaged file of a seed. */
export function mutated(models: readonly Model[], seed: number): { name: string; bytes: Uint8Array } {
  const next = lcg(seed * 2654435761)
  for (let i = 0; i < 8; i++) next()
  const pick: Pick = (below) => Math.floor(next() * below)
  const model = models[pick(models.length)]!
  const inDocument = model.name.endsWith('.ubj') && pick(3) > 0
  if (inDocument) return { name: `${model.name}, values`, bytes: mutateDocument(model.bytes, pick) }
  const kind = pick(byteMutations.length)
  return { name: `${model.name}, bytes (${kind})`, bytes: byteMutations[kind]!(Buffer.from(model.bytes), pick) }
}
