/** The loan that a client asks for: price, credit, term and instalment, each on the round numbers that people use. */
import { normalShare } from './distribution.ts'
import type { Group } from './groups.ts'
import type { Stream } from './random.ts'
import { nearest } from './rounding.ts'
import { spreads } from './spreads.ts'

export interface Loan {
  readonly revolving: boolean
  readonly goods: number | null
  readonly credit: number
  readonly annuity: number
  readonly term: number
}

/** Of the incomes within 11,250 of a common one, how many are that one: from the counts of levels.json and values.json (docs/data-sources.md#sizes-and-round-amounts). */
const commonIncomes: Readonly<Record<number, number>> = {
  90000: 0.6,
  112500: 0.75,
  135000: 0.83,
  157500: 0.69,
  180000: 0.95,
  202500: 0.8,
  225000: 0.84,
  270000: 0.85,
}

/**
 * Incomes are told in thousands of a currency that the data multiply by 4.5: in fives, two thirds of them, or in ones; 135,000 alone (thirty
 * thousand) is told by one client in nine (docs/data-sources.md#sizes-and-round-amounts).
 */
export function roundIncome(value: number, stream: Stream): number {
  const u = stream.uniform()
  const popular = nearest(value, value > 236250 ? 45000 : 22500)
  const often = commonIncomes[popular] ?? 0.5
  if (u < often) return Math.max(popular, 25650)
  const part = (u - often) / (1 - often)
  return Math.max(nearest(value, part < 0.45 ? 9000 : part < 0.87 ? 4500 : part < 0.97 ? 450 : 45), 25650)
}

/**
 * Prices lie on round numbers too: 225,000, 450,000, 675,000 and 900,000 make up three tenths of them
 * (docs/data-sources.md#sizes-and-round-amounts). Some are such a number and a small part more: the published quartiles are 238,500 and 679,500.
 */
function roundPrice(value: number, group: Group, stream: Stream): number {
  const u = stream.uniform()
  const popular = nearest(value, 225000)
  const near = popular > 0 && Math.abs(popular - value) < 0.25 * value
  if (near && u < (popular === 225000 ? 0.2 : popular === 450000 ? 0.22 : 0.5)) return popular
  if (near && popular > 225000 && group === 'train' && u > 0.86) return popular + (u < 0.95 ? 4500 : 13500)
  if (near && popular === 225000 && u > 0.93) return popular + 13500
  if (u < (value < 320000 ? 0.38 : 0.58) && value > 60000)
    return nearest(value, value > 290000 && stream.chance(0.5) ? 90000 : 45000)
  return Math.max(40500, nearest(value, u < 0.66 ? 22500 : u < 0.77 ? 9000 : 4500))
}

/** Credit lines and their weights; the largest follow from the commonest instalments, 5% of the line (docs/data-sources.md#sizes-and-round-amounts). */
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
/** Shares of loans up to each term; new clients take shorter ones (mean of 33 against 28 payments: docs/data-sources.md#terms-of-loans). */
const termsUpTo: Readonly<Record<Group, readonly number[]>> = {
  train: [0.13, 0.26, 0.41, 0.51, 0.72, 0.76, 0.9, 0.93, 1],
  new: [0.34, 0.56, 0.74, 0.83, 0.935, 0.95, 0.985, 0.99, 1],
}
const yearlyRates = [0.19, 0.215, 0.245, 0.245, 0.29, 0.34, 0.42, 0.5] as const
/**
 * An insurance costs so much of the price for each month, and seven loans in ten carry one, of the largest half. Printed examples of applications (1.0528, 1.0792,
 * 1.1056, 1.132, 1.1584, 1.198, 1.2112, 1.3168, 1.4224 times the price) are all of these tariffs; the smaller the loan, the dearer the tariff.
 */
const tariffs = [0.0033, 0.0044, 0.0055, 0.0066, 0.0088, 0.011, 0.0132] as const
/** New clients borrow 1.117 times the price on average (describe tables), over shorter terms: their tariffs are dearer. */
const tariffsUpTo: Readonly<Record<Group, readonly number[]>> = {
  train: [0.25, 0.42, 0.56, 0.7, 0.83, 0.94, 1],
  new: [0.08, 0.2, 0.33, 0.48, 0.68, 0.87, 1],
}

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
  const size = 0.42 * income + 0.12 * status + 0.1 * age + 0.06 * (1 - age * age) + 0.87 * stream.normal()
  const goods = roundPrice(spreads.goods(group)(normalShare(size)), group, stream)
  const length = normalShare(
    (0.72 * size - 0.25 * income + 0.68 * stream.normal()) / 0.93 + (group === 'new' ? 0.12 : 0),
  )
  const term = terms[termsUpTo[group].findIndex((share) => length <= share)] ?? 60
  const dear = normalShare(-0.7 * size + 0.714 * stream.normal())
  // the printed deciles of credit are the further above those of the price, the nearer to the middle
  const insured = goods > 1000000 ? 0.48 : goods > 700000 ? 0.62 : goods < 150000 ? 0.62 : 0.78
  const tariff = stream.chance(insured) ? tariffs[tariffsUpTo[group].findIndex((share) => dear <= share)]! : 0
  const credit = nearest(goods * (1 + tariff * term), 4.5)
  const price = normalShare(0.3 * standing - 0.1 * status - 0.45 * size + 0.85 * stream.normal())
  const yearly = yearlyRates[Math.min(yearlyRates.length - 1, Math.floor(price * yearlyRates.length))]!
  return { revolving: false, goods, credit, annuity: nearest(instalmentOf(credit, term, yearly), 4.5), term }
}
