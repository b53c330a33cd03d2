/** What the what-if owns up to: an estimate that moves against reason is said in the box and noted in the log, nothing else is. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../testing/bundles.ts'
import type { LogEntry } from '../log.ts'
import { service } from '../opened.test-data.ts'
import { show, textOf } from './shown.test-data.ts'
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

test('values that cannot be read or are refused are said at their fields, and are never adopted, nor is nothing', async () => {
  const app = await opened()
  const { requestId } = (await (await app.ask('/v1/score?reasons=false', { client: ids[0] })).json()) as {
    requestId: string
  }
  const path = `/decisions/${requestId}`
  const own = clients.get(ids[0]!)!.application
  for (const [name, text, words] of [
    ['AMT_CREDIT', 'abc', /supérieur à 0 €/],
    ['AMT_CREDIT', '', /supérieur à 0 €/],
    ['AMT_CREDIT', '0', /supérieur à 0 €/],
    ['AMT_CREDIT', '-5', /supérieur à 0 €/],
    ['AMT_CREDIT', '99999999999', /d’au plus 10\u00a0000\u00a0000/],
    ['AMT_CREDIT', '800,000', /supérieur à 0 €/],
    ['AMT_ANNUITY', String(own.AMT_CREDIT), /inférieur au crédit/],
    ['down', String(own.AMT_CREDIT), /inférieur au crédit/],
    ['EXT_SOURCE_2', '0,48', /0,48 ou 48 \?/],
    ['EXT_SOURCE_2', '101', /de 0 à 100/],
  ] as const) {
    const sent = { [name]: text, language: 'fr' }
    const { html } = await show(app, `${path}?${new URLSearchParams(sent)}`)
    const error = new RegExp(`<p class="error" id="${name}-error">(.*?)</p>`).exec(html)?.[1] ?? ''
    assert.match(error, words, `${name} ${text}`)
    assert.match(html, new RegExp(`id="${name}"[^>]*value="${text}" aria-invalid="true"`))
    assert.match(html, /data-adopt[^>]* disabled>/)
    assert.ok(textOf(html).includes(texts.fr.whatIf.corrected))
    const answer = await app.send(`/decisions?from=${requestId}`, sent)
    const back = await show(app, answer.headers.get('location') ?? '')
    assert.ok(back.html.includes(`id="${name}-error"`), 'back at the field')
  }
  // Nothing moved, and what the client cannot change.
  for (const sent of [{}, { AMT_CREDIT: String(own.AMT_CREDIT) }, { EXT_SOURCE_2: '99' }] as Record<string, string>[]) {
    const { html } = await show(app, `${path}?${new URLSearchParams(sent)}`)
    assert.match(html, /data-adopt[^>]* disabled>/)
    assert.match((await app.send(`/decisions?from=${requestId}`, sent)).headers.get('location') ?? '', path)
  }
  assert.is((await app.journal.predictions({ limit: 9 })).length, 1)
  const dotted = await app.send(`/decisions?from=${requestId}`, { AMT_CREDIT: '800.000', language: 'fr' })
  const kept = await app.journal.prediction(dotted.headers.get('location')?.split('/').at(-1) ?? '')
  assert.is((kept!.input as { application: Record<string, unknown> }).application.AMT_CREDIT, 800_000)
})

test('numbers are read in the language they were typed in, whichever the page has since', async () => {
  const app = await opened()
  const { requestId } = (await (await app.ask('/v1/score?reasons=false', { client: ids[0] })).json()) as {
    requestId: string
  }
  const { html } = await show(app, `/decisions/${requestId}?AMT_CREDIT=300,000&language=en`, 'fr')
  assert.match(html, /id="AMT_CREDIT"[^>]*value="300\u00a0000"/)
})

test.run()
