/** GET /v1/predictions: the journal, newest first, a page at a time, without applicants' values; and one prediction with all that was recorded of it. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { opened, seesAll } from '../access.ts'
import { endpoint, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { type LoanOutcome, outcomeStatuses, overrideReasons, type Review, reviewDecisions } from '../journal/journal.ts'
import { Problem } from '../problems.ts'

const query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(50).openapi({ type: 'integer', minimum: 1, maximum: 500 }),
  before: z.coerce.number().int().min(1).optional().openapi({
    type: 'integer',
    minimum: 1,
    maximum: Number.MAX_SAFE_INTEGER,
    description: '`next` of the page before',
  }),
  decision: z.enum(['approved', 'declined']).optional(),
  version: z
    .string()
    .regex(/^[0-9a-f]{12}$/)
    .optional(),
  lang,
})

const common = {
  requestId: z.string(),
  at: z.iso.datetime(),
  source: z.enum(['api', 'page']),
  version: z.string(),
  client: z.int().nullable(),
  probability: z.number(),
  threshold: z.number(),
  decision: z.enum(['approved', 'declined']),
  referred: z.boolean(),
  latencyMs: z.number(),
  caller: z.string().nullable().openapi({
    description: 'Name of the key that asked, or its role and the start of its SHA-256; null without keys',
  }),
}

const summary = z
  .object({
    position: z.int(),
    ...common,
    reviewDecision: z.enum(reviewDecisions).nullable().openapi({ description: 'Of the latest review' }),
    outcomeStatus: z.enum(outcomeStatuses).nullable().openapi({ description: 'How the loan ended' }),
  })
  .openapi('PredictionSummary')

/** One prediction with all that was recorded of it. */
export const wholePrediction = z
  .object({
    ...common,
    input: z.unknown().openapi({ description: 'What was asked, as it was recorded' }),
    greyZone: z.object({ lower: z.number(), upper: z.number() }),
    rank: z.number().nullable().openapi({ description: 'Share of the reference portfolio with a lower probability' }),
    explanation: z.unknown().openapi({
      description: 'Contributions in log-odds by reason group and feature; null where no reasons were asked for',
    }),
    warnings: z.array(z.unknown()),
    imputed: z.array(z.string()),
    reviews: z
      .array(
        z.object({
          at: z.iso.datetime(),
          decision: z.enum(reviewDecisions),
          overrideReason: z.object({ code: z.enum(overrideReasons), text: z.string() }).nullable(),
          by: z.string().nullable(),
        }),
      )
      .openapi({ description: 'What persons decided, oldest first; the latest counts' }),
    outcomes: z
      .array(z.object({ at: z.iso.datetime(), status: z.enum(outcomeStatuses), date: z.iso.date() }))
      .openapi({ description: 'How the loan ended, oldest first; the latest counts' }),
  })
  .openapi('Prediction')

/** Reviews and outcomes of a prediction as they are answered. */
export const recordedReviews = (reviews: readonly Review[], outcomes: readonly LoanOutcome[]) => ({
  reviews: reviews.map(({ requestId: _, by = null, ...review }) => ({ ...review, by })),
  outcomes: outcomes.map(({ requestId: _, ...outcome }) => outcome),
})

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)

export function predictionRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'get',
      path: '/v1/predictions',
      tag: 'Journal',
      summary: 'Recorded predictions, newest first',
      roles: ['read', 'review'],
      query,
      answer: z.object({ predictions: z.array(summary), next: z.int().nullable() }),
      problems: ['journal-down'],
    },
    async (c, { lang: _, ...asked }) => {
      const predictions = await service.journal.predictions(asked)
      const last = predictions.at(-1)
      return c.json({ predictions, next: predictions.length === asked.limit && last ? last.position : null })
    },
  )
  endpoint(
    app,
    service,
    {
      method: 'get',
      path: '/v1/predictions/{id}',
      tag: 'Journal',
      summary:
        'One recorded prediction with its reviews and outcomes; a key of role score sees what was asked under its own name',
      roles: ['read', 'review', 'score'],
      params: z.object({ id: id.openapi({ description: 'requestId of the prediction' }) }),
      query: z.strictObject({ lang }),
      answer: wholePrediction,
      problems: ['unknown-prediction', 'journal-down'],
    },
    async (c) => {
      const { journal } = service
      const asked = id.safeParse(c.req.param('id'))
      const prediction = asked.success ? await journal.prediction(asked.data) : null
      const isOwn = prediction !== null && prediction.caller === c.get('caller')
      if (!prediction || !(seesAll(c.get('role')) || isOwn)) throw new Problem('unknown-prediction')
      const { requestId } = prediction
      const [reviews, outcomes] = await Promise.all([journal.reviews(requestId), journal.outcomes(requestId)])
      await opened(c, service, { requestId })
      c.header('cache-control', 'no-store')
      return c.json({ ...prediction, ...recordedReviews(reviews, outcomes) })
    },
  )
}
