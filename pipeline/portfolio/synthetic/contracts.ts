/** What became of a contract: its months (point-of-sale and cash loans, or a card) and the instalments paid on it. */
import { credit_card_balance, installments_payments, POS_CASH_balance } from '../schema/contracts.ts'
import { extract } from './bureau.ts'
import { CsvWriter } from './csv-writer.ts'
import { type Form, nearest } from './form.ts'
import type { Stream } from './random.ts'
import history from './statistics/history.json' with { type: 'json' }

export interface Contract {
  readonly id: number
  readonly kind: 'consumer' | 'cash' | 'card'
  /** Decided on. */
  readonly day: number
  readonly term: number
  readonly annuity: number
  readonly limit: number
  readonly owed: number
  readonly firstDue: number | null
  readonly lastPlanned: number | null
  /** Null while it runs. */
  readonly last: number | null
  readonly ended: number | null
}

const { 'days late, when late': late, 'days early, when early': early } = history.installments_payments
const daysLate = extract(late, 1, 1500, 14)
const daysEarly = extract(early, 1, 400, 6)

const monthDays = 30.4375
const month = (day: number) => Math.floor(day / monthDays)
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const cents = (value: number) => Math.round(value * 100) / 100
const mills = (value: number) => Math.round(value * 1000) / 1000

export class ContractWriter {
  readonly pos: CsvWriter
  readonly payments: CsvWriter
  readonly cards: CsvWriter
  private readonly lateness = new Float64Array(128) // by instalment
  // how the client of the moment pays
  private careless = 0
  private exact = 0
  private inParts = 0
  private prompt = 0
  private behindhand = false

  constructor(folder: string) {
    const open = (schema: { file: string; columns: readonly { name: string }[] }) =>
      new CsvWriter(
        `${folder}/${schema.file}`,
        schema.columns.map(({ name }) => name),
      )
    this.pos = open(POS_CASH_balance)
    this.payments = open(installments_payments)
    this.cards = open(credit_card_balance)
  }

  /** To be called before a client's first contract: draws how the client pays. */
  start(form: Form, stream: Stream): void {
    this.careless = 0.95 * form.discipline + 0.55 * stream.normal()
    this.exact = -1.75 + 0.3 * form.discipline + 0.9 * stream.normal()
    this.inParts = 0.055 * Math.exp(0.4 * stream.normal() + 0.25 * form.discipline)
    this.prompt = Math.exp(0.4 * stream.normal() - 0.16 * form.discipline)
    this.behindhand = stream.chance(sigmoid(-1.95 + 0.65 * form.discipline + 0.2 * stream.normal()))
  }

  write(client: number, contract: Contract, form: Form, stream: Stream): void {
    if (contract.kind === 'card') this.writeCard(client, contract, form, stream)
    else {
      this.writePayments(client, contract, form, stream)
      this.writePos(client, contract, form, stream)
    }
  }

  private payment(
    id: number,
    client: number,
    version: number,
    number: number,
    due: number,
    paid: number | null,
    owed: number,
    amount: number | null,
  ): void {
    const out = this.payments
    out.whole(id)
    out.whole(client)
    out.float(version)
    out.whole(number)
    out.float(due)
    out.float(paid)
    out.amount(owed)
    out.amount(amount)
    out.endRow()
  }

