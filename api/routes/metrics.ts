/** GET /metrics: what Prometheus reads, in its text format. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { z } from '@hono/zod-openapi'
import { allow } from '../access.ts'
import type { Env, Service } from '../env.ts'
import type { Metrics } from '../metrics.ts'

export function metricsRoutes(app: OpenAPIHono<Env>, service: Service, metrics: Metrics): void {
  app.openAPIRegistry.registerPath({
    method: 'get',
    path: '/metrics',
    tags: ['Health'],
    summary: 'Metrics for Prometheus',
    ...(service.keys.length > 0 && { security: [{ key: [] }] }),
    responses: { 200: { description: 'Done', content: { 'text/plain': { schema: z.string() } } } },
  })
  app.get('/metrics', allow(service.keys, ['read']), async (c) => {
    const { type, body } = await metrics.text()
    return c.body(body, 200, { 'content-type': type })
  })
}
