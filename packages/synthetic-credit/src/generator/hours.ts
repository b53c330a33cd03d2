/** The hour of the day of an application. */

import values from '../published/statistics/values.json' with { type: 'json' }
import { partAt } from './part-at.ts'

const { clients, others } = values.hours
const counts: Readonly<Record<string, number>> = { ...clients, ...others }
const total = Object.values(counts).reduce((sum, number) => sum + number, 0)
const shares = Float64Array.from({ length: 24 }, (_, hour) => (counts[hour] ?? 0) / total)

/** The hour at a share of the clients, 0 to 1, from early to late. */
export const hourAt = (share: number): number => Math.min(23, partAt(share, shares))