  private writePayments(client: number, contract: Contract, form: Form, stream: Stream): void {
    const { id, term, annuity, firstDue, last } = contract
    if (firstDue === null) return
    const careless = this.careless + 0.4 * stream.normal()
    const chanceLate = sigmoid(-3.1 + careless)
    const chanceExact = sigmoid(this.exact + 0.6 * stream.normal())
    const inParts = this.inParts * Math.exp(0.3 * stream.normal())
    const prompt = this.prompt * Math.exp(0.3 * stream.normal())
    const repriced = stream.chance(0.035) ? 2 + stream.geometric(0.6) : 0
    const version = stream.chance(0.93) ? 1 : 2 + stream.geometric(0.7)
    const scheduled = cents(annuity)
    for (let k = 1; k <= term; k++) {
      const due = firstDue + Math.round(monthDays * (k - 1))
      this.lateness[k] = 0
      if (due > -1) break
      const final = last !== null && due >= last
      const repaidEarly = final && k < term
      const owed = repaidEarly
        ? cents(scheduled * Math.max(1, 0.82 * (term - k + 1)))
        : k === term
          ? cents(scheduled * stream.between(0.75, 1))
          : scheduled
      const number = repriced > 0 && k > 2 ? repriced : repaidEarly ? version + 1 : version
      if (stream.chance(0.0004)) {
        this.payment(id, client, number, k, due, null, owed, null)
        continue
      }
      let paid = due
      if (stream.chance(chanceLate)) {
        paid = Math.min(-1, due + Math.round(daysLate(stream.uniform()) * Math.exp(0.2 * form.discipline)))
        this.lateness[k] = paid - due
      } else if (!stream.chance(chanceExact)) paid = due - Math.max(1, Math.round(daysEarly(stream.uniform()) * prompt))
      if (stream.chance(inParts)) {
        const part = cents(owed * (stream.chance(0.45) ? stream.uniform() * 0.03 : stream.uniform()))
        this.payment(id, client, number, k, due, paid - stream.whole(0, 6), owed, part)
        this.payment(id, client, number, k, due, paid, owed, cents(owed - part))
      } else {
        const factor = stream.uniform()
        const amount =
          factor < 0.004 + 0.004 * sigmoid(careless)
            ? owed * stream.between(0.1, 0.999)
            : factor > 0.986
              ? owed * stream.between(1.0005, 2)
              : owed
        this.payment(id, client, number, k, due, paid, owed, cents(amount))
      }
      if (final) break
    }
  }

  private writePos(client: number, contract: Contract, form: Form, stream: Stream): void {
    const { id, day, term, firstDue, last } = contract
    if (firstDue === null) return
    const out = this.pos
    const from = month(day) + 1
    const nominal = last === null ? -1 : month(last)
    // a small rest that nobody pays: the contract goes on for years with its days past due
    const rest = last !== null && stream.chance(0.0044 * Math.exp(0.45 * form.discipline - 0.1))
    const to = rest ? Math.min(-1, nominal + stream.whole(6, 70)) : Math.min(-1, nominal)
    const unknownCounts = stream.chance(0.0026)
    const signed = stream.chance(0.1)
    const returned = stream.chance(0.005)
    const demand = stream.chance(0.0006 * Math.exp(0.8 * form.discipline))
    const paidIn = last === null ? term : Math.min(term, Math.max(1, Math.round((last - firstDue) / monthDays) + 1))
    for (let m = Math.max(-96, Math.min(from, -1)); m <= to; m++) {
      const lastDay = (m + 1) * monthDays - 1
      const due = Math.max(0, Math.min(term, Math.floor((lastDay - firstDue) / monthDays) + 1))
      const done = last !== null && m >= nominal && !rest
      const count = done && paidIn < term && stream.chance(0.8) ? paidIn : term
      const future = done ? (stream.chance(0.97) ? 0 : Math.max(0, term - paidIn)) : Math.max(0, term - due)
      out.whole(id)
      out.whole(client)
      out.whole(m)
      out.float(unknownCounts ? null : count)
      out.float(unknownCounts ? null : future)
      const first = m === from
      out.text(
        done
          ? 'Completed'
          : first && signed
            ? 'Signed'
            : first && returned
              ? stream.chance(0.5)
                ? 'Returned to the store'
                : 'Approved'
              : demand && due > 2
                ? 'Demand'
                : 'Active',
      )
      let days = 0
      let tolerated = 0
      if (rest && m > nominal) days = Math.round((m - nominal) * 30.4 + stream.whole(0, 3))
      else if (!done && due > 0) {
        const behind = this.lateness[due] ?? 0
        if (this.behindhand && (behind > 0 || stream.chance(0.085))) {
          days = Math.max(1, Math.round(behind * stream.between(0.3, 1)) || 1 + stream.geometric(0.2))
          if (stream.chance(0.4)) tolerated = days
        } else if (behind > 12 && stream.chance(0.1)) days = Math.round(behind * stream.between(0.3, 1))
      }
      out.whole(days)
      out.whole(tolerated)
      out.endRow()
    }
  }

