/** The published figures that the generator draws from, by column. */
import { type Describe, type Spread, spreadOf, straightSpread } from './distribution.ts'
import describe from './statistics/describe.json' with { type: 'json' }
import history from './statistics/history.json' with { type: 'json' }
import levels from './statistics/levels.json' with { type: 'json' }
import values from './statistics/values.json' with { type: 'json' }

export type Group = 'train' | 'new'

const tables: Readonly<Record<string, { readonly columns: Readonly<Record<string, readonly number[]>> }>> =
  describe.tables
const counted: Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>> = levels.columns

/** missing, mean, sd, min, q25, median, q75, max of a column of a table. */
export function figures(table: string, column: string): Describe {
  const found = tables[table]?.columns[column]
  if (!found) throw new Error(`no published figures of ${table}.${column}`)
  return found
}

const tableOf = (group: Group) => (group === 'train' ? 'application_train' : 'application_test')

export const figuresOf = (group: Group, column: string): Describe => figures(tableOf(group), column)
export const meanOf = (group: Group, column: string): number => figuresOf(group, column)[1]!
export const missingOf = (group: Group, column: string): number => figuresOf(group, column)[0]!

/** Something made anew for each group of clients, at its first use. */
export function byGroup<T>(make: (group: Group) => T): (group: Group) => T {
  const made: Partial<Record<Group, T>> = {}
  return (group) => {
    const known = made[group]
    if (known !== undefined) return known
    const fresh = make(group)
    made[group] = fresh
    return fresh
  }
}

/** The published distribution of an application column, in either group. */
export const spreadFor = (column: string): ((group: Group) => Spread) =>
  byGroup((group) => spreadOf(figuresOf(group, column)))

/** Levels of an application column with their number of clients (in 307,511) and default rate in %, in the published order. */
export function levelsOf(
  column: string,
): { readonly level: string; readonly clients: number; readonly rate: number | null }[] {
  return Object.entries(counted[column] ?? {}).map(([level, [clients, rate]]) => ({
    level,
    clients: clients ?? 0,
    rate: rate ?? null,
  }))
}

/** Quantiles of an extract as a distribution that reaches a little beyond them. */
export function extract(quantiles: readonly number[], least: number, most: number): Spread {
  const inner = history['shares at'].map((share, i) => [share, quantiles[i]!] as const)
  return straightSpread([[0, least], ...inner, [1, most]])
}

const { source: _, ...deciles } = values.deciles
const ten: Readonly<Record<string, readonly (number | null)[]>> = deciles

/** Deciles and 99th percentile of a column among the training clients; null where the print holds none. */
export function decilesOf(column: string): readonly (readonly [share: number, value: number])[] {
  const shares = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99]
  return (ten[column] ?? []).flatMap((value, i) => (value === null ? [] : [[shares[i]!, value] as const]))
}
