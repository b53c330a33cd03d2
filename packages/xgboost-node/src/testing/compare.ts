/** Comparisons of long lists of numbers whose failure is one line. */
import * as assert from 'uvu/assert'

/** The largest absolute difference; NaN equals NaN. */
export function worst(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < expected.length; i++) {
    const [a, b] = [actual[i] as number, expected[i] as number]
    if (Number.isNaN(a) && Number.isNaN(b)) continue
    const difference = a === b ? 0 : Math.abs(a - b)
    most = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(most, difference)
  }
  return most
}

export function near(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5, what = ''): void {
  assert.is(actual.length, expected.length, `${what}: ${actual.length} values, expected ${expected.length}`)
  const most = worst(actual, expected)
  assert.ok(most <= tolerance, `${what}: the largest difference is ${most}, tolerated ${tolerance}`)
}

/** Equal to the bit. */
export const same = (actual: ArrayLike<number>, expected: ArrayLike<number>, what = ''): void =>
  near(actual, expected, 0, what)
