/** What the monitor reads of each application: journal rows as data, cut into days, without anything that says who it was. */
import type { Value } from '../data/applicant.ts'

/** A warning that the score was given with; its code as the service words it (scoring/warnings.ts). */
export interface QualityNote {
  readonly code: string
  readonly field: string
}

export interface Application {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly probability: number
  /** What the model proposed. */
  readonly approved: boolean
  readonly latencyMs: number
  /** What a person decided last; null where nobody did. */
  readonly review: {
    readonly at: string
    readonly decision: 'approved' | 'declined' | 'referred'
    readonly code: string | null
  } | null
  /** How the loan ended by the latest word, when that was said and on which day (YYYY-MM-DD) it ended; null where nobody knows yet. */
  readonly outcome: { readonly at: string; readonly date: string; readonly defaulted: boolean } | null
  /** Of the watched features, in their order; null where the input cannot be read any more. */
  readonly values: readonly Value[] | null
  readonly notes: readonly QualityNote[]
  readonly imputed: number
}

/** What was decided in the end: by a person, unless he only passed it on. */
export const isApproved = ({ review, approved }: Application): boolean =>
  review && review.decision !== 'referred' ? review.decision === 'approved' : approved

/** Whether a person decided against the proposal. */
export const isOverridden = ({ review, approved }: Application): boolean =>
  review !== null && review.decision !== 'referred' && (review.decision === 'approved') !== approved

/** What happened on one day. */
export interface Day {
  /** YYYY-MM-DD, UTC */
  readonly date: string
  /** The last thing that happened. */
  readonly last: string
  /** In the order in which they came. */
  readonly applications: readonly Application[]
  /** Reviewed on this day. */
  readonly reviewed: readonly Application[]
  /** Approved applications whose default became known on this day, however young. */
  readonly defaults: readonly Application[]
  /** Those whose outcome counts from this day on: it is known, and the application is old enough. */
  readonly matured: readonly Application[]
}

type Kind = 'applications' | 'reviewed' | 'defaults' | 'matured'

const dayOf = (at: string) => at.slice(0, 10)
const milliseconds = 86_400_000

/**
 * Days on which something happened, rising. `maturity`: days from the application after which its outcome counts; before, defaults are known and
 * repayments are not. `now`: milliseconds since 1970; what comes later is not known yet.
 */
export function daysOf(
  applications: readonly Application[],
  { maturity, now }: { maturity: number; now: number },
): Day[] {
  const found = new Map<string, { last: string } & Record<Kind, { at: string; one: Application }[]>>()
  const add = (kind: Kind, at: string, one: Application) => {
    if (Date.parse(at) > now) return
    const date = dayOf(at)
    const day = found.get(date) ?? { last: at, applications: [], reviewed: [], defaults: [], matured: [] }
    day[kind].push({ at, one })
    if (at > day.last) day.last = at
    found.set(date, day)
  }
  for (const one of applications) {
    add('applications', one.at, one)
    if (one.review && one.review.decision !== 'referred') add('reviewed', one.review.at, one)
    if (!one.outcome) continue
    if (one.outcome.defaulted && isApproved(one)) add('defaults', later(one.outcome.at, one.at), one)
    const mature = new Date(Date.parse(one.at) + maturity * milliseconds).toISOString()
    add('matured', later(one.outcome.at, mature), one)
  }
  const ordered = (entries: readonly { at: string; one: Application }[]) =>
    entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ one }) => one)
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([date, { last, applications: all, reviewed, defaults, matured }]) => ({
      date,
      last,
      applications: ordered(all),
      reviewed: ordered(reviewed),
      defaults: ordered(defaults),
      matured: ordered(matured),
    }))
}

const later = (a: string, b: string) => (a > b ? a : b)
