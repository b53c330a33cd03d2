/** Reads rows that the schema accepts as they stand, by code written from it: a request may bring a hundred thousand values. */
import { append } from './append.ts'
import { Script } from './generated-function.ts'
import { knownLevels, levelOf } from './levels.ts'
import { type Column, largestWhole, type TableSchema } from './schema/column.ts'

/** Longest text that a column without a closed list of levels takes. */
export const longestText = 100

/** Least and most that a column of numbers takes, its sentinels aside; null where nothing but the number's own reach bounds it. */
export function boundsOf({ type, bounds: [low, high] }: Column): readonly [low: number | null, high: number | null] {
  return type === 'number' ? [low, high] : [low ?? -largestWhole, high ?? largestWhole]
}

/** The levels that a text must be one of, sentinels among them; null where any text may stand. */
export const levelsOf = ({ levels, closed, sentinels }: Column): readonly string[] | null =>
  closed && levels ? [...levels, ...sentinels.map(String)] : null

/** The row with every column of the table, in its order: what is left out is missing, and so is a sentinel. Null: ask zod. */
export function rowReader(table: TableSchema): (given: unknown) => Record<string, number | string | null> | null {
  const script = new Script()
  const [lines, cells]: [string[], string[]] = [[], []]
  for (const column of table.columns) {
    const [name, cell] = [JSON.stringify(column.name), script.name()]
    const missing = column.whenUnknown === 'required' ? 'return null' : `${cell} = null`
    const sentinels = column.sentinels.map((sentinel) => `${cell} === ${JSON.stringify(sentinel)}`).join(' || ')
    append(lines, [
      `let ${cell} = given[${name}]`,
      `if (${cell} !== undefined) fields--`,
      `if (${cell} === undefined || ${cell} === null) ${missing}`,
      ...(sentinels ? [`else if (${sentinels}) ${cell} = null`] : []),
      ...(column.type === 'text'
        ? leveled(column, cell, script)
        : [`else if (!(${accepts(column, cell)})) return null`]),
    ])
    cells.push(`${name}: ${cell}`)
  }
  return script.compiled('given', [
    "if (typeof given !== 'object' || given === null || Object.getPrototypeOf(given) !== Object.prototype) return null",
    'let fields = Object.keys(given).length',
    ...lines,
    'if (fields !== 0) return null', // one that the table does not have
    `return { ${cells.join(', ')} }`,
  ])
}

/** A known level at once; another text as the level that it is but for spaces, where the column takes it. */
function leveled(column: Column, cell: string, script: Script): string[] {
  const among = levelsOf(column)
  /** undefined where the column takes no such text. */
  const read = (given: unknown): string | null | undefined => {
    if (typeof given !== 'string') return undefined
    const text = levelOf(column, given)
    const fits = among ? among.includes(text) : text.length >= 1 && text.length <= longestText
    return fits ? (column.sentinels.includes(text) ? null : text) : undefined
  }
  const [known, reader] = [script.outside(knownLevels(column) ?? new Set()), script.outside(read)]
  return [`else if (!${known}.has(${cell})) { ${cell} = ${reader}(${cell}); if (${cell} === undefined) return null }`]
}

function accepts(column: Column, cell: string): string {
  const [low, high] = boundsOf(column)
  const check = column.type === 'number' ? 'isFinite' : 'isSafeInteger'
  const range = `${low === null ? '' : ` && ${cell} >= ${low}`}${high === null ? '' : ` && ${cell} <= ${high}`}`
  return `typeof ${cell} === 'number' && Number.${check}(${cell})${range}`
}
