/** What happened to a column, in words before numbers. */

import { number, percent } from 'report-kit'
import type { NamedColumn } from '../../drift/findings.ts'
import { quantileShares, type SchemaChange } from '../../drift/result.ts'

const short = (value: number): string => number(value, { significant: 3 })

/** What happened to one column, in a sentence; empty when nothing did. */
export function changeWords(column: NamedColumn): string {
  const parts: string[] = []
  if (column.reason)
    parts.push(`${column.schema_change ? schemaWords[column.schema_change] : 'Not tested'}: ${column.reason}.`)
  const { quantiles, distribution } = column
  if (column.drifted && quantiles) {
    const at = quantileShares.indexOf(0.5)
    const [before, after] = [quantiles.reference[at]!, quantiles.current[at]!]
    const tails = (side: readonly number[]) => `${short(side[0]!)} … ${short(side.at(-1)!)}`
    if (short(before) !== short(after)) parts.push(`The median goes from ${short(before)} to ${short(after)}.`)
    else if (tails(quantiles.reference) !== tails(quantiles.current))
      parts.push(
        `The median stays at ${short(before)}; the middle 90% goes from ${tails(quantiles.reference)} to ${tails(quantiles.current)}.`,
      )
    else if (column.mean)
      parts.push(`The mean goes from ${short(column.mean.reference)} to ${short(column.mean.current)}.`)
  } else if (column.drifted && distribution?.kind === 'categories') {
    const total = (side: readonly number[]) => side.reduce((sum, count) => sum + count, 0)
    const [n, m] = [total(distribution.reference), total(distribution.current)]
    const moved = distribution.keys
      .map((key, i) => ({ key, before: distribution.reference[i]! / n, after: distribution.current[i]! / m }))
      .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))[0]
    if (moved) parts.push(`“${moved.key}” goes from ${percent(moved.before)} to ${percent(moved.after)}.`)
  }
  if (column.missing.drifted && column.schema_change !== 'vanished' && column.schema_change !== 'new')
    parts.push(`Missing goes from ${percent(column.missing.reference)} to ${percent(column.missing.current)}.`)
  const fresh = column.new_categories
  if (fresh.length > 0)
    parts.push(
      `New: ${fresh
        .slice(0, 3)
        .map(({ name, share }) => `${name} (${percent(share, { digits: 2 })})`)
        .join(', ')}${fresh.length > 3 ? ` and ${fresh.length - 3} more` : ''}.`,
    )
  return parts.join(' ')
}

/** The sparkline's text alternative. */
export const sparkWords = (column: NamedColumn): string =>
  column.quantiles
    ? `median ${short(column.quantiles.reference[2]!)} in the reference, ${short(column.quantiles.current[2]!)} now`
    : 'shares of the categories in the reference and now'

/** What changed about a column that cannot be compared by value. */
export const schemaWords: Readonly<Record<SchemaChange, string>> = {
  type: 'Type changed',
  vanished: 'Gone',
  new: 'New',
  emptied: 'Emptied',
  filled: 'Filled',
}

export const bandWords = { none: 'none', moderate: 'moderate', major: 'major', unknown: 'not tested' } as const
