/** The operator's figures are computed in the background: no request waits for them, concurrent callers share one computation, and they are current. */
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import type { Service } from './env.ts'
import { KnownFeatures } from './feature-cache.ts'
import { monitoring } from './monitor.ts'
import { service } from './opened.test-data.ts'
import { readReference } from './reference.ts'
import { applicantOf } from './request.ts'

const { bundle, clients, ids, opened, scorer } = service(smallBundle())

async function monitored() {
  const { ask, journal } = await opened()
  const score = async (count: number) => {
    const sent = ids.slice(0, count).map((client) => ({ client }))
    const answer = await ask('/v1/score/batch', sent)
    assert.is(answer.status, 200)
    await answer.text() // scored as it is read
  }
  await score(350)
  const used: Service = {
    scorer,
    clients,
    known: new KnownFeatures(),
    journal,
    reference: await readReference(bundle),
    applicantOf: (input) => applicantOf(input, clients),
    reports: null,
    keys: [],
    sessionSecret: Buffer.alloc(32),
    recorded: () => {},
    now: Date.now,
    stopping: () => false,
  }
  return { used, score, journal }
}

test('while they are computed no turn of the event loop works for more than 50 ms', async () => {
  const { used } = await monitored()
  const cpu = () => process.threadCpuUsage().user / 1000
  let going = true
  let [longest, turns] = [0, 0]
  const watching = (async () => {
    while (going) {
      const before = cpu()
      await turn()
      longest = Math.max(longest, cpu() - before)
      turns++
    }
  })()
  await turn()
  const { features, featureRows, risk } = await monitoring(used)
  going = false
  await watching
  assert.equal([featureRows, features.length > 20, risk !== null], [300, true, true])
  assert.ok(turns > 30, `${turns} turns`)
  assert.ok(longest < 50, `a turn of ${longest.toFixed(1)} ms of processor time`)
})

test('asked several times at once they are computed once; when the journal has grown they are computed anew', async () => {
  const { used, score } = await monitored()
  const all = await Promise.all([monitoring(used), monitoring(used), monitoring(used)])
  assert.is(all[0]!.features, all[1]!.features)
  assert.is(all[0]!.features, all[2]!.features)
  assert.is(all[0]!.count, 350)
  await score(20)
  const later = await monitoring(used)
  assert.is(later.count, 370)
  assert.is.not(later.features, all[0]!.features)
})

test('what failed is tried anew', async () => {
  const { used, journal } = await monitored()
  let broken = true
  const failing: Service = {
    ...used,
    journal: Object.assign(Object.create(journal) as typeof journal, {
      prediction: (id: string) => (broken ? Promise.reject(new Error('once')) : journal.prediction(id)),
      predictions: journal.predictions.bind(journal),
      check: journal.check.bind(journal),
    }),
  }
  const error: unknown = await monitoring(failing).catch((reason: unknown) => reason)
  assert.match(String(error), /once/)
  broken = false
  assert.is((await monitoring(failing)).count, 350)
})

test.run()
