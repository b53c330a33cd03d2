/** The time that is recorded and shown: finer than a millisecond, in step with the machine's clock also after somebody has set it. */

const tolerance = 500 // milliseconds; smaller differences are the clock being slewed, larger ones its having been set

/**
 * Milliseconds since 1970. Between two settings of the clock it never goes back, so that differences are durations and request ids sort.
 * A request under way while the clock is set has a duration that is off by as much.
 */
export function wallClock(wall: () => number = Date.now, steady: () => number = () => performance.now()): () => number {
  let origin = wall() - steady()
  return () => {
    const now = origin + steady()
    const drift = wall() - now
    if (Math.abs(drift) <= tolerance) return now
    origin += drift
    return now + drift
  }
}
