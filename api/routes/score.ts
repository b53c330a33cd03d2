/** POST /v1/score: one applicant in, one recorded proposal out. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { scoreAnswer, scoreAnswerOf } from '../answer.ts'
import { endpoint, jsonBody, lang, queryOf } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { languageOf } from '../language.ts'
import { propose } from '../propose.ts'
import { parseRequest, scoreRequest } from '../request.ts'

const onOff = z.enum(['true', 'false'])

const query = z.strictObject({
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
      roles: ['score', 'review'],
      query,
      body: scoreRequest,
      answer: scoreAnswer,
      problems: ['unknown-client', 'journal-down'],
    },
    async (c) => {
      const { explain, reasons } = queryOf(c, query)
      const asked = parseRequest(await jsonBody(c), service.clients)
      const proposal = await propose(service, asked, {
        requestId: c.get('requestId'),
        source: 'api',
        started: c.get('started'),
        reasons: reasons === 'true' || explain === 'true',
      })
      const language = languageOf(c)
      c.header('content-language', language)
      return c.json(scoreAnswerOf(service, proposal, language, { explain: explain === 'true' }))
    },
  )
}
