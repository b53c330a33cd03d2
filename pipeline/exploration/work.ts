/** Does work matter? Default rates by work situation and occupation. */
import type pl from 'nodejs-polars'
import { number, percent } from 'report-kit'
import { chance } from './chance.ts'
import { type Rate, rateByLevel } from './rate.ts'

/** Groups of fewer than 1 in 500 clients go together. */
const least = (known: pl.DataFrame) => Math.max(20, Math.round(known.height / 500))

export const rateByWork = (known: pl.DataFrame): Rate[] =>
  rateByLevel(known, 'NAME_INCOME_TYPE', { least: least(known) })

export const rateByOccupation = (known: pl.DataFrame): Rate[] =>
  rateByLevel(known, 'OCCUPATION_TYPE', { least: least(known) })

/** The riskiest and the safest of groups that are each at least 1% of the clients: a title. */
export function extremes(rates: readonly Rate[], what: string): string {
  const all = rates.reduce((sum, { clients }) => sum + clients, 0)
  const large = rates.filter(({ clients }) => clients >= all / 100)
  const [worst, best] = [large[0], large[large.length - 1]]
  if (!worst || !best || worst === best) return `There is one ${what} only`
  if (chance(rates) >= 0.05) return `The default rate does not clearly depend on the ${what}`
  return `The default rate depends on the ${what}: ${worst.level} ${percent(worst.rate)}, ${best.level} ${percent(best.rate)}`
}

/** How many groups lie off the rate of all clients by more than chance. */
export function offAverage(rates: readonly Rate[], overall: Rate): string {
  const above = rates.filter(({ low }) => low > overall.rate)
  const below = rates.filter(({ high }) => high < overall.rate)
  if (above.length + below.length === 0)
    return `None of ${rates.length} groups lies off the rate of all clients (**${percent(overall.rate)}**) by more than chance explains, taken alone.`
  const clients = [...above, ...below].reduce((sum, rate) => sum + rate.clients, 0)
  return `More than chance explains, **${above.length}** of ${rates.length} groups ${above.length === 1 ? 'lies' : 'lie'} above the rate of all clients (${percent(overall.rate)}) and **${below.length}** below it; together they hold ${number((clients / overall.clients) * 100)}% of the clients.`
}
