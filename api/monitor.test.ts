/** The monitor looks in a thread of its own: no request waits, concurrent callers share one look, what is shown is current, and alerts live in the journal. */
import { setImmediate as turn } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../testing/bundles.ts'
import type { Journal } from './journal/journal.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { monitorOf } from './monitor.ts'
import type { AlertChange } from './monitor-alerts.ts'
import { monitorEngine } from './monitor-engine.ts'
import { monitorThread } from './monitor-thread.ts'
import { service } from './opened.test-data.ts'
import { readReference } from './reference.ts'

const { bundle, clients, ids, opened, scorer } = service(smallBundle())
const { version } = scorer.bundle
const reference = await readReference(bundle)

async function scored(count: number) {
  const { ask, journal } = await opened()
  const score = async (more: number) => {
    const answer = await ask(
      '/v1/score/batch',
      ids.slice(0, more).map((client) => ({ client })),
    )
    assert.is(answer.status, 200)
    await answer.text() // scored as it is read
  }
  await score(count)
  return { score, journal }
}

const inThread = (journal: Journal) =>
  monitorOf({ journal, version, engine: () => monitorThread(bundle), now: Date.now })
const here = (journal: Journal, looked?: (changes: readonly AlertChange[]) => void) =>
  monitorOf({
    journal,
    version,
    engine: () => monitorEngine(scorer, clients, () => reference),
    now: Date.now,
    ...(looked && { looked: (_, changes) => looked(changes) }),
  })

test('while it looks no turn of the event loop works for more than 50 ms', async () => {
  const { journal } = await scored(350)
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
  const { applications, drift, windows } = await inThread(journal).look()
  going = false
  await watching
  assert.equal([applications, windows.length, drift!.found.columns.length > 20], [350, 1, true])
  assert.ok(turns > 30, `${turns} turns`)
  assert.ok(longest < 50, `a turn of ${longest.toFixed(1)} ms of processor time`)
})

test('the thread finds what this thread finds', async () => {
  const { journal } = await scored(200)
  const { at: _, ...found } = await here(journal).look()
  const { at: __, ...same } = await inThread(journal).look()
  assert.equal(JSON.parse(JSON.stringify(same)), JSON.parse(JSON.stringify(found)))
})

test('asked several times at once it looks once; when the journal has grown it looks anew', async () => {
  const { journal, score } = await scored(120)
  const monitor = here(journal)
  const [one, two] = await Promise.all([monitor.report(), monitor.report()])
  assert.is(one, two)
  assert.is(await monitor.report(), one)
  await score(20)
  const later = await monitor.report()
  assert.equal([one!.applications, later.applications], [120, 140])
})

test('what failed is tried anew', async () => {
  const { journal } = await scored(30)
  let broken = true
  const failing = Object.assign(Object.create(journal) as Journal, {
    rows: (...asked: Parameters<Journal['rows']>) =>
      broken ? Promise.reject(new Error('once')) : journal.rows(...asked),
  })
  for (const name of [
    'predictions',
    'reviews',
    'outcomes',
    'last',
    'alone',
    'keepReport',
    'report',
    'alerts',
    'keepAlert',
  ] as const)
    Object.assign(failing, { [name]: (journal[name] as (...asked: unknown[]) => unknown).bind(journal) })
  const monitor = here(failing)
  const error: unknown = await monitor.report().catch((reason: unknown) => reason)
  assert.match(String(error), /once/)
  broken = false
  assert.is((await monitor.report()).applications, 30)
})

test('25% defaults on 400 loans of a mean risk of 8% raise an alert once, which is told once and kept until the model changes', async () => {
  const journal = openSqliteJournal(':memory:')
  const { journal: some } = await scored(1)
  const { requestId } = (await some.predictions({ limit: 1 }))[0]!
  const template = (await some.prediction(requestId))!
  const id = (i: number) => `${String(i).padStart(10, '0')}${'A'.repeat(16)}`
  const at = new Date(Date.now() - 40 * 86_400_000).toISOString()
  for (let i = 0; i < 400; i++)
    await journal.record({ ...template, requestId: id(i), at, probability: 0.08, decision: 'approved' })
  await journal.recordOutcomes(
    Array.from({ length: 400 }, (_, i) => ({
      requestId: id(i),
      at: new Date().toISOString(),
      status: i % 4 === 0 ? ('defaulted' as const) : ('repaid' as const),
      date: new Date().toISOString().slice(0, 10),
    })),
  )
  const told: string[] = []
  const monitor = here(journal, (changes) => told.push(...changes.map(({ what, alert }) => `${alert.code} ${what}`)))
  const report = await monitor.look()
  await monitor.look()
  assert.is(report.verdict, 'look')
  assert.ok(report.because.includes('early_defaults'), String(report.because))
  assert.equal(
    told.filter((one) => one.startsWith('early_defaults')),
    ['early_defaults opened'],
  )
  const [alert] = (await journal.alerts({ open: true })).filter(({ code }) => code === 'early_defaults')
  assert.equal([alert!.severity, alert!.figures.defaults, alert!.figures.loans], ['critical', 100, 400])
  await journal.acknowledgeAlert(alert!.position, { at: report.at, by: 'Ana', note: 'asked for the files' })
  await monitor.look()
  const [same] = (await journal.alerts({ open: true })).filter(({ code }) => code === 'early_defaults')
  assert.equal([same!.position, same!.acknowledged?.by], [alert!.position, 'Ana'])
  const next = monitorOf({
    journal,
    version: '0123456789ab',
    engine: () => {
      const engine = monitorEngine(scorer, clients, () => reference)
      return { ...engine, report: async (options) => ({ ...(await engine.report(options)), version: '0123456789ab' }) }
    },
    now: Date.now,
  })
  await next.look()
  assert.equal(await journal.alerts({ open: true }), [])
})

test.run()