  private writeCard(client: number, contract: Contract, form: Form, stream: Stream): void {
    const { id, day, limit: granted, ended, firstDue } = contract
    const from = Math.max(-96, month(day) + 1)
    const end = ended === null ? 0 : month(ended)
    const need = 0.55 * form.debt + 0.55 * form.discipline
    const user = firstDue !== null
    const bare = !user && stream.chance(0.72)
    const starts = from + (user ? stream.geometric(0.4) : 1000)
    const keenness = sigmoid(-1.05 + 0.6 * need + 0.5 * stream.normal())
    const leave = 0.019 * Math.exp(-0.75 * need)
    const cash = sigmoid(1.2 + 0.35 * need + 1.2 * stream.normal())
    const missed = sigmoid(-4.2 + 0.7 * form.discipline + 0.5 * stream.normal())
    const pays = Math.exp(0.25 * stream.normal() - 0.12 * need)
    const begins = 3 + stream.whole(0, 3)
    let limit = granted
    let balance = 0
    let using = false
    let matured = 0
    let numbered = 0
    let behind = 0
    for (let m = from; m <= -1; m++) {
      const closed = m >= end
      if (closed) limit = 0
      else if (stream.chance(0.008)) limit = nearest(limit * stream.between(0.6, 1.7), 22500)
      const before = balance
      let [atm, pos, other] = [0, 0, 0]
      let [atmCount, posCount] = [0, 0]
      if (!closed && user && m >= starts) {
        if (!using && (m === starts || stream.chance(0.045 * Math.exp(0.4 * need)))) {
          using = true
          const drawn = nearest(limit * Math.min(1, stream.between(0.3, 1.15)), 900)
          if (stream.chance(cash)) [atm, atmCount] = [drawn, stream.whole(1, 4)]
          else [pos, posCount] = [mills(drawn * stream.uniform()), stream.whole(1, 6)]
        } else if (using && stream.chance(keenness)) {
          const amount = Math.min(Math.exp(8.9 + 1.05 * stream.normal()), Math.max(0, limit * 1.02 - balance))
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
      this.writeCardMonth(id, client, m, stream, {
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
        before,
        interest,
      })
      if (paid > 0) numbered = this.writeCardPayments(id, client, m, paid, numbered, stream)
    }
  }

  private writeCardMonth(
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
    out.amount(
      bare || stream.chance(0.006)
        ? null
        : mills(
            paid > 0
              ? paid * (stream.chance(0.1) ? stream.between(1, 1.3) : 1)
              : stream.chance(0.3)
                ? stream.between(1, 900)
                : 0,
          ),
    )
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
      card.closed
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

  private writeCardPayments(
    id: number,
    client: number,
    m: number,
    paid: number,
    numbered: number,
    stream: Stream,
  ): number {
    const due = Math.min(-1, Math.round((m + 1) * monthDays) - stream.whole(1, 20))
    const parts = 1 + stream.poisson(1.35)
    let left = paid
    for (let i = 1; i <= parts; i++) {
      const amount = mills(i === parts ? left : left * stream.uniform())
      left -= amount
      const shift = stream.uniform()
      const day = shift < 0.7 ? due : shift < 0.95 ? due - stream.whole(1, 20) : Math.min(-1, due + stream.whole(1, 6))
      this.payment(id, client, 0, numbered + i, due, day, amount, amount)
    }
    return numbered + parts
  }
}
