/** What answering strategically buys: of the declined, how many an answer approves, and from which probability on such approvals are not believed. */
import type { Words } from '../features/rules/check/definitions.ts'
import type { Interval } from './cost.ts'

/** Of the declined, the share whom one way of answering would approve by itself. */
export interface Gain {
  readonly name: string
  readonly label: Words
  readonly way: 'blank' | 'history' | 'below' | 'above'
  readonly columns: readonly string[]
  /** Share that the model would approve, and its 95% interval (Wilson). */
  readonly approved: number
  readonly interval: Interval
  /** Share that is approved and not referred once the rule holds. */
  readonly unreferred: number
  /** Approvals with it are referred from this probability on; null: all of them where `way` is history, none otherwise. */
  readonly from: number | null
}

export interface StrategicBehaviour {
  readonly clients: number
  readonly limit: number
  readonly gains: readonly Gain[]
}

/** Share of the declined whom an answer may approve unreferred. */
export const limit = 0.01
/** The largest probability below which no more than the limit of these clients lie; null where they are no more at the threshold. */
export function refusedFrom(probabilities: Float64Array, threshold: number): number | null {
  const allowed = Math.floor(limit * probabilities.length)
  const line = probabilities.toSorted()[allowed]
  return line === undefined || line >= threshold ? null : line
}
