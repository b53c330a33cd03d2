/** The eight tables of the Home Credit data, by name. */
import { application_test, application_train } from './application.ts'
import { bureau, bureau_balance } from './bureau.ts'
import type { TableSchema } from './column.ts'
import { credit_card_balance, installments_payments, POS_CASH_balance } from './contracts.ts'
import { previous_application } from './previous-application.ts'

export const historyTables = [
  'bureau',
  'bureau_balance',
  'previous_application',
  'POS_CASH_balance',
  'installments_payments',
  'credit_card_balance',
] as const

export const tableNames = ['application_train', 'application_test', ...historyTables] as const

export type HistoryTable = (typeof historyTables)[number]
export type TableName = (typeof tableNames)[number]

export const tables: Readonly<Record<TableName, TableSchema>> = {
  application_train,
  application_test,
  bureau,
  bureau_balance,
  previous_application,
  POS_CASH_balance,
  installments_payments,
  credit_card_balance,
}

/** The column of that name; throws when the table has none. */
export function columnOf(table: TableName, name: string) {
  const found = tables[table].columns.find((column) => column.name === name)
  if (!found) throw new Error(`the table ${table} has no column ${name}`)
  return found
}
