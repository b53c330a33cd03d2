/** The first requests of `npm run bench:fuzz`, which sends ten thousand. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import { fuzzed, tallyOf } from './fuzz-api.ts'

const requests = 200

test(`of ${requests} requests as nobody should send them none is answered with 500 or stays unanswered, and no service says a word`, async () => {
  const found = await fuzzed(smallBundle(), { requests, seed: 20261130 })
  console.log(tallyOf(found))
  assert.equal(found.faults, [])
  const count = (statuses: readonly number[]) => statuses.reduce((sum, one) => sum + (found.statuses.get(one) ?? 0), 0)
  assert.ok(count([200]) > requests / 20, 'hardly any is taken: what they break is hardly reached')
  assert.ok(count([400, 404, 413, 415, 422]) > requests / 4, 'hardly any is refused')
})

test.run()
