/** The raw rows of chosen clients, as applicants (polars): what travels with the model. Not part of the service. */
import pl from 'nodejs-polars'
import type { Applicant } from '../data/applicant.ts'
import { historyTables, type TableName } from '../data/schema/tables.ts'
import { applicantsOf } from '../features/applicants.ts'

/** `count` of the values, evenly spread over their order; all when there are fewer. */
export function evenlySpread<T>(all: readonly T[], count: number): T[] {
  if (all.length <= count) return [...all]
  return Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)] as T)
}

/** The new clients with these numbers, in this order; `table` gives one table of the portfolio. Tables are cut to the clients one by one. */
export function applicants(ids: readonly number[], table: (name: TableName) => pl.LazyDataFrame): Applicant[] {
  const wanted = pl.DataFrame([pl.Series('SK_ID_CURR', [...ids], pl.Int32)])
  const ofWanted = (name: TableName) =>
    table(name).join(wanted.lazy(), { on: 'SK_ID_CURR', how: 'inner', maintainOrder: 'left' }).collectSync()
  const bureau = ofWanted('bureau')
  const others = historyTables.filter((name) => name !== 'bureau' && name !== 'bureau_balance')
  const found = applicantsOf({
    application: ofWanted('application_test'),
    bureau,
    bureau_balance: table('bureau_balance')
      .join(bureau.select('SK_ID_BUREAU').lazy(), { on: 'SK_ID_BUREAU', how: 'inner', maintainOrder: 'left' })
      .collectSync(),
    ...Object.fromEntries(others.map((name) => [name, ofWanted(name)])),
  })
  return ids.map((id) => {
    const applicant = found.get(id)
    if (!applicant)
      throw new Error(
        `application_test: expected client ${id} of the features, and it is not there. Run: dvc repro features`,
      )
    return applicant
  })
}
