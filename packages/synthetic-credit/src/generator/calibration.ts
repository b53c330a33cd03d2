/** What fit.ts found, so that the generated shares and default rates are the published ones. */
import fitted from './calibration.json' with { type: 'json' }

export interface Calibration {
  /** Additions to the log odds of each level of a category, or of a yes. */
  readonly offsets: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Log odds of default at the middle of everything. */
  readonly intercept: number
  /** Additions to the log odds of default, by what is measured (a column, a ratio) and level, or per standard deviation ('slope'). */
  readonly effects: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export const calibration: Calibration = fitted
