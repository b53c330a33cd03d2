/** A contract that an earlier application led to. */
import type { Kind } from './offers.ts'
import type { Dates } from './terms.ts'

export interface Contract extends Dates {
  readonly id: number
  readonly kind: Kind
  /** Decided on. */
  readonly day: number
  readonly term: number
  readonly annuity: number
  readonly limit: number
}
