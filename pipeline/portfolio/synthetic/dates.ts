/** Age, passport, registration, job and telephone: days before the application, negative as in the files. */
import { normalShare } from './distribution.ts'
import type { Group } from './published.ts'
import type { Stream } from './random.ts'
import { spreads } from './spreads.ts'

const year = 365.25

export const drawAge = (group: Group, age: number): number => -Math.round(spreads.age(group)(normalShare(age)))

/**
 * The passport: Russian law (decree 828 of 8 July 1997) has it renewed at 20 and at 45, most do so within weeks; since then some have lost it or
 * changed their name. Passports of the former kind were exchanged some eleven to thirteen years before the applications.
 */
export function drawPassport(stream: Stream, ageDays: number): number {
  const age = -ageDays
  const due = age - (age >= 45 * year + 20 ? 45 : 20) * year
  const renewed = due - 15 - 45 * stream.exponential()
  const again = stream.chance(0.31)
  const latest = Math.min(due, 4600)
  if (again) return -Math.max(1, Math.round(Math.max(1, latest) * stream.between(0.02, 1) ** 0.9))
  if (renewed < 1) return -Math.max(1, Math.round(stream.between(1, Math.max(2, Math.min(due, 60)))))
  const exchange = 4900 - 900 * Math.abs(stream.normal()) ** 1.1
  if (due > 4300 && stream.chance(Math.min(1, (due - 4300) / 700)))
    return -Math.round(stream.chance(0.012) ? stream.between(4900, 7190) : Math.max(3000, exchange))
  return -Math.max(1, Math.round(renewed))
}

/** Where somebody is registered since: hardly before the first passport. `z` is standard normal. */
export function drawRegistration(stream: Stream, group: Group, ageDays: number, z: number): number {
  const days = Math.round(spreads.registration(group)(normalShare(z)))
  const young = -ageDays - 14 * year
  if (-days < young || stream.chance(0.2)) return Math.max(days, ageDays)
  return -Math.round(Math.max(1, young - 4 * year * stream.uniform()))
}

/** In the job since, of those who have one; `z` is standard normal. Nobody starts before 18. */
export function drawTenure(stream: Stream, group: Group, ageDays: number, z: number): number {
  const days = Math.round(spreads.tenure(group)(normalShare(z)))
  const longest = -ageDays - 18 * year
  return -Math.max(1, days > longest ? Math.round(longest * stream.between(0.25, 0.98)) : days)
}
