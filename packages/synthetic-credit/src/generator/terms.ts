/** Amounts, number of payments and dates of an earlier application. */

import history from '../published/statistics/history.json' with { type: 'json' }
import type { Form } from './form.ts'
import { instalmentOf } from './loan.ts'
import { sigmoid } from './logistic.ts'
import { monthDays } from './months.ts'
import type { Kind, Offer, Yield } from './offers.ts'
import type { Stream } from './random.ts'
import { nearest } from './rounding.ts'

const published = history.previous_application

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

const limits = Object.keys(history.credit_card_balance.limits).map(Number)
const limitWeights = Float64Array.from(Object.values(history.credit_card_balance.limits))

const within = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

export interface Amounts {
  readonly asked: number
  readonly credit: number
  readonly down: number | null
  readonly goods: number | null
  readonly annuity: number | null
  /** As the file shows it: null where no product was reached, 0 for a card. */
  readonly payments: number | null
  readonly term: number
}

export function drawAmounts(offer: Offer, form: Form, stream: Stream): Amounts {
  if (offer.kind === 'card') return cardAmounts(offer, stream)
  return offer.kind === 'consumer' ? goodsAmounts(offer, form, stream) : cashAmounts(offer, form, stream)
}

function cardAmounts({ bare }: Offer, stream: Stream): Amounts {
  const limit = limits[stream.pick(limitWeights)]!
  const asked = !bare && !stream.chance(0.56) // else offered unasked: nothing was applied for
  return {
    asked: asked ? limit : 0,
    credit: bare ? 0 : limit,
    down: null,
    goods: asked ? limit : null,
    annuity: bare ? null : limit * 0.05,
    payments: bare ? null : 0,
    term: 0,
  }
}

function goodsAmounts({ bare, price, rate }: Offer, { status, standing }: Form, stream: Stream): Amounts {
  const usual = Math.exp(11.5 + 0.66 * stream.normal() + 0.22 * status)
  const goods = Math.max(2250, nearest(usual * price, stream.chance(0.4) ? 225 : 45))
  // the dearer the goods and the riskier the client, the less is paid down
  const nothing = stream.chance(sigmoid(1.1 * Math.log(goods / 62000) - 0.98 + 0.3 * standing))
  const part = within(Math.abs(0.115 * Math.exp(-0.2 * standing) * (1 + 0.9 * stream.normal())), 0, 0.9)
  const down = nothing ? 0 : nearest(goods * part, stream.chance(0.5) ? 45 : 4.5)
  const weights = consumerTermWeights.map((weight, i) => weight * Math.exp(0.05 * (i - 6) * standing))
  const term = consumerTerms[stream.pick(weights)]!
  const lent = goods - down
  const kind = stream.uniform() // as asked, with a discount of the shop, or with an insurance
  const factor = kind < 0.3 ? 1 : kind < 0.615 ? stream.between(0.9, 0.995) : stream.between(1.01, 1.12)
  const credit = nearest(lent * factor, 4.5)
  const annuity = nearest(instalmentOf(credit, term, stream.between(...rates[rate!])), 0.045)
  if (!bare) return { asked: goods, credit, down, goods, annuity, payments: term, term }
  return { asked: goods, credit: stream.chance(0.3) ? 0 : lent, down: null, goods, annuity: null, payments: null, term }
}

function cashAmounts({ bare, status, rate }: Offer, form: Form, stream: Stream): Amounts {
  if (bare && status === 'Canceled')
    return { asked: 0, credit: 0, down: null, goods: null, annuity: null, payments: null, term: 12 }
  const wish = Math.exp(12.3 + 0.95 * stream.normal() + 0.286 * form.status)
  const asked = within(nearest(wish, stream.chance(0.72) ? 22500 : 4500), 18000, 4050000)
  // short loans are agreed to, long ones refused; large ones are long
  const longer = (status === 'Approved' ? -0.14 : 0.35) + 0.22 * within(Math.log(asked / 240000), -1.2, 1.2)
  const term = cashTerms[stream.pick(cashTermWeights.map((weight, i) => weight * Math.exp((i - 4) * longer)))]!
  const credit = nearest(asked * (stream.chance(0.42) ? 1 : 1.02 + term * stream.between(0.0025, 0.0055)), 4.5)
  const annuity = nearest(instalmentOf(credit, term, stream.between(...rates[rate!])), 0.045)
  if (bare) return { asked, credit: asked, down: null, goods: asked, annuity: null, payments: null, term }
  return { asked, credit, down: stream.chance(0.14) ? 0 : null, goods: asked, annuity, payments: term, term }
}

export interface Dates {
  /** Null for a card that was never used. */
  readonly firstDue: number | null
  readonly lastPlanned: number | null
  /** Null while it runs. */
  readonly last: number | null
  readonly ended: number | null
}

export function drawDates(kind: Kind, day: number, term: number, { debt, discipline }: Form, stream: Stream): Dates {
  const firstDue = day + stream.whole(28, 34)
  if (kind === 'card') {
    const used = stream.chance(sigmoid(0.85 + 0.4 * debt + 0.4 * discipline))
    const closed = stream.chance(0.62) ? Math.round(day * stream.uniform() ** 1.25) : null
    const ended = closed !== null && closed < -40 && closed > day + 120 ? closed : null
    return { firstDue: used && firstDue < 0 ? firstDue : null, lastPlanned: null, last: ended, ended }
  }
  const due = (months: number) => firstDue + Math.round(monthDays * months)
  const lastPlanned = due(term - 1)
  const early = stream.chance(Math.max(0.05, (kind === 'cash' ? 0.34 : 0.13) - 0.06 * discipline))
  const last = early ? due(Math.floor((term - 1) * stream.between(0.12, 0.95))) : lastPlanned
  if (last >= -2) return { firstDue, lastPlanned, last: null, ended: null }
  const ended = Math.round(last + 2 + 5 * stream.exponential())
  return { firstDue, lastPlanned, last, ended: ended < 0 ? ended : null }
}
