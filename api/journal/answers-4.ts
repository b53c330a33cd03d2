/** The answers kept under Idempotency-Keys by programs before schema 4, in the words of the API since. */
import { z } from 'zod'

const reason = z
  .looseObject({ code: z.string(), concept: z.string(), claim: z.string(), text: z.string(), points: z.number() })
  .transform(({ code, concept, claim, text, points }) => ({
    code,
    group: concept,
    headline: claim,
    text,
    attribution: Math.round(points * 1e8) / 1e6,
  }))
const decisions = { granted: 'approved', refused: 'declined' } as const

// Before there was `referral`, only the grey zone asked for a review.
const nearThreshold = { code: 'near_threshold', text: 'The risk is close to the cut-off.' }

const answer = z.looseObject({
  decision: z.enum(['granted', 'refused']),
  review: z.boolean(),
  referral: z.array(z.unknown()).optional(),
  points: z.number(),
  reasons: z.object({ against: z.array(reason), for: z.array(reason) }).nullable(),
  assumed: z.array(z.string()),
  contributions: z
    .array(z.looseObject({ concept: z.string() }).transform(({ concept, ...rest }) => ({ group: concept, ...rest })))
    .optional(),
})

/** @throws ZodError when the text is no answer to a score of an earlier program */
export function answerOfVersion4(text: string): string {
  const { decision, review, referral, points, assumed, ...rest } = answer.parse(JSON.parse(text))
  return JSON.stringify({
    ...rest,
    decision: decisions[decision],
    referral: referral ?? (review ? [nearThreshold] : []),
    score: points,
    imputed: assumed,
  })
}
