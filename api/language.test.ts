/** Which language a request asks for. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { accepted } from './language.ts'
import { requestId } from './request-id.ts'

test('the known language of highest quality is taken, French where none is', () => {
  const cases = [
    ['', 'fr'],
    ['en', 'en'],
    ['en-GB,en;q=0.9,fr;q=0.8', 'en'],
    ['de,fr;q=0.4,en;q=0.6', 'en'],
    ['de-DE, es', 'fr'],
    ['en;q=0, fr;q=0.1', 'fr'],
    ['EN-us', 'en'],
    [';;;q=,,', 'fr'],
  ] as const
  for (const [header, language] of cases) assert.is(accepted(header), language, header)
})

test('request ids sort by time, and start as the specification’s example does', () => {
  assert.is(requestId(1469918176385, new Uint8Array(16)).slice(0, 10), '01ARYZ6S41')
  const ids = [1, 5, 1e9, 1.7e12, 2 ** 47].map((now) => requestId(now))
  assert.equal(ids.toSorted(), ids)
  assert.is(new Set(Array.from({ length: 1000 }, () => requestId(0))).size, 1000)
})

test.run()
