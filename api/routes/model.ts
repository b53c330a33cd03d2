/** GET /v1/model: what is served: version, members and why they were chosen, threshold, costs, training, metrics. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { languageOf } from '../language.ts'

const answer = z
  .object({
    version: z.string(),
    synthetic: z.boolean().openapi({ description: 'Trained on synthetic data' }),
    name: z.string().openapi({ description: 'Of the compared candidates, the one that serves' }),
    label: z.string().openapi({ description: 'The same in some words' }),
    because: z.string().nullable().openapi({ description: 'Why it was chosen; null where nothing was compared' }),
    members: z
      .array(
        z.object({
          family: z.enum(['trees', 'linear', 'scorecard']),
          weight: z.number().openapi({ description: 'What its log-odds are multiplied by before they are added up' }),
        }),
      )
      .openapi({ description: 'What the log-odds are added up from; more than one: a blend' }),
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
      query: z.strictObject({ lang }),
      answer,
    },
    (c) => {
      const { bundle } = service.scorer
      const { name, label, because } = bundle.model
      return c.json({
        version: bundle.version,
        synthetic: bundle.synthetic !== null,
        name,
        label,
        because: because?.[languageOf(c)] ?? null,
        members: bundle.members.map(({ family, weight }) => ({ family, weight })),
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
