/** Distributions of the numbers on the form, by group of clients. */

import values from '../published/statistics/values.json' with { type: 'json' }
import { decilesOf } from '../published/statistics.ts'
import { fitted, type Quantiles, type Spread } from './distribution.ts'
import { byGroup, figuresOf, type Group, spreadFor } from './groups.ts'
import { partAt } from './part-at.ts'

const { clients, tenure } = values
/** Clients who changed their phone on the day itself or in the week before it. */
const lately = Object.entries(values.values.DAYS_LAST_PHONE_CHANGE)
  .map(([day, number]) => [Number(day), number / clients] as const)
  .sort(([a], [b]) => a - b)
const lateParts = lately.map(([, share]) => share)
const justNow = lateParts.reduce((sum, share) => sum + share, 0)

/** Of new clients only the quartiles are published: what lies between those of the training clients moves along with them. */
function moved(spread: Spread, before: readonly number[], after: readonly number[]): Spread {
  return (share) => {
    const value = spread(share)
    let i = 1
    while (i < before.length - 1 && value > before[i]!) i++
    const width = before[i]! - before[i - 1]!
    const part = width > 0 ? (value - before[i - 1]!) / width : 0
    return after[i - 1]! + part * (after[i]! - after[i - 1]!)
  }
}

/** The middle of a distribution, and above its third quartile whatever gives this mean and deviation. */
function tailed(middle: Spread, [min, q25, median, q75, max]: readonly number[], mean: number, sd: number): Spread {
  const inner = [0.1, 0.2, 0.3, 0.4, 0.6, 0.7].map((share) => [share, middle(share)] as const)
  const known = [
    [0, min!] as const,
    [0.25, q25!] as const,
    [0.5, median!] as const,
    [0.75, q75!] as const,
    [1, max!] as const,
  ]
  const rising = [...known, ...inner].sort(([a], [b]) => a - b)
  return fitted(rising, mean, sd)
}

/** From deciles; `sign` is -1 for days, which are negative in the describe tables. */
function decileSpread(column: string, sign: 1 | -1 = 1): (group: Group) => Spread {
  const quartiles = (group: Group) => {
    const found = figuresOf(group, column)
      .slice(3)
      .map((value) => sign * value)
    if (sign < 0) found.reverse()
    return found
  }
  return byGroup((group) => {
    const [, mean, sd] = figuresOf('train', column)
    const known = quartiles('train')
    const quantiles: Quantiles = [[0, known[0]!], ...decilesOf(column), [1, known[4]!]]
    const train = fitted(quantiles, sign * mean!, sd!)
    if (group === 'train') return train
    const [, newMean, newSd] = figuresOf('new', column)
    return tailed(moved(train, known, quartiles('new')), quartiles('new'), sign * newMean!, newSd!)
  })
}

/** An external score: no bump above the third quartile. */
const score = (column: string): ((group: Group) => Spread) =>
  byGroup((group) => {
    const [, mean, sd, min, q25, median, q75, max] = figuresOf(group, column)
    const quantiles: Quantiles = [
      [0, min!],
      [0.25, q25!],
      [0.5, median!],
      [0.75, q75!],
      [1, max!],
    ]
    return fitted(quantiles, mean!, sd!, { low: [1, 0.85], high: [0.72] })
  })

const incomes: Spread = (() => {
  const { edges, clients: inBand, shares } = values.incomes
  let reached = 0
  const bands = edges.map((edge, i) => {
    reached += inBand[i]!
    return [reached / clients, edge] as const
  })
  const common = Object.entries(shares).map(([amount, share]) => [share, Number(amount)] as const)
  const quantiles = [[0, 25650] as const, ...bands, ...common, [1, 4500000] as const].sort(([a], [b]) => a - b)
  return fitted(quantiles, 168798 - 117e6 / clients, null)
})()

/** Where between 0 and 1 something that rises reaches a value. */
function reached(value: number, rising: (at: number) => number): number {
  let [low, high] = [0, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (rising(middle) <= value) low = middle
    else high = middle
  }
  return low
}

