/** What do the histories tell? The plainest figure that each table gives, alone. */

import pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { maximum } from '../data/extremes.ts'
import type { HistoryTable } from '../data/schema/tables.ts'
import type { Figure, Trace } from '../display/figure.ts'
import { palette } from '../display/palette.ts'
import { rocAuc } from '../models/ranking.ts'
import { aligned, balances, byClient, names, type Source } from './histories.ts'
import { numbers, type Rate, ranked, rateOfRows } from './rate.ts'
import { apart, capital, count } from './words.ts'

interface Question {
  readonly name: string
  readonly table: HistoryTable
  readonly columns: readonly string[]
  readonly value: pl.Expr
  /** Rows that count; all when left out. */
  readonly rows?: pl.Expr
}

const share = (condition: pl.Expr) => condition.cast(pl.Float64).mean()
const ratio = (over: string, under: string) =>
  pl.col(over).cast(pl.Float64).sum().div(pl.col(under).cast(pl.Float64).sum())

/** The plainest figure that each table gives; the features stage has some hundred more. */
const questions: readonly Question[] = [
  {
    name: 'share of loans elsewhere still running',
    table: 'bureau',
    columns: ['CREDIT_ACTIVE'],
    value: share(pl.col('CREDIT_ACTIVE').eq(pl.lit('Active'))),
  },
  {
    name: 'debt left on them',
    table: 'bureau',
    columns: ['CREDIT_ACTIVE', 'AMT_CREDIT_SUM', 'AMT_CREDIT_SUM_DEBT'],
    rows: pl
      .col('CREDIT_ACTIVE')
      .eq(pl.lit('Active'))
      .and(pl.col('AMT_CREDIT_SUM').gt(pl.lit(0))),
    value: ratio('AMT_CREDIT_SUM_DEBT', 'AMT_CREDIT_SUM'),
  },
  {
    name: 'days since the last loan elsewhere',
    table: 'bureau',
    columns: ['DAYS_CREDIT'],
    value: pl.col('DAYS_CREDIT').max().mul(pl.lit(-1)),
  },
  {
    name: 'share of months late elsewhere',
    table: 'bureau_balance',
    columns: ['STATUS'],
    rows: pl.col('STATUS').neq(pl.lit('X')),
    value: share(pl.col('STATUS').isIn(['1', '2', '3', '4', '5'])),
  },
  {
    name: 'share of earlier applications refused',
    table: 'previous_application',
    columns: ['NAME_CONTRACT_STATUS'],
    value: share(pl.col('NAME_CONTRACT_STATUS').eq(pl.lit('Refused'))),
  },
  {
    name: 'share of months late here',
    table: 'POS_CASH_balance',
    columns: ['SK_DPD_DEF'],
    value: share(pl.col('SK_DPD_DEF').gt(pl.lit(0))),
  },
  {
    name: 'share of instalments paid late',
    table: 'installments_payments',
    columns: ['DAYS_ENTRY_PAYMENT', 'DAYS_INSTALMENT'],
    rows: pl.col('DAYS_ENTRY_PAYMENT').isNotNull(),
    value: share(pl.col('DAYS_ENTRY_PAYMENT').gt(pl.col('DAYS_INSTALMENT'))),
  },
  {
    name: 'use of the card’s limit, last half-year',
    table: 'credit_card_balance',
    columns: ['MONTHS_BALANCE', 'AMT_BALANCE', 'AMT_CREDIT_LIMIT_ACTUAL'],
    rows: pl
      .col('MONTHS_BALANCE')
      .gtEq(pl.lit(-6))
      .and(pl.col('AMT_CREDIT_LIMIT_ACTUAL').gt(pl.lit(0))),
    value: ratio('AMT_BALANCE', 'AMT_CREDIT_LIMIT_ACTUAL'),
  },
]

export interface Signal {
  readonly name: string
  readonly table: string
  /** One a client, in the order of the known clients; NaN where there is none. */
  readonly value: Float64Array
  /** The known clients in the riskiest fifth. */
  readonly riskyRows: Uint32Array
  readonly clients: number
  /** ROC AUC of the figure alone among those who have it, counted so that it is at least 0.5. */
  readonly auc: number
  /** Whether more of it means more risk. */
  readonly rising: boolean
  readonly risky: Rate
  readonly others: Rate
}

/** The riskiest fifth, ties included, unless more than half would be in it: then those who stand out from the lowest value. */
function split(score: Float64Array): { risky: Uint32Array; others: Uint32Array } {
  const groups = ranked(score, 5)
  const last = groups[groups.length - 1] ?? new Uint32Array()
  const lowest = score[groups[0]?.[0] ?? 0] as number
  const cut = score[last[0] ?? 0] as number
  const all = Uint32Array.from(groups.flatMap((group) => [...group]))
  const inside = (row: number) => (cut > lowest ? (score[row] as number) >= cut : (score[row] as number) > lowest)
  return { risky: all.filter(inside), others: all.filter((row) => !inside(row)) }
}

