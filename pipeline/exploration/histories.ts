/** Who has a history, in which table, and does having one matter? */
import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import type { HistoryTable } from '../data/schema/tables.ts'
import type { Portfolio } from './portfolio.ts'
import { numbers, type Rate, rateOfRows } from './rate.ts'

export type Source = Pick<Portfolio, 'known' | 'table'>

export interface Coverage {
  readonly table: string
  readonly clients: number
  /** Of all known clients. */
  readonly share: number
  /** Of those who have any. */
  readonly rowsEach: number
  readonly having: Rate
  readonly lacking: Rate
}

/** The tables by what a row of them is. */
export const names: Readonly<Record<HistoryTable, string>> = {
  bureau: 'loans elsewhere',
  bureau_balance: 'months of loans elsewhere',
  previous_application: 'earlier applications here',
  POS_CASH_balance: 'months of loans here',
  installments_payments: 'instalments paid here',
  credit_card_balance: 'months of cards here',
}

/** One number a client, in the order of `known`; NaN where the client has none. */
export function aligned(known: pl.DataFrame, byClient: pl.DataFrame): Float64Array {
  const value = new Map(
    byClient
      .select('SK_ID_CURR', 'value')
      .rows()
      .map(([id, each]) => [Number(id), each === null ? Number.NaN : Number(each)]),
  )
  return Float64Array.from(known.getColumn('SK_ID_CURR').toArray(), (id) => value.get(Number(id)) ?? Number.NaN)
}

/** One row a client with the expression's `value`. */
export const byClient = (frame: pl.DataFrame, value: pl.Expr) =>
  frame.groupBy('SK_ID_CURR').agg(value.cast(pl.Float64).alias('value'))

/** The rows of bureau_balance with their client: the table knows loans only. */
export function balances(table: Source['table'], columns: readonly string[]): pl.DataFrame {
  const owner = table('bureau', ['SK_ID_CURR', 'SK_ID_BUREAU'])
  return table('bureau_balance', ['SK_ID_BUREAU', ...columns]).join(owner, { on: 'SK_ID_BUREAU', how: 'inner' })
}

/** Who has a history in each table, and whether having one matters. */
export function coverage({ known, table }: Source): Coverage[] {
  const target = numbers(known, 'TARGET')
  const all = Uint32Array.from(target.keys())
  return (Object.keys(names) as HistoryTable[]).map((name) => {
    const frame = name === 'bureau_balance' ? balances(table, []) : table(name, ['SK_ID_CURR'])
    const rows = aligned(known, byClient(frame, pl.col('SK_ID_CURR').count()))
    const has = (row: number) => (rows[row] as number) > 0
    const [having, lacking] = [all.filter(has), all.filter((row) => !has(row))]
    const total = having.reduce((sum, row) => sum + (rows[row] as number), 0)
    return {
      table: names[name],
      clients: having.length,
      share: having.length / known.height,
      rowsEach: having.length > 0 ? total / having.length : 0,
      having: rateOfRows('with', having, target),
      lacking: rateOfRows('without', lacking, target),
    }
  })
}

export const coverageTable = (found: readonly Coverage[]) =>
  found.map(({ table, share, rowsEach, having, lacking }) => ({
    '': table,
    'clients who have any': percent(share),
    'rows each': number(rowsEach, { digits: 1 }),
    'default rate with': having.clients > 0 ? percent(having.rate) : '–',
    'default rate without': lacking.clients > 0 ? percent(lacking.rate) : '–',
  }))

export function coverageSentence(found: readonly Coverage[]): string {
  const widest = [...found].sort((a, b) => b.share - a.share)[0]
  const deepest = [...found].sort((a, b) => b.rowsEach - a.rowsEach)[0]
  if (!widest || !deepest) return ''
  return `**${percent(widest.share)}** of the clients have rows in the table that reaches most of them (${widest.table}); where it exists, the longest history has ${number(deepest.rowsEach)} rows a client (${deepest.table}).`
}
