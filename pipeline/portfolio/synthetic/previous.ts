/** A client's earlier applications to Home Credit, oldest first; each booked one leaves a contract. */
import { previous_application } from '../schema/previous-application.ts'
import type { Contract, ContractWriter } from './contracts.ts'
import { CsvWriter } from './csv-writer.ts'
import { normalShare, spreadOf } from './distribution.ts'
import { CsvTexts, type Form, instalmentOf, nearest } from './form.ts'
import { figures, levelsOf } from './published.ts'
import type { Stream } from './random.ts'
import history from './statistics/history.json' with { type: 'json' }

const published = history.previous_application
const decided = spreadOf(figures('previous_application', 'DAYS_DECISION'))

type Kind = 'consumer' | 'cash' | 'card'
type Status = 'Approved' | 'Canceled' | 'Refused' | 'Unused offer'
type Yield = 'high' | 'middle' | 'low_normal' | 'low_action'

/** Shares of outcomes by kind: from the counts of section 4.8 (all unused offers are for goods, cancelled ones for cash). */
const outcomes: Readonly<Record<Kind, readonly [approved: number, refused: number, canceled: number, unused: number]>> =
  {
    consumer: [0.8, 0.135, 0.005, 0.06],
    cash: [0.436, 0.192, 0.372, 0],
    card: [0.55, 0.3, 0.15, 0],
  }
const statuses: readonly Status[] = ['Approved', 'Refused', 'Canceled', 'Unused offer']

const yields: readonly Yield[] = ['high', 'middle', 'low_normal', 'low_action']
const yieldWeights = { consumer: [0.338, 0.302, 0.25, 0.11], cash: [0.265, 0.364, 0.336, 0.035] } as const
/** Yearly interest by yield group. */
const rates: Readonly<Record<Yield, readonly [number, number]>> = {
  high: [0.48, 0.75],
  middle: [0.28, 0.45],
  low_normal: [0.14, 0.25],
  low_action: [0.02, 0.12],
}

const consumerTerms = Object.keys(published['consumer payments']).map(Number)
const consumerTermWeights = Float64Array.from(Object.values(published['consumer payments']))
const cashTerms = [6, 12, 18, 24, 30, 36, 42, 48, 54, 60] as const
const cashTermWeights = [3, 26, 10, 21, 4, 17, 3, 9, 1, 6] as const

const goodsNames = Object.keys(published.goods)
const goodsWeights = Float64Array.from(Object.values(published.goods))
const goodsTexts = new CsvTexts(goodsNames)

/** Who sells what, how dearly (times the usual price), and under which product. */
const sellers: Readonly<
  Record<string, readonly [industry: string, price: number, product: 'mobile' | 'household' | 'industry' | 'other']>
> = {
  Mobile: ['Connectivity', 0.52, 'mobile'],
  Computers: ['Consumer electronics', 0.95, 'household'],
  'Consumer Electronics': ['Consumer electronics', 0.85, 'household'],
  'Audio/Video': ['Consumer electronics', 1, 'household'],
  'Photo / Cinema Equipment': ['Consumer electronics', 0.75, 'household'],
  Furniture: ['Furniture', 1.6, 'industry'],
  'Construction Materials': ['Construction', 1.8, 'industry'],
  'Clothing and Accessories': ['Clothing', 1.2, 'industry'],
  'Auto Accessories': ['Auto technology', 1.3, 'other'],
  Vehicles: ['Auto technology', 2.6, 'other'],
  Jewelry: ['Jewelry', 1.2, 'other'],
  Tourism: ['Tourism', 1.6, 'other'],
}

const suites = (() => {
  const others = levelsOf('NAME_TYPE_SUITE').filter(
    ({ level }) => !['Unaccompanied', 'Family', 'missing'].includes(level),
  )
  const total = others.reduce((sum, { clients }) => sum + clients, 0)
  const { Unaccompanied, Family, other } = published.suites
  const weights = [Unaccompanied, Family, ...others.map(({ clients }) => (other * clients) / total)]
  return { texts: new CsvTexts(['Unaccompanied', 'Family', ...others.map(({ level }) => level)]), weights }
})()

