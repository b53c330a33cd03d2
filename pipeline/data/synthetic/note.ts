/** The note that generated data carry, and whether the files beside it are still the generated ones. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../data-error.ts'
import { type TableName, tableNames, tables } from '../schema/tables.ts'

export const noteFile = 'synthetic.json'

export const noteSchema = z.object({
  generator: z.string(),
  parameters: z.object({ clients: z.int(), new_clients: z.int(), seed: z.int() }),
  files: z.record(z.string(), z.string()),
})

/** Generator version, parameters, and the SHA-256 of each file that it wrote. */
export type Note = z.output<typeof noteSchema>
/** What travels with a portfolio that is wholly synthetic. */
export type Synthetic = Omit<Note, 'files'>

/** The note of a folder, or null where there is none. Throws where it cannot be read. */
export function readNote(folder: string): Note | null {
  const path = join(folder, noteFile)
  if (!existsSync(path)) return null
  const parsed = noteSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`${noteFile} is not a note of generated data: delete it if the files are real`)
  return parsed.data
}

/**
 * Whether the files of a folder are synthetic: all match the note (its `note` travels on), none do (real data, the note is ignored),
 * or some do (a problem that names those left over from the generated portfolio). Tables that are `otherwise` written, not as CSV, count as a match.
 */
export function origin(
  folder: string,
  hashes: Readonly<Record<string, { readonly sha256: string }>>,
  otherwise: readonly TableName[] = [],
): { readonly note: Synthetic | null; readonly problem: Problem | null } {
  const note = readNote(folder)
  if (!note) return { note: null, problem: null }
  const matches = (table: TableName) =>
    otherwise.includes(table) || hashes[table]?.sha256 === note.files[tables[table].file]
  const left = tableNames.filter(matches)
  if (left.length === 0) return { note: null, problem: null }
  if (left.length === tableNames.length) {
    const { generator, parameters } = note
    return { note: { generator, parameters }, problem: null }
  }
  const names = left.map((table) => tables[table].file).join(', ')
  const expected = 'either the generated portfolio or real files, not both'
  return {
    note: null,
    problem: { file: noteFile, expected, value: `files left over from the generated portfolio: ${names}` },
  }
}
