/** GET /v1/clients and /v1/clients/{id}: the clients that travel with the model. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { opened } from '../access.ts'
import { conditionsOf } from '../client-search.ts'
import { endpoint, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { Problem } from '../problems.ts'

const query = z.strictObject({
  query: z
    .string()
    .max(100)
    .default('')
    .openapi({ description: 'An id, or words of either language such as "retired 450000"' }),
  limit: z.coerce.number().int().min(1).max(100).default(20).openapi({ type: 'integer', minimum: 1, maximum: 100 }),
  lang,
})

export const params = z.object({
  id: z
    .string()
    .regex(/^[1-9]\d{0,9}$/)
    .openapi({ description: 'SK_ID_CURR', example: '100001' }),
})
const row = z.record(z.string(), z.union([z.number(), z.string()]).nullable())

export function clientRoutes(app: OpenAPIHono<Env>, service: Service): void {
  const common = { method: 'get', tag: 'Clients', roles: ['score', 'review'] } as const
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/v1/clients',
      summary: 'Finds clients by id or traits',
      query,
      answer: z.object({
        clients: z.array(z.object({ id: z.int(), application: row })),
        count: z.int().openapi({ description: 'Clients in all' }),
      }),
    },
    (c, { query, limit }) => {
      const { found: clients } = service.clients.find(conditionsOf(query), limit)
      return c.json({ clients, count: service.clients.count })
    },
  )
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/v1/clients/{id}',
      summary: 'One client’s raw rows of all tables',
      params,
      answer: z.object({ application: row, history: z.record(z.string(), z.array(row)) }),
      problems: ['unknown-client', 'journal-down'],
    },
    async (c) => {
      const id = params.safeParse(c.req.param())
      const client = id.success ? Number(id.data.id) : null
      const applicant = client === null ? null : service.clients.get(client)
      if (!applicant) throw new Problem('unknown-client')
      await opened(c, service, { client })
      return c.json(applicant)
    },
  )
}
