/** The items of a JSON list, cut out of its bytes while they arrive: no more is held than the bytes of the items, and nothing of one that is too long. */
import type { ValueKind } from '../pipeline/data/value-kind.ts'
import { fault } from './faults.ts'
import { gathered } from './gathered.ts'
import { jsonFaultAt } from './json-fault.ts'
import { Problem } from './problems.ts'

export interface ListLimits {
  /** Bytes of one item. */
  readonly longest: number
  /** Items. */
  readonly most: number
}

/** Its bytes, in pieces. */
export type ListItem = readonly Uint8Array[]

const [quote, backslash, comma, newline] = [34, 92, 44, 10]
const [openList, closeList, openObject, closeObject] = [91, 93, 123, 125]
const isBlank = (byte: number): boolean => byte === 32 || byte === newline || byte === 13 || byte === 9

/** What begins with this byte; null where no JSON does. */
const kindsByFirst: readonly (readonly [RegExp, ValueKind])[] = [
  [/\{/, 'object'],
  [/"/, 'text'],
  [/[tf]/, 'boolean'],
  [/n/, 'null'],
  [/[-\d]/, 'number'],
]

/**
 * The bytes of each item, once the whole list has come and is closed; null for one that is longer than the limit.
 * An item may still be no JSON: whoever parses it refuses it by itself.
 * @throws Problem malformed-json, invalid-application (no list, an empty one) or batch-too-large; what the stream throws
 */
export async function listItems(stream: AsyncIterable<Uint8Array>, limits: ListLimits): Promise<(ListItem | null)[]> {
  const list = listReader(limits)
  for await (const piece of stream) list.read(piece)
  return list.end()
}

function listReader({ longest, most }: ListLimits) {
  const items: (ListItem | null)[] = []
  const item = gathered(longest)
  let state: 'before' | 'within' | 'after' = 'before'
  let depth = 0 // of the lists and objects of an item
  let inText = false
  let escaped = false
  let [seen, line, column] = [0, 1, 1]

  function stop(code: 'json_empty' | 'json_end' | 'json_more' | 'json_comma' | 'json_value'): never {
    const pointer = state === 'within' ? `/${items.length}` : ''
    throw new Problem('malformed-json', { faults: [jsonFaultAt(code, { line, column }, pointer)] })
  }
  function begin(byte: number): void {
    if (byte !== openList) {
      const [, kind] = kindsByFirst.find(([form]) => form.test(String.fromCharCode(byte))) ?? []
      if (!kind) stop('json_value')
      throw new Problem('invalid-application', { faults: [fault('', 'not_a_list', kind)] })
    }
    state = 'within'
  }
  function endItem(closer: number): void {
    if (item.length > 0) {
      if (items.length === most) throw new Problem('batch-too-large')
      items.push(item.take())
    } else if (closer === comma || items.length > 0) stop('json_value')
    if (closer === closeList) state = 'after'
  }
  /** Outside of texts: whether the byte belongs to an item. */
  function isOfItem(byte: number, begun: boolean): boolean {
    if (byte === quote) inText = true
    else if (byte === openList || byte === openObject) depth++
    else if (depth > 0 && (byte === closeList || byte === closeObject)) depth--
    else if (depth === 0 && byte === closeObject) stop('json_comma')
    else if (depth === 0 && (byte === comma || byte === closeList)) return false
    else if (isBlank(byte)) return begun
    return true
  }

  function read(bytes: Uint8Array): void {
    let start = -1 // where the part of an item begins that lies in these bytes
    for (let at = 0; at < bytes.length; at++, seen++) {
      const byte = bytes[at]!
      if (inText) {
        if (escaped) escaped = false
        else if (byte === backslash) escaped = true
        else if (byte === quote) inText = false
        if (start < 0) start = at
      } else if (state === 'within') {
        if (isOfItem(byte, start >= 0 || item.length > 0)) {
          if (start < 0) start = at
        } else if (!isBlank(byte)) {
          if (start >= 0) item.add(bytes.subarray(start, at))
          start = -1
          endItem(byte)
        }
      } else if (!isBlank(byte) && !isOfMark(byte, seen)) {
        if (state === 'after') stop('json_more')
        begin(byte)
      }
      if (byte === newline) [line, column] = [line + 1, 1]
      else if ((byte & 0xc0) !== 0x80) column++
    }
    if (start >= 0) item.add(bytes.subarray(start))
  }
  function end(): (ListItem | null)[] {
    if (state !== 'after') stop(state === 'before' ? 'json_empty' : 'json_end')
    if (items.length === 0) throw new Problem('invalid-application', { faults: [fault('', 'list_length')] })
    return items
  }
  return { read, end }
}

/** A byte order mark (RFC 8259, 8.1: it may be ignored). */
const isOfMark = (byte: number, place: number): boolean => byte === [0xef, 0xbb, 0xbf][place]
