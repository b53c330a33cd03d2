/** A share shift followed day by day. */
import type { Value } from '../data/applicant.ts'
import { addWindow, likelyChange, type ShareShift, shareShift } from '../drift/sequential/share-shift.ts'
import type { Day } from './application.ts'
import type { Bins } from './reference.ts'

/** A share shift over days, of the bins of what each application shows. */
export function shiftOf(bins: Bins, alpha: number, seed: number, valuesOf: (day: Day) => readonly Value[]) {
  let state: ShareShift = shareShift(bins.counts, alpha, seed)
  return {
    add(day: Day) {
      state = addWindow(state, valuesOf(day).map(bins.binOf))
    },
    log: () => state.log,
    since: () => likelyChange(state) ?? 1,
  }
}
