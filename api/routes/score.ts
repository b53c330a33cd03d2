/** POST /v1/score: one applicant in, one recorded proposal out. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { endpoint, jsonBody, lang } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { answeredBefore, keyOf, onceOf, record } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { proposed } from '../propose.ts'
import { parseRequest, scoreRequest } from '../request.ts'
import { scoreAnswer, scoreAnswerOf } from '../score-response.ts'

const onOff = z.enum(['true', 'false'])

export const scoreQuery = z.strictObject({
  explain: onOff.default('false').openapi({ description: 'Adds the contribution of every feature' }),
  reasons: onOff.default('true').openapi({ description: 'false spares the reasons' }),
  lang,
})

export function scoreRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/score',
      tag: 'Scoring',
      summary: 'Probability of default, decision and reasons for a known client or for an application with its history',
      description:
        'Recorded before it is answered: what counts of the body, without blanks; of a field that stands there twice the last (as JSON.parse reads it), and that one alone is recorded.',
      roles: ['score', 'review'],
      query: scoreQuery,
      body: scoreRequest,
      once: true,
      answer: scoreAnswer,
      links: {
        review: {
          operationRef: '#/paths/~1v1~1predictions~1{id}~1review/post',
          parameters: { id: '$response.body#/requestId' },
        },
      },
      problems: ['invalid-application', 'unknown-client', 'journal-down'],
    },
    async (c, query) => {
      const language = languageOf(c)
      const key = keyOf(c)
      const body = await jsonBody(c)
      const once = key === null ? null : onceOf(c, key, [JSON.stringify([body, query, language])])
      const answer = (await answeredBefore(service, once)) ?? (await anew())
      c.header('content-language', language)
      return c.body(answer, 200, { 'content-type': 'application/json' })

      async function anew(): Promise<string> {
        const asked = parseRequest(body, service.clients, service.known)
        const explain = query.explain === 'true'
        const reasons = explain || query.reasons === 'true'
        const [requestId, started] = [c.get('requestId'), c.get('started')]
        const caller = c.get('caller')
        const proposal = proposed(service, asked, { requestId, source: 'api', started, reasons, caller })
        const answer = JSON.stringify(scoreAnswerOf(service, proposal, language, { explain }))
        return record(service, proposal.prediction, answer, once)
      }
    },
  )
}
