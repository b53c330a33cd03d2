/** POST /v1/score/batch: a JSON array, or lines of JSON that are answered while they arrive. */
import { type OpenAPIHono, z } from '@hono/zod-openapi'
import { type BatchOptions, batch, type Sent, together } from '../batch.ts'
import { batchPieces, inTime, isLines, largestBody } from '../body-limit.ts'
import { endpoint, ndjson, problemSchema, requireJson, requireUtf8 } from '../endpoint.ts'
import type { Env, Service } from '../env.ts'
import { textOf } from '../gathered.ts'
import { keyOf, onceOf } from '../idempotency.ts'
import { languageOf } from '../language.ts'
import { linesOf } from '../lines.ts'
import { type ListItem, listItems } from '../list-items.ts'
import { scoreRequest } from '../request.ts'
import { scoreAnswer } from '../score-response.ts'
import { streamed } from '../streamed.ts'
import { scoreQuery } from './score.ts'

/** Items of a JSON array; lines may be any number. */
const most = 10_000
const groupBytes = 1024 * 1024 // of items whose texts and values are held at once

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
      description: `A list of at most ${most.toLocaleString('en')} items is answered as a list, lines (NDJSON, any number) as lines, each while the rest is worked on. An item of more than 2 MB, or one that is no JSON, is refused by itself; a list that does not close is refused whole, before anything is scored. Nothing more is scored or recorded once the caller is gone. Lines are cut off after 30 seconds in which nothing is sent or read, and when the next line has not come whole 60 seconds after the one before was answered; as long as lines come a batch may last for hours. Of a field that stands twice in an item the last counts.`,
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
        const answers = asLines(batch(service, inTime(linesOf(batchPieces(c), largestBody), o.lineSeconds), options))
        return c.body(streamed(c, answers), 200, { 'content-type': ndjson })
      }
      requireJson(c)
      const items = await listItems(batchPieces(c), { longest: largestBody, most })
      const answers = asList(batch(service, listed(items), options))
      return c.body(streamed(c, answers), 200, { 'content-type': 'application/json' })
    },
  )
}

/** Items one by one, each let go once it is its turn: as texts and values they take several times their bytes. */
function* listed(items: (ListItem | null)[]): Generator<Sent[]> {
  for (let first = 0; first < items.length; ) {
    const group: Sent[] = []
    for (let bytes = 0; first < items.length && bytes < groupBytes && group.length < together; first++) {
      const item = items[first] ?? null
      items[first] = null
      bytes += item?.reduce((sum, piece) => sum + piece.length, 0) ?? 0
      group.push(item && textOf(item))
    }
    yield group
  }
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
