/** GET /v1/predictions: the journal, newest first, a page at a time; no applicant's values in it. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { outcomeStatuses, reviewDecisions } from '../journal/journal.ts'

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

const summary = z
  .object({
    position: z.int(),
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
    reviewDecision: z.enum(reviewDecisions).nullable().openapi({ description: 'Of the latest review' }),
    outcomeStatus: z.enum(outcomeStatuses).nullable().openapi({ description: 'How the loan ended' }),
  })
  .openapi('PredictionSummary')

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
}
