/** Which history tables were supplied: a table without rows is known to be empty, one that is left out is unknown. */
import { type HistoryTable, historyTables } from './schema/tables.ts'

/** The tables as a lender asks for them; where the first has no rows the others of its group can have none. */
export const historyGroups = [
  ['bureau', 'bureau_balance'],
  ['previous_application', 'POS_CASH_balance', 'installments_payments', 'credit_card_balance'],
] as const satisfies readonly (readonly [HistoryTable, ...HistoryTable[]])[]

/** The rows of the tables that were supplied, or how many there are. */
export type Supplied = Readonly<Partial<Record<HistoryTable, { readonly length: number }>>>

/** Those of the tables that features read and nobody supplied, in the order of the schema. */
export function notSupplied(history: Supplied, read: ReadonlySet<string>): HistoryTable[] {
  const empty = new Set<string>(historyGroups.flatMap((group) => (history[group[0]]?.length === 0 ? group : [])))
  return historyTables.filter((name) => read.has(name) && !history[name] && !empty.has(name))
}
