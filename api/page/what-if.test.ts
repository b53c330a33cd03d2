/** What the what-if owns up to: an estimate that moves against reason is said in the box and noted in the log, nothing else is. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import type { LogEntry } from '../log.ts'
import { service } from '../opened.test-data.ts'
import { texts } from './texts.ts'

const { clients, ids, opened, scorer } = service(smallBundle())

test('a lower amount that raises the risk, or a higher one that lowers it, is said and logged; otherwise neither', async () => {
  const entries: LogEntry[] = []
  const { app, ask } = await opened({ log: (entry) => entries.push(entry) })
  const seen = { lower: 0, higher: 0, neither: 0 }
  for (const client of ids.slice(0, 60)) {
    const applicant = clients.get(client)!
    const own = applicant.application.AMT_CREDIT as number
    const { requestId, probability } = (await (await ask('/v1/score?reasons=false', { client })).json()) as {
      requestId: string
      probability: number
    }
    for (const share of [0.4, 0.8, 1.5]) {
      const AMT_CREDIT = Math.round(own * share)
      const application = { ...applicant.application, AMT_CREDIT }
      const moved = scorer.score({ ...applicant, application }, { explain: false }).probability - probability
      const strange = Math.abs(moved) >= 0.001 && Math.sign(moved) !== Math.sign(share - 1)
      const kind = strange ? (share < 1 ? 'lower' : 'higher') : 'neither'
      seen[kind]++
      const path = `/decisions/${requestId}/what-if?AMT_CREDIT=${AMT_CREDIT}`
      const box = await (await app.request(path, { headers: { 'accept-language': 'en' } })).text()
      const { lower, higher } = texts.en.whatIf.against
      assert.equal(
        [box.includes(lower), box.includes(higher)],
        [kind === 'lower', kind === 'higher'],
        `${client} × ${share}`,
      )
      assert.is(entries.at(-1)?.note, strange ? `${kind}_amount_against_reason` : undefined)
    }
  }
  assert.ok(seen.lower > 0 && seen.higher > 0 && seen.neither > 0, JSON.stringify(seen))
})

test('with the income moved too nothing is said of the amount', async () => {
  const entries: LogEntry[] = []
  const { app, ask } = await opened({ log: (entry) => entries.push(entry) })
  for (const client of ids.slice(0, 20)) {
    const { requestId } = (await (await ask('/v1/score?reasons=false', { client })).json()) as { requestId: string }
    const income = Number(clients.get(client)!.application.AMT_INCOME_TOTAL) / 2
    await app.request(`/decisions/${requestId}/what-if?AMT_CREDIT=60000&AMT_INCOME_TOTAL=${Math.round(income)}`)
  }
  assert.equal(
    entries.flatMap(({ note }) => note ?? []),
    [],
  )
})

test.run()
