/** What the journal keeps and how it is asked: predictions, reviews and outcomes of loans, appended, never changed. */
import type { Explanation } from '../../pipeline/scoring/steps.ts'
import type { Text } from '../language.ts'
import type { AlertRecord, KeptReport, OpenedAlert } from './alerts.ts'

/** A warning of a score (scoring/warnings.ts), by whatever version of the program it was recorded. */
export interface RecordedWarning {
  readonly field: string
  readonly code: string
  readonly text: Text
  readonly tables?: readonly string[]
}

/** One answered request for a score, with all that is needed to show it again. */
export interface Prediction {
  readonly requestId: string
  /** ISO 8601, UTC */
  readonly at: string
  readonly source: 'api' | 'page'
  readonly version: string
  readonly client: number | null
  /** The request: `{ client }` or `{ application, history }`; written by JSON.stringify, so without blanks and each name once. */
  readonly input: unknown
  readonly probability: number
  readonly threshold: number
  readonly greyZone: { readonly lower: number; readonly upper: number }
  readonly decision: 'approved' | 'declined'
  readonly referred: boolean
  /** Share of the reference portfolio with a lower probability, 0 to 1; null when the bundle carries no reference. */
  readonly rank: number | null
  readonly explanation: Explanation | null
  readonly warnings: readonly RecordedWarning[]
  readonly imputed: readonly string[]
  readonly latencyMs: number
  /** Whose key asked (callerName in access.ts); null where nobody needs one, and of predictions made before this was recorded. */
  readonly caller: string | null
}

export const reviewDecisions = ['approved', 'declined', 'referred'] as const
export const overrideReasons = ['missing', 'wrong', 'special', 'guarantee', 'other'] as const

/** Characters that an override reason needs. */
export const shortestOverrideReason = 20

/** Whether a person's decision overrides the proposal, so that it needs a reason; a referral does not. */
export const isOverride = (prediction: Prediction, decision: Review['decision']): boolean =>
  decision !== 'referred' && decision !== prediction.decision

/** What a person decided about a prediction; all are kept, the latest counts. */
export interface Review {
  readonly requestId: string
  readonly at: string
  readonly decision: (typeof reviewDecisions)[number]
  readonly overrideReason: { readonly code: (typeof overrideReasons)[number]; readonly text: string } | null
  /** Whose key it was (callerName in access.ts); left out where nobody needs one. */
  readonly by?: string | undefined
}

export const outcomeStatuses = ['repaid', 'defaulted'] as const

/** How a loan ended, as fed back later; all are kept, the latest counts. */
export interface LoanOutcome {
  readonly requestId: string
  /** When it was recorded: ISO 8601, UTC. */
  readonly at: string
  readonly status: (typeof outcomeStatuses)[number]
  /** The day it ended or was given up: YYYY-MM-DD. */
  readonly date: string
}

/** What was answered under an Idempotency-Key: `key` is a hash of caller and key, `asked` a hash of the request. */
export interface Kept {
  readonly key: string
  readonly asked: string
  readonly requestId: string
  readonly answer: string
}

export const accessPurposes = ['opened', 'exported'] as const

/** Who saw what is kept of a person: one recorded application, or all records of a client. */
export interface Access {
  readonly at: string
  /** Whose key it was; null where nobody needs one. */
  readonly caller: string | null
  readonly purpose: (typeof accessPurposes)[number]
  readonly client: number | null
  readonly requestId: string | null
}

export const erasureCauses = ['request', 'retention'] as const

/** That records were erased: when, by whom and why, and how many of which table; nothing of what they held. */
export interface Erasure {
  readonly at: string
  readonly caller: string | null
  readonly cause: (typeof erasureCauses)[number]
}

/** How many records of each table were erased. */
export type Erased = Readonly<Record<ErasableTable, number>>

/** A line of the list of predictions: no input, no explanation. */
export interface PredictionSummary {
  readonly position: number
  readonly requestId: string
  readonly at: string
  readonly source: 'api' | 'page'
  readonly version: string
  readonly client: number | null
  readonly probability: number
  readonly threshold: number
  readonly decision: 'approved' | 'declined'
  readonly referred: boolean
  readonly latencyMs: number
  readonly caller: string | null
  /** Of the latest review, or null. */
  readonly reviewDecision: Review['decision'] | null
  /** How the loan ended by the latest word, or null. */
  readonly outcomeStatus: LoanOutcome['status'] | null
}

