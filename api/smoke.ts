/**
 * What a running service must answer, asked from outside: `node api/smoke.ts URL BUNDLE`.
 * Health, scores by id and from raw rows (both as the bundle's scores.parquet says), journal, page, documentation.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { z } from 'zod'

const [url = '', bundle = ''] = process.argv.slice(2)
const scored = z.object({
  probability: z.number(),
  decision: z.string(),
  reasons: z.object({ against: z.array(z.unknown()), for: z.array(z.unknown()) }),
})
const rowsOf = z.object({
  application: z.record(z.string(), z.unknown()),
  history: z.record(z.string(), z.array(z.unknown())),
})

const say = (text: string) => console.log(`image: ${text}`)
const get = async (path: string, accept = 'application/json') => {
  const answer = await fetch(url + path, { headers: { accept } })
  assert.equal(answer.status, 200, `${path} answered ${answer.status}`)
  return answer
}
const score = async (body: unknown): Promise<z.output<typeof scored>> => {
  const answer = await fetch(`${url}/v1/score?lang=en`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  assert.equal(answer.status, 200, await answer.clone().text())
  return scored.parse(await answer.json())
}

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(bundle, 'bundle.json'), 'utf8'))
  assert.deepEqual(await (await get('/health/live')).json(), { status: 'live' })
  assert.deepEqual(await (await get('/health/ready')).json(), { status: 'ready', version })
  say(`live, ready, model ${version}`)

  const bytes = readFileSync(join(bundle, 'scores.parquet'))
  const expected = await parquetReadObjects({
    file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength),
  })
  let checked = 0
  let largest = 0
  for (const { SK_ID_CURR, probability, decision } of expected.slice(0, 50)) {
    const client = Number(SK_ID_CURR)
    const byId = await score({ client })
    const raw = rowsOf.parse(await (await get(`/v1/clients/${client}`)).json())
    for (const rows of Object.values(raw.history)) rows.reverse()
    const byRows = await score(raw)
    for (const answer of [byId, byRows]) {
      largest = Math.max(largest, Math.abs(answer.probability - probability))
      assert.ok(
        Math.abs(answer.probability - probability) <= 1e-6,
        `client ${client}: ${answer.probability}, expected ${probability}`,
      )
      assert.equal(answer.decision, decision)
      assert.ok(answer.reasons.against.length + answer.reasons.for.length > 0)
    }
    checked++
  }
  assert.ok(checked > 0, 'the bundle carries no client to score')
  say(
    `${checked} clients by id and as raw rows: same as scores.parquet (largest difference ${largest.toExponential(1)})`,
  )

  const recorded = await (await get('/v1/predictions?limit=500')).json()
  assert.equal(recorded.predictions.length, 2 * checked)
  const page = await (await get('/', 'text/html')).text()
  assert.match(page, /Trouver un client/)
  for (const [, asset = ''] of page.matchAll(/(?:href|src)="(\/page\/[^"]+)"/g)) await get(asset, '*/*')
  assert.match(await (await get('/docs', 'text/html')).text(), /swagger-ui-bundle/)
  await get('/docs/swagger-ui-bundle.js', '*/*')
  assert.equal((await (await get('/openapi.json')).json()).openapi, '3.1.0')
  say('journal, page with its assets, /docs and /openapi.json')
}

if (import.meta.main) await main()
