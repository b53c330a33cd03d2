/** What is known of the quantities of a building: the steps that their values lie on, and how many buildings have which. */

import values from '../published/statistics/values.json' with { type: 'json' }
import type { Spread } from './distribution.ts'
import { longTailedFor, meanOf } from './groups.ts'
import { partAt } from './part-at.ts'

export type Suffix = 0 | 1 | 2 // average, mode, median: the order of the files

/**
 * A count of something (storeys, entrances …) times a step. The steps are read off the printed values, which are multiples of them; average, mode
 * and median each have their own where the largest building of each differs.
 */
export interface Counted {
  readonly name: string
  readonly steps: readonly [number, number, number]
  /** The largest count. */
  readonly most: number
}

export const counted = {
  elevators: { name: 'ELEVATORS', steps: [0.04, 0.04028, 0.04], most: 25 },
  entrances: { name: 'ENTRANCES', steps: [1 / 29, 1 / 29, 1 / 29], most: 29 },
  storeys: { name: 'FLOORSMAX', steps: [1 / 24, 1 / 24, 1 / 24], most: 24 },
  lowest: { name: 'FLOORSMIN', steps: [1 / 24, 1 / 24, 1 / 24], most: 24 },
  other: { name: 'NONLIVINGAPARTMENTS', steps: [1 / 259, 1 / 256.6, 1 / 258], most: 259 },
  flats: { name: 'APARTMENTS', steps: [1 / 970, 1 / 952, 1 / 960.2], most: 970 },
  homes: { name: 'LIVINGAPARTMENTS', steps: [1 / 1189.7, 1 / 1089, 1 / 1169.4], most: 1189 },
} as const satisfies Readonly<Record<string, Counted>>

/** Areas, of which mode and median are the average in another measure: by so much larger. */
export const areas = {
  basement: { name: 'BASEMENTAREA', ratios: [1, 1.0382, 1] },
  common: { name: 'COMMONAREA', ratios: [1, 1.009, 1.0066] },
  land: { name: 'LANDAREA', ratios: [1, 1.0225, 1.0174] },
  living: { name: 'LIVINGAREA', ratios: [1, 1.042, 1.0182] },
  shops: { name: 'NONLIVINGAREA', ratios: [1, 1.0588, 1.0191] },
} as const

/** A year less is so much less of YEARS_BUILD and YEARS_BEGINEXPLUATATION: the printed values of all six hold the same years. */
export const yearSteps = { build: [0.0068, 0.0065333, 0.0067091], begin: [1 / 2013, 1 / 2014, 1 / 2013] } as const

/** Counts that no print shows: assumptions that fill up the published quartiles and means. */
const others: Readonly<Record<string, Readonly<Record<number, number>>>> = {
  ELEVATORS: { 7: 10, 8: 12, 9: 5, 10: 14, 12: 16, 14: 9, 16: 12, 20: 10, 25: 8 },
  ENTRANCES: { 7: 10, 9: 10, 10: 20, 12: 15, 14: 6, 16: 8, 20: 4, 24: 2, 29: 3 },
  FLOORSMAX: { 0: 12, 5: 12, 6: 12, 7: 8, 10: 20, 11: 15, 12: 20, 14: 16, 16: 20, 18: 4, 24: 8 },
}

/** Of how many buildings the average lies between counts, so that no print of commonest values shows them: a mixed address in most cases. */
export const between: Readonly<Record<string, number>> = { ELEVATORS: 0.5, ENTRANCES: 0.8, FLOORSMAX: 0.5 }
export const mixedShare = 0.12

/** Counts in rising order with the share of buildings up to each. */
export function ladder(name: 'ELEVATORS' | 'ENTRANCES' | 'FLOORSMAX'): (share: number) => number {
  const { known, clients } = values.building[name]
  const shares = new Map<number, number>()
  for (const [count, number] of Object.entries(clients))
    shares.set(Number(count), number / known / (1 - mixedShare * between[name]!))
  const printed = [...shares.values()].reduce((sum, share) => sum + share, 0)
  const rest = Object.entries(others[name]!)
  const all = rest.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [count, weight] of rest) shares.set(Number(count), (weight / all) * (1 - printed))
  const rising = [...shares].sort(([a], [b]) => a - b)
  const parts = rising.map(([, part]) => part)
  return (share) => rising[Math.min(partAt(share, parts), rising.length - 1)]![0]
}

/** Shares of NONLIVINGAPARTMENTS of 0 to 6, the rest thin out slowly: by an eighth each, as the published mean has it. */
export function otherFlats(share: number): number {
  const { known, clients } = values.building.NONLIVINGAPARTMENTS
  let left = share
  for (let count = 0; count < 7; count++) {
    const part = (clients as Readonly<Record<string, number>>)[count]! / known
    if (left < part) return count
    left -= part
  }
  const beyond = Math.min(0.99999, left / (1 - Object.values(clients).reduce((sum, number) => sum + number, 0) / known))
  return 7 + Math.min(252, Math.floor(-5.6 * Math.log(1 - beyond) * (beyond > 0.93 ? 2.2 : 0.85)))
}

const zeros: Readonly<Record<string, readonly number[]>> = values.building.zero

/** An area at a share of the buildings: 0 for as many as are published. */
export function areaSpread(name: string, known: number, group: 'train' | 'new'): { spread: Spread; none: number } {
  const spread = longTailedFor(`${name}_AVG`)(group)
  const none = (zeros[name]?.[0] ?? 0) / known
  // the rest makes up for the zeros
  let sum = 0
  for (let i = 0; i < 4000; i++) if (i >= none * 4000) sum += spread((i + 0.5) / 4000) / 4000
  const factor = meanOf(group, `${name}_AVG`) / sum
  return { none, spread: (share) => (share < none ? 0 : Math.min(1, Math.max(0.0001, factor * spread(share)))) }
}

/** Of how many more buildings the mode is 0 although the average is not. */
export const modeIsNone = (name: string, known: number): number =>
  ((zeros[name]?.[1] ?? 0) - (zeros[name]?.[0] ?? 0)) / known

/**
 * Numbers of flats: 80, 60, 90 and 70 are the commonest, then 8 and 16, each of as many buildings as is printed; half of all are no whole number.
 * `u` is uniform.
 */
export function roundFlats(flats: number, u: number): number {
  if (flats < 24) return flats > 6 && u < 0.36 ? 8 * Math.round(flats / 8) : u < 0.8 ? Math.round(flats) : flats
  if (flats >= 55 && flats < 95 && u < 0.56) return 10 * Math.round(flats / 10)
  return u < 0.62 ? 2 * Math.round(flats / 2) : u < 0.68 ? Math.round(flats) : flats
}
