/** POST /v1/predictions/{id}/review: what a person decided; all are kept, the latest counts. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, jsonBody, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { differs, leastMotive, motives, outcomes } from '../journal/journal.ts'
import { Problem } from '../problems.ts'

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
const motive = z.strictObject({ code: z.enum(motives), text: z.string().trim().min(leastMotive).max(2000) })
const body = z.strictObject({
  outcome: z.enum(outcomes),
  motive: motive.optional().openapi({ description: 'Required when the outcome differs from the decision proposed' }),
})
const answer = z.object({ requestId: z.string(), at: z.iso.datetime(), outcome: z.enum(outcomes) }).openapi('Review')

const codes: Readonly<Record<string, string>> = { outcome: 'not_an_outcome', motive: 'not_a_motive' }

export function reviewRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/predictions/{id}/review',
      tag: 'Journal',
      summary: 'Records what a person decided about a prediction',
      roles: ['review'],
      params: z.object({ id: id.openapi({ description: 'requestId of the prediction' }) }),
      query: z.object({ lang }),
      body,
      answer,
      problems: ['unknown-prediction', 'invalid-review', 'journal-down'],
    },
    async (c) => {
      const asked = id.safeParse(c.req.param('id'))
      const sent = await jsonBody(c)
      const prediction = asked.success ? await service.journal.prediction(asked.data) : null
      if (!prediction) throw new Problem('unknown-prediction')
      const parsed = body.safeParse(sent)
      if (!parsed.success) {
        const names = parsed.error.issues.flatMap((i) =>
          i.code === 'unrecognized_keys' && i.path.length === 0 ? i.keys : [String(i.path[0] ?? '')],
        )
        const faults = [...new Set(names)].map((name) =>
          name === '' ? fault('', 'not_an_object') : fault(`/${name}`, codes[name] ?? 'unknown_field'),
        )
        throw new Problem('invalid-review', { faults })
      }
      const { outcome, motive = null } = parsed.data
      if (differs(prediction, outcome) && !motive)
        throw new Problem('invalid-review', { faults: [fault('/motive', 'motive_required')] })
      const at = new Date(service.now()).toISOString()
      await service.journal.review({ requestId: prediction.requestId, at, outcome, motive })
      return c.json({ requestId: prediction.requestId, at, outcome })
    },
  )
}
