/** Many applicants at once, a request sent twice, and an applicant with other values. */

import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { append } from '../pipeline/data/append.ts'
import type { ClientFeatures } from '../pipeline/scoring/scorer.ts'
import { smallBundle } from '../testing/bundles.ts'
import { largestBody } from './body-limit.ts'
import { problemSchema } from './endpoint.ts'
import { textOf } from './gathered.ts'
import { linesOf } from './lines.ts'
import { listItems } from './list-items.ts'
import type { LogEntry } from './log.ts'
import { application, service } from './opened.test-data.ts'
import { Problem } from './problems.ts'
import { randomOf } from './random.test-data.ts'
import { scoreAnswer } from './score-response.ts'

const { clients, ids, opened, scorer } = service(smallBundle())

const item = z.object({
  index: z.int(),
  status: z.int(),
  score: scoreAnswer.optional(),
  problem: problemSchema.optional(),
})
const items = async (answer: Response) => {
  assert.is(answer.status, 200, await answer.clone().text())
  return z.array(item).parse(await answer.json())
}
const lineItems = (text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => item.parse(JSON.parse(line)))
const ndjson = { headers: { 'content-type': 'application/x-ndjson' } }
const refusal = async (answer: Response, status: number) => {
  assert.is(answer.status, status, await answer.clone().text())
  return problemSchema.parse(await answer.json())
}

const batchOf = () => [
  ...ids.slice(0, 40).map((client) => ({ client })),
  { client: 999_999_999 },
  { application: { ...application, AMT_CREDIT: -1 } },
  7,
  { application },
]

test('each item of a batch has the answer it has alone, is recorded, or is refused by itself, in the order sent', async () => {
  const { ask, journal } = await opened()
  const sent = batchOf()
  const answers = await items(await ask('/v1/score/batch?lang=en', sent))
  assert.equal(
    answers.map(({ index }) => index),
    sent.map((_, i) => i),
  )
  assert.equal(
    answers.slice(40).map(({ status, problem }) => [status, problem?.errors?.map(({ pointer }) => pointer)]),
    [
      [404, undefined],
      [422, ['/application/AMT_CREDIT']],
      [422, ['']],
      [200, undefined],
    ],
  )
  for (const { index, score } of answers.slice(0, 40)) {
    const { requestId: _, ...alone } = scoreAnswer.parse(await (await ask('/v1/score?lang=en', sent[index])).json())
    const { requestId, ...inBatch } = score!
    assert.equal(inBatch, alone)
    assert.is((await journal.prediction(requestId))?.probability, inBatch.probability)
  }
})

test('lines are answered as the array is, also lines that are no JSON or too long', async () => {
  const { ask } = await opened()
  const sent = batchOf()
  const text = [...sent.map((one) => JSON.stringify(one)), '{"client":', `"${'x'.repeat(largestBody)}"`].join('\n')
  const answer = await ask('/v1/score/batch?reasons=false', `${text}\n\n`, ndjson)
  assert.is(answer.headers.get('content-type'), 'application/x-ndjson')
  const answers = lineItems(await answer.text())
  const asArray = await items(await ask('/v1/score/batch?reasons=false', sent))
  const shown = ({ index, status, score }: z.output<typeof item>) => [index, status, score?.probability]
  assert.equal(answers.slice(0, sent.length).map(shown), asArray.map(shown))
  assert.equal(
    answers.slice(sent.length).map(({ status }) => status),
    [400, 413],
  )
})

test('a line is answered before the next is sent', async () => {
  const { app } = await opened()
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const [writer, encoder] = [writable.getWriter(), new TextEncoder()]
  const asked = new Request('http://localhost/v1/score/batch', {
    method: 'POST',
    body: readable,
    duplex: 'half',
    ...ndjson,
  } as RequestInit)
  const answer = await app.request(asked)
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  for (const client of ids.slice(0, 3)) {
    const sending = writer.write(encoder.encode(`${JSON.stringify({ client })}\n`))
    const { value } = await reader.read()
    await sending
    assert.is(item.parse(JSON.parse(value ?? '')).status, 200)
  }
  await writer.close()
  assert.is((await reader.read()).done, true)
})

