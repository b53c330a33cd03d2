/**
 * An e-process for "outcomes follow the stated risks" (the mean of y − p is 0): capital of two bettors, one on more and one on fewer
 * defaults, averaged. Above 1 ÷ alpha it alarms; under calibration it ever does so with probability alpha at most (Ville's inequality).
 * Source: Waudby-Smith and Ramdas, JRSS B 86, 2024, applied to (y − p + 1) ÷ 2 and its mean 1/2.
 */
import { addValue, type BetSums, noBets, predictableBet, requireLevel } from './bets.ts'

/** `alarm` and `change` count outcomes from 1; `change` is the first outcome after the capital was at its least. */
export interface CalibrationAlarm {
  readonly alpha: number
  readonly sums: BetSums
  readonly more: number
  readonly fewer: number
  readonly least: number
  readonly since: number
  readonly alarm: number | null
  readonly change: number | null
}

export function calibrationAlarm(alpha: number): CalibrationAlarm {
  requireLevel(alpha)
  return { alpha, sums: noBets, more: 0, fewer: 0, least: 0, since: 1, alarm: null, change: null }
}

/** Log of the e-value: capital started at 1. */
export function logCapital({ more, fewer }: CalibrationAlarm): number {
  const top = Math.max(more, fewer)
  return top + Math.log((Math.exp(more - top) + Math.exp(fewer - top)) / 2)
}

/** One outcome (1 default, 0 repaid) and the risk that was stated before it was known. */
export function addOutcome(state: CalibrationAlarm, outcome: 0 | 1, risk: number): CalibrationAlarm {
  if (outcome !== 0 && outcome !== 1) throw new RangeError(`expected an outcome of 0 or 1, got ${outcome}`)
  if (!(risk >= 0 && risk <= 1)) throw new RangeError(`expected a risk from 0 to 1, got ${risk}`)
  const value = (outcome - risk + 1) / 2
  const bet = Math.min(1, predictableBet(state.sums, state.alpha))
  const sums = addValue(state.sums, value)
  const next = {
    ...state,
    sums,
    more: state.more + Math.log1p(bet * (value - 0.5)),
    fewer: state.fewer + Math.log1p(bet * (0.5 - value)),
  }
  const log = logCapital(next)
  const least = log < state.least
  const moved = { ...next, least: least ? log : state.least, since: least ? sums.n + 1 : state.since }
  if (state.alarm !== null || log < Math.log(1 / state.alpha)) return moved
  return { ...moved, alarm: sums.n, change: moved.since }
}