/** Each figure alone, the most telling first; one without enough defaults on either side is left out. */
export function signals({ known, table }: Source): Signal[] {
  const target = numbers(known, 'TARGET')
  const found = questions.flatMap(({ name, table: from, columns, value: expression, rows }): Signal[] => {
    const frame = from === 'bureau_balance' ? balances(table, columns) : table(from, ['SK_ID_CURR', ...columns])
    const value = aligned(known, byClient(rows ? frame.filter(rows) : frame, expression)).map((each) =>
      Number.isFinite(each) ? each : Number.NaN,
    )
    const having = Uint32Array.from(value.keys()).filter((row) => !Number.isNaN(value[row]))
    const y = Float64Array.from(having, (row) => target[row] as number)
    const defaults = y.reduce((sum, each) => sum + each, 0)
    if (defaults < 5 || y.length - defaults < 5) return []
    const auc = rocAuc(
      y,
      Float64Array.from(having, (row) => value[row] as number),
    )
    const { risky, others } = split(auc >= 0.5 ? value : value.map((each) => -each))
    return [
      {
        name,
        table: names[from],
        value,
        riskyRows: risky,
        clients: having.length,
        auc: Math.max(auc, 1 - auc),
        rising: auc >= 0.5,
        risky: rateOfRows('the riskiest fifth', risky, target),
        others: rateOfRows('the others', others, target),
      },
    ]
  })
  return found.sort((a, b) => b.auc - a.auc)
}

export function signalsFigure(found: readonly Signal[]): Figure {
  const order = found.map(({ name }) => capital(name))
  const side = (name: string, pick: (signal: Signal) => Rate, color: string): Trace => ({
    type: 'scatter',
    mode: 'markers',
    name,
    y: order,
    x: found.map((signal) => pick(signal).rate),
    marker: { color, size: 11 },
    customdata: found.map(
      (signal) => `${number(pick(signal).clients)} clients, ${number(pick(signal).defaults)} defaults`,
    ),
    hovertemplate: '%{y}<br>%{x:.1%} of %{customdata}<extra>%{fullData.name}</extra>',
  })
  const best = found[0]
  const end = maximum([...found.map(({ risky, others }) => Math.max(risky.rate, others.rate)), 0.01])
  const label = (text: string, x: number, color: string, anchor: 'left' | 'right') => ({
    x,
    y: order[0] ?? '',
    yshift: 20,
    text: `<b>${text}</b>`,
    showarrow: false,
    xanchor: anchor,
    font: { color, size: 12 },
  })
  const values = found.map(({ name, auc }) => ({
    xref: 'paper',
    x: 1,
    xanchor: 'right',
    y: capital(name),
    text: `AUC ${number(auc, { digits: 3 })}`,
    showarrow: false,
    font: { size: 12, color: palette.muted },
  }))
  return [
    best
      ? `Of the histories, “${best.name}” tells most alone: ${percent(best.risky.rate)} of its riskiest fifth default, ${percent(best.others.rate)} of the others`
      : 'No history has enough defaults to be judged',
    [
      ...found.map(
        ({ name, risky, others }): Trace => ({
          type: 'scatter',
          mode: 'lines',
          x: [others.rate, risky.rate],
          y: [capital(name), capital(name)],
          line: { color: palette.line, width: 3 },
          hoverinfo: 'skip',
        }),
      ),
      side('the others', ({ others }) => others, palette.quiet),
      side('the riskiest fifth', ({ risky }) => risky, palette.up),
    ],
    {
      subtitle: 'Default rate of the clients who have the history; AUC of the figure alone',
      height: 190 + 32 * found.length,
      xaxis: { tickformat: '.0%', range: [0, end * 1.3] },
      yaxis: {
        type: 'category',
        categoryorder: 'array',
        categoryarray: [...order].reverse(),
        ticks: '',
        showline: false,
        range: [-0.6, found.length - 0.2],
      },
      annotations: best
        ? [
            ...values,
            label('the others', best.others.rate, palette.muted, 'right'),
            label('riskiest fifth', best.risky.rate, palette.up, 'left'),
          ]
        : [],
    },
  ]
}

export function signalsSentence(found: readonly Signal[]): string {
  const telling = found.filter(({ risky, others }) => apart(risky, others))
  const [best] = found
  if (!best) return 'No history has enough defaults to be judged.'
  const reach = number(best.clients)
  return `**${telling.length}** of ${count(found.length, 'figure')} set their riskiest fifth apart from the others by more than chance explains; the most telling reaches an AUC of **${number(best.auc, { digits: 3 })}** alone, on the ${reach} clients who have it.`
}
