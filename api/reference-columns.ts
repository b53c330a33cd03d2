/** A worker thread: reads the bundle's reference.parquet and hands its columns over, so that the garbage of reading ends with the worker. */
import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { parquetMetadata, parquetRead } from 'hyparquet'

const bytes = readFileSync(String(workerData))
const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength)
const metadata = parquetMetadata(file)
const count = Number(metadata.num_rows)
const columns = new Map<string, Float64Array<ArrayBuffer>>()

// One column at a time: less memory is held at once, and the process keeps what its heaps once needed.
for (const { name } of metadata.schema.filter(({ num_children }) => num_children === undefined)) {
  const numbers = new Float64Array(count).fill(Number.NaN)
  columns.set(name, numbers)
  await parquetRead({
    file,
    metadata,
    columns: [name],
    onChunk({ columnData, rowStart }) {
      for (let i = 0; i < columnData.length; i++) {
        const value: unknown = columnData[i]
        if (typeof value === 'number') numbers[rowStart + i] = value
      }
    },
  })
}

parentPort?.postMessage(
  columns,
  [...columns.values()].map((column) => column.buffer),
)