test('a batch that is no list, empty or too large is refused as a whole', async () => {
  const { ask } = await opened()
  await refusal(await ask('/v1/score/batch', {}), 422)
  await refusal(await ask('/v1/score/batch', []), 422)
  await refusal(await ask('/v1/score/batch', '[{'), 400)
  await refusal(await ask('/v1/score/batch', Array(10_001).fill(1)), 413)
  await refusal(await ask('/v1/score/batch', `["${'x'.repeat(32 * 1024 * 1024)}"]`), 413)
  await refusal(await ask('/v1/score/batch', '{}', { headers: { 'content-type': 'text/csv' } }), 415)
})

const streamOf = (pieces: readonly Uint8Array[]) =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(piece)
      controller.close()
    },
  })

test('the items of a list are cut wherever its pieces end, and are what JSON.parse makes of the list', async () => {
  const value = [1, 'a,]"}\\', '\\', { 'k]': [[], {}, { a: [1, 2] }] }, null, 'é\u2028', [], -2.5e3, { '': ',' }]
  const texts = [JSON.stringify(value), `\ufeff ${JSON.stringify(value, null, 2)}\n`, ` [ \t1\r\n, "x" ] `]
  for (const text of texts) {
    const expected: unknown = JSON.parse(text.trim())
    const bytes = new TextEncoder().encode(text)
    for (let size = 1; size <= bytes.length; size++) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.slice(i * size, i * size + size),
      )
      const cut = await listItems(streamOf(pieces), { longest: 1000, most: 9 })
      assert.equal(
        cut.map((item) => JSON.parse(textOf(item!)) as unknown),
        expected,
      )
    }
  }
  const items = await listItems(streamOf([new TextEncoder().encode('[1, "four" ,"five55"]')]), { longest: 7, most: 3 })
  assert.equal(
    items.map((item) => item && textOf(item)),
    ['1', '"four" ', null],
  )
})

test('a list that does not close, or is none, is refused whole with its place, over 3,000 broken lists too', async () => {
  const refused = async (text: string) =>
    listItems(streamOf([new TextEncoder().encode(text)]), { longest: 100, most: 3 }).then(
      (items) => items.map((item) => item && textOf(item)),
      (error: unknown) => {
        if (!(error instanceof Problem)) throw error
        return [
          error.code,
          ...error.faults.map(({ pointer, code, detail }) => `${pointer} ${code} ${detail.en.split(':')[0]}`),
        ]
          .join(' ')
          .trim()
      },
    )
  const cases: readonly [text: string, answer: string | string[]][] = [
    ['', 'malformed-json  json_empty Line 1, column 1'],
    ['[1,\n"é', 'malformed-json /1 json_end Line 2, column 3'],
    ['[1,]', 'malformed-json /1 json_value Line 1, column 4'],
    ['[,1]', 'malformed-json /0 json_value Line 1, column 2'],
    ['[1}', 'malformed-json /0 json_comma Line 1, column 3'],
    ['[1] x', 'malformed-json  json_more Line 1, column 5'],
    ['x', 'malformed-json  json_value Line 1, column 1'],
    ['{"a":1}', 'invalid-application  not_a_list Expected a JSON array. Received an object.'],
    ['[ ]', 'invalid-application  list_length Expected a list of 1 to 10,000 items.'],
    ['[1,2,3,4,', 'batch-too-large'],
    ['[1 2,{"a"},[}]', ['1 2', '{"a"}', '[}']], // refused one by one by whoever parses them
  ]
  for (const [text, answer] of cases) assert.equal(await refused(text), answer, text)
  const random = randomOf(20)
  const whole = JSON.stringify([{ a: [1, 'b,]'] }, '}"', [[{}]]])
  let read = 0
  for (let i = 0; i < 3000; i++) {
    const at = Math.floor(random() * whole.length)
    const text =
      whole.slice(0, at) + (random() < 0.5 ? '' : [...'[]{},"\\ '][Math.floor(random() * 8)]) + whole.slice(at + 1)
    const found = await refused(text)
    let parsed: unknown = null
    try {
      parsed = JSON.parse(text)
    } catch {}
    if (Array.isArray(parsed) && parsed.length > 0 && parsed.length <= 3) {
      assert.equal(Array.isArray(found) && found.map((item) => JSON.parse(item!) as unknown), parsed, text)
      read++
    } else if (Array.isArray(found))
      assert.throws(() => found.map((item) => JSON.parse(item!) as unknown), undefined, text) // at least one item is refused
  }
  assert.ok(read > 100, `${read}`)
})

