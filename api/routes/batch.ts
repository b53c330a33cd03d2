/** POST /v1/score/batch: a JSON array, or lines of JSON that are answered while they arrive. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { type BatchOptions, batch, type Sent } from '../batch.ts'
import { isLines, largestBody } from '../body-limit.ts'
import { endpoint, jsonBody, ndjson, problemSchema } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { keyOf, onceOf } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { linesOf } from '../lines.ts'
import { Problem } from '../problems.ts'
import { scoreRequest } from '../request.ts'
import { scoreAnswer } from '../score-response.ts'
import { scoreQuery } from './score.ts'

/** Items of a JSON array; lines may be any number. */
const most = 10_000

const item = z
  .union([
    z.object({ index: z.int(), status: z.literal(200), score: scoreAnswer }),
    z.object({ index: z.int(), status: z.int(), problem: problemSchema }),
  ])
  .openapi('BatchItem')

/** Anything is taken as an item: one that is no application is refused by itself. */
const anything = z.union([scoreRequest, z.unknown()])

export function batchRoutes(app: OpenAPIHono<Env>, service: Service): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/score/batch',
      tag: 'Scoring',
      summary: 'Many applicants, each answered or refused by itself, in the order sent',
      roles: ['score', 'review'],
      query: scoreQuery,
      body: z.array(anything).min(1).max(most),
      lines: { body: anything, answer: item },
      once: true,
      answer: z.array(item),
      problems: ['batch-too-large', 'invalid-application'],
    },
    async (c, query) => {
      const language = languageOf(c)
      const key = keyOf(c)
      const explain = query.explain === 'true'
      const options: BatchOptions = {
        language,
        explain,
        caller: c.get('caller'),
        reasons: explain || query.reasons === 'true',
        once: (index, json) => onceOf(c, key, [json, JSON.stringify([query, language])], String(index)),
      }
      c.header('content-language', language)
      if (isLines(c)) {
        const answers = batch(service, lines(c.req.raw.body), options)
        return c.body(streamed(answers), 200, { 'content-type': ndjson })
      }
      const values = await jsonBody(c)
      if (!Array.isArray(values)) throw new Problem('invalid-application', { faults: [fault('', 'not_a_list')] })
      if (values.length > most) throw new Problem('batch-too-large')
      if (values.length === 0) throw new Problem('invalid-application', { faults: [fault('', 'list_length')] })
      const answers: string[] = []
      for await (const answer of batch(service, [values.map((value: unknown) => ({ value }))], options))
        answers.push(answer)
      return c.body(`[${answers.join(',')}]`, 200, { 'content-type': 'application/json' })
    },
  )
}

async function* lines(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Sent[]> {
  if (body) for await (const group of linesOf(body, largestBody)) yield group.map((line) => ({ line }))
}

/** Pulled by the reader, so that no more is scored than is read. */
function streamed(answers: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await answers.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(`${value}\n`))
    },
    async cancel() {
      await answers.return(undefined)
    },
  })
}
