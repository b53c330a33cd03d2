/** A small made-up portfolio for tests, full of what breaks evaluators: ties, gaps, empty sets, zero divisors, rows in any order. */
import pl from 'nodejs-polars'
import type { Value } from '../data/applicant.ts'
import type { Column } from '../data/schema/column.ts'
import { type HistoryTable, historyTables, type TableName, tables } from '../data/schema/tables.ts'

/** `application` without TARGET, and the six history tables. */
export type SmallPortfolio = Readonly<Record<'application' | HistoryTable, pl.DataFrame>>

const stored = { id: pl.Int32, integer: pl.Int32, number: pl.Float64, text: pl.Utf8 }

/** `clients` clients numbered from 1; the same seed gives the same rows in the same order, another `order` shuffles them. */
export function smallPortfolio({
  clients,
  seed,
  order = 0,
}: {
  clients: number
  seed: number
  order?: number
}): SmallPortfolio {
  const random = generator(seed)
  const whole = (low: number, high: number) => low + Math.floor(random() * (high - low + 1))
  const pick = <T>(values: readonly T[]): T => values[whole(0, values.length - 1)]!
  const amounts = [0, 0, 1000, 1000.1, 2500.55, 4500, 4500, 9000.005, 13500, 270000.3]

  const value = (column: Column): Value => {
    if (random() < 0.15) return null
    if (column.type === 'text') return random() < 0.1 ? 'Another' : pick(column.levels ?? ['a', 'b'])
    if (column.type === 'number') return column.unit === 'amount' ? pick(amounts) : Math.floor(random() * 1e6) / 1e6
    if (column.unit === 'days') return -pick([1, 7, 30, 60, 61, 180, 365, 366, 730, whole(1, 2900)])
    if (column.unit === 'flag') return whole(0, 1)
    return whole(0, 12)
  }
  const row = (name: TableName, given: Record<string, Value>): Record<string, Value> =>
    Object.fromEntries(tables[name].columns.map((column) => [column.name, given[column.name] ?? value(column)]))

  const rows: Record<'application' | HistoryTable, Record<string, Value>[]> = {
    application: [],
    bureau: [],
    bureau_balance: [],
    previous_application: [],
    POS_CASH_balance: [],
    installments_payments: [],
    credit_card_balance: [],
  }
  let number = 100
  const several = (most: number) => (random() < 0.25 ? 0 : whole(1, most))
  for (let client = 1; client <= clients; client++) {
    rows.application.push(row('application_test', { SK_ID_CURR: client, DAYS_BIRTH: -whole(7500, 25000) }))
    if (client % 10 === 0) continue // no history at all
    for (let loan = several(5); loan > 0; loan--) {
      const key = { SK_ID_CURR: client, SK_ID_BUREAU: number++ }
      rows.bureau.push(row('bureau', key))
      for (let month = several(30); month > 0; month--)
        rows.bureau_balance.push(
          row('bureau_balance', {
            SK_ID_BUREAU: key.SK_ID_BUREAU,
            MONTHS_BALANCE: 1 - month,
            STATUS: pick(['0', 'C', 'X', '1', '2', '5']),
          }),
        )
    }
    for (let application = several(7); application > 0; application--) {
      const key = { SK_ID_CURR: client, SK_ID_PREV: number++ }
      rows.previous_application.push(row('previous_application', key))
      for (let month = several(14); month > 0; month--)
        rows.POS_CASH_balance.push(row('POS_CASH_balance', { ...key, MONTHS_BALANCE: -month }))
      for (let month = random() < 0.3 ? several(14) : 0; month > 0; month--)
        rows.credit_card_balance.push(row('credit_card_balance', { ...key, MONTHS_BALANCE: -month }))
      for (let instalment = several(20); instalment > 0; instalment--) {
        const due = -pick([1, 60, 180, 365, whole(1, 1500)])
        const common = {
          ...key,
          NUM_INSTALMENT_NUMBER: instalment,
          NUM_INSTALMENT_VERSION: whole(0, 1),
          DAYS_INSTALMENT: due,
        }
        for (let part = pick([1, 1, 1, 2, 3, 4]); part > 0; part--)
          rows.installments_payments.push(
            row('installments_payments', {
              ...common,
              DAYS_ENTRY_PAYMENT: random() < 0.05 ? null : due + pick([-10, 0, 0, 3, 7, 8, 31]),
            }),
          )
      }
    }
  }
  rows.bureau_balance.push(row('bureau_balance', { SK_ID_BUREAU: 1, MONTHS_BALANCE: 0, STATUS: '5' })) // of no loan
  rows.POS_CASH_balance.push(row('POS_CASH_balance', { SK_ID_CURR: 1, SK_ID_PREV: 2, MONTHS_BALANCE: -1 })) // of no application

  const shuffled = generator(order)
  const frameOf = (name: TableName, of: readonly Record<string, Value>[]): pl.DataFrame => {
    const placed =
      order === 0
        ? of
        : of
            .map((one) => ({ one, key: shuffled() }))
            .sort((a, b) => a.key - b.key)
            .map(({ one }) => one)
    return pl.DataFrame(
      tables[name].columns.map((column) =>
        pl.Series(
          column.name,
          placed.map((one) => one[column.name]!),
          stored[column.type],
        ),
      ),
    )
  }
  const histories = historyTables.map((name) => [name, frameOf(name, rows[name])] as const)
  return {
    application: frameOf('application_test', rows.application),
    ...(Object.fromEntries(histories) as Record<HistoryTable, pl.DataFrame>),
  }
}

/** Numbers from 0 to 1: a linear congruential generator, its state stirred so that neighbouring seeds part at once. */
function generator(seed: number): () => number {
  let state = Math.imul(seed + 1, 2654435761) >>> 0
  return () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0
    return (((state ^ (state >>> 15)) >>> 0) % 4294967296) / 4294967296
  }
}