const purposes = new CsvTexts([
  'Repairs',
  'Other',
  'Urgent needs',
  'Buying a used car',
  'Building a house or an annex',
  'Everyday expenses',
  'Medicine',
  'Payments on other loans',
  'Education',
  'Journey',
  'Purchase of electronic equipment',
  'Buying a new car',
  'Wedding / gift / holiday',
  'Buying a home',
  'Car repairs',
  'Furniture',
  'Buying a holiday home / land',
  'Business development',
  'Gasification / water supply',
  'Buying a garage',
  'Hobby',
  'Money for a third person',
  'Refusal to name the goal',
])
/** The first three are published; the others fall off as such lists do. */
const purposeWeights = Float64Array.from({ length: 23 }, (_, i) => [20117, 13432, 7236][i] ?? 2600 * 0.78 ** (i - 3))

const weekdays = levelsOf('WEEKDAY_APPR_PROCESS_START').map(({ level }) => level)
const weekdayWeights = levelsOf('WEEKDAY_APPR_PROCESS_START').map(({ clients }, i) => clients * (i > 4 ? 1.15 : 1))
const hours = spreadOf(figures('previous_application', 'HOUR_APPR_PROCESS_START'))

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))
const infinite = 365243

export class PreviousWriter {
  readonly out: CsvWriter
  private readonly contracts: ContractWriter

  constructor(folder: string, contracts: ContractWriter) {
    this.out = new CsvWriter(
      `${folder}/${previous_application.file}`,
      previous_application.columns.map(({ name }) => name),
    )
    this.contracts = contracts
  }

  write(client: number, firstId: number, form: Form, stream: Stream, contractStream: Stream): void {
    if (!stream.chance(0.951)) return
    const { standing } = form
    const eagerness = Math.exp(0.05 * standing + 0.1 * form.age)
    const count = Math.min(77, 1 + stream.overdispersed(3.93 * eagerness, 1.15))
    const recency = 0.45 * stream.normal() + 0.1 * standing
    const days = Float64Array.from({ length: count }, () =>
      Math.min(-1, Math.round(decided(normalShare(recency + 0.88 * stream.normal())))),
    ).sort()
    const known = stream.chance(0.13) // had dealings with the lender before these
    this.contracts.start(form, contractStream)
    let cards = 0
    let before = Number.NEGATIVE_INFINITY
    for (let i = 0; i < count; i++) {
      const day = days[i]!
      const first = i === 0 && !known
      const client_ = first
        ? 'New'
        : stream.chance(day - before > 420 ? 0.27 : 0.035)
          ? 'Refreshed'
          : stream.chance(0.0012)
            ? 'XNA'
            : 'Repeater'
      const old = Math.min(2.2, (-day - 880) / 800)
      const weights = first
        ? [0.87, 0.12, 0.01]
        : [
            0.345 * Math.exp(0.3 * old),
            0.53 * Math.exp(-0.22 * old),
            (cards > 0 ? 0.06 : 0.175) * Math.exp(0.35 * old + 0.3 * standing - 0.07),
          ]
      const kind = (['consumer', 'cash', 'card'] as const)[stream.pick(weights)]!
      const contract = this.one(client, firstId + i, form, stream, kind, day, client_, cards, i === 0)
      if (contract) {
        if (contract.kind === 'card') cards++
        this.contracts.write(client, contract, form, contractStream)
      }
      before = day
    }
  }

  private outcome(kind: Kind, standing: number, day: number, stream: Stream): Status {
    const [approved, refused, canceled, unused] = outcomes[kind]
    const old = Math.min(2.2, (-day - 880) / 800) // what was agreed lies further back than what was refused or cancelled
    const risk = 0.62 * standing - 0.13
    return statuses[
      stream.pick([
        approved * Math.exp(0.5 * old),
        refused * Math.exp(risk - 0.12 * old),
        canceled * Math.exp(0.12 * standing - 0.3 * old),
        unused * Math.exp(0.15 * standing),
      ])
    ]!
  }

