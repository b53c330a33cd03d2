/** Age, passport, registration, job and telephone: days before the application, negative as in the files. */
import { normalShare } from './distribution.ts'
import type { Group } from './groups.ts'
import type { Stream } from './random.ts'
import { spreads } from './spreads.ts'

const year = 365.25

export const drawAge = (group: Group, age: number): number => -Math.round(spreads.age(group)(normalShare(age)))

/**
 * Days since the exchange of passports: the first quartile is 4,299 days for training and 4,448 for new clients, who applied later
 * (docs/data-sources.md#describe-tables).
 */
const exchangedAt: Readonly<Record<Group, number>> = { train: 4380, new: 4660 }

/**
 * The passport: Russian law (decree 828 of 8 July 1997) has it renewed at 20 and at 45, most do so within weeks; since then some have lost it or
 * changed their name. Passports of the former kind were exchanged some twelve years before the applications: the commonest days are 4,053, 4,095,
 * 4,046, 4,417 and 4,256.
 */
export function drawPassport(stream: Stream, group: Group, ageDays: number): number {
  const age = -ageDays
  const old = age >= 45 * year + 20
  const due = age - (old ? 45 : 20) * year
  const renewed = due - 15 - (old ? 40 : 90) * stream.exponential()
  if (stream.chance(old ? 0.27 : 0.38))
    return -Math.ceil(Math.max(1, Math.min(due, 4700)) * stream.between(0.02, 1) ** 0.9)
  if (renewed < 1) return -Math.ceil(stream.between(0, Math.max(2, Math.min(due, 60))))
  if (due > 4200 && stream.chance(Math.min(1, (due - 4200) / 900))) {
    const exchanged = exchangedAt[group] + 450 * stream.normal()
    return -Math.round(Math.min(7197, Math.max(2500, Math.min(exchanged, due))))
  }
  return -Math.max(1, Math.round(renewed))
}

/** Where somebody is registered since: hardly before the first passport. `z` is standard normal. */
export function drawRegistration(stream: Stream, group: Group, ageDays: number, z: number): number {
  const days = Math.round(spreads.registration(group)(normalShare(z)))
  const young = -ageDays - 14 * year
  if (-days < young || stream.chance(0.35)) return Math.max(days, ageDays)
  const first = -ageDays > 35 * year ? 16 : 14
  return -Math.round(Math.max(1, -ageDays - (first + 0.5 * stream.exponential()) * year))
}

/** In the job since, of those who have one; `z` is standard normal. Nobody starts before 18. */
export function drawTenure(stream: Stream, group: Group, ageDays: number, z: number): number {
  const days = Math.round(spreads.tenure(group)(normalShare(z)))
  const longest = -ageDays - 18 * year
  return -Math.max(1, days > longest ? Math.round(longest * stream.between(0.5, 1)) : days)
}
