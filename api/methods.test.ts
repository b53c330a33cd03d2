/** Refusals of addresses and methods: named, readable by whoever asked, whatever was compressed on the way. */
import { gunzipSync } from 'node:zlib'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { service } from './opened.test-data.ts'

const { opened } = service(smallBundle())

test('every address asked with every method answers a body that its headers describe, to a person a page', async () => {
  const { app } = await opened()
  const paths = new Set(
    app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ path }) => path.replace(/:\w+(\{.*?\})?/g, '1').replace('*', 'x')),
  )
  let refused = 0
  for (const path of paths)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
      for (const accept of ['text/html', 'application/json']) {
        const answer = await app.request(path, {
          method,
          headers: { accept, 'accept-encoding': 'gzip', 'accept-language': 'en' },
        })
        const bytes = Buffer.from(await answer.arrayBuffer())
        const isPacked = answer.headers.get('content-encoding') === 'gzip'
        const body = isPacked ? gunzipSync(bytes) : bytes
        assert.ok(isPacked || bytes[0] !== 0x1f || bytes[1] !== 0x8b, `${method} ${path} says what it is`)
        if (answer.status !== 405) continue
        refused++
        assert.match(answer.headers.get('allow') ?? '', /GET|POST/)
        const isPage = accept === 'text/html' && !/^\/(v1|health|openapi\.json|metrics)(\/|$)/.test(path)
        assert.match(
          body.toString(),
          isPage ? /<h1>This address does not take this method/ : /"status":405/,
          `${method} ${path}`,
        )
        assert.match(answer.headers.get('content-type') ?? '', isPage ? 'text/html' : 'application/problem+json')
      }
  assert.ok(refused > 50, String(refused))
})

test('an address that is not there is 404 whatever the method', async () => {
  const { app } = await opened()
  for (const method of ['GET', 'POST', 'DELETE']) assert.is((await app.request('/nowhere', { method })).status, 404)
})

test('the first thing that is tried in the documentation works: its examples name a client that is served', async () => {
  const { app, ask } = await opened()
  const text = await (await app.request('/openapi.json')).text()
  const document = JSON.parse(text) as { components: { schemas: { ScoreRequest: { example: unknown } } } }
  const { example } = document.components.schemas.ScoreRequest
  assert.is((await ask('/v1/score', example)).status, 200)
  const id =
    /"name":"id","in":"path"[^}]*"SK_ID_CURR"[^}]*"example":"(\d+)"|"example":"(\d+)"[^}]*\}[^}]*"name":"id","in":"path"/.exec(
      text,
    )
  assert.ok(id)
  assert.is((await app.request(`/v1/clients/${id[1] ?? id[2]}`)).status, 200)
})

test.run()
