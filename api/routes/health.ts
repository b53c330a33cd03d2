/** /health/live: the process answers. /health/ready: it may be sent requests: not stopping, journal writable. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { Problem } from '../problems.ts'

const checkEvery = 1000 // milliseconds; the journal's check writes, so it is not run for each caller

export function healthRoutes(app: OpenAPIHono<Env>, service: Service): void {
  let checked = { at: Number.NEGATIVE_INFINITY, writable: Promise.resolve(false) }
  const writable = () => {
    if (service.now() - checked.at >= checkEvery) checked = { at: service.now(), writable: service.journal.check() }
    return checked.writable
  }
  const common = { method: 'get', tag: 'Health', roles: null } as const
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/health/live',
      summary: 'The process answers',
      answer: z.object({ status: z.literal('live') }),
    },
    (c) => c.json({ status: 'live' }),
  )
  endpoint(
    app,
    service,
    {
      ...common,
      path: '/health/ready',
      summary: 'The process may be sent requests',
      answer: z.object({ status: z.literal('ready'), version: z.string() }),
      problems: ['stopping', 'journal-down'],
    },
    async (c) => {
      if (service.stopping()) throw new Problem('stopping')
      if (!(await writable())) throw new Problem('journal-down', { headers: { 'retry-after': '5' } })
      return c.json({ status: 'ready', version: service.scorer.bundle.version })
    },
  )
}
