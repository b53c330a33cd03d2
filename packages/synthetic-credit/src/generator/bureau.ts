/** A client's loans from other lenders, and the months of some of them. */

import history from '../published/statistics/history.json' with { type: 'json' }
import type { CsvWriter, OpenTable } from './csv-writer.ts'
import { normalShare, type Spread } from './distribution.ts'
import type { Form } from './form.ts'
import { extract } from './groups.ts'
import { sigmoid } from './logistic.ts'
import { month } from './months.ts'
import type { Stream } from './random.ts'
import { mills, nearest } from './rounding.ts'

const published = history.bureau

interface Kind {
  readonly name: string
  /** Where on the scale of planned lengths (0 to 1) half of the loans still run. */
  readonly middle: number
  readonly planned: Spread
  readonly unplanned: number
  readonly amount: Spread
}

const activeShare: Readonly<Record<string, number>> = published['active share']
const unplanned: Readonly<Record<string, number>> = published['planned missing']
const plannedDays: Readonly<Record<string, readonly number[]>> = published['planned days']
const amounts: Readonly<Record<string, readonly number[]>> = published.amount

const steepness = 5

/** The middle that leaves this share of loans running, found by halving. */
function middleFor(share: number): number {
  let [low, high] = [-0.5, 1.5]
  for (let i = 0; i < 30; i++) {
    const middle = (low + high) / 2
    let running = 0
    for (let k = 0; k < 50; k++) running += sigmoid(steepness * ((k + 0.5) / 50 - middle)) / 50
    if (running > share) low = middle
    else high = middle
  }
  return low
}

const kinds: readonly Kind[] = Object.keys(published.types).map((name) => {
  const like = name in amounts ? name : 'Consumer credit'
  const [planned, amount] = [plannedDays[like]!, amounts[like]!]
  return {
    name,
    middle: middleFor(activeShare[name] ?? 0.45),
    planned: extract(planned, planned[0]! * 0.6, Math.min(planned[8]! * 1.2, 34000)),
    unplanned: unplanned[name] ?? 0.1,
    amount: extract(amount, amount[0]! * 0.7, amount[8]! * 1.8),
  }
})
const kindWeights = Float64Array.from(Object.values(published.types))
const [card, car, mortgage, micro] = [1, 2, 3, 4] as const // places in the list of kinds

const opened = {
  active: extract(published['days credit'].Active, -2922, -1),
  closed: extract(published['days credit'].Closed, -2922, -25),
}
const updated = extract(published['days update'].Active, -2500, 0)
const owed = extract(published['active debt over amount'], 0, 2)

export class BureauWriter {
  readonly loans: CsvWriter
  readonly months: CsvWriter
  private readonly weights = Float64Array.from(kindWeights)

  constructor(open: OpenTable) {
    this.loans = open('bureau')
    this.months = open('bureau_balance')
  }

  write(client: number, firstLoan: number, form: Form, stream: Stream): void {
    if (!form.inBureau) return
    const { debt, discipline } = form
    const eagerness = Math.exp(0.16 * debt + 0.14 * form.status + 0.1 * form.age - 0.03)
    const loans = Math.min(116, 1 + stream.overdispersed(4.61 * eagerness, 1.05))
    // what a lender tells the bureau, and whether the bureau keeps months, holds for the client as a whole
    const annuityTold = stream.chance(0.34)
    const overdueTold = stream.chance(0.42)
    const limitTold = stream.chance(0.68)
    const monthsKept = stream.chance(0.545)
    const recency = 0.36 * stream.normal() + 0.32 * debt
    this.weights[card] = kindWeights[card]! * Math.exp(0.22 * debt + 0.1 * form.status)
    this.weights[micro] = kindWeights[micro]! * Math.exp(1.15 * debt - 0.4 * form.age - 0.74)
    this.weights[car] = kindWeights[car]! * Math.exp(0.5 * form.status - 0.3 * debt - 0.17)
    this.weights[mortgage] = kindWeights[mortgage]! * Math.exp(0.6 * form.status - 0.3 * debt - 0.22)
    for (let i = 0; i < loans; i++) {
      const loan = this.loan(form, stream, recency)
      this.writeLoan(client, firstLoan + i, loan, stream, { annuityTold, overdueTold, limitTold, debt, discipline })
      if (monthsKept && stream.chance(sigmoid(2.2 + 1.3 * loan.length)))
        this.writeMonths(firstLoan + i, loan, stream, 0.75 * discipline + 0.35 * debt)
    }
  }

