/** A table as an output of a tslab cell: HTML where it is drawn, plain text elsewhere. */
import { maximum } from '../data/extremes.ts'

export type DisplayValue = string | number | boolean | null | undefined
export type Row = Readonly<Record<string, DisplayValue>>
/** How a column is headed and written; columns of numbers stand right, others left. */
export interface DisplayColumn {
  readonly key: string
  readonly title?: string
  readonly format?: (value: number) => string
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

function written(value: DisplayValue, format: DisplayColumn['format']): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number')
    return format ? format(value) : value.toLocaleString('en-GB', { maximumFractionDigits: 3 })
  return String(value)
}

/** The bundle of one table output. Columns default to the keys of the first row. */
export function tableBundle(
  rows: readonly Row[],
  columns: readonly (DisplayColumn | string)[] = Object.keys(rows[0] ?? {}),
) {
  const heads = columns.map((column) => (typeof column === 'string' ? { key: column } : column))
  const body = rows.map((row) => heads.map(({ key, format }) => written(row[key], format)))
  const right = heads.map((_, index) =>
    body.every((cells) => /^([−+-]?[\d€][\d,.]*(e[+-]\d+)?(%| years)?|–)$/.test(cells[index] ?? '–')),
  )
  const titles = heads.map(({ key, title }) => title ?? key)
  const align = (index: number) => ` style="text-align:${right[index] ? 'right' : 'left'}"`
  const html = [
    '<table>',
    `<thead><tr>${titles.map((title, index) => `<th${align(index)}>${escaped(title)}</th>`).join('')}</tr></thead>`,
    '<tbody>',
    ...body.map(
      (cells) => `<tr>${cells.map((cell, index) => `<td${align(index)}>${escaped(cell)}</td>`).join('')}</tr>`,
    ),
    '</tbody>',
    '</table>',
  ].join('\n')
  const widths = titles.map((title, index) =>
    maximum([title.length, ...body.map((cells) => cells[index]?.length ?? 0)]),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => (right[index] ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd()
  return { data: { 'text/html': html, 'text/plain': [titles, ...body].map(line).join('\n') }, metadata: {} }
}
