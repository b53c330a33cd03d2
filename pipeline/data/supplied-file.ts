/** supplied.csv beside tables that came from the journal: of each application what was not supplied, and what the service assumed instead. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Value } from './applicant.ts'
import { csvRows } from './csv-rows.ts'
import { DataError } from './data-error.ts'
import { type HistoryTable, historyTables } from './schema/tables.ts'

export const suppliedFile = 'supplied.csv'

/** `not_supplied`: tables separated by ";". `assumed`: JSON of the form's columns that were left out. A client with neither has no row. */
export const suppliedHeader = ['SK_ID_CURR', 'not_supplied', 'assumed'] as const

export interface SuppliedNote {
  readonly notSupplied: readonly HistoryTable[]
  readonly assumed: Readonly<Record<string, Value>>
}

const assumedSchema = z.record(z.string(), z.union([z.number(), z.string(), z.null()]))

/**
 * Of the clients of a folder, those of whom something was not supplied; nobody where there is no such file.
 * @throws DataError naming the line that cannot be read
 */
export function readSupplied(folder: string): ReadonlyMap<number, SuppliedNote> {
  const path = join(folder, suppliedFile)
  if (!existsSync(path)) return new Map()
  const { names, rows, faults } = csvRows(readFileSync(path), { mayBeEmpty: true })
  const wrong = (line: number | undefined, column: string | undefined, expected: string, value: string) =>
    new DataError([{ file: suppliedFile, expected, value, ...(line && { line }), ...(column && { column }) }])
  if (faults.length > 0 || suppliedHeader.some((name, i) => names[i] !== name))
    throw wrong(
      1,
      undefined,
      `a CSV file with the columns ${suppliedHeader.join(', ')}`,
      names.join(', ') || 'another file',
    )
  return new Map(
    rows.map(({ line, cells: [id = '', tables = '', assumed = ''] }) => {
      const names = tables.split(';').filter((name) => name !== '')
      const strange = names.find((name) => !historyTables.some((table) => table === name))
      if (!/^[1-9]\d*$/.test(id)) throw wrong(line, 'SK_ID_CURR', 'a positive whole number', id)
      if (strange !== undefined) throw wrong(line, 'not_supplied', `tables among ${historyTables.join(', ')}`, strange)
      const parsed = assumed === '' ? { data: {} } : assumedSchema.safeParse(jsonOf(assumed))
      if (!parsed.data) throw wrong(line, 'assumed', 'a JSON object of columns and values', assumed)
      return [Number(id), { notSupplied: names as HistoryTable[], assumed: parsed.data }]
    }),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
