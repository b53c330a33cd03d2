/** What was asked for and what became of it: products, outcomes, channels and goods of earlier applications. */

import history from '../published/statistics/history.json' with { type: 'json' }
import { levelsOf } from '../published/statistics.ts'
import { CsvTexts } from './category.ts'
import { sigmoid } from './logistic.ts'
import type { Stream } from './random.ts'

const published = history.previous_application

export type Kind = 'consumer' | 'cash' | 'card'
export type Status = 'Approved' | 'Canceled' | 'Refused' | 'Unused offer'
export type Yield = 'high' | 'middle' | 'low_normal' | 'low_action'

/** Shares of outcomes by kind: from the counts of docs/data-sources.md#counts-of-the-history-tables (all unused offers are for goods, cancelled ones for cash). */
const outcomes: Readonly<Record<Kind, readonly [approved: number, refused: number, canceled: number, unused: number]>> =
  {
    consumer: [0.8, 0.135, 0.005, 0.06],
    cash: [0.436, 0.192, 0.372, 0],
    card: [0.66, 0.23, 0.11, 0],
  }
const statuses: readonly Status[] = ['Approved', 'Refused', 'Canceled', 'Unused offer']

const yields: readonly Yield[] = ['high', 'middle', 'low_normal', 'low_action']
const yieldWeights = { consumer: [0.338, 0.302, 0.25, 0.11], cash: [0.265, 0.364, 0.336, 0.035] } as const
const goodsNames = Object.keys(published.goods)
const goodsWeights = Float64Array.from(Object.values(published.goods))
const goodsTexts = new CsvTexts(goodsNames)

type Product = 'mobile' | 'household' | 'industry' | 'other'

