/** The published statistics of either group of clients, as the generator draws from them. */
import history from '../published/statistics/history.json' with { type: 'json' }
import { type Describe, describeOf } from '../published/statistics.ts'
import { longTailed, type Spread, spreadOf, straightSpread } from './distribution.ts'

/** Clients whose outcome is known (application_train), and new ones (application_test). */
export type Group = 'train' | 'new'

export const figuresOf = (group: Group, column: string): Describe =>
  describeOf(group === 'train' ? 'application_train' : 'application_test', column)
export const meanOf = (group: Group, column: string): number => figuresOf(group, column)[1]!
export const missingOf = (group: Group, column: string): number => figuresOf(group, column)[0]!

/** Something made anew for each group of clients, at its first use. */
export function byGroup<T>(make: (group: Group) => T): (group: Group) => T {
  const made: Partial<Record<Group, T>> = {}
  return (group) => {
    const known = made[group]
    if (known !== undefined) return known
    const fresh = make(group)
    made[group] = fresh
    return fresh
  }
}

/** The published distribution of an application column, in either group. */
export const spreadFor = (column: string): ((group: Group) => Spread) =>
  byGroup((group) => spreadOf(figuresOf(group, column)))

/** The same for flats and areas of buildings. */
export const longTailedFor = (column: string): ((group: Group) => Spread) =>
  byGroup((group) => longTailed(figuresOf(group, column)))

/** Quantiles of an extract as a distribution that reaches a little beyond them. */
export function extract(quantiles: readonly number[], least: number, most: number): Spread {
  const inner = history['shares at'].map((share, i) => [share, quantiles[i]!] as const)
  return straightSpread([[0, least], ...inner, [1, most]])
}
