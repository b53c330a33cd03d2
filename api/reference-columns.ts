/** A worker thread: reads the bundle's reference.parquet and hands its columns over, so that the garbage of reading ends with the worker. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { parquetMetadata, parquetRead } from 'hyparquet'
import type { NumberColumn, ReferenceColumns } from './reference.ts'

const bytes = readFileSync(String(workerData))
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const metadata = parquetMetadata(file)
const count = Number(metadata.num_rows)
const numbers = new Map<string, NumberColumn>()
const words = new Map<string, (string | null)[]>()

// One column at a time: less memory is held at once, and the process keeps what its heaps once needed.
for (const { name, type } of metadata.schema.filter(({ num_children }) => num_children === undefined)) {
  const values = (type === 'DOUBLE' ? new Float64Array(count) : new Float32Array(count)).fill(Number.NaN)
  const texts = type === 'BYTE_ARRAY' ? new Array<string | null>(count).fill(null) : null
  numbers.set(name, values)
  await parquetRead({
    file,
    metadata,
    columns: [name],
    onChunk({ columnData, rowStart }) {
      for (let i = 0; i < columnData.length; i++) {
        const value: unknown = columnData[i]
        if (typeof value === 'number') values[rowStart + i] = value
        else if (texts && typeof value === 'string') texts[rowStart + i] = value
      }
    },
  })
  if (texts?.some((text) => text !== null)) words.set(name, texts)
}

parentPort?.postMessage(
  { numbers, words } satisfies ReferenceColumns,
  [...numbers.values()].map((column) => column.buffer),
)
