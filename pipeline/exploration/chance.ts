/** Whether default rates of groups differ by more than chance explains. */
import cdf from '@stdlib/stats-base-dists-chisquare-cdf'
import type { Rate } from './rate.ts'

const totals = (rates: readonly Rate[]) => {
  const clients = rates.reduce((sum, rate) => sum + rate.clients, 0)
  return { clients, share: rates.reduce((sum, rate) => sum + rate.defaults, 0) / clients }
}

/** p-value of Pearson's chi-squared test that all groups have the same rate (Pearson 1900); 1 where there is nothing to compare. */
export function chance(rates: readonly Rate[]): number {
  const { share } = totals(rates)
  const filled = rates.filter(({ clients }) => clients > 0)
  if (filled.length < 2 || !(share > 0 && share < 1)) return 1
  const statistic = filled.reduce(
    (sum, { clients, defaults }) => sum + (defaults - clients * share) ** 2 / (clients * share * (1 - share)),
    0,
  )
  return 1 - cdf(statistic, filled.length - 1)
}

/** Standard normal score of a linear trend over the groups in their order (Cochran 1954, Armitage 1955); positive when the rate rises. */
export function trendScore(rates: readonly Rate[]): number {
  const { clients: n, share } = totals(rates)
  const sum = (of: (rate: Rate, position: number) => number) =>
    rates.reduce((total, rate, position) => total + of(rate, position), 0)
  const shift = sum(({ clients, defaults }, t) => t * (defaults - clients * share))
  const variance =
    share * (1 - share) * (sum(({ clients }, t) => clients * t * t) - sum(({ clients }, t) => clients * t) ** 2 / n)
  return variance > 0 ? shift / Math.sqrt(variance) : 0
}