test('lines are cut where they end, wherever the pieces end', async () => {
  const text = 'é{"a":1}\n\n  \r\n"ü"\r\nlast'
  const bytes = new TextEncoder().encode(text)
  for (let size = 1; size <= bytes.length; size++) {
    const pieces = async function* () {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
    }
    const cut = async (longest: number) => {
      const found: (string | null)[] = []
      for await (const lines of linesOf(pieces(), longest)) append(found, lines)
      return found
    }
    assert.equal(await cut(100), ['é{"a":1}', '"ü"', 'last'])
    assert.equal(await cut(5), [null, '"ü"', 'last'])
  }
})

/** An item of five thousand brackets: JSON.parse reads it, what recurses does not survive it. */
const deep = `{"application":${'['.repeat(5000)}${']'.repeat(5000)}}`

test('an item that is too deep, too wide, too long, no JSON or nothing at all refuses itself alone, in a list and in lines, with a key and without', async () => {
  for (const headers of [{}, { 'idempotency-key': 'night-2' }] as readonly Record<string, string>[]) {
    const { ask, journal } = await opened()
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])))
    const proto = `{"__proto__":{"client":1},"constructor":{}}`
    const bad = [deep, wide, proto, `{"client":1e400}`, 'null', `{"client":NaN}`, `"${'x'.repeat(largestBody)}"`]
    const sent = [...ids.slice(0, 20).map((client) => `{"client":${client}}`), ...bad, `{"client":${ids[20]}}`]
    const statuses = [...Array(20).fill(200), 400, 400, 422, 422, 422, 400, 413, 200]
    const list = await items(await ask('/v1/score/batch?reasons=false', `[${sent.join()}]`, { headers }))
    assert.equal(
      list.map(({ status }) => status),
      statuses,
    )
    assert.equal(
      [20, 21, 25].map((i) => list[i]!.problem!.errors?.map(({ code }) => code)),
      [['too_deep'], ['too_many_members'], ['json_not_a_number']],
    )
    const lines = await ask('/v1/score/batch?reasons=false', sent.join('\n'), {
      headers: { ...headers, ...ndjson.headers },
    })
    assert.equal(
      lineItems(await lines.text()).map(({ status }) => status),
      statuses,
    )
    assert.is((await journal.predictions({ limit: 99 })).length, 'idempotency-key' in headers ? 21 : 42)
    const alone = await refusal(await ask('/v1/score?lang=en', deep, { headers }), 400)
    assert.match(alone.errors?.[0]?.detail ?? '', /nested more than 32 deep/)
  }
})

test('an applicant whom the scorer cannot take is answered with an error of its own, written to the log, and the others are scored', async () => {
  const log: LogEntry[] = []
  const { ask } = await opened({ log: (entry) => log.push(entry) })
  const sound = scorer.scoreFeatures
  const spoilt = String(scorer.features(clients.get(ids[3]!)!).values)
  Object.assign(scorer, {
    scoreFeatures(features: readonly ClientFeatures[], o: { explain?: boolean }) {
      if (features.some(({ values }) => String(values) === spoilt)) throw new TypeError('no such matrix')
      return sound.call(scorer, features, o)
    },
  })
  try {
    const sent = ids.slice(0, 6).map((client) => ({ client }))
    const answers = await items(await ask('/v1/score/batch', sent))
    assert.equal(
      answers.map(({ status }) => status),
      [200, 200, 200, 500, 200, 200],
    )
    assert.equal(
      log.map(({ status, error }) => [status, String(error)]),
      [[200, 'TypeError: no such matrix']],
    )
  } finally {
    Reflect.deleteProperty(scorer, 'scoreFeatures')
  }
})

test('a list of ten thousand names tells the first hundred errors and how many others there are', async () => {
  const { ask } = await opened()
  const rows = Array.from({ length: 19_000 }, () => ({ SK_ID_BUREAU: 'x' }))
  const { errors, moreErrors, detail } = await refusal(
    await ask('/v1/score?lang=en', { application, history: { bureau: rows, loans: [] } }),
    422,
  )
  assert.equal([errors?.length, moreErrors, detail], [100, 18_901, 'And 18,901 more, which are not listed.'])
  const tooMany = Array.from({ length: 20_001 }, () => ({}))
  const refused = await refusal(await ask('/v1/score', { application, history: { bureau: tooMany } }), 422)
  assert.equal(
    refused.errors?.map(({ pointer, code }) => `${pointer} ${code}`),
    ['/history/bureau too_many_rows'],
  )
})

