/** Credit cards: balance, drawings and payments month by month. */

import type { Contract } from './contract.ts'
import type { CsvWriter } from './csv-writer.ts'
import type { Form } from './form.ts'
import { writePayment } from './instalments.ts'
import { sigmoid } from './logistic.ts'
import { month, monthDays } from './months.ts'
import type { Stream } from './random.ts'
import { mills, nearest } from './rounding.ts'

export class CardMaker {
  private readonly cards: CsvWriter
  private readonly payments: CsvWriter

  constructor(cards: CsvWriter, payments: CsvWriter) {
    this.cards = cards
    this.payments = payments
  }

  write(client: number, contract: Contract, form: Form, stream: Stream): void {
    const { id, day, limit: granted, ended, firstDue } = contract
    const from = Math.max(-96, month(day) + 1)
    const end = ended === null ? 0 : month(ended)
    const need = 0.75 * form.debt + 0.75 * form.discipline
    const user = firstDue !== null
    const bare = !user && stream.chance(0.6)
    const starts = from + (user ? stream.geometric(0.4) : 1000)
    const keenness = sigmoid(-0.45 + 0.6 * need + 0.5 * stream.normal())
    const leave = 0.024 * Math.exp(-0.75 * need)
    const cash = sigmoid(1.2 + 0.35 * need + 1.2 * stream.normal())
    const missed = sigmoid(-3.4 + 0.7 * form.discipline + 0.5 * stream.normal())
    const pays = Math.exp(0.25 * stream.normal() - 0.12 * need)
    const newest = ended !== null && stream.chance(0.25) ? Math.min(-1, end) : -1 // rows go on after the end, or stop
    const done = stream.chance(0.22) // its status says so once it is closed
    const begins = 3 + stream.whole(0, 3)
    let limit = granted
    let balance = 0
    let using = false
    let matured = stream.chance(0.55) ? Math.floor(14 * stream.exponential()) : 0
    let numbered = 0
    let behind = 0
    for (let m = from; m <= newest; m++) {
      const closed = m >= end
      if (closed) limit = 0
      else if (stream.chance(0.008)) limit = nearest(limit * stream.between(0.6, 1.7), 22500)
      const before = balance
      let [atm, pos, other] = [0, 0, 0]
      let [atmCount, posCount] = [0, 0]
      if (!closed && user && m >= starts) {
        if (!using && (m === starts || stream.chance(0.045 * Math.exp(0.4 * need)))) {
          using = true
          const drawn = nearest(limit * Math.min(1, stream.between(0.65, 1.2)), 900)
          if (stream.chance(cash)) [atm, atmCount] = [drawn, stream.whole(1, 4)]
          else [pos, posCount] = [mills(drawn * stream.uniform()), stream.whole(1, 6)]
        } else if (using && stream.chance(keenness)) {
          const amount = Math.min(Math.exp(9.35 + 1.1 * stream.normal()), Math.max(0, limit * 1.02 - balance))
          if (amount > 200) {
            if (stream.chance(cash * 0.75)) [atm, atmCount] = [nearest(amount, 450), stream.whole(1, 4)]
            else [pos, posCount] = [mills(amount), 1 + stream.geometric(0.2)]
          }
          if (stream.chance(0.01)) other = nearest(amount, 450)
        }
      }
      const interest = before > 0 ? before * 0.0175 : 0
      const minimum = before > 0 ? Math.min(before, nearest(limit * 0.05, 450) || before) : 0
      let paid = 0
      if (before > 0) {
        const leaving = closed || stream.chance(leave)
        if (leaving) {
          paid = before + interest
          using = using && !closed && stream.chance(0.25)
        } else if (stream.chance(missed)) behind++
        else {
          behind = 0
          paid = Math.min(
            before + interest,
            Math.max(minimum, before * 0.04) *
              pays *
              (stream.chance(0.12) ? stream.between(1.3, 5) : stream.between(0.95, 1.25)),
          )
        }
        paid = paid > 3000 && stream.chance(0.6) ? Math.min(before + interest, nearest(paid, 450)) : paid
      } else behind = 0
      balance = before + interest + atm + pos + other - paid
      if (balance < 5) balance = stream.chance(0.004) ? -stream.between(1, 900) : 0
      if (before > 0 && paid > 0) matured++
      this.writeMonth(id, client, m, stream, {
        limit,
        balance,
        atm,
        pos,
        other,
        atmCount,
        posCount,
        minimum,
        paid,
        matured,
        behind,
        early: m < from + begins && stream.chance(0.75),
        bare: bare || (user && m < starts && stream.chance(0.3)),
        closed,
        done,
        before,
        interest,
      })
      if (paid > 0) numbered = this.writePayments(id, client, m, paid, numbered, stream)
    }
  }