export interface PredictionQuery {
  readonly limit: number
  /** Only predictions recorded before this position. */
  readonly before?: number | undefined
  /** ISO 8601, UTC, with milliseconds: from the one on, and before the other. */
  readonly from?: string | undefined
  readonly until?: string | undefined
  readonly decision?: 'approved' | 'declined' | undefined
  /** Whether a person was asked for. */
  readonly referred?: boolean | undefined
  /** Of the latest review; `none` where there is none yet. */
  readonly reviewDecision?: Review['decision'] | 'none' | undefined
  readonly version?: string | undefined
  readonly caller?: string | undefined
  readonly client?: number | undefined
}

export const journalTables = ['predictions', 'reviews', 'outcomes', 'accesses', 'erasures'] as const
export type JournalTable = (typeof journalTables)[number]

/** What hangs on a prediction first, so that it can be erased before it. */
export const erasableTables = ['answers', 'accesses', 'outcomes', 'reviews', 'predictions'] as const
export type ErasableTable = (typeof erasableTables)[number]

export type JournalRow = Readonly<Record<string, unknown>>

/** What is recorded resolves only once it is on disk, and rejects with JournalError when it is not. */
export interface Journal {
  /** `kept` is recorded with the prediction or not at all. @throws KeyTaken when its key is there already */
  record(prediction: Prediction, kept?: Kept): Promise<void>
  review(review: Review): Promise<void>
  /** All of them or none. */
  recordOutcomes(outcomes: readonly LoanOutcome[]): Promise<void>
  /** Those of the ids that are recorded predictions. */
  known(requestIds: readonly string[]): Promise<ReadonlySet<string>>
  kept(key: string): Promise<Kept | null>
  prediction(requestId: string): Promise<Prediction | null>
  /** Newest first. */
  predictions(query: PredictionQuery): Promise<readonly PredictionSummary[]>
  /** Oldest first. */
  reviews(requestId: string): Promise<readonly Review[]>
  /** Oldest first. */
  outcomes(requestId: string): Promise<readonly LoanOutcome[]>
  /** The latest outcome of each of these requests that has one. */
  latestOutcomes(requestIds: readonly string[]): Promise<ReadonlyMap<string, LoanOutcome>>
  /** Records who saw what is kept of a person. */
  access(access: Access): Promise<void>
  /** What is kept of who saw a client's records, or one of these requests; oldest first. */
  accesses(client: number, requestIds: readonly string[]): Promise<readonly Access[]>
  /** Removes all that is kept of a client, for good. */
  eraseClient(client: number, erasure: Erasure): Promise<Erased>
  /** The same of single requests. */
  eraseRequests(requestIds: readonly string[], erasure: Erasure): Promise<Erased>
  /** The same of what one table holds from before a time (ISO 8601, UTC): of `predictions` all that hangs on them. */
  eraseBefore(table: ErasableTable, before: string, erasure: Erasure): Promise<Erased>
  /** Raw rows after a position, in the order of their positions: for export. */
  rows(table: JournalTable | 'chain', after: number, limit: number): Promise<readonly JournalRow[]>
  /** The position of the newest row; 0 where there is none. */
  last(table: JournalTable): Promise<number>
  /** Null when a write succeeds now, else why it does not. */
  check(): Promise<JournalError | null>
  /** Records that a session of the page was signed out of; what ended by itself before `now` is forgotten. All times in milliseconds since 1970. */
  endSession(id: string, until: number, now: number): Promise<void>
  sessionEnded(id: string): Promise<boolean>
  /** What the monitor raised, newest first; `open`: what is not resolved. */
  alerts(query?: { readonly open?: boolean; readonly limit?: number }): Promise<readonly AlertRecord[]>
  /** Keeps an alert under its version, code and time of opening; one that is there already gets the new figures and, where it ended, its end. */
  keepAlert(alert: OpenedAlert): Promise<void>
  /** Ends an alert that is open. */
  resolveAlert(position: number, at: string): Promise<void>
  /** That somebody has seen it; the latest note counts. */
  acknowledgeAlert(
    position: number,
    by: { readonly at: string; readonly by: string; readonly note: string },
  ): Promise<void>
  /** The latest report under a name replaces the one before. */
  keepReport(name: string, kept: KeptReport): Promise<void>
  report(name: string): Promise<KeptReport | null>
  /** Does the work unless another process of this database does work of the same name now; null where one does. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T | null>
  /** A secret that all processes on this journal share: the one kept under its name, `fresh` where there is none yet. */
  secret(name: string, fresh: string): Promise<string>
  close(): Promise<void>
}

export class JournalError extends Error {
  constructor(message: string, o?: { cause?: unknown }) {
    super(message, o)
    this.name = 'JournalError'
  }
}

/** The files of the journal are no longer those that were opened: whatever would be written now is lost, or harms another file. */
export class JournalMoved extends JournalError {}

/** Another request was answered under this Idempotency-Key first. */
export class KeyTaken extends JournalError {}
