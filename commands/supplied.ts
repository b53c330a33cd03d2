/** What `npm run score` says of the history tables that its data lack, hold for unusually few or many clients, or hold with texts that nobody published. */
import pl from 'nodejs-polars'
import { percent } from 'report-kit'
import type { Row, Value } from '../pipeline/data/applicant.ts'
import { stored } from '../pipeline/data/checks.ts'
import type { UnknownLevels } from '../pipeline/data/levels.ts'
import { type HistoryTable, historyTables, tables } from '../pipeline/data/schema/tables.ts'
import { historyGroups } from '../pipeline/data/supplied.ts'
import { type SuppliedNote, suppliedFile } from '../pipeline/data/supplied-file.ts'
import { coverage, movedCoverage } from '../pipeline/features/coverage.ts'
import type { Definitions } from '../pipeline/features/rules/check/definitions.ts'
import { applicationTable, clientKey } from '../pipeline/features/rules/check/program.ts'
import type { Part } from '../pipeline/scoring/parts.ts'
import type { Scorer } from '../pipeline/scoring/scorer.ts'
import type { Concern } from '../pipeline/scoring/strategic.ts'

type Lacks = (part: Pick<Part, 'clientsIn'>) => (id: number) => HistoryTable[]

/**
 * Which tables each client of a part lacks: those that are not there and those `unsent` for this client, but for a client who is known to have none of
 * their group.
 */
export function lacking(
  absent: ReadonlySet<string>,
  scorer: Pick<Scorer, 'notSupplied'>,
  unsent: (id: number) => readonly HistoryTable[] = () => [],
): Lacks {
  return (part) => {
    const inFirst = historyGroups.map(
      ([first]) => [first, absent.has(first) ? new Set() : part.clientsIn(first)] as const,
    )
    return (id) => {
      const missing = new Set([...absent, ...unsent(id)])
      if (missing.size === 0) return []
      const present = historyTables.filter((name) => !missing.has(name))
      const rows = new Map<string, number>(inFirst.map(([first, ids]) => [first, ids.has(id) ? 1 : 0]))
      return scorer.notSupplied(Object.fromEntries(present.map((name) => [name, { length: rows.get(name) ?? 1 }])))
    }
  }
}

/** Applications with what the service assumed where the form was silent, by supplied.csv. */
export function withAssumed(form: pl.DataFrame, notes: ReadonlyMap<number, SuppliedNote>): pl.DataFrame {
  if (notes.size === 0) return form
  const own = form.getColumn('SK_ID_CURR').toArray() as number[]
  const assumed = own.map((id) => notes.get(id)?.assumed ?? {})
  const columns = tables.application_test.columns.flatMap(({ name, type }) => {
    if (!assumed.some((values) => Object.hasOwn(values, name))) return []
    const read = form.getColumn(name).toArray() as Value[]
    return [
      pl.Series(
        name,
        read.map((value, i) => value ?? assumed[i]![name] ?? null),
        stored[type],
      ),
    ]
  })
  return form.withColumns(...columns)
}

/** How many applications supplied.csv speaks of. */
export function notedLines(notes: ReadonlyMap<number, SuppliedNote>): string[] {
  if (notes.size === 0) return []
  const of = [...notes.values()]
  const lacking = of.filter(({ notSupplied }) => notSupplied.length > 0).length
  const silent = of.filter(({ assumed }) => Object.keys(assumed).length > 0).length
  return [
    `${suppliedFile}: of ${lacking} applications not every history was supplied; of ${silent} the service assumed fields, which are scored as it did`,
  ]
}

/** Of each table that is not there a line with how many clients are referred for it. */
export function absentTables(absent: ReadonlySet<string>, parts: readonly Part[], lacks: Lacks): string[] {
  const referred = new Map([...absent].map((name) => [name, 0]))
  let clients = 0
  for (const part of absent.size > 0 ? parts : []) {
    const lacked = lacks(part)
    clients += part.ids.length
    for (const id of part.ids) for (const name of lacked(id)) referred.set(name, (referred.get(name) ?? 0) + 1)
  }
  return [...referred].map(([name, count]) => {
    if (count === 0) return `${name} is not there: this model reads none of it, or no client can have rows in it`
    const who = count === clients ? 'every client is' : `${count} of ${clients} clients are`
    return `${name} is not there: not supplied, so ${who} referred (referral=true)`
  })
}

/** The clients of a part in whose history unknown levels stand that the model reads, with those. */
export function clientsWithUnknown(
  { clientsWith }: Pick<Part, 'clientsWith'>,
  read: readonly UnknownLevels[],
): ReadonlyMap<number, readonly UnknownLevels[]> {
  const found = new Map<number, UnknownLevels[]>()
  for (const { table, levels } of read)
    for (const [column, same] of Map.groupBy(levels, (level) => level.column)) {
      const texts = same.map(({ value }) => value)
      for (const id of clientsWith(table as HistoryTable, column, texts))
        found.set(id, [...(found.get(id) ?? []), { table, levels: same }])
    }
  return found
}

/** Of each client of a part what its form leaves blank, or holds beyond training, that must not buy an approval; by supplied.csv, what the service assumed is blank. */
export function concernsIn(
  { source }: Pick<Part, 'source'>,
  scorer: Pick<Scorer, 'bundle' | 'concerns'>,
  notes: ReadonlyMap<number, SuppliedNote>,
): ReadonlyMap<number, readonly Concern[]> {
  const { strategic } = scorer.bundle
  if (!strategic) return new Map()
  const columns = [...strategic.blanks.flatMap((one) => one.columns), ...strategic.ranges.map(({ column }) => column)]
  const form = source(applicationTable, [...new Set([clientKey, ...columns])]).collectSync()
  return new Map(
    form.toRecords().flatMap((record) => {
      const row = record as Row
      const id = Number(row[clientKey])
      const found = scorer.concerns(row, Object.keys(notes.get(id)?.assumed ?? {}))
      return found.length > 0 ? [[id, found] as const] : []
    }),
  )
}

export const referredForUnknown = (clients: number): string =>
  clients === 0
    ? 'these texts are none of the published levels; the model reads none of these columns, so no client is referred for them'
    : `these texts are none of the published levels and count with none of them, so ${clients} ${clients === 1 ? 'client is' : 'clients are'} referred (referral=true)`

/** Of each table that is there for far fewer or more of the clients than in training a line; `values` and `training` are features. */
export function unusualCoverage(
  values: pl.DataFrame,
  absent: ReadonlySet<string>,
  training: pl.DataFrame,
  definitions: Definitions,
): string[] {
  const whole = (share: number) => percent(share, { digits: 0 })
  return movedCoverage(coverage(values, definitions), coverage(training, definitions), values.height)
    .filter(({ table }) => !absent.has(table))
    .map(
      ({ table, share, trained }) =>
        `${table}: ${whole(share)} of the clients have rows in it, ${whole(trained)} in training: check that it is complete, or the estimates may be off`,
    )
}
