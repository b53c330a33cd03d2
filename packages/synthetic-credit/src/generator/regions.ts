/** The regions that clients live in: population, rating, and how many clients each has. */
import values from '../published/statistics/values.json' with { type: 'json' }

export interface Region {
  /** REGION_POPULATION_RELATIVE: every region has its own. */
  readonly population: number
  /** REGION_RATING_CLIENT: of the region as a whole, 1 is the best. */
  readonly rating: number
  /** Standard normal over the regions: how early in the day (negative) people apply there. An assumption. */
  readonly clock: number
}

const { clients, between, rating } = values.regions
const own: Readonly<Record<string, number>> = clients
/** The regions that no print shows are left to their neighbours. */
const [from, to] = [0.0062, 0.0123]

function weights(): Map<string, number> {
  const known = new Map(Object.entries(own))
  const each = between.clients / 21
  for (const value of between.values) known.set(value.toFixed(6), each)
  const near = [...known].filter(([value]) => Number(value) >= from && Number(value) <= to)
  const share = (each * (21 - between.values.length)) / near.reduce((sum, [, number]) => sum + number, 0)
  for (const [value, number] of near) known.set(value, number * (1 + share))
  return known
}

/** By rating, the best first, and by population, the largest first. */
const ordered: readonly (readonly [Region, number])[] = [...weights()]
  .map(([value, number]): [Region, number] => {
    const millionths = Math.round(Number(value) * 1e6)
    const place = rating['1'].includes(value) ? 1 : rating['3'].includes(value) ? 3 : 2
    const clock = (((millionths * 7919) % 1000) / 1000 - 0.5) * Math.sqrt(12)
    return [{ population: millionths / 1e6, rating: place, clock }, number]
  })
  .sort(([a], [b]) => a.rating - b.rating || b.population - a.population)

const total = ordered.reduce((sum, [, number]) => sum + number, 0)
let reached = 0
const edges = Float64Array.from(ordered, ([, number]) => {
  reached += number
  return reached / total
})

/** The region at a share of the clients, 0 to 1, the best first. */
export function regionAt(share: number): Region {
  let i = 0
  while (i < edges.length - 1 && edges[i]! < share) i++
  return ordered[i]![0]
}

/** Of clients in a region rated 3 or 2, how many live in a city that lifts their rating by one (1,970 of 226,984 and 4,470 of 48,330: differences of the counts in docs/data-sources.md#levels-of-the-application). */
export const lifted: Readonly<Record<number, number>> = { 1: 0, 2: 1970 / 226984, 3: 4470 / 48330 }
