/** Loans repaid in instalments: what was due and paid, and the months of the contract. */

import history from '../published/statistics/history.json' with { type: 'json' }
import type { Contract } from './contract.ts'
import type { CsvWriter } from './csv-writer.ts'
import type { Form } from './form.ts'
import { extract } from './groups.ts'
import { sigmoid } from './logistic.ts'
import { month, monthDays } from './months.ts'
import type { Stream } from './random.ts'
import { cents } from './rounding.ts'

const { 'days late, when late': late, 'days early, when early': early } = history.installments_payments
const daysLate = extract(late, 1, 400)
const daysEarly = extract(early, 1, 120)

/** A row of installments_payments. */
export function writePayment(
  out: CsvWriter,
  id: number,
  client: number,
  version: number,
  number: number,
  due: number,
  paid: number | null,
  owed: number,
  amount: number | null,
): void {
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

export class InstalmentMaker {
  private readonly pos: CsvWriter
  private readonly payments: CsvWriter
  private readonly lateness = new Float64Array(128) // days, by instalment of the contract of the moment
  // how the client of the moment pays
  private careless = 0
  private exact = 0
  private inParts = 0
  private prompt = 0
  private behindhand = false

  constructor(pos: CsvWriter, payments: CsvWriter) {
    this.pos = pos
    this.payments = payments
  }

  /** Draws how a client pays; to be called before the client's first contract. */
  start(form: Form, stream: Stream): void {
    this.careless = 0.95 * form.discipline + 0.55 * stream.normal()
    this.exact = -2 + 0.3 * form.discipline + 0.9 * stream.normal()
    this.inParts = 0.055 * Math.exp(0.4 * stream.normal() + 0.25 * form.discipline)
    this.prompt = Math.exp(0.4 * stream.normal() - 0.16 * form.discipline)
    this.behindhand = stream.chance(sigmoid(-1.68 + 0.38 * form.discipline + 0.2 * stream.normal()))
  }

  write(client: number, contract: Contract, form: Form, stream: Stream): void {
    this.writePayments(client, contract, form, stream)
    this.writePos(client, contract, form, stream)
  }

  private writePayments(client: number, contract: Contract, form: Form, stream: Stream): void {
    const { id, term, annuity, firstDue, last } = contract
    if (firstDue === null) return
    const careless = this.careless + 0.4 * stream.normal()
    const chanceLate = sigmoid(-2.78 + careless)
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
        writePayment(this.payments, id, client, number, k, due, null, owed, null)
        continue
      }
      let paid = due
      if (stream.chance(chanceLate)) {
        paid = Math.min(-1, due + Math.round(daysLate(stream.uniform()) * Math.exp(0.2 * form.discipline)))
        this.lateness[k] = paid - due
      } else if (!stream.chance(chanceExact)) paid = due - Math.max(1, Math.round(daysEarly(stream.uniform()) * prompt))
      if (stream.chance(inParts)) {
        const part = cents(owed * (stream.chance(0.45) ? stream.uniform() * 0.03 : stream.uniform()))
        writePayment(this.payments, id, client, number, k, due, paid - stream.whole(0, 6), owed, part)
        writePayment(this.payments, id, client, number, k, due, paid, owed, cents(owed - part))
      } else {
        const factor = stream.uniform()
        const amount =
          factor < 0.004 + 0.004 * sigmoid(careless)
            ? owed * stream.between(0.1, 0.999)
            : factor > 0.977
              ? owed * stream.between(1.0005, 2)
              : owed
        writePayment(this.payments, id, client, number, k, due, paid, owed, cents(amount))
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
    const rest = last !== null && stream.chance(0.0085 * Math.exp(0.45 * form.discipline - 0.1))
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
          if (stream.chance(0.46)) tolerated = days
        } else if (behind > 12 && stream.chance(0.1)) days = Math.round(behind * stream.between(0.3, 1))
      }
      out.whole(days)
      out.whole(tolerated)
      out.endRow()
    }
  }
}
