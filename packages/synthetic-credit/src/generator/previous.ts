/** A client's earlier applications to Home Credit, oldest first; each booked one leaves a contract. */

import { describeOf, levelsOf } from '../published/statistics.ts'
import { noDay } from '../published/tables.ts'
import type { Contract } from './contract.ts'
import type { ContractWriter } from './contracts.ts'
import type { CsvWriter, OpenTable } from './csv-writer.ts'
import { normalShare, spreadOf } from './distribution.ts'
import type { Form } from './form.ts'
import { sigmoid } from './logistic.ts'
import {
  drawArea,
  drawChannel,
  drawIndustry,
  drawKind,
  drawOffer,
  drawPayment,
  drawPurpose,
  drawRejection,
  drawStatus,
  drawSuite,
  goodsOf,
  type Kind,
  productOf,
} from './offers.ts'
import type { Stream } from './random.ts'
import { type Amounts, type Dates, drawAmounts, drawDates } from './terms.ts'

const decided = spreadOf(describeOf('previous_application', 'DAYS_DECISION'))
const hours = spreadOf(describeOf('previous_application', 'HOUR_APPR_PROCESS_START'))
const weekdays = levelsOf('WEEKDAY_APPR_PROCESS_START').map(({ level }) => level)
/** Shops are open at the weekend. */
const weekdayWeights = levelsOf('WEEKDAY_APPR_PROCESS_START').map(({ clients }, i) => clients * (i > 4 ? 1.15 : 1))

const contractTypes = { consumer: 'Consumer loans', cash: 'Cash loans', card: 'Revolving loans' } as const
const portfolios = { consumer: 'POS', cash: 'Cash', card: 'Cards' } as const

const rounded = (value: number) => Math.round(value * 1e15) / 1e15

/** One application, before it is known what comes of it. */
interface Request {
  readonly client: number
  readonly id: number
  readonly kind: Kind
  readonly day: number
  /** New, Repeater, Refreshed or XNA. */
  readonly known: string
  readonly oldest: boolean
  /** Cards that the client has by then. */
  readonly cards: number
}

export class PreviousWriter {
  readonly out: CsvWriter
  private readonly contracts: ContractWriter

  constructor(open: OpenTable, contracts: ContractWriter) {
    this.out = open('previous_application')
    this.contracts = contracts
  }

  /** `stream` draws the applications, `contractStream` what became of the contracts. */
  write(client: number, firstId: number, form: Form, stream: Stream, contractStream: Stream): void {
    if (!stream.chance(0.951)) return // 338,857 of 356,255 clients (docs/data-sources.md#sizes-and-round-amounts)
    const { standing } = form
    const count = Math.min(77, 1 + stream.overdispersed(3.93 * Math.exp(0.02 * standing + 0.1 * form.age), 1.15))
    const recency = 0.42 * stream.normal() + 0.2 * standing
    const days = Float64Array.from({ length: count }, () =>
      Math.min(-1, Math.round(decided(normalShare(recency + 0.88 * stream.normal())))),
    ).sort()
    const old = stream.chance(0.13) // had dealings with the lender before these
    this.contracts.start(form, contractStream)
    let cards = 0
    for (let i = 0; i < count; i++) {
      const day = days[i]!
      const fresh = i === 0 && !old
      const gap = i > 0 ? day - days[i - 1]! : 10000
      const known = fresh
        ? 'New'
        : stream.chance(gap > 420 ? 0.27 : 0.035)
          ? 'Refreshed'
          : stream.chance(0.0012)
            ? 'XNA'
            : 'Repeater'
      const kind = drawKind(stream, fresh, day, standing, cards)
      const contract = this.one({ client, id: firstId + i, kind, day, known, oldest: i === 0, cards }, form, stream)
      if (!contract) continue
      if (kind === 'card') cards++
      this.contracts.write(client, contract, form, contractStream)
    }
  }

  /** Writes one application; answers the contract that it led to, or null. */
  private one({ client, id, kind, day, known, oldest, cards }: Request, form: Form, stream: Stream): Contract | null {
    const { out } = this
    const { standing } = form
    // nearly every client with applications has a contract (339,587 with instalments, docs/data-sources.md#sizes-and-round-amounts): the oldest one
    const status = oldest && stream.chance(0.985) ? 'Approved' : drawStatus(stream, kind, standing, day)
    const offer = drawOffer(stream, kind, status, known === 'New', standing)
    const { bare, crossSold, rate } = offer
    const money = drawAmounts(offer, form, stream)
    const booked = status === 'Approved' && (oldest || stream.chance(0.955)) && (kind !== 'card' || cards < 2)
    const dates = booked ? drawDates(kind, day, money.term, form, stream) : null
    const channel = drawChannel(offer, standing, stream)

    out.whole(id)
    out.whole(client)
    out.text(stream.chance(0.0002) ? 'XNA' : contractTypes[kind])
    this.money(money)
    out.text(weekdays[stream.pick(weekdayWeights)]!)
    out.whole(Math.max(0, Math.min(23, Math.round(hours(stream.uniform())))))
    out.text(stream.chance(0.005) ? 'N' : 'Y')
    out.whole(stream.chance(0.0035) ? 0 : 1)
    const { down, credit } = money
    out.real(down === null ? null : down === 0 ? 0 : Math.min(1, (1.4 * down) / (credit + down)))
    const told = kind === 'consumer' && stream.chance(0.0082)
    out.real(told ? rounded(stream.between(0.14, 0.2)) : null)
    out.real(told ? rounded(stream.between(0.7, 0.87)) : null)
    out.text(drawPurpose(offer, stream))
    out.text(status)
    out.whole(day)
    out.text(drawPayment(offer, stream))
    out.text(drawRejection(offer, standing, stream))
    out.text(drawSuite(kind, stream))
    out.text(known)
    out.text(goodsOf(offer, stream))
    out.text(bare ? 'XNA' : kind === 'consumer' && stream.chance(0.0006) ? 'Cars' : portfolios[kind])
    out.text(kind === 'consumer' || bare ? 'XNA' : crossSold ? 'x-sell' : 'walk-in')
    out.text(channel)
    out.whole(drawArea(offer, channel, stream))
    out.text(drawIndustry(offer, channel, stream))
    out.float(money.payments)
    out.text(bare || rate === null ? 'XNA' : rate)
    out.text(productOf(offer, stream))
    if (dates) this.dates(kind, day, dates, standing, stream)
    else for (let i = 0; i < 6; i++) out.empty()
    out.endRow()
    return dates && { id, kind, day, term: money.term, annuity: money.annuity ?? 0, limit: credit, ...dates }
  }

  private money({ annuity, asked, credit, down, goods }: Amounts): void {
    for (const amount of [annuity, asked, credit, down, goods]) this.out.amount(amount)
  }

  private dates(kind: Kind, day: number, dates: Dates, standing: number, stream: Stream): void {
    const { out } = this
    const drawn = kind === 'card' && dates.firstDue !== null
    out.float(drawn ? Math.min(-1, day + stream.whole(5, 60)) : noDay)
    for (const date of [dates.firstDue, dates.lastPlanned, dates.last, dates.ended]) out.float(date ?? noDay)
    const insured = kind !== 'card' && stream.chance(sigmoid((kind === 'cash' ? -0.2 : -0.72) + 0.15 * standing))
    out.float(insured ? 1 : 0)
  }
}