  private one(
    client: number,
    id: number,
    form: Form,
    stream: Stream,
    kind: Kind,
    day: number,
    repeat: string,
    cards: number,
    oldest: boolean,
  ): Contract | null {
    const { out } = this
    const { standing } = form
    const status = oldest && stream.chance(0.985) ? 'Approved' : this.outcome(kind, standing, day, stream)
    const approved = status === 'Approved'
    // an application that never got as far as a product
    const bare =
      kind === 'cash'
        ? status === 'Canceled' || (status === 'Refused' && stream.chance(0.03))
        : !approved &&
          stream.chance(kind === 'card' ? 0.56 : status === 'Refused' ? 0.3 : status === 'Canceled' ? 0.6 : 0.12)
    const crossSold =
      kind === 'cash'
        ? stream.chance(sigmoid((repeat === 'New' ? -2.2 : 1.2) - 0.75 * standing))
        : kind === 'card' && stream.chance(sigmoid(0.1 - 0.35 * standing))
    const rate =
      kind === 'card'
        ? null
        : yields[
            stream.pick(
              yieldWeights[kind].map((weight, i) => weight * Math.exp((i === 0 ? 0.45 : i > 1 ? -0.25 : 0) * standing)),
            )
          ]!
    const goodsAt = stream.pick(goodsWeights)
    const [industry, price, product] = sellers[goodsNames[goodsAt]!] ?? ['Industry', 1, 'other']
    const money = this.amounts(kind, status, bare, price, rate, form, stream)
    const booked = approved && (oldest || stream.chance(0.955)) && (kind !== 'card' || cards < 2)
    const dates = booked ? this.dates(kind, day, money.term, form, stream) : null

    out.whole(id)
    out.whole(client)
    out.text(
      stream.chance(0.0002)
        ? 'XNA'
        : kind === 'cash'
          ? 'Cash loans'
          : kind === 'card'
            ? 'Revolving loans'
            : 'Consumer loans',
    )
    out.amount(money.annuity)
    out.amount(money.asked)
    out.amount(money.credit)
    out.amount(money.down)
    out.amount(money.goods)
    out.text(weekdays[stream.pick(weekdayWeights)]!)
    out.whole(Math.max(0, Math.min(23, Math.round(hours(stream.uniform())))))
    out.text(stream.chance(0.005) ? 'N' : 'Y')
    out.whole(stream.chance(0.0035) ? 0 : 1)
    out.real(
      money.down === null
        ? null
        : money.down === 0
          ? 0
          : Math.min(1, (1.09 * money.down) / (money.credit + money.down)),
    )
    const told = kind === 'consumer' && stream.chance(0.0082)
    out.real(told ? Math.round(stream.between(0.14, 0.2) * 1e15) / 1e15 : null)
    out.real(told ? Math.round(stream.between(0.7, 0.87) * 1e15) / 1e15 : null)
    out.text(
      kind === 'cash'
        ? !bare && !crossSold && stream.chance(0.57)
          ? purposes.at(stream.pick(purposeWeights))
          : 'XNA'
        : kind === 'card' && stream.chance(0.0)
          ? 'XNA'
          : 'XAP',
    )
    out.text(status)
    out.whole(day)
    out.text(
      kind === 'consumer'
        ? stream.chance(0.9)
          ? 'Cash through the bank'
          : 'XNA'
        : kind === 'cash' && stream.chance(0.56)
          ? stream.chance(0.012)
            ? 'Non-cash from your account'
            : 'Cash through the bank'
          : 'XNA',
    )
    out.text(this.rejection(status, standing, stream))
    out.text(stream.chance(kind === 'consumer' ? 0.22 : 0.7) ? null : suites.texts.at(stream.pick(suites.weights)))
    out.text(repeat)
    out.text(kind === 'consumer' && !(bare && stream.chance(0.5)) ? goodsTexts.at(goodsAt) : 'XNA')
    out.text(
      bare ? 'XNA' : kind === 'cash' ? 'Cash' : kind === 'card' ? 'Cards' : stream.chance(0.0006) ? 'Cars' : 'POS',
    )
    out.text(
      kind === 'consumer' || bare
        ? 'XNA'
        : crossSold
          ? 'x-sell'
          : kind === 'cash' || stream.chance(0.5)
            ? 'walk-in'
            : 'XNA',
    )
    const channel = this.channel(kind, product, standing, stream)
    out.text(channel)
    out.whole(
      kind === 'consumer'
        ? Math.max(1, Math.round(Math.exp((product === 'mobile' ? 3.3 : 5.4) + 1.7 * stream.normal())))
        : channel === 'AP+ (Cash loan)' || stream.chance(0.2)
          ? stream.whole(0, 40)
          : -1,
    )
    out.text(
      kind === 'consumer'
        ? stream.chance(0.0005)
          ? 'MLM partners'
          : industry
        : channel === 'AP+ (Cash loan)' || (kind === 'cash' && stream.chance(0.08))
          ? stream.chance(0.6)
            ? 'Connectivity'
            : 'Consumer electronics'
          : 'XNA',
    )
    out.float(money.payments)
    out.text(bare || rate === null ? 'XNA' : rate)
    out.text(this.product(kind, bare, crossSold, rate, product, stream))
    if (dates) {
      out.float(
        kind === 'card' ? (dates.firstDue === null ? infinite : Math.min(-1, day + stream.whole(5, 60))) : infinite,
      )
      out.float(dates.firstDue ?? infinite)
      out.float(dates.lastPlanned ?? infinite)
      out.float(dates.last ?? infinite)
      out.float(dates.ended ?? infinite)
      out.float(stream.chance(kind === 'cash' ? 0.45 : kind === 'consumer' ? 0.33 : 0) ? 1 : 0)
    } else for (let i = 0; i < 6; i++) out.empty()
    out.endRow()
    if (!booked || !dates) return null
    return {
      id,
      kind,
      day,
      term: money.term,
      annuity: money.annuity ?? 0,
      limit: money.credit,
      owed: money.credit,
      ...dates,
    }
  }

