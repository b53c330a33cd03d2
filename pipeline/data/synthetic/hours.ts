/** The hour of the day of an application. */
import values from './statistics/values.json' with { type: 'json' }

const { clients, others } = values.hours
const counts: Readonly<Record<string, number>> = { ...clients, ...others }
const total = Object.values(counts).reduce((sum, number) => sum + number, 0)
const shares = Float64Array.from({ length: 24 }, (_, hour) => (counts[hour] ?? 0) / total)

/** The hour at a share of the clients, 0 to 1, from early to late. */
export function hourAt(share: number): number {
  let left = share
  for (let hour = 0; hour < 23; hour++) {
    if (left < shares[hour]!) return hour
    left -= shares[hour]!
  }
  return 23
}
