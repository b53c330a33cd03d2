/** POST /v1/predictions/{id}/review: what a person decided; all are kept, the latest counts. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, jsonBody, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { isOverride, overrideReasons, reviewDecisions, shortestOverrideReason } from '../journal/journal.ts'
import { type Fault, Problem } from '../problems.ts'

const id = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
const overrideReason = z.strictObject({ code: z.enum(overrideReasons), text: z.string().trim().min(1).max(2000) })
const body = z.strictObject({
  decision: z.enum(reviewDecisions),
  overrideReason: overrideReason.optional().openapi({
    description: 'Required, with 20 characters or more, when it differs from the decision proposed',
  }),
})
const answer = z
  .object({ requestId: z.string(), at: z.iso.datetime(), decision: z.enum(reviewDecisions) })
  .openapi('Review')

const codes: Readonly<Record<string, string>> = { decision: 'not_a_decision', overrideReason: 'not_an_override_reason' }

function faultsOf(error: z.ZodError): Fault[] {
  const found = error.issues.flatMap(({ path, ...issue }): [string, string][] => {
    const at = path.map((part) => `/${String(part)}`).join('')
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => [`${at}/${key}`, 'unknown_field'])
    return [[at, path.length === 0 ? 'not_an_object' : (codes[String(path[0])] ?? 'unknown_field')]]
  })
  return [...new Map(found)].map(([pointer, code]) => fault(pointer, code))
}

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
      query: z.strictObject({ lang }),
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
        throw new Problem('invalid-review', { faults: faultsOf(parsed.error) })
      }
      const { decision, overrideReason = null } = parsed.data
      if (isOverride(prediction, decision)) {
        if (!overrideReason)
          throw new Problem('invalid-review', { faults: [fault('/overrideReason', 'override_reason_required')] })
        if (overrideReason.text.length < shortestOverrideReason)
          throw new Problem('invalid-review', { faults: [fault('/overrideReason/text', 'override_reason_too_short')] })
      }
      const at = new Date(service.now()).toISOString()
      await service.journal.review({
        requestId: prediction.requestId,
        at,
        decision,
        overrideReason,
        by: c.get('caller') ?? undefined,
      })
      return c.json({ requestId: prediction.requestId, at, decision })
    },
  )
}
