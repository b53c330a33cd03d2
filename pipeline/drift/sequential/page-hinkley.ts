/**
 * The Page-Hinkley test for a rise of a mean (Page, Biometrika 41, 1954) in the form of the package river. Its false-alarm rate is not bounded
 * by a formula: where a rate must be kept, use cusum.ts; this is for comparison with other monitors.
 */

export interface PageHinkleySettings {
  readonly least: number
  readonly delta: number
  readonly threshold: number
  readonly forgetting: number
}

/** After an alarm the next value starts anew. `since` is the first value, counted from the last alarm, after the sum was 0: the estimated change. */
export interface PageHinkley {
  readonly settings: PageHinkleySettings
  readonly n: number
  readonly mean: number
  readonly sum: number
  readonly since: number
  readonly alarm: boolean
}

export function pageHinkley(settings: PageHinkleySettings): PageHinkley {
  if (!(settings.threshold > 0)) throw new RangeError(`expected a threshold above 0, got ${settings.threshold}`)
  return { settings, n: 0, mean: 0, sum: 0, since: 1, alarm: false }
}

export function addToPageHinkley(state: PageHinkley, value: number): PageHinkley {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`)
  const { settings } = state
  const old = state.alarm ? pageHinkley(settings) : state
  const n = old.n + 1
  const mean = old.mean + (value - old.mean) / n
  const sum = Math.max(0, settings.forgetting * old.sum + value - mean - settings.delta)
  const since = sum === 0 ? n + 1 : old.since
  return { settings, n, mean, sum, since, alarm: n + 1 >= settings.least && sum >= settings.threshold }
}
