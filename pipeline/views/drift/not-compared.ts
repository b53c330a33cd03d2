/** Columns that were not compared by value: those whose schema changed, which count as moved, and those that could not be tested, with the reason. */
import { type Html, html, number, type Section, table } from 'report-kit'
import type { Comparison, NamedColumn } from '../../drift/findings.ts'
import { schemaChanges } from '../../drift/result.ts'
import { schemaWords } from './words.ts'

/** Names written out of each group; all of them stand in the table of all columns. */
const named = 20

/** What a group is called whose columns could not be tested. */
export const notTested = 'Not tested'

export interface ColumnGroup {
  readonly what: string
  readonly reason: string
  readonly columns: readonly string[]
}

/** Of one kind and reason together: changes of schema first, then what could not be tested, the largest group first. */
export function notCompared(columns: readonly NamedColumn[]): ColumnGroup[] {
  const changed = schemaChanges.flatMap((change) => {
    const of = columns.filter(({ schema_change }) => schema_change === change)
    return grouped(of, schemaWords[change])
  })
  const untested = columns.filter(({ score, schema_change }) => score === null && !schema_change)
  return [...changed, ...grouped(untested, notTested)]
}

function grouped(columns: readonly NamedColumn[], what: string): ColumnGroup[] {
  const byReason = Map.groupBy(columns, ({ reason }) => reason ?? '')
  return [...byReason]
    .map(([reason, of]) => ({ what, reason, columns: of.map(({ column }) => column) }))
    .sort((a, b) => b.columns.length - a.columns.length)
}

const names = (columns: readonly string[]): Html =>
  html`${columns.slice(0, named).map((name, i) => html`${i > 0 && ', '}<code>${name}</code>`)}${
    columns.length > named && ` and ${number(columns.length - named)} more`
  }`

/** The groups as a table; null where every column was compared. */
export function notComparedTable({ columns }: Comparison, label: string): Html | null {
  const groups = notCompared(columns)
  if (groups.length === 0) return null
  return html`${table({
    label,
    columns: [{ label: 'What' }, { label: 'Number', align: 'end' }, { label: 'Names' }, { label: 'Reason' }],
    rows: groups.map((group) => [
      group.what,
      number(group.columns.length),
      { text: names(group.columns), value: group.columns[0]! },
      group.reason,
    ]),
    fold: true,
  })}<p class="note">What is gone, new, emptied, filled or of another type counts as moved. What could not be tested counts neither way.</p>`
}

/** None where every column was compared. */
export function notComparedSection(comparison: Comparison): Section[] {
  const body = notComparedTable(comparison, 'Columns that were not compared by value')
  if (!body) return []
  const { columns, dataset } = comparison
  const changed = dataset.schema_changes
  const rest = columns.filter(({ score }) => score === null).length - changed
  const of = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`
  const title = [
    changed > 0 && of(changed, 'column changed its schema', 'columns changed their schema'),
    rest > 0 && of(rest, 'column could not be tested', 'columns could not be tested'),
  ]
  return [{ id: 'not-compared', title: title.filter(Boolean).join(', '), body }]
}
