/** The published statistics by table and column: the numbers stand in statistics/, each file with its sources. */
import describe from './statistics/describe.json' with { type: 'json' }
import levels from './statistics/levels.json' with { type: 'json' }
import relations from './statistics/relations.json' with { type: 'json' }
import values from './statistics/values.json' with { type: 'json' }
import type { TableName } from './tables.ts'

/** One row of a describe table: missing share, mean, standard deviation, minimum, quartile, median, quartile, maximum. */
export type Describe = readonly number[]

const described: Readonly<Record<TableName, { readonly columns: Readonly<Record<string, Describe>> }>> = describe.tables
const counted: Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>> = levels.columns

/** Clients of application_train, and how many of them defaulted. */
export const trainClients: number = describe.tables.application_train.rows
export const trainDefaults = 24825

/** Information value of columns of application_train. */
export const informationValues: Readonly<Record<string, number>> = relations['information value']

/** The describe rows of a table, by column; of columns of numbers only. */
export const describedColumns = (table: TableName): Readonly<Record<string, Describe>> => described[table].columns

/** The describe row of a column; throws where none is published. */
export function describeOf(table: TableName, column: string): Describe {
  const found = described[table].columns[column]
  if (!found) throw new Error(`no published statistics of ${table}.${column}: describe.json has none`)
  return found
}

/** Columns of application_train whose levels are published. */
export const columnsWithLevels: readonly string[] = Object.keys(counted)

/** Levels of a column of application_train with their number of clients and default rate in %, in the published order. */
export function levelsOf(
  column: string,
): { readonly level: string; readonly clients: number; readonly rate: number | null }[] {
  return Object.entries(counted[column] ?? {}).map(([level, [clients, rate]]) => ({
    level,
    clients: clients ?? 0,
    rate: rate ?? null,
  }))
}

const { source: _, ...deciles } = values.deciles
const ten: Readonly<Record<string, readonly (number | null)[]>> = deciles

/** Deciles and 99th percentile of a column of application_train; the print holds not all of them. */
export function decilesOf(column: string): readonly (readonly [share: number, value: number])[] {
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99]
  return (ten[column] ?? []).flatMap((value, i) => (value === null ? [] : [[shares[i]!, value] as const]))
}
