/** POST /v1/score/batch: a JSON array, or lines of JSON that are answered while they arrive. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { valueKindOf } from '../../pipeline/data/value-kind.ts'
import { type BatchOptions, batch, type Sent } from '../batch.ts'
import { inTime, isLines, largestBody } from '../body-limit.ts'
import { endpoint, jsonBody, ndjson, problemSchema, requireUtf8 } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { fault } from '../faults.ts'
import { keyOf, onceOf } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { linesOf } from '../lines.ts'
import { Problem } from '../problems.ts'
import { scoreRequest } from '../request.ts'
import { scoreAnswer } from '../score-response.ts'
import { streamed } from '../streamed.ts'
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

export function batchRoutes(app: OpenAPIHono<Env>, service: Service, o: { lineSeconds?: number | undefined }): void {
  endpoint(
    app,
    service,
    {
      method: 'post',
      path: '/v1/score/batch',
      tag: 'Scoring',
      summary: 'Many applicants, each answered or refused by itself, in the order sent',
      description: `A list of at most ${most.toLocaleString('en')} items is answered as a list, lines (NDJSON, any number) as lines, each while the rest is worked on. Nothing more is scored or recorded once the caller is gone. Lines are cut off after 30 seconds in which nothing is sent or read, and when the next line has not come whole 60 seconds after the one before was answered; as long as lines come a batch may last for hours. Of a field that stands twice in an item the last counts.`,
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
        failed: (error) => c.set('failure', error),
      }
      c.header('content-language', language)
      if (isLines(c)) {
        requireUtf8(c)
        const answers = asLines(batch(service, lines(c.req.raw.body, o.lineSeconds), options))
        return c.body(streamed(c, answers), 200, { 'content-type': ndjson })
      }
      const values = await jsonBody(c, { list: true })
      if (!Array.isArray(values))
        throw new Problem('invalid-application', { faults: [fault('', 'not_a_list', valueKindOf(values))] })
      if (values.length > most) throw new Problem('batch-too-large')
      if (values.length === 0) throw new Problem('invalid-application', { faults: [fault('', 'list_length')] })
      const answers = asList(batch(service, [values.map((value: unknown) => ({ value }))], options))
      return c.body(streamed(c, answers), 200, { 'content-type': 'application/json' })
    },
  )
}

async function* lines(body: ReadableStream<Uint8Array> | null, seconds?: number): AsyncGenerator<Sent[]> {
  if (body) for await (const group of inTime(linesOf(body, largestBody), seconds)) yield group.map((line) => ({ line }))
}

async function* asLines(answers: AsyncGenerator<readonly string[]>): AsyncGenerator<string> {
  for await (const some of answers) yield `${some.join('\n')}\n`
}

async function* asList(answers: AsyncGenerator<readonly string[]>): AsyncGenerator<string> {
  let before = '['
  for await (const some of answers) {
    yield before + some.join(',')
    before = ','
  }
  yield ']'
}
