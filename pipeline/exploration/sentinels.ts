/** Which values are not values? 365243 days (a thousand years) and XNA say that there is nothing to say; `ingest` has made them null. */
import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import type { Portfolio } from './portfolio.ts'
import { count } from './words.ts'

export interface Sentinel {
  readonly column: string
  readonly meaning: string
  readonly rows: number
  readonly of: number
  readonly ofWhat: string
}

/** Stages in a previous loan's life that may never come; all five are blank in the files when the loan was never paid out. */
const lifeline = [
  ['DAYS_FIRST_DRAWING', 'nothing was drawn: not a card'],
  ['DAYS_FIRST_DUE', 'no first instalment was due'],
  ['DAYS_LAST_DUE_1ST_VERSION', 'no last instalment was planned'],
  ['DAYS_LAST_DUE', 'the last instalment is still to come'],
  ['DAYS_TERMINATION', 'the loan has not ended'],
] as const

const nulls = (frame: pl.DataFrame, column: string): number => frame.getColumn(column).nullCount()

/** Where a null must have been a sentinel, because the files leave nothing blank there. */
export function sentinels({ known, table }: Pick<Portfolio, 'known' | 'table'>): Sentinel[] {
  const columns = lifeline.map(([column]) => column)
  const previous = table('previous_application', [...columns, 'NAME_GOODS_CATEGORY', 'CODE_REJECT_REASON'])
  const paidOut = previous.filter(
    columns.map((column) => pl.col(column).isNotNull()).reduce((any, each) => any.or(each)),
  )
  const on =
    (frame: pl.DataFrame, ofWhat: string) =>
    (column: string, meaning: string): Sentinel => ({
      column,
      meaning,
      rows: nulls(frame, column),
      of: frame.height,
      ofWhat,
    })
  const client = on(known, 'known clients')
  const loan = on(paidOut, 'previous loans paid out')
  const request = on(previous, 'previous applications')
  return [
    client('DAYS_EMPLOYED', 'no employer'),
    client('ORGANIZATION_TYPE', 'no employer'),
    client('CODE_GENDER', 'not stated'),
    ...lifeline.map(([column, meaning]) => loan(column, meaning)),
    request('NAME_GOODS_CATEGORY', 'no goods: a cash loan'),
    request('CODE_REJECT_REASON', 'not refused'),
  ]
}

export const sentinelsTable = (found: readonly Sentinel[]) =>
  found.map(({ column, meaning, rows, of, ofWhat }) => ({
    column,
    written: column.startsWith('DAYS_') ? '365243' : column === 'CODE_REJECT_REASON' ? 'XAP' : 'XNA',
    'stands for': meaning,
    rows: number(rows),
    share: of > 0 ? percent(rows / of) : '–',
    of: ofWhat,
  }))

const day = 365243
const year = 365.25

/** What one sentinel does to a mean when it is read as a number. */
export function sentinelsSentence({ known }: Pick<Portfolio, 'known'>): string {
  const missing = nulls(known, 'DAYS_EMPLOYED')
  const mean = -Number(known.getColumn('DAYS_EMPLOYED').mean()) / year
  const naive = ((known.height - missing) * mean - missing * (day / year)) / known.height
  if (missing === 0) return 'No client carries the sentinel of DAYS_EMPLOYED here.'
  return `Read as numbers, the ${count(missing, 'client')} without an employer would have been hired a thousand years from now, and the mean time in the job would be **${number(naive, { digits: 1 })} years** instead of **${number(mean, { digits: 1 })}**.`
}
