/** The age of the client's car, in years. */

import values from '../published/statistics/values.json' with { type: 'json' }
import { partAt } from './part-at.ts'

const owners = 104582 // OWN_CAR_AGE is known of so many
const counted: Readonly<Record<string, number>> = values.values.OWN_CAR_AGE

/**
 * Printed counts up to eight years; around them so many that the published quartiles are 5, 9 and 15; then fewer by a sixth each year. A thirtieth of
 * the cars are 64 or 65 years old, which stands for something else: so many give the published mean and deviation.
 */
const shares: readonly number[] = (() => {
  const found = Array.from({ length: 92 }, (_, age) => (counted[age] ?? 0) / owners)
  found[0] = 0.024
  found[5] = 0.046
  found[9] = 0.048
  for (let age = 10; age <= 15; age++) found[age] = 0.0385
  const left = 1 - 0.032 - found.reduce((sum, share) => sum + share, 0)
  for (let age = 16; age < 64; age++) found[age] = left * (1 / 6) * (5 / 6) ** (age - 16)
  found[64] = 0.0235
  found[65] = 0.0085
  return found
})()

/** The age at a share of the owners, 0 to 1. */
export function carAgeAt(share: number): number {
  const age = partAt(share, shares)
  return age < shares.length ? age : 63
}