  private amounts(
    kind: Kind,
    status: Status,
    bare: boolean,
    price: number,
    rate: Yield | null,
    form: Form,
    stream: Stream,
  ) {
    if (kind === 'card') {
      const limits = Object.entries(history.credit_card_balance.limits)
      const limit = Number(limits[stream.pick(limits.map(([, weight]) => weight))]![0])
      const offered = stream.chance(0.56) // offered unasked: nothing was applied for
      const credit = bare ? 0 : limit
      const none = { down: null, payments: bare ? null : 0, term: 0 }
      return {
        ...none,
        asked: offered || bare ? 0 : limit,
        credit,
        goods: offered || bare ? null : limit,
        annuity: bare ? null : limit * 0.05,
      }
    }
    const means = 0.22 * form.status
    if (kind === 'consumer') {
      const goods = Math.max(
        2250,
        nearest(Math.exp(11.38 + 0.66 * stream.normal() + means) * price, stream.chance(0.4) ? 225 : 45),
      )
      const down = stream.chance(0.27)
        ? 0
        : nearest(goods * Math.min(0.9, Math.abs(0.105 * (1 + 0.9 * stream.normal()))), stream.chance(0.5) ? 45 : 4.5)
      const term = consumerTerms[stream.pick(consumerTermWeights)]!
      const lent = goods - down
      const credit = nearest(
        lent * (stream.chance(0.3) ? 1 : stream.chance(0.45) ? stream.between(0.9, 0.995) : stream.between(1.01, 1.12)),
        4.5,
      )
      const annuity = nearest(instalmentOf(credit, term, stream.between(...rates[rate!])), 0.045)
      if (bare)
        return {
          asked: goods,
          credit: stream.chance(0.3) ? 0 : lent,
          down: null,
          goods,
          annuity: null,
          payments: null,
          term,
        }
      return { asked: goods, credit, down, goods, annuity, payments: term, term }
    }
    if (bare && status === 'Canceled')
      return { asked: 0, credit: 0, down: null, goods: null, annuity: null, payments: null, term: 12 }
    const asked = Math.min(
      4050000,
      Math.max(
        18000,
        nearest(Math.exp(12.25 + 0.82 * stream.normal() + 1.3 * means), stream.chance(0.72) ? 22500 : 4500),
      ),
    )
    const term =
      cashTerms[
        stream.pick(
          cashTermWeights.map(
            (weight, i) => weight * Math.exp(0.25 * (i - 4) * Math.min(1.2, Math.max(-1.2, Math.log(asked / 230000)))),
          ),
        )
      ]!
    const credit = nearest(asked * (stream.chance(0.42) ? 1 : 1.02 + term * stream.between(0.0025, 0.0055)), 4.5)
    const annuity = nearest(instalmentOf(credit, term, stream.between(...rates[rate!])), 0.045)
    if (bare) return { asked, credit: asked, down: null, goods: asked, annuity: null, payments: null, term }
    return { asked, credit, down: stream.chance(0.07) ? 0 : null, goods: asked, annuity, payments: term, term }
  }

