/** What a watch is: a sequential statistic that says when something is beyond chance, and a rule that says whether it matters. */
import { type AlertCode, alertKinds } from './alerts.ts'
import type { Day } from './application.ts'

/** Something beyond chance: since which of the days given, counted from 1, and what was seen. */
export interface StreamAlarm {
  readonly since: number
  readonly figures: Readonly<Record<string, unknown>>
}

/** One watch from its first day on; it starts anew after a year, and after an alert that is over. */
export interface Stream {
  /** After one more day: what is beyond chance and matters; null where nothing is. `days`: all days of this stream so far. */
  add(day: Day, days: readonly Day[]): StreamAlarm | null
}

export interface Watch {
  readonly code: AlertCode
  /** Starts anew each year: what it compares is known at once. Otherwise it goes on with the model, since defaults take their time. */
  readonly yearly: boolean
  start(seed: number): Stream
  /** Whether what was found still shows in later days; null: too few to say. */
  lasts(
    days: readonly Day[],
    figures: StreamAlarm['figures'],
  ): { readonly lasts: boolean; readonly figures: StreamAlarm['figures'] } | null
}

export const longest = 28 // days at most by which it is judged whether something matters
export const fewest = 30 // cases below which a share is not judged
export const fewestToEnd = 200 // applications by which a drift may be said to be over: of fewer nothing would be beyond chance

export const all = <K extends 'applications' | 'reviewed' | 'matured'>(days: readonly Day[], kind: K) =>
  days.flatMap((day) => day[kind])
export const since = (days: readonly Day[], first: number) => days.slice(Math.max(first - 1, days.length - longest))
export const isBeyond = (log: number, code: AlertCode) => log >= Math.log(1 / alertKinds[code].falseAlarms)
export const share = <T>(cases: readonly T[], fits: (one: T) => boolean) =>
  cases.length === 0 ? 0 : cases.filter(fits).length / cases.length
