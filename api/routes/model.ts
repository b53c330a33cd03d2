/** GET /v1/model: what is served: version, threshold, costs, training, metrics. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'

const answer = z
  .object({
    version: z.string(),
    synthetic: z.boolean().openapi({ description: 'Trained on synthetic data' }),
    threshold: z.number(),
    greyZone: z.object({ lower: z.number(), upper: z.number() }),
    costs: z.object({ falseNegative: z.number(), falsePositive: z.number() }),
    calibration: z.string(),
    features: z.int(),
    excluded: z.array(z.string()),
    clients: z.int().openapi({ description: 'Clients that can be scored by id' }),
    libraries: z.record(z.string(), z.string()),
    training: z.record(z.string(), z.unknown()),
    metrics: z.record(z.string(), z.unknown()),
  })
  .openapi('Model')

export function modelRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'get',
      path: '/v1/model',
      tag: 'Model',
      summary: 'The model being served',
      roles: ['score', 'review', 'read'],
      answer,
    },
    (c) => {
      const { bundle } = service.scorer
      return c.json({
        version: bundle.version,
        synthetic: bundle.synthetic !== null,
        threshold: bundle.threshold,
        greyZone: bundle.greyZone,
        costs: bundle.costs,
        calibration: bundle.calibration.method,
        features: bundle.definitions.features.length,
        excluded: bundle.exclude,
        clients: service.clients.count,
        libraries: bundle.libraries,
        training: bundle.training,
        metrics: bundle.metrics,
      })
    },
  )
}
