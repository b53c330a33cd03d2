/** The score interval of a share (Wilson 1927), which holds for small groups and rare events too. */
import type { Interval } from './cost.ts'

const z = 1.959963984540054

/** 95% interval of the share that `events` of `count` show; of none, anything is possible. */
export function shareInterval(events: number, count: number): Interval {
  if (count === 0) return { lower: 0, upper: 1 }
  const rate = events / count
  const scale = 1 + z ** 2 / count
  const centre = (rate + z ** 2 / (2 * count)) / scale
  const half = (z * Math.sqrt((rate * (1 - rate)) / count + z ** 2 / (4 * count ** 2))) / scale
  // Centre and half width are equal at none and at all of them, up to a rounding that must not leave the share outside.
  return { lower: events === 0 ? 0 : centre - half, upper: events === count ? 1 : centre + half }
}
