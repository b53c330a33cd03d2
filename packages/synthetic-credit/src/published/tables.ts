/** The eight tables of the Home Credit data as published: names, files, and columns in the order of the files. */
import columns from './columns.json' with { type: 'json' }

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

export const publishedColumns: Readonly<Record<TableName, readonly string[]>> = columns

export const fileOf = (table: TableName): string => `${table}.csv`

/** In a DAYS column of the files: there is no such day. */
export const noDay = 365243
