/** The columns of a Parquet file as its footer declares them: polars for Node cannot show every type, and one that it cannot show must not end the reading. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { parquetMetadata, type SchemaElement } from 'hyparquet'

export interface ParquetField {
  readonly name: string
  /** Null where neither numbers nor texts stand in it. */
  readonly kind: 'whole' | 'number' | 'truth' | 'time' | 'text' | 'nothing' | null
  /** In words: "lists", "16-bit floats". */
  readonly type: string
  /** Of a time, how many of its units make a day. */
  readonly perDay: number
}

const magic = 'PAR1' // the first and the last four bytes of every Parquet file

/** The fields in the order of the file. @throws Error where the file has no footer that can be read */
export function parquetFields(path: string): ParquetField[] {
  const [, ...elements] = parquetMetadata(footerOf(path)).schema
  const fields: ParquetField[] = []
  for (let at = 0; at < elements.length; at = after(elements, at)) fields.push(fieldOf(elements[at]!))
  return fields
}

/** The last bytes of the file, the footer and its length among them. */
function footerOf(path: string): ArrayBuffer {
  const handle = openSync(path, 'r')
  try {
    const { size } = fstatSync(handle)
    const end = Buffer.alloc(8)
    if (size < 12 || readSync(handle, end, 0, 8, size - 8) < 8 || end.toString('latin1', 4) !== magic)
      throw new Error('no footer of a Parquet file')
    const length = end.readUInt32LE(0) + 8
    if (length > size) throw new Error('a footer that is longer than the file')
    const footer = new ArrayBuffer(length)
    readSync(handle, new Uint8Array(footer), 0, length, size - length)
    return footer
  } finally {
    closeSync(handle)
  }
}

/** Where the element behind one and all that lies in it stands. */
function after(elements: readonly SchemaElement[], at: number): number {
  let next = at + 1
  for (let child = 0; child < (elements[at]?.num_children ?? 0); child++) next = after(elements, next)
  return next
}

const dayOf = { MILLIS: 86_400_000, MICROS: 86_400_000_000, NANOS: 86_400_000_000_000 } as const

function fieldOf(element: SchemaElement): ParquetField {
  const { name, type, converted_type: converted, logical_type: logical, repetition_type: repetition } = element
  const field = (kind: ParquetField['kind'], words: string, perDay = 1): ParquetField => ({
    name,
    kind,
    type: words,
    perDay,
  })
  if (element.num_children) {
    if (converted === 'LIST' || logical?.type === 'LIST') return field(null, 'lists')
    if (converted?.startsWith('MAP') || logical?.type === 'MAP') return field(null, 'maps')
    return field(null, 'structs')
  }
  if (repetition === 'REPEATED') return field(null, 'lists')
  if (logical?.type === 'NULL') return field('nothing', 'nothing')
  if (logical?.type === 'DECIMAL' || converted === 'DECIMAL') return field('number', 'decimals')
  if (logical?.type === 'DATE' || converted === 'DATE') return field('time', 'dates')
  if (logical?.type === 'TIMESTAMP') return field('time', 'times', dayOf[logical.unit])
  if (converted === 'TIMESTAMP_MILLIS') return field('time', 'times', dayOf.MILLIS)
  if (converted === 'TIMESTAMP_MICROS') return field('time', 'times', dayOf.MICROS)
  if (logical?.type === 'TIME' || converted?.startsWith('TIME_')) return field('time', 'times of the day', dayOf.NANOS) // as polars holds them
  switch (type) {
    case 'BOOLEAN':
      return field('truth', 'truth values')
    case 'INT32':
    case 'INT64':
      return field('whole', 'whole numbers')
    case 'INT96':
      return field('time', 'times', dayOf.NANOS)
    case 'FLOAT':
    case 'DOUBLE':
      return field('number', 'numbers')
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical?.type === 'FLOAT16' ? field('number', '16-bit floats') : field(null, 'binary data')
    default:
      return logical?.type === 'STRING' || converted === 'UTF8' ? field('text', 'texts') : field(null, 'binary data')
  }
}
