/** How loans ended, taken in by the API and by the command: what cannot be taken is told, what is known already changes nothing, and a correction is kept beside what it corrects. */
// The routes describe these schemas: whoever loads this file first, they must be made by the zod that can.
import { z } from '@hono/zod-openapi'
import { type Journal, type LoanOutcome, outcomeStatuses } from './journal.ts'

const day = 86_400_000 // milliseconds

/** Days from the application after which its outcome counts: by then most of those who will default have, and as many have had the time to. */
export const usualMaturity = 365

/** Whether an application is old enough for its outcome to count. Before, defaults are known and repayments are not: their share would be too high. */
export const isMature = (at: string, days: number, now: number): boolean => Date.parse(at) + days * day <= now

/** The last day that can be meant by today: somewhere on earth it is tomorrow already. */
export const latestDay = (now: number): string => new Date(now + day).toISOString().slice(0, 10)

export const outcomeSchema = z.strictObject({
  requestId: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  status: z.enum(outcomeStatuses),
  date: z.iso.date(),
})
export type SentOutcome = z.output<typeof outcomeSchema>

/** What is wrong with one of those that were sent. */
export interface OutcomeFault {
  readonly index: number
  readonly field: 'requestId' | 'date'
  readonly code: 'unknown_prediction' | 'future_day'
}

export async function outcomeFaults(
  journal: Journal,
  sent: readonly SentOutcome[],
  now: number,
): Promise<OutcomeFault[]> {
  const known = await journal.known(sent.map(({ requestId }) => requestId))
  const latest = latestDay(now)
  return sent.flatMap(({ requestId, date }, index): OutcomeFault[] => [
    ...(known.has(requestId) ? [] : [{ index, field: 'requestId', code: 'unknown_prediction' } as const]),
    ...(date > latest ? [{ index, field: 'date', code: 'future_day' } as const] : []),
  ])
}

export interface TakenOutcomes {
  /** Recorded now, corrections among them. */
  readonly recorded: number
  /** Recorded now, and something else was known of the loan before. */
  readonly corrected: number
  /** Known already as they were sent. */
  readonly unchanged: number
}

/** Records those that say something new, all or none; sent again they change nothing. */
export async function takeOutcomes(journal: Journal, sent: readonly SentOutcome[], at: string): Promise<TakenOutcomes> {
  const latest = new Map(await journal.latestOutcomes([...new Set(sent.map(({ requestId }) => requestId))]))
  const fresh: LoanOutcome[] = []
  let corrected = 0
  for (const { requestId, status, date } of sent) {
    const before = latest.get(requestId)
    if (before?.status === status && before.date === date) continue
    if (before) corrected++
    const outcome = { requestId, at, status, date }
    latest.set(requestId, outcome)
    fresh.push(outcome)
  }
  await journal.recordOutcomes(fresh)
  return { recorded: fresh.length, corrected, unchanged: sent.length - fresh.length }
}