/** The same values in other proportions: a quarter of the clients up to each of the quartiles, and the last one thinned out to give this mean. */
function reweighted(spread: Spread, quartiles: readonly number[], mean: number): Spread {
  const upTo = [0, ...quartiles.map((value) => reached(value, spread)), 1]
  const thinned =
    (power: number): Spread =>
    (share) => {
      const quarter = Math.min(3, Math.floor(share * 4))
      const part = share * 4 - quarter
      const from = upTo[quarter]!
      return spread(from + (quarter === 3 ? part ** power : part) * (upTo[quarter + 1]! - from))
    }
  const points = Array.from({ length: 2000 }, (_, i) => (i + 0.5) / 2000)
  const meanOf = (of: Spread) => points.reduce((sum, share) => sum + of(share), 0) / points.length
  return thinned(1 / reached(mean, (inverse) => meanOf(thinned(1 / Math.max(inverse, 0.05)))))
}

const prices = decileSpread('AMT_GOODS_PRICE')('train')
/** Rounding lowers the prices of all, who ask for more than new clients. */
const unrounded = 1.03
const asked: Spread = (share) => prices(share) * unrounded
/** New clients ask for the prices that others ask for, the lower ones more often. */
const askedByNew = (() => {
  const [, mean, , , ...quartiles] = figuresOf('new', 'AMT_GOODS_PRICE')
  return reweighted(asked, quartiles.slice(0, 3), mean!)
})()

/** They tell the incomes that others tell, the higher ones more often. */
const incomesOfNew = (() => {
  const [, mean, , , ...quartiles] = figuresOf('new', 'AMT_INCOME_TOTAL')
  return reweighted(incomes, quartiles.slice(0, 3), mean!)
})()

export const spreads = {
  /** In days, positive. */
  age: decileSpread('DAYS_BIRTH', -1),
  goods: byGroup((group) => (group === 'train' ? asked : askedByNew)),
  /** Without the one income of 117,000,000 (the largest of the new clients is 4,410,000). */
  income: byGroup((group) => (group === 'train' ? incomes : incomesOfNew)),
  registration: spreadFor('DAYS_REGISTRATION'),
  E1: score('EXT_SOURCE_1'),
  E2: score('EXT_SOURCE_2'),
  E3: score('EXT_SOURCE_3'),
  phone: byGroup((group): Spread => {
    const [, mean, , min, q25, median, q75] = figuresOf(group, 'DAYS_LAST_PHONE_CHANGE')
    // the shares of the earlier days make up the rest
    const before = 1 - justNow
    const quantiles = [
      [0, min!],
      [0.25 / before, q25!],
      [0.5 / before, median!],
      [0.75 / before, q75!],
      [1, -8],
    ] as const
    const earlier = fitted(quantiles, mean! / before, null, { low: [0.65], high: [1] })
    return (share) => {
      if (share < before) return earlier(share / before)
      return lately[partAt(share - before, lateParts)]?.[0] ?? 0
    }
  }),
  /** Days in the job, positive, of those who have one. Hardly anybody applies in the first three months: an assumption. */
  tenure: byGroup((group): Spread => {
    const working = 1 - 55374 / clients
    const inJob = tenure.clients.reduce((sum, number) => sum + number, 0)
    let reached = 0
    const byYears = tenure.years.map((years, i) => {
      reached += tenure.clients[i]!
      return [reached / inJob, years * 365] as const
    })
    const early = decilesOf('DAYS_EMPLOYED').map(([share, days]) => [share / working, days] as const)
    const top = early.at(-1)![0]
    const quantiles: Quantiles = [
      [0, 90],
      ...early,
      ...byYears.slice(0, -2).filter(([share]) => share > top),
      [1, 17912],
    ]
    const [mean] = tenure.describe
    const train = fitted(quantiles, -mean!, null)
    if (group === 'train') return train
    const quartiles = (of: Group) => {
      const [, , , min, q25, median, q75] = figuresOf(of, 'DAYS_EMPLOYED')
      return [0, -q75!, -median!, -q25!, -min!]
    }
    return moved(train, quartiles('train'), quartiles('new'))
  }),
}
