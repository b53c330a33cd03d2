/** One scored applicant as rows of the published tables: ids of their own, nothing that the service assumed, gaps written as the published files write them. */
import type { Applicant, Row, Value } from '../../pipeline/data/applicant.ts'
import { type HistoryTable, historyTables, type TableName, tables } from '../../pipeline/data/schema/tables.ts'

/** Above every id of the published data, and as many below the largest that the tables hold. */
export const firstSurrogate = 1_000_000_000

/** Where the published files write a word or a number for a missing value, and leave no cell empty. */
const gaps: Readonly<Partial<Record<TableName, Readonly<Record<string, string>>>>> = {
  application_test: { DAYS_EMPLOYED: '365243', ORGANIZATION_TYPE: 'XNA', CODE_GENDER: 'XNA' },
  previous_application: {
    NAME_CONTRACT_TYPE: 'XNA',
    NAME_CASH_LOAN_PURPOSE: 'XNA',
    NAME_PAYMENT_TYPE: 'XNA',
    CODE_REJECT_REASON: 'XAP',
    NAME_CLIENT_TYPE: 'XNA',
    NAME_GOODS_CATEGORY: 'XNA',
    NAME_PORTFOLIO: 'XNA',
    NAME_PRODUCT_TYPE: 'XNA',
    NAME_SELLER_INDUSTRY: 'XNA',
    NAME_YIELD_GROUP: 'XNA',
  },
}

/** Cells in the order of a table's columns, without TARGET. */
export type Cells = readonly string[]

export interface ApplicantRows {
  readonly application: Cells
  readonly history: Readonly<Record<HistoryTable, readonly Cells[]>>
  /** Columns of the form that were left out, with what the service assumed instead. */
  readonly assumed: Readonly<Record<string, Value>>
  /** Tables that were not supplied; one that was supplied without rows is not among them. */
  readonly notSupplied: readonly HistoryTable[]
}

/** Gives loans numbers that no other applicant's loans have: one client may have been scored twice. */
export interface LoanNumbers {
  bureau: number
  previous: number
}

export const firstLoans = (): LoanNumbers => ({ bureau: firstSurrogate, previous: firstSurrogate })

const loanColumns = { SK_ID_BUREAU: 'bureau', SK_ID_PREV: 'previous' } as const

const shown = (table: TableName, name: string, value: Value): string =>
  value === null ? (gaps[table]?.[name] ?? '') : String(value)

/** What was sent where it is a word for a missing value, else what was read. */
function cellOf(table: TableName, name: string, sentinels: readonly Value[], row: Row, sent: Row | undefined): string {
  const value = row[name] ?? null
  const given = sent?.[name]
  return value === null && given != null && sentinels.includes(given) ? String(given) : shown(table, name, value)
}

/**
 * `client` is the number that the applicant gets. `sent` are the rows as the request held them, where it held any; loans get the next numbers of
 * `loans`, in the order of their own, by which features break ties.
 */
export function applicantRows(
  { application, history }: Applicant,
  o: { client: number; imputed: readonly string[]; loans: LoanNumbers; sent: Sent },
): ApplicantRows {
  const assumed = Object.fromEntries(o.imputed.map((name) => [name, application[name] ?? null]))
  const numbers = renumbered(history, o.loans)
  const cells = (table: TableName, row: Row, sent: Row | undefined): Cells =>
    tables[table].columns.map(({ name, sentinels }) => {
      if (name === 'SK_ID_CURR') return String(o.client)
      if (name in loanColumns) return String(numbers[name as keyof typeof loanColumns].get(row[name] ?? null))
      if (table === 'application_test' && Object.hasOwn(assumed, name)) return ''
      return cellOf(table, name, sentinels, row, sent)
    })
  return {
    application: cells('application_test', application, o.sent.application),
    history: Object.fromEntries(
      historyTables.map((table) => [
        table,
        (history[table] ?? []).map((row, i) => cells(table, row, o.sent.history?.[table]?.[i])),
      ]),
    ) as Record<HistoryTable, Cells[]>,
    assumed,
    notSupplied: historyTables.filter((table) => history[table] === undefined),
  }
}

/** Rows of a request as it was recorded. */
export interface Sent {
  readonly application?: Row
  readonly history?: Readonly<Partial<Record<HistoryTable, readonly Row[]>>>
}

function renumbered(history: Applicant['history'], loans: LoanNumbers) {
  const numbersOf = (column: keyof typeof loanColumns): ReadonlyMap<Value, number> => {
    const own = new Set(historyTables.flatMap((table) => (history[table] ?? []).flatMap((row) => loanOf(row, column))))
    const ordered = [...own].sort((a, b) => Number(a ?? -1) - Number(b ?? -1))
    return new Map(ordered.map((id) => [id, loans[loanColumns[column]]++]))
  }
  return { SK_ID_BUREAU: numbersOf('SK_ID_BUREAU'), SK_ID_PREV: numbersOf('SK_ID_PREV') }
}

const loanOf = (row: Row, column: string): Value[] => (Object.hasOwn(row, column) ? [row[column] ?? null] : [])
