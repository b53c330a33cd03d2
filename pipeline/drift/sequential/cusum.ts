/**
 * Page's CUSUM for a known rise of a share (Page, Biometrika 41, 1954): the sum of log likelihood ratios, never below 0. With a threshold of
 * ln(values ÷ probability) it alarms within so many values with this probability at most, and the average run length is values ÷ probability
 * at least (Lorden, Annals of Mathematical Statistics 42, 1971).
 */

/** `alarm` and `change` count values from 1; `change` is the first value after the sum was 0. */
export interface Cusum {
  readonly before: number
  readonly after: number
  readonly threshold: number
  readonly n: number
  readonly sum: number
  readonly since: number
  readonly alarm: number | null
  readonly change: number | null
}

export function cusum(before: number, after: number, values: number, probability: number): Cusum {
  for (const share of [before, after, probability])
    if (!(share > 0 && share < 1)) throw new RangeError(`expected shares between 0 and 1, got ${share}`)
  if (before === after || !(values >= 1))
    throw new RangeError(`expected two shares and one value at least, got ${before}, ${after}, ${values}`)
  const threshold = Math.log(values / probability)
  return { before, after, threshold, n: 0, sum: 0, since: 1, alarm: null, change: null }
}

export function addToCusum(state: Cusum, value: 0 | 1): Cusum {
  if (value !== 0 && value !== 1) throw new RangeError(`expected 0 or 1, got ${value} at value ${state.n + 1}`)
  const { before, after } = state
  const n = state.n + 1
  const ratio = value === 1 ? after / before : (1 - after) / (1 - before)
  const sum = Math.max(0, state.sum + Math.log(ratio))
  const since = sum === 0 ? n + 1 : state.since
  const next = { ...state, n, sum, since }
  return state.alarm === null && sum >= state.threshold ? { ...next, alarm: n, change: since } : next
}
