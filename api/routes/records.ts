/** GET and DELETE /v1/clients/{id}/records: all that the journal keeps of a person, given to that person or erased for good. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { accessPurposes } from '../journal/journal.ts'
import { recordsOf } from '../journal/records.ts'
import { Problem } from '../problems.ts'
import { params } from './clients.ts'
import { recordedReviews, wholePrediction } from './predictions.ts'

const count = z.int().nonnegative()

const records = z
  .object({
    client: z.int(),
    predictions: z.array(wholePrediction),
    accesses: z
      .array(
        z.object({
          at: z.iso.datetime(),
          caller: z.string().nullable(),
          purpose: z.enum(accessPurposes),
          client: z.int().nullable(),
          requestId: z.string().nullable(),
        }),
      )
      .openapi({ description: 'Who saw them, oldest first' }),
  })
  .openapi('ClientRecords')

const erased = z
  .object({
    client: z.int(),
    erased: z.object({ predictions: count, reviews: count, outcomes: count, answers: count, accesses: count }),
    inModel: z.boolean().openapi({
      description:
        'Whether the model being served still carries raw rows of this client: they go with a model trained without them',
    }),
  })
  .openapi('ErasedRecords')

export function recordRoutes(app: OpenAPIHono<Env>, service: Service): void {
  const common = { path: '/v1/clients/{id}/records', tag: 'Personal data', roles: [], params } as const
  const clientOf = (id: unknown): number => {
    const parsed = params.safeParse(id)
    if (!parsed.success) throw new Problem('unknown-client')
    return Number(parsed.data.id)
  }
  endpoint(
    app,
    service,
    {
      ...common,
      method: 'get',
      summary: 'All that the journal keeps of one client, and who saw it; that it was given is recorded',
      answer: records,
      problems: ['unknown-client', 'journal-down'],
    },
    async (c) => {
      const client = clientOf(c.req.param())
      const found = await recordsOf(service.journal, client)
      const at = new Date(service.now()).toISOString()
      await service.journal.access({ at, caller: c.get('caller'), purpose: 'exported', client, requestId: null })
      return c.json({
        ...found,
        predictions: found.predictions.map(({ reviews, outcomes, ...prediction }) => ({
          ...prediction,
          ...recordedReviews(reviews, outcomes),
        })),
      })
    },
  )
  endpoint(
    app,
    service,
    {
      ...common,
      method: 'delete',
      summary:
        'Erases all that the journal keeps of one client, for good; that it was done is recorded, without the client',
      answer: erased,
      problems: ['unknown-client', 'journal-down'],
    },
    async (c) => {
      const client = clientOf(c.req.param())
      const at = new Date(service.now()).toISOString()
      const counts = await service.journal.eraseClient(client, { at, caller: c.get('caller'), cause: 'request' })
      return c.json({ client, erased: counts, inModel: service.clients.get(client) !== null })
    },
  )
}
