/**
 * The two-sided Page-Hinkley test for a change of a mean (Page, Biometrika 41, 1954) in the form of the package river. No formula bounds its
 * false alarms: where a rate must be kept, use cusum.ts; this is for comparison with other monitors.
 */

export interface PageHinkleySettings {
  readonly least: number
  readonly delta: number
  readonly threshold: number
  readonly forgetting: number
}

/** After an alarm the next value starts anew; plain numbers. */
export interface PageHinkley {
  readonly settings: PageHinkleySettings
  readonly n: number
  readonly mean: number
  readonly rise: number
  readonly fall: number
  readonly lowest: number
  readonly highest: number
  readonly alarm: boolean
}

export function pageHinkley(settings: PageHinkleySettings): PageHinkley {
  if (!(settings.threshold > 0)) throw new RangeError(`expected a threshold above 0, got ${settings.threshold}`)
  return { settings, n: 0, mean: 0, rise: 0, fall: 0, lowest: 0, highest: 0, alarm: false }
}

export function addToPageHinkley(state: PageHinkley, value: number): PageHinkley {
  if (!Number.isFinite(value)) throw new RangeError(`expected a finite number, got ${value}`)
  const { settings } = state
  const old = state.alarm ? pageHinkley(settings) : state
  const n = old.n + 1
  const mean = old.mean + (value - old.mean) / n
  const rise = settings.forgetting * old.rise + value - mean - settings.delta
  const fall = settings.forgetting * old.fall + value - mean + settings.delta
  const lowest = n === 1 ? rise : Math.min(old.lowest, rise)
  const highest = n === 1 ? fall : Math.max(old.highest, fall)
  const alarm = n >= settings.least && Math.max(rise - lowest, highest - fall) > settings.threshold
  return { settings, n, mean, rise, fall, lowest, highest, alarm }
}
