/** The loan that a client asks for: price, credit, term and instalment, each on the round numbers that people use. */
import { normalShare } from './distribution.ts'
import type { Group } from './published.ts'
import type { Stream } from './random.ts'
import { spreads } from './spreads.ts'

export interface Loan {
  readonly revolving: boolean
  readonly goods: number | null
  readonly credit: number
  readonly annuity: number
  readonly term: number
}

export const nearest = (value: number, step: number): number => Math.round(value / step) * step

/**
 * Incomes are told in thousands of a currency that the data multiply by 4.5: in fives below thirty-seven, more often in tens above, in fifties
 * above two hundred; 135,000 alone (thirty thousand) is told by one client in nine (section 4.1).
 */
export function roundIncome(value: number, stream: Stream): number {
  const u = stream.uniform()
  const round = value < 165000 ? 22500 : value < 900000 ? 45000 : 225000
  const step =
    u < (value < 101000 ? 0.25 : 0.42)
      ? round
      : u < (value < 101000 ? 0.46 : 0.66)
        ? 22500
        : u < 0.9
          ? 4500
          : u < 0.97
            ? 900
            : 45
  return Math.max(nearest(value, step), 25650)
}

/** Prices lie on round numbers too: 225,000, 450,000, 675,000 and 900,000 make up three tenths of them (section 4.1). */
function roundPrice(value: number, stream: Stream): number {
  const u = stream.uniform()
  const popular = nearest(value, 225000)
  if (u < (popular > 225000 ? 0.38 : 0.1) && popular > 0 && Math.abs(popular - value) < 0.25 * value) return popular
  if (u < (value < 320000 ? 0.46 : 0.72) && value > 60000) return nearest(value, 45000)
  return Math.max(40500, nearest(value, u < 0.75 ? 22500 : 4500))
}

/** Credit lines and their weights; the largest follow from the commonest instalments, 5% of the line (section 4.1). */
const cardLimits = [
  [135000, 78],
  [157500, 25],
  [180000, 218],
  [202500, 70],
  [225000, 80],
  [247500, 25],
  [270000, 188],
  [292500, 25],
  [315000, 40],
  [337500, 35],
  [360000, 35],
  [405000, 30],
  [450000, 60],
  [540000, 40],
  [675000, 30],
  [765000, 11],
  [900000, 10],
] as const
const cardWeights = cardLimits.map(([, weight]) => weight)

const terms = [12, 18, 24, 30, 36, 42, 48, 54, 60] as const
/** Shares of loans up to each term; new clients take shorter ones (mean of 33 against 28 payments, section 2, item 5b). */
const termsUpTo: Readonly<Record<Group, readonly number[]>> = {
  train: [0.13, 0.26, 0.41, 0.51, 0.72, 0.76, 0.9, 0.93, 1],
  new: [0.34, 0.56, 0.74, 0.83, 0.935, 0.95, 0.985, 0.99, 1],
}
const yearlyRates = [0.14, 0.19, 0.235, 0.27, 0.31, 0.36, 0.42] as const

/** The instalment that repays a loan in `term` equal parts at a yearly rate. */
export function instalmentOf(credit: number, term: number, yearly: number): number {
  const rate = yearly / 12
  return rate < 1e-9 ? credit / term : (credit * rate) / (1 - (1 + rate) ** -term)
}

/** A revolving line. */
export function drawLine(stream: Stream): Loan {
  const credit = cardLimits[stream.pick(cardWeights)]![0]
  const goods = stream.chance(0.0095) ? null : credit
  return { revolving: true, goods, credit, annuity: credit * 0.05, term: 0 }
}

/** A loan repaid in equal parts; traits are standard normal. */
export function drawCashLoan(
  stream: Stream,
  group: Group,
  traits: { readonly income: number; readonly age: number; readonly status: number; readonly standing: number },
): Loan {
  const { income, age, status, standing } = traits
  const size = 0.42 * income + 0.12 * status + 0.07 * (1 - age * age) + 0.87 * stream.normal()
  const goods = roundPrice(spreads.goods(group)(normalShare(size)) * (group === 'train' ? 1.05 : 1), stream)
  const length = normalShare(0.6 * size + 0.8 * stream.normal())
  const term = terms[termsUpTo[group].findIndex((share) => length <= share)] ?? 60
  const tariff = stream.uniform()
  const premium = stream.chance(0.63) ? 0.018 + term * (tariff < 0.5 ? 0.0046 : tariff < 0.85 ? 0.0056 : 0.0029) : 0
  const credit = nearest(goods * (1 + premium), 4.5)
  const price = normalShare(0.35 * standing - 0.1 * status - 0.25 * size + 0.93 * stream.normal())
  const yearly = yearlyRates[Math.min(yearlyRates.length - 1, Math.floor(price * yearlyRates.length))]!
  return { revolving: false, goods, credit, annuity: nearest(instalmentOf(credit, term, yearly), 4.5), term }
}
