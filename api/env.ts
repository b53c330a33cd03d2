/** What a request carries through the app, and what every route may use. */
import type { Applicant } from '../pipeline/data/applicant.ts'
import type { Clients } from '../pipeline/scoring/clients.ts'
import type { Scorer } from '../pipeline/scoring/scorer.ts'
import type { KnownFeatures } from './feature-cache.ts'
import type { Journal, Prediction } from './journal/journal.ts'
import type { Monitor } from './monitor.ts'
import type { Reference } from './reference.ts'
import type { Key, Role } from './settings.ts'

/** A session cookie that was made here and has not run out; whether it was signed out of only the journal knows. */
export interface SignedCookie {
  readonly key: Key
  /** Tells this session from others. */
  readonly id: string
  /** Milliseconds since 1970. */
  readonly until: number
  readonly token: string
}
/** How a streamed answer ended: all of it was taken, its reader left, or it broke. */
export type Ended = { readonly how: 'whole' | 'left' } | { readonly how: 'broken'; readonly error: unknown }

export interface Env {
  Variables: {
    requestId: string
    started: number
    role: Role
    key: Key | null
    cookie: SignedCookie | null
    /** Whose key or session it is (callerName in access.ts), once it may enter; null where nobody needs one. */
    caller: string | null
    /** What the log should say of this request in addition to its route: a code, nothing of the applicant. */
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
  readonly clients: Pick<Clients, 'get' | 'find' | 'search' | 'count'>
  readonly known: KnownFeatures
  readonly journal: Journal
  /** Null when the bundle carries no reference. */
  readonly reference: Reference | null
  /** The applicant that a recorded input was about; null when its client is no longer in the bundle. */
  readonly applicantOf: (input: unknown) => Applicant | null
  /** The folder of the pipeline's reports. */
  readonly reports: string | null
  readonly keys: readonly Key[]
  /** What signs the page's sessions: of its own, never made from what others may know. */
  readonly sessionSecret: Buffer
  /** What watches the journal. */
  readonly monitor: Monitor
  /** Called with every prediction once it is recorded. */
  readonly recorded: (prediction: Prediction) => void
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** True once the process has received a signal to stop. */
  readonly stopping: () => boolean
}
