/** What a text stands for in a column of levels: one of those that the published data show, nothing, or a level that nobody has seen. */
import { isMissingText } from './csv-dialect.ts'
import type { Column } from './schema/column.ts'
import { type HistoryTable, historyTables, type TableName, tables } from './schema/tables.ts'

/** A text that is none of its column's published levels. */
export interface UnknownLevel {
  readonly column: string
  readonly value: string
  readonly rows: number
}

/** Those of one table. */
export interface UnknownLevels {
  readonly table: TableName
  readonly levels: readonly UnknownLevel[]
}

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim()

const known = new WeakMap<Column, ReadonlySet<string>>()

/** Levels and sentinels of a column; null where any text is as good as another. */
export function knownLevels(column: Column): ReadonlySet<string> | null {
  if (column.type !== 'text' || !column.levels) return null
  const found = known.get(column) ?? new Set([...column.levels, ...column.sentinels.map(String)])
  known.set(column, found)
  return found
}

/** The level of the column that a text is but for spaces; else the text as it stands. */
export function levelOf(column: Column, text: string): string {
  const levels = knownLevels(column)
  if (!levels || levels.has(text)) return text
  const plain = squeezed(text)
  return levels.has(plain) ? plain : text
}

/** What a cell of a file stands for: a level, null where it is missing, else the text as it stands. */
export function cellLevel(column: Column, text: string): string | null {
  if (isMissingText(text)) return null
  const level = levelOf(column, text)
  return column.sentinels.includes(level) || (knownLevels(column) && isMissingText(text.trim())) ? null : level
}

/** Whether a text that stands is none of its column's levels. */
export const isUnknownLevel = (column: Column, text: string): boolean => knownLevels(column)?.has(text) === false

/** The published level that differs from a text in capitals and spaces alone; null where none does. */
function alike({ levels }: Column, text: string): string | null {
  const plain = squeezed(text).toLowerCase()
  return levels?.find((level) => level.toLowerCase() === plain) ?? null
}

/** One count of each level, the most frequent first. */
export function summed(levels: readonly UnknownLevel[]): UnknownLevel[] {
  const of = Map.groupBy(levels, ({ column, value }) => JSON.stringify([column, value]))
  return [...of.values()]
    .map((same) => ({ ...same[0]!, rows: same.reduce((sum, { rows }) => sum + rows, 0) }))
    .sort((a, b) => b.rows - a.rows)
}

type Rows = readonly Readonly<Record<string, string | number | null>>[]

/** The unknown levels in the rows of a client's history. */
export function unknownLevelsOf(history: Readonly<Partial<Record<HistoryTable, Rows>>>): UnknownLevels[] {
  return historyTables.flatMap((table) => {
    const open = tables[table].columns.filter((column) => !column.closed && knownLevels(column) !== null)
    const levels = (history[table] ?? []).flatMap((row) =>
      open.flatMap((column) => {
        const value = row[column.name]
        return typeof value === 'string' && isUnknownLevel(column, value)
          ? [{ column: column.name, value, rows: 1 }]
          : []
      }),
    )
    return levels.length > 0 ? [{ table, levels: summed(levels) }] : []
  })
}

const mostShown = 5

const quoted = (text: string): string => `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`

/** Unknown levels in words, one line a column: which, how often, and which published level one of them may mean. */
export function unknownLevelLines({ table, levels }: UnknownLevels): string[] {
  return [...Map.groupBy(levels, ({ column }) => column)].map(([name, found]) => {
    const column = tables[table].columns.find((one) => one.name === name)!
    const listed = found.slice(0, mostShown).map(({ value, rows }) => {
      const meant = alike(column, value)
      return `${quoted(value)} in ${rows} ${rows === 1 ? 'row' : 'rows'}${meant ? ` (write ${quoted(meant)})` : ''}`
    })
    const others = found.length > mostShown ? ` and ${found.length - mostShown} more` : ''
    const levelsOfColumn = column.levels ?? []
    const wanted = levelsOfColumn.length <= 8 ? `one of ${levelsOfColumn.join(', ')}` : 'a published level'
    return `${table}, ${name}: expected ${wanted}, found ${listed.join(', ')}${others}`
  })
}
