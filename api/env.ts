/** What a request carries through the app, and what every route may use. */
import type { Applicant } from '../pipeline/data/applicant.ts'
import type { Clients } from '../pipeline/scoring/clients.ts'
import type { Scorer } from '../pipeline/scoring/scorer.ts'
import type { KnownFeatures } from './feature-cache.ts'
import type { Journal, Prediction } from './journal/journal.ts'
import type { Reference } from './reference.ts'
import type { Key, Role } from './settings.ts'

/** How a streamed answer ended: all of it was taken, its reader left, or it broke. */
export type Ended = { readonly how: 'whole' | 'left' } | { readonly how: 'broken'; readonly error: unknown }

export interface Env {
  Variables: {
    requestId: string
    started: number
    role: Role
    key: Key | null
    /** What the log should say of this request beside its route: a code, nothing of the applicant. */
    note?: string
    /** What went wrong in a part of an answer. */
    failure?: unknown
    /** Of an answer that is streamed: resolves when it has ended. */
    ended?: Promise<Ended>
  }
}

export interface Service {
  readonly scorer: Pick<
    Scorer,
    | 'bundle'
    | 'catalogue'
    | 'score'
    | 'scoreAt'
    | 'scoreMany'
    | 'scoreFeatures'
    | 'features'
    | 'values'
    | 'notSupplied'
    | 'steps'
  >
  readonly clients: Pick<Clients, 'get' | 'search' | 'count'>
  readonly known: KnownFeatures
  readonly journal: Journal
  /** Null when the bundle carries no reference. */
  readonly reference: Reference | null
  /** The applicant that a recorded input was about; null when its client is no longer in the bundle. */
  readonly applicantOf: (input: unknown) => Applicant | null
  /** The folder of the pipeline's reports. */
  readonly reports: string | null
  readonly keys: readonly Key[]
  /** Told of every prediction once it is recorded. */
  readonly recorded: (prediction: Prediction) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** True once the process has been told to stop. */
  readonly stopping: () => boolean
}
