/** Small portfolios in a temporary folder that goes when the test process ends, and their tables as typed frames. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { generate } from './generator/generate.ts'
import { fileOf, noDay, type TableName } from './published/tables.ts'

const base = mkdtempSync(join(tmpdir(), 'synthetic-credit-'))
process.on('exit', () => rmSync(base, { recursive: true, force: true }))

let made = 0
const known = new Map<string, string>()

/** A path of its own at which there is nothing. */
export const emptyFolder = (): string => join(base, `folder-${made++}`)

/** A generated portfolio, made once; not to be changed. */
export function smallPortfolio(clients = 200, newClients = 40, seed = 5): string {
  const key = `${clients} ${newClients} ${seed}`
  const found = known.get(key)
  if (found) return found
  const folder = emptyFolder()
  generate({ clients, newClients, seed, folder })
  known.set(key, folder)
  return folder
}

const frames = new Map<string, pl.DataFrame>()

/** A generated table with its cells typed: null where the file has nothing, XNA or XAP, or 365243 in a DAYS column. */
export function typedTable(folder: string, table: TableName): pl.DataFrame {
  const path = join(folder, fileOf(table))
  const found = frames.get(path)
  if (found) return found
  const frame = pl.readCSV(path, { nullValues: ['', 'XNA', 'XAP'], inferSchemaLength: 1e6 })
  const days = frame.columns.filter((name) => name.startsWith('DAYS_'))
  const typed = frame.withColumns(
    ...days.map((name) => pl.when(pl.col(name).eq(noDay)).then(pl.lit(null)).otherwise(pl.col(name)).alias(name)),
  )
  frames.set(path, typed)
  return typed
}
