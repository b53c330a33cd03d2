/**
 * Tables: complete and in the given order without script, sortable by their headers with it.
 *
 *   table({ columns, rows, caption?, id?, fold?, attributes? }): Html
 *     columns   { label, align?: 'end', sort?: 'number' | 'text', wide? }[]; the first column holds the row's header
 *               (wide: a full row when folded on a phone)
 *     rows      Cell[][]; a Cell is text, Html, or { text, value } where value is what sorting compares (number, text or null)
 *     caption   shown above, and the name of the scrolling region
 *     fold      below 720 px each row becomes a small block (for tables of many columns); otherwise the table scrolls sideways in its box
 *     narrow    on a phone the row's header is as narrow as its words let it be (for numbers)
 *     strong    (row index) => boolean: rows in bold, such as totals
 *     rowId     (row index) => an id to link to; the row's details open when it is linked
 *     data      (row index) => Record of data-… attributes for the filters of script.ts
 */
import { type Html, html, type Part } from './html.ts'

export interface Column {
  readonly label: string
  readonly align?: 'end'
  readonly sort?: 'number' | 'text'
  readonly wide?: boolean
}

export interface Sortable {
  readonly text: Part
  readonly value: number | string | null
}

export type Cell = string | number | Html | null | Sortable

export interface TableOptions {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly Cell[])[]
  readonly caption?: string
  readonly label?: string
  readonly id?: string
  readonly fold?: boolean
  readonly narrow?: boolean
  readonly strong?: (row: number) => boolean
  readonly data?: (row: number) => Readonly<Record<string, string>>
  readonly rowId?: (row: number) => string
}

const sortable = (cell: Cell): cell is Sortable => typeof cell === 'object' && cell !== null && 'text' in cell

function sortKey(cell: Cell): string | number | null {
  const value = sortable(cell) ? cell.value : typeof cell === 'string' || typeof cell === 'number' ? cell : null
  if (typeof value !== 'number') return value
  return Number.isNaN(value) ? null : Number(value.toPrecision(6))
}

export function table(options: TableOptions): Html {
  const {
    columns,
    rows,
    caption,
    label = caption ?? 'table',
    id,
    fold = false,
    narrow = false,
    strong,
    data,
    rowId,
  } = options
  const sorts = columns.some((column) => column.sort)
  const classOf = (column: Column) =>
    [column.align === 'end' ? 'n' : '', column.wide ? 'full' : ''].filter(Boolean).join(' ')
  const attribute = (name: string, value: string | number | null | undefined | false) =>
    value === undefined || value === null || value === false || value === '' ? null : html` ${name}="${value}"`
  const cell = (column: Column, value: Cell, first: boolean): Html => {
    const text = sortable(value) ? value.text : value
    const attributes = [
      attribute('class', classOf(column)),
      column.sort && attribute('data-v', sortKey(value)),
      fold && !first && attribute('data-label', column.label),
    ]
    return first ? html`<th scope="row"${attributes}>${text}</th>` : html`<td${attributes}>${text}</td>`
  }
  const own = [attribute('id', id), attribute('class', fold ? 'fold' : narrow && 'narrow'), sorts && html` data-sort`]
  const heading = (column: Column): Html => {
    const sort = attribute('data-sort', column.sort && (column.sort === 'number' ? 'n' : 't'))
    return html`<th scope="col"${attribute('class', classOf(column))}${sort}>${column.label}</th>`
  }
  const line = (row: readonly Cell[], r: number): Html => {
    const attributes = [
      attribute('id', rowId?.(r)),
      attribute('class', strong?.(r) && 'strong'),
      ...Object.entries(data?.(r) ?? {}).map(([name, value]) => attribute(`data-${name}`, value)),
    ]
    return html`<tr${attributes}>${columns.map((column, c) => cell(column, row[c] ?? null, c === 0))}</tr>
`
  }
  return html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table${own}>
      ${caption && html`<caption>${caption}</caption>`}
      <thead><tr>${columns.map(heading)}</tr></thead>
      <tbody>${rows.map(line)}</tbody>
    </table>
  </div>`
}