  private writeMonth(
    id: number,
    client: number,
    m: number,
    stream: Stream,
    card: {
      limit: number
      balance: number
      atm: number
      pos: number
      other: number
      atmCount: number
      posCount: number
      minimum: number
      paid: number
      matured: number
      behind: number
      early: boolean
      bare: boolean
      closed: boolean
      done: boolean
      before: number
      interest: number
    },
  ): void {
    const out = this.cards
    const { balance, bare, early, paid } = card
    const drawn = mills(card.atm + card.pos + card.other)
    const shown = (value: number) => (bare ? null : mills(value))
    const principal = balance > 0 ? balance - Math.min(card.interest, balance) : balance
    out.whole(id)
    out.whole(client)
    out.whole(m)
    out.amount(mills(balance))
    out.whole(card.limit)
    out.amount(shown(card.atm))
    out.amount(drawn)
    out.amount(shown(card.other))
    out.amount(shown(card.pos))
    out.amount(early ? null : mills(card.minimum))
    const unasked = stream.chance(0.85) ? Math.exp(6.35 + 1.6 * stream.normal()) : 0
    const told = paid > 0 ? paid * (stream.chance(0.1) ? stream.between(1, 1.3) : 1) : unasked
    out.amount(bare || stream.chance(0.006) ? null : mills(told))
    out.amount(mills(paid))
    out.amount(mills(principal))
    const due = mills(balance > 0 ? balance * (stream.chance(0.8) ? 1 : 0.995) : balance)
    out.amount(due)
    out.amount(due)
    out.float(bare ? null : card.atmCount)
    out.whole(card.atmCount + card.posCount + (card.other > 0 ? 1 : 0))
    out.float(bare ? null : card.other > 0 ? 1 : 0)
    out.float(bare ? null : card.posCount)
    out.float(early ? null : card.matured)
    out.text(
      card.closed && card.done
        ? 'Completed'
        : early && stream.chance(0.03)
          ? 'Signed'
          : stream.chance(0.0003)
            ? stream.chance(0.9)
              ? 'Demand'
              : 'Sent proposal'
            : 'Active',
    )
    const days = card.behind > 0 ? Math.round((card.behind - 1) * 30.4 + stream.whole(1, 25)) : 0
    out.whole(days)
    out.whole(days > 0 && stream.chance(0.55) ? days : 0)
    out.endRow()
  }

  private writePayments(id: number, client: number, m: number, paid: number, numbered: number, stream: Stream): number {
    const due = Math.min(-1, Math.round((m + 1) * monthDays) - stream.whole(1, 20))
    const parts = 1 + stream.poisson(1.65)
    let left = paid
    for (let i = 1; i <= parts; i++) {
      const amount = mills(i === parts ? left : left * stream.uniform())
      left -= amount
      const shift = stream.uniform()
      const day = shift < 0.5 ? due : shift < 0.95 ? due - stream.whole(1, 20) : Math.min(-1, due + stream.whole(1, 6))
      writePayment(this.payments, id, client, 0, numbered + i, due, day, amount, amount)
    }
    return numbered + parts
  }
}
