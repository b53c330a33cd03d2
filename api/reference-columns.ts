/** A worker thread: reads the bundle's reference.parquet and hands its columns over, so that the garbage of reading ends with the worker. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { parquetMetadata, parquetRead } from 'hyparquet'
import type { ReferenceColumns } from './reference.ts'

const bytes = readFileSync(String(workerData))
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const metadata = parquetMetadata(file)
const count = Number(metadata.num_rows)
const numbers = new Map<string, Float64Array<ArrayBuffer>>()
const words = new Map<string, (string | null)[]>()

// One column at a time: less memory is held at once, and the process keeps what its heaps once needed.
for (const { name } of metadata.schema.filter(({ num_children }) => num_children === undefined)) {
  const values = new Float64Array(count).fill(Number.NaN)
  const texts = new Array<string | null>(count).fill(null)
  numbers.set(name, values)
  await parquetRead({
    file,
    metadata,
    columns: [name],
    onChunk({ columnData, rowStart }) {
      for (let i = 0; i < columnData.length; i++) {
        const value: unknown = columnData[i]
        if (typeof value === 'number') values[rowStart + i] = value
        else if (typeof value === 'string') texts[rowStart + i] = value
      }
    },
  })
  if (texts.some((text) => text !== null)) words.set(name, texts)
}

parentPort?.postMessage(
  { numbers, words } satisfies ReferenceColumns,
  [...numbers.values()].map((column) => column.buffer),
)
