/** The portfolio's tables as the algebra sees them: a column is whole, a number or a text. */
import type { TableSchema } from '../../../data/schema/column.ts'
import { historyTables, tables } from '../../../data/schema/tables.ts'
import type { ValueType } from '../syntax/tree.ts'
import { applicationTable, type Schema } from './program.ts'

const columns = (table: TableSchema): Record<string, ValueType> =>
  Object.fromEntries(table.columns.map(({ name, type }) => [name, type === 'id' ? 'integer' : type]))

/** The six history tables, and `application` for application_train and application_test together, without TARGET. */
export const portfolioSchema: Schema = {
  [applicationTable]: columns(tables.application_test),
  ...Object.fromEntries(historyTables.map((name) => [name, columns(tables[name])])),
}
