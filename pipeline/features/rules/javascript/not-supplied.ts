/** What nobody supplied is unknown: features that read a history table which is not there are missing, where a client without rows in it has none. */
import type { Value } from '../../../data/applicant.ts'
import type { HistoryTable } from '../../../data/schema/tables.ts'

/** Of each feature the tables that it reads (`allTables`, in the order of the definitions). */
export type TablesRead = ReadonlyMap<string, ReadonlySet<string>>

/** All tables that some feature reads. */
export const tablesRead = (tables: TablesRead): ReadonlySet<string> =>
  new Set([...tables.values()].flatMap((of) => [...of]))

/** The places of the features that read any of these tables. */
export const placesReading = (tables: TablesRead, missing: readonly string[]): number[] =>
  [...tables.values()].flatMap((of, place) => (missing.some((table) => of.has(table)) ? [place] : []))

/** Prepares the removal of what is unknown from one client's feature values. */
export function unknownRemover(
  tables: TablesRead,
): (values: readonly Value[], notSupplied: readonly HistoryTable[]) => Value[] {
  const known = new Map<string, readonly number[]>()
  return (values, notSupplied) => {
    const left = [...values]
    if (notSupplied.length === 0) return left
    const key = notSupplied.join()
    const places = known.get(key) ?? placesReading(tables, notSupplied)
    known.set(key, places)
    for (const place of places) left[place] = null
    return left
  }
}