  private dates(kind: Kind, day: number, term: number, { debt, discipline }: Form, stream: Stream) {
    const firstDue = day + stream.whole(28, 34)
    if (kind === 'card') {
      const used = stream.chance(sigmoid(1.05 + 0.35 * debt + 0.35 * discipline))
      const closed = stream.chance(0.13) ? Math.round(day * stream.uniform() ** 1.6) : null
      const ended = closed !== null && closed < -40 && closed > day + 120 ? closed : null
      return { firstDue: used && firstDue < 0 ? firstDue : null, lastPlanned: null, last: ended, ended }
    }
    const lastPlanned = firstDue + Math.round(30.4375 * (term - 1))
    const early = stream.chance(Math.max(0.05, (kind === 'cash' ? 0.56 : 0.3) - 0.08 * discipline))
    const last = early
      ? firstDue + Math.round(30.4375 * Math.floor((term - 1) * stream.between(0.12, 0.95)))
      : lastPlanned
    const over = last < -2
    const ended = over ? Math.round(last + 2 + 5 * stream.exponential()) : null
    return { firstDue, lastPlanned, last: over ? last : null, ended: ended !== null && ended < 0 ? ended : null }
  }

  private rejection(status: Status, standing: number, stream: Stream): string {
    if (status === 'Unused offer') return 'CLIENT'
    if (status !== 'Refused') return 'XAP'
    return ['HC', 'LIMIT', 'SCO', 'SCOFR', 'XNA', 'VERIF', 'SYSTEM'][
      stream.pick([
        145984,
        47773 * Math.exp(0.05 * standing),
        32636 * Math.exp(-0.12 * standing),
        10875 * Math.exp(0.95 * standing - 0.5),
        5200,
        2500,
        500,
      ])
    ]!
  }

  private channel(kind: Kind, product: string, standing: number, stream: Stream): string {
    const ap = Math.exp(0.5 * standing - 0.12)
    const weights =
      kind === 'consumer'
        ? product === 'mobile'
          ? [0.02, 0.54, 0.05, 0.39, 0, 0, 0.01, 0]
          : [0.03, 0.6, 0.36, 0.03, 0, 0, 0, 0.001]
        : kind === 'cash'
          ? [0.78, 0.05, 0.003, 0.012, 0.08, 0.065 * ap, 0.01, 0]
          : [0.6, 0.14, 0.02, 0.02, 0.09, 0.1 * ap, 0.03, 0]
    return [
      'Credit and cash offices',
      'Country-wide',
      'Stone',
      'Regional / Local',
      'Contact center',
      'AP+ (Cash loan)',
      'Channel of corporate sales',
      'Car dealer',
    ][stream.pick(weights)]!
  }

  private product(
    kind: Kind,
    bare: boolean,
    crossSold: boolean,
    rate: Yield | null,
    product: string,
    stream: Stream,
  ): string {
    if (kind === 'card') return crossSold ? 'Card X-Sell' : 'Card Street'
    if (kind === 'cash') {
      if (bare) return 'Cash'
      const level = rate === 'high' ? 'high' : rate === 'middle' ? 'middle' : 'low'
      return `Cash ${crossSold ? 'X-Sell' : 'Street'}: ${level}`
    }
    const free = rate === 'low_action' || (rate === 'low_normal' && stream.chance(0.2))
    const name = product === 'other' && free ? 'others' : product
    return `POS ${name} ${free ? 'without' : 'with'} interest`
  }
}
