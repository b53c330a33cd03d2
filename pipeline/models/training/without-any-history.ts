/** The clients of a training run as they would be known without their histories. */
import { historyTables } from '../../data/schema/tables.ts'
import type { TablesRead } from '../../features/rules/javascript/not-supplied.ts'
import { hasHistories, withoutTables } from '../masking.ts'
import type { Matrix } from '../matrix.ts'

/** Null where no feature reads a history. */
export const withoutAnyHistory = (matrix: Matrix, tables: TablesRead): Matrix | null =>
  hasHistories(tables) ? withoutTables(matrix, tables, historyTables) : null