  private loan(form: Form, stream: Stream, recency: number) {
    const which = stream.pick(this.weights)
    const kind = kinds[which]!
    // long loans are the ones still running
    const length = stream.normal()
    const part = normalShare(length)
    let planned = Math.round(kind.planned(part))
    const open = stream.chance(sigmoid(steepness * (part - kind.middle) + 0.5 * form.debt))
    const sold = !open && stream.chance(0.006 * Math.exp(0.5 * form.debt))
    const spreadOf = open ? opened.active : opened.closed
    const opening = () =>
      Math.min(-1, Math.round(spreadOf(normalShare(recency - (open ? 0 : 0.08) + 0.88 * stream.normal()))))
    let dayOpened = opening()
    if (open) for (let again = 0; again < 2 && planned < -dayOpened; again++) dayOpened = opening()
    if (planned > 300 && planned < 3700 && stream.chance(0.5)) planned = Math.round(nearest(planned, 365.25))
    let closed: number | null = null
    if (!open) {
      const whole = dayOpened + planned
      if (whole < 0 && stream.chance(0.44)) closed = whole
      else {
        const lived = Math.min(planned, -dayOpened) * Math.min(1, stream.between(0.15, 1.08))
        closed = Math.min(-2, Math.round(dayOpened + Math.max(3, lived)))
      }
    }
    return {
      kind,
      which,
      open,
      sold,
      dayOpened,
      planned: stream.chance(kind.unplanned) ? null : dayOpened + planned,
      span: planned,
      length,
      closed,
    }
  }

  private writeLoan(
    client: number,
    id: number,
    loan: ReturnType<BureauWriter['loan']>,
    stream: Stream,
    traits: { annuityTold: boolean; overdueTold: boolean; limitTold: boolean; debt: number; discipline: number },
  ): void {
    const { kind, which, open, sold, dayOpened, planned, span, closed } = loan
    const { debt, discipline } = traits
    const out = this.loans
    const raw = kind.amount(normalShare(0.1 * debt + 0.5 * loan.length + 0.86 * stream.normal()))
    const round = stream.uniform()
    const amount =
      raw < 400 ? 0 : round < 0.35 ? nearest(raw, raw > 100000 ? 22500 : 4500) : nearest(raw, round < 0.5 ? 450 : 0.09)
    const overdueNow = open && stream.chance(0.0065 * Math.exp(0.7 * discipline + 0.4 * debt - 0.4))
    out.whole(client)
    out.whole(id)
    out.text(open ? 'Active' : sold ? 'Sold' : stream.chance(0.00002) ? 'Bad debt' : 'Closed')
    out.text(stream.chance(0.0007) ? 'currency 2' : stream.chance(0.0001) ? 'currency 3' : 'currency 1')
    out.whole(dayOpened)
    out.whole(overdueNow ? Math.ceil(20 * stream.exponential() * (stream.chance(0.15) ? 40 : 1)) : 0)
    out.float(planned)
    out.float(
      open
        ? stream.chance(0.004)
          ? Math.max(dayOpened, -Math.ceil(60 * stream.exponential()))
          : null
        : sold && stream.chance(0.75)
          ? null
          : closed,
    )
    out.amount(traits.overdueTold && stream.chance(0.82) ? this.largestOverdue(stream, amount, discipline, debt) : null)
    out.whole(stream.chance(0.0055) ? 1 + stream.geometric(0.85) : 0)
    out.amount(amount)
    out.amount(this.owedOf(loan, amount, stream, debt))
    out.amount(this.limitOf(traits.limitTold, which, open, amount, stream))
    out.amount(overdueNow ? mills(amount * stream.between(0.001, 0.08)) : 0)
    out.text(kind.name)
    out.whole(open ? Math.max(dayOpened, Math.round(updated(stream.uniform()))) : this.updateOf(closed!, stream))
    const monthly =
      span > 0 && amount > 0 ? nearest((amount / Math.max(1, span / 30.4)) * stream.between(1.02, 1.35), 4.5) : 0
    out.amount(!traits.annuityTold || stream.chance(0.16) ? null : stream.chance(open ? 0.24 : 0.8) ? 0 : monthly)
    out.endRow()
  }

