/** The data dictionary: what each column of each table means, in English and French. */
import { type Html, html, more, table } from 'report-kit'
import type { Column } from '../../data/schema/column.ts'
import { tableNames, tables } from '../../data/schema/tables.ts'

function unitOf({ type, unit, bounds: [low, high] }: Column): string {
  const range =
    low !== null && high !== null
      ? `${low} to ${high}`
      : low !== null
        ? `from ${low}`
        : high !== null
          ? `up to ${high}`
          : ''
  return [type, unit, range].filter(Boolean).join(', ')
}

export function dictionary(): Html {
  return html`${tableNames
    .filter((name) => name !== 'application_test') // application_train has one column more and is otherwise the same
    .map((name) => {
      const { file, label, columns: known, key } = tables[name]
      return more(
        `${file}: ${label.en} (${known.length} columns)`,
        html`<p>Rows are named by ${key.join(', ')}.</p>${table({
          label: `Columns of ${file}`,
          fold: true,
          columns: [
            { label: 'Column', wide: true },
            { label: 'Meaning' },
            { label: 'Sens' },
            { label: 'Type, unit, bounds' },
            { label: 'Levels' },
            { label: 'Means missing' },
          ],
          rows: known.map((column) => [
            column.name,
            column.label.en,
            column.label.fr,
            unitOf(column),
            column.levels ? `${column.levels.join(' · ')}${column.closed ? '' : ' …'}` : '',
            column.sentinels.join(', '),
          ]),
        })}`,
      )
    })}`
}
