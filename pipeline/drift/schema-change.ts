/** What became of a column that cannot be compared by value: gone, new, emptied, or of another type; each counts as a column that moved. */
import { type DriftColumn, isNumber, present, type TextColumn } from './column.ts'
import type { SchemaChange } from './result.ts'

const numberLike = /^\s*[+-]?(\d+[.,]?\d*|[.,]\d+)(e[+-]?\d+)?\s*$/i
const longest = 40
const shown = 3

const short = (text: string): string => (text.length > longest ? `${text.slice(0, longest)}…` : text)

/** The texts that keep a column from being one of numbers, the most frequent first, and in how many of its values. */
function offending(column: TextColumn): string {
  const strange = [...column.counts]
    .filter(([text]) => !numberLike.test(text))
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  if (strange.length === 0) return 'every text of it reads as a number'
  const named = strange.slice(0, shown).map(([text]) => `“${short(text)}”`)
  const more = strange.length - named.length
  const rows = strange.reduce((sum, [, count]) => sum + count, 0)
  return `${named.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''} in ${rows.toLocaleString('en')} of ${present(column).toLocaleString('en')} values`
}

const kindOf = (column: DriftColumn): string =>
  isNumber(column) ? 'number' : column.type === 'bool' ? 'true or false' : 'text'

/** In words, with the values that are no numbers; null where both sides are numbers, or neither is, or one holds no value. */
export function typeChange(reference: DriftColumn, current: DriftColumn): string | null {
  if (isNumber(reference) === isNumber(current) || present(reference) === 0 || present(current) === 0) return null
  const described = (column: DriftColumn) => kindOf(column) + (isNumber(column) ? '' : ` (${offending(column)})`)
  return `${described(reference)} in the reference, ${described(current)} now`
}

/** Of a column that stands on both sides. Emptied and filled are so by their values alone: chance is for the test of missing shares. */
export function schemaChange(reference: DriftColumn, current: DriftColumn): SchemaChange | null {
  if (typeChange(reference, current) !== null) return 'type'
  const [before, now] = [present(reference), present(current)]
  if ((before === 0) === (now === 0)) return null
  return now === 0 ? 'emptied' : 'filled'
}