  private largestOverdue(stream: Stream, amount: number, discipline: number, debt: number): number {
    if (!stream.chance(sigmoid(-1.45 + 0.45 * discipline + 0.2 * debt))) return 0
    const value = Math.exp(8.45 + 1.15 * stream.normal()) * (stream.chance(0.004) ? 60 : 1)
    return mills(Math.min(value, Math.max(amount, 900)))
  }

  private owedOf(loan: ReturnType<BureauWriter['loan']>, amount: number, stream: Stream, debt: number): number | null {
    const { open, sold, which, dayOpened, span } = loan
    if (!open) {
      if (stream.chance(sold ? 0.53 : 0.16)) return null
      return stream.chance(sold ? 0.1 : 0.008) ? nearest(amount * stream.uniform(), 0.045) : 0
    }
    if (stream.chance(0.106)) return null
    if (which === card && stream.chance(sigmoid(-0.75 - 0.55 * debt))) return 0
    if (which !== card) {
      // a loan repaid in equal parts owes what is left of its span, unless it is behind
      const left = span > 0 ? Math.max(0, 1 + dayOpened / span) : 0.5
      const share = Math.min(
        1.15,
        left ** 0.75 * stream.between(0.85, 1.06) + (stream.chance(0.12) ? 0.3 : 0) * sigmoid(debt),
      )
      return stream.chance(0.07) ? 0 : nearest(amount * share, 0.045)
    }
    const share = owed(0.28 + 0.72 * normalShare(0.35 * debt + 0.93 * stream.normal()))
    return nearest(amount * share * (stream.chance(0.01) ? -0.02 : 1), 0.045)
  }

  private limitOf(told: boolean, which: number, open: boolean, amount: number, stream: Stream): number | null {
    if (!told || stream.chance(which === micro || which === car ? 0.6 : 0.04)) return null
    if (which !== card || !open || stream.chance(0.62)) return 0
    return nearest(amount * stream.between(0.001, 0.9), 0.045)
  }

  private updateOf(closed: number, stream: Stream): number {
    const later = stream.exponential() * 70
    return Math.min(-1, closed + Math.round(later < -closed ? later : -closed * stream.uniform() ** 3))
  }

  private writeMonths(id: number, loan: ReturnType<BureauWriter['loan']>, stream: Stream, risk: number): void {
    const out = this.months
    const start = Math.max(-96, month(loan.dayOpened))
    const end = loan.closed === null ? 1 : month(loan.closed)
    const followed = stream.uniform() // to the end, as long as it ran, or for a while
    const newest = followed < 0.72 ? 0 : followed < 0.88 ? Math.min(0, end) : -Math.min(-start, stream.geometric(0.075))
    const unknown = stream.chance(0.26)
    const gaps = stream.chance(0.46)
    const late = sigmoid(-4.35 + 0.95 * risk + 0.7 * stream.normal())
    const text: string[] = []
    let bucket = 0
    let gap = false
    for (let m = start; m <= newest; m++) {
      if (m >= end) text.push(unknown && stream.chance(0.24) ? 'X' : 'C')
      else {
        if (gaps && stream.chance(0.12)) gap = !gap
        if (unknown || (gaps && gap)) {
          text.push('X')
          continue
        }
        if (bucket === 0) bucket = stream.chance(late) ? 1 : 0
        else
          bucket = stream.chance(bucket >= 5 ? 0.93 : bucket === 1 ? 0.12 : 0.45)
            ? Math.min(5, bucket + 1)
            : bucket === 1 && stream.chance(0.25)
              ? 1
              : 0
        text.push(String(bucket))
      }
    }
    for (let i = text.length - 1; i >= 0; i--) {
      out.whole(id)
      out.whole(start + i)
      out.text(text[i]!)
      out.endRow()
    }
  }
}