/** Who sells what, how dearly (times the usual price), and under which product. */
const sellers: Readonly<Record<string, readonly [industry: string, price: number, product: Product]>> = {
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

const channels = [
  'Credit and cash offices',
  'Country-wide',
  'Stone',
  'Regional / Local',
  'Contact center',
  'AP+ (Cash loan)',
  'Channel of corporate sales',
  'Car dealer',
] as const

const rejections = ['HC', 'LIMIT', 'SCO', 'SCOFR', 'XNA', 'VERIF', 'SYSTEM'] as const

/** How long ago, in 800 days from the mean of the decisions. */
export const ageOf = (day: number): number => Math.min(2.2, (-day - 880) / 800)

/** What kind of loan a known client asks for: goods long ago, cash of late; the risky ones more often a card. */
export function drawKind(stream: Stream, first: boolean, day: number, standing: number, cards: number): Kind {
  const old = ageOf(day)
  const weights = first
    ? [0.87, 0.12, 0.01]
    : [
        0.37 * Math.exp(0.3 * old),
        0.47 * Math.exp(-0.22 * old),
        (cards > 0 ? 0.06 : 0.225) * Math.exp(0.22 * old * old + 0.4 * standing - 0.25),
      ]
  return (['consumer', 'cash', 'card'] as const)[stream.pick(weights)]!
}

/** What was agreed to lies further back than what was refused or cancelled. */
export function drawStatus(stream: Stream, kind: Kind, standing: number, day: number): Status {
  const [approved, refused, canceled, unused] = outcomes[kind]
  const old = ageOf(day)
  return statuses[
    stream.pick([
      approved * Math.exp(0.62 * old),
      refused * Math.exp(0.62 * standing - 0.13 - 0.12 * old),
      canceled * Math.exp(0.12 * standing - 0.3 * old),
      unused * Math.exp(0.15 * standing),
    ])
  ]!
}

/** An earlier application as far as its product goes. */
export interface Offer {
  readonly kind: Kind
  readonly status: Status
  /** It never got as far as a product: amounts and terms are missing. */
  readonly bare: boolean
  readonly crossSold: boolean
  /** Null for a card. */
  readonly rate: Yield | null
  readonly goods: number
  readonly industry: string
  /** Times the usual price of goods. */
  readonly price: number
  readonly product: Product
}

export function drawOffer(stream: Stream, kind: Kind, status: Status, isNew: boolean, standing: number): Offer {
  const cut = { consumer: status === 'Refused' ? 0.3 : status === 'Canceled' ? 0.6 : 0.12, cash: 0.03, card: 0.56 }
  const early = status !== 'Approved' && stream.chance(cut[kind])
  const bare = early || (kind === 'cash' && status === 'Canceled')
  const selling = { consumer: -50, cash: (isNew ? -2.2 : 1.85) - 0.55 * standing, card: 0.35 - 0.35 * standing }
  const crossSold = stream.chance(sigmoid(selling[kind]))
  const lean = (i: number) => Math.exp((i === 0 ? (kind === 'cash' ? 0.75 : 0.3) : i > 1 ? -0.3 : 0) * standing)
  const rate = kind === 'card' ? null : yields[stream.pick(yieldWeights[kind].map((weight, i) => weight * lean(i)))]!
  const goods = stream.pick(goodsWeights)
  const [industry, price, product] = sellers[goodsNames[goods]!] ?? ['Industry', 1, 'other']
  return { kind, status, bare, crossSold, rate, goods, industry, price, product }
}

export const goodsOf = ({ kind, bare, goods }: Offer, stream: Stream): string | null =>
  kind === 'consumer' && !(bare && stream.chance(0.5)) ? goodsTexts.at(goods) : 'XNA'

export const drawSuite = (kind: Kind, stream: Stream): string | null =>
  stream.chance(kind === 'consumer' ? 0.22 : 0.7) ? null : suites.texts.at(stream.pick(suites.weights))

export function drawPurpose({ kind, bare, crossSold }: Offer, stream: Stream): string | null {
  if (kind !== 'cash') return 'XAP'
  return !bare && !crossSold && stream.chance(0.57) ? purposes.at(stream.pick(purposeWeights)) : 'XNA'
}

export function drawRejection({ status }: Offer, standing: number, stream: Stream): string {
  if (status === 'Unused offer') return 'CLIENT'
  if (status !== 'Refused') return 'XAP'
  const weights = [
    145984,
    47773 * Math.exp(0.05 * standing),
    32636 * Math.exp(-0.12 * standing),
    10875 * Math.exp(0.95 * standing - 0.5),
    5200,
    2500,
    500,
  ]
  return rejections[stream.pick(weights)]!
}

export function drawChannel({ kind, product }: Offer, standing: number, stream: Stream): string {
  const ap = Math.exp(0.5 * standing - 0.12)
  const goods = product === 'mobile' ? [0.02, 0.54, 0.05, 0.39, 0, 0, 0.01, 0] : [0.03, 0.6, 0.36, 0.03, 0, 0, 0, 0.001]
  const weights = {
    consumer: goods,
    cash: [0.78, 0.05, 0.003, 0.012, 0.08, 0.065 * ap, 0.01, 0],
    card: [0.6, 0.14, 0.02, 0.02, 0.09, 0.1 * ap, 0.03, 0],
  }
  return channels[stream.pick(weights[kind])]!
}

/** Area of the point of sale, or −1. */
export function drawArea({ kind, product }: Offer, channel: string, stream: Stream): number {
  if (kind === 'consumer')
    return Math.max(1, Math.round(Math.exp((product === 'mobile' ? 3.3 : 5.4) + 1.7 * stream.normal())))
  return channel === 'AP+ (Cash loan)' || stream.chance(0.17) ? stream.whole(0, 7) : -1
}

export function drawIndustry({ kind, industry }: Offer, channel: string, stream: Stream): string {
  if (kind === 'consumer') return stream.chance(0.0005) ? 'MLM partners' : industry
  if (channel !== 'AP+ (Cash loan)' && !(kind === 'cash' && stream.chance(0.08))) return 'XNA'
  return stream.chance(0.6) ? 'Connectivity' : 'Consumer electronics'
}

export function drawPayment({ kind }: Offer, stream: Stream): string {
  if (!stream.chance({ consumer: 0.9, cash: 0.56, card: 0 }[kind])) return 'XNA'
  return kind === 'cash' && stream.chance(0.012) ? 'Non-cash from your account' : 'Cash through the bank'
}

export function productOf({ kind, bare, crossSold, rate, product }: Offer, stream: Stream): string {
  if (kind === 'card') return crossSold ? 'Card X-Sell' : 'Card Street'
  if (kind === 'cash') {
    const level = rate === 'high' ? 'high' : rate === 'middle' ? 'middle' : 'low'
    return bare ? 'Cash' : `Cash ${crossSold ? 'X-Sell' : 'Street'}: ${level}`
  }
  const free = rate === 'low_action' || (rate === 'low_normal' && stream.chance(0.2))
  return `POS ${product === 'other' && free ? 'others' : product} ${free ? 'without' : 'with'} interest`
}
