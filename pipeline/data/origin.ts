/** Whether the tables of a folder are still the generated ones that the note in it describes. */
import { noteFile, readNote, type Synthetic } from 'synthetic-credit/note'
import type { Problem } from './data-error.ts'
import { type TableName, tableNames, tables } from './schema/tables.ts'

/** SHA-256 of the files read, by table. */
export type Hashes = Readonly<Record<string, { readonly sha256: string }>>

export interface Origin {
  /** Of a portfolio that is wholly synthetic, else null. */
  readonly note: Synthetic | null
  readonly problem: Problem | null
}

/**
 * Whether the files of a folder are synthetic: all match the note (its `note` travels on), none do (real data, the note is ignored),
 * or some do (a problem that names those left over from the generated portfolio). Tables that are `otherwise` written, not as CSV, count as a match.
 */
export function origin(folder: string, hashes: Hashes, otherwise: readonly TableName[] = []): Origin {
  const note = readNote(folder)
  if (!note) return { note: null, problem: null }
  const matches = (table: TableName) =>
    otherwise.includes(table) || hashes[table]?.sha256 === note.files[tables[table].file]
  const there = tableNames.filter((table) => otherwise.includes(table) || hashes[table])
  const left = there.filter(matches)
  if (left.length === 0) return { note: null, problem: null }
  if (left.length === there.length) {
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