test('a request sent again under its key gets the same answer, and is recorded once', async () => {
  const { ask, journal } = await opened()
  const send = (body: unknown, key = 'order-1', path = '/v1/score?explain=true&lang=en') =>
    ask(path, body, { headers: { 'idempotency-key': key } })
  const [first, second] = await Promise.all([send({ client: ids[0] }), send({ client: ids[0] })])
  const third = await send({ client: ids[0] })
  const texts = [await first.text(), await second.text(), await third.text()]
  assert.is(new Set(texts).size, 1)
  assert.is((await journal.predictions({ limit: 9 })).length, 1)
  assert.equal((await refusal(await send({ client: ids[1] }), 422)).errors?.[0]?.code, 'key_reused')
  assert.is((await refusal(await send({ client: ids[0] }, 'order-1', '/v1/score?lang=fr'), 422)).status, 422)
  await refusal(await send({ client: ids[0] }, 'two words'), 400)
  assert.is((await send({ client: ids[0] }, 'order-2')).status, 200)
  assert.is((await journal.predictions({ limit: 9 })).length, 2)
})

test('a batch sent again after it broke off scores only what was not answered', async () => {
  const { ask, journal } = await opened()
  const headers = { 'idempotency-key': 'night-1' }
  const sent = ids.slice(0, 6).map((client) => ({ client }))
  const part = await items(await ask('/v1/score/batch', sent.slice(0, 4), { headers }))
  const text = sent.map((one) => JSON.stringify(one)).join('\n')
  const whole = lineItems(
    await (await ask('/v1/score/batch', text, { headers: { ...headers, ...ndjson.headers } })).text(),
  )
  assert.equal(whole.slice(0, 4), part)
  assert.is((await journal.predictions({ limit: 99 })).length, 6)
})

const whatIf = z.object({
  base: scoreAnswer.omit({ requestId: true }),
  changed: scoreAnswer.omit({ requestId: true }),
  moved: z.object({
    probability: z.number(),
    decision: z.boolean(),
    groups: z.array(z.object({ group: z.string(), attribution: z.number() })),
    features: z.array(z.object({ feature: z.string(), from: z.unknown(), to: z.unknown() })),
  }),
})

test('what-if gives the answers of both applications, their difference by reason group adds up, and nothing is recorded', async () => {
  const { ask, journal } = await opened()
  const id = ids[3]!
  const raw = clients.get(id)!
  const changes = { AMT_CREDIT: 2_000_000, AMT_INCOME_TOTAL: 60_000, OCCUPATION_TYPE: null }
  for (const base of [{ client: id }, { application: raw.application, history: raw.history }]) {
    const answer = await ask('/v1/what-if?lang=en', { ...base, changes })
    assert.is(answer.status, 200, await answer.clone().text())
    const { base: was, changed: is, moved } = whatIf.parse(await answer.json())
    assert.is((await journal.predictions({ limit: 9 })).length, 0)
    assert.is(moved.probability, is.probability - was.probability)
    assert.is(moved.decision, is.decision !== was.decision)
    const shift = moved.groups.reduce((sum, one) => sum + one.attribution, 0) / 100
    assert.ok(Math.abs(shift - moved.probability) < 1e-5, `${shift} is not ${moved.probability}`)
    assert.ok(moved.features.some(({ from, to }) => from !== to))
    const direct = { application: { ...raw.application, ...changes }, history: raw.history }
    const { probability } = scoreAnswer.parse(await (await (await opened()).ask('/v1/score', direct)).json())
    assert.is(is.probability, probability)
  }
})

test('what-if names the faults of the application and of the changes at once', async () => {
  const { ask } = await opened()
  const { AMT_CREDIT: _, ...rest } = application
  const body = { application: rest, changes: { AMT_INCOME_TOTAL: 'much', NO_FIELD: 1, SK_ID_CURR: 3 } }
  const { errors } = await refusal(await ask('/v1/what-if', body), 422)
  assert.equal(
    errors?.map(({ pointer, code }) => `${pointer} ${code}`),
    [
      '/application/AMT_CREDIT missing',
      '/changes/AMT_INCOME_TOTAL wrong_type',
      '/changes/NO_FIELD unknown_field',
      '/changes/SK_ID_CURR unknown_field',
    ],
  )
  await refusal(await ask('/v1/what-if', { client: ids[0] }), 422)
  await refusal(await ask('/v1/what-if', { client: ids[0], changes: [] }), 422)
  await refusal(await ask('/v1/what-if', { client: ids[0], changes: { AMT_CREDIT: null } }), 422)
  await refusal(await ask('/v1/what-if', { client: 999_999_999, changes: {} }), 404)
})

test.run()
