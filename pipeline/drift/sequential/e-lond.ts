/** False-discovery control over hypotheses that arrive one after the other: e-LOND (Xu and Ramdas, AISTATS 2024). */
import { requireLevel } from './bets.ts'

export interface ELond {
  readonly alpha: number
  readonly tests: number
  readonly rejected: number
}

export function eLond(alpha: number): ELond {
  requireLevel(alpha)
  return { alpha, tests: 0, rejected: 0 }
}

/** Judges the next e-value (its log): the level is alpha ÷ t(t+1), times the rejections so far and one. */
export function judgeNext(state: ELond, log: number): { readonly state: ELond; readonly rejected: boolean } {
  if (Number.isNaN(log)) throw new RangeError(`expected the log of an e-value for test ${state.tests + 1}, got NaN`)
  const t = state.tests + 1
  const rejected = log >= Math.log((t * (t + 1)) / (state.alpha * (state.rejected + 1)))
  return { state: { ...state, tests: t, rejected: state.rejected + Number(rejected) }, rejected }
}
