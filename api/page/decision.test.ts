/** The decision screen without a browser: reasons, drawings in numbers, what would change, another model, values taken over. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { alternatives, nothingSuffices } from '../../pipeline/scoring/counterfactual.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { application, service } from '../opened.test-data.ts'
import { readReference } from '../reference.ts'
import { applicantOf } from '../request.ts'
import { bandsOf } from './distribution.ts'
import { copied, score, show, textOf } from './shown.test-data.ts'
import { verdictOf } from './words.ts'

const { clients, ids, opened, scorer } = service(smallBundle())

test('a proposal of another model says so, keeps its figures and offers to score again', async () => {
  const app = await opened()
  const { requestId, probability } = await score(app, ids[0]!)
  await copied(app, requestId, { requestId: 'BBB', version: '0123456789ab', probability: 0.5, decision: 'declined' })
  const path = `/decisions/${`BBB${requestId}`.slice(0, 26)}`
  const { html } = await show(app, path)
  assert.match(textOf(html), /Cette proposition vient du modèle 0123456789ab ; le modèle actuel est/)
  assert.match(textOf(html), /50,0\u00a0%/)
  assert.not.match(html, /class="distribution"/)
  const again = await app.send('/decisions', { as: 'again', from: path.split('/').at(-1)! })
  const kept = await app.journal.prediction(again.headers.get('location')?.split('/').at(-1) ?? '')
  assert.equal([kept?.probability, kept?.version], [probability, scorer.bundle.version])
})

test('a proposal that was answered without reasons shows the same reasons as one answered with them', async () => {
  const app = await opened()
  const bodies: string[] = []
  for (const query of ['', '?reasons=false']) {
    const answer = await (await app.ask(`/v1/score${query}`, { client: ids[1] })).json()
    const { html } = await show(app, `/decisions/${(answer as { requestId: string }).requestId}`)
    bodies.push(/<section class="card" aria-labelledby="why">.*?<\/section>/s.exec(html)?.[0] ?? '')
  }
  assert.match(bodies[0] ?? '', /<li class="t-(up|down)">/)
  assert.is(bodies[0], bodies[1])
})

test('where no change of the loan is enough the page says so, with the strongest themes', async () => {
  const app = await opened()
  let seen = 0
  for (const id of ids.slice(0, 200)) {
    const proposed = await score(app, id)
    if (proposed.decision === 'approved') continue
    const applicant = clients.get(id)!
    const full = scorer.score(applicant)
    if (alternatives(scorer, applicant, full).length > 0) continue
    const said = nothingSuffices(full.reasons.against, scorer.catalogue)
    for (const language of ['fr', 'en'] as const)
      assert.ok(textOf((await show(app, `/decisions/${proposed.requestId}`, language)).html).includes(said[language]))
    if (++seen === 3) break
  }
  assert.is(seen, 3)
})

test('every drawing of a decision has its numbers in a table, and each band of risk its share', async () => {
  const app = await opened()
  const { requestId } = await score(app, ids[0]!)
  const { html } = await show(app, `/decisions/${requestId}`)
  const figures = html.split('<div class="drawing').slice(1)
  assert.is(figures.length, 3)
  for (const figure of figures) {
    assert.match(figure, /<\/svg><\/div>.{0,400}<details class="numbers">\s*<summary>/s)
    // Said where one points, or beside the bar.
    assert.match(figure, /<title>[^<]*\d[^<]*<\/title>|<text class="h b"[^>]*>[+−]\d/)
  }
  const { risks } = (await readReference(smallBundle()))!
  const shares = bandsOf(risks, 'fr').map(({ share }) => share)
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
  assert.is(shares[0], risks.filter((risk) => risk < 0.025).length / risks.length)
})

test('whatever the verdict, the style sheet has a rule for each tone that the screen names', async () => {
  const app = await opened()
  const css = await (await app.ask('/page/page.css')).text()
  const seen = new Set<string>()
  // An application without histories is referred.
  for (const body of [{ application }, ...ids.slice(0, 300).map((client) => ({ client }))]) {
    const { requestId } = (await (await app.ask('/v1/score', body)).json()) as { requestId: string }
    const verdict = verdictOf((await app.journal.prediction(requestId))!)
    if (seen.has(verdict)) continue
    seen.add(verdict)
    for (const path of [`/decisions/${requestId}`, `/decisions/${requestId}/what-if`, '/', '/journal']) {
      const { html } = await show(app, path)
      for (const [, classes = ''] of html.matchAll(/ class="([^"]*)"/g))
        for (const tone of classes.split(' ').filter((one) => one.startsWith('t-')))
          assert.match(css, new RegExp(`\\.${tone}(?![\\w-])`), `${path}: ${tone}`)
    }
  }
  assert.equal([...seen].toSorted(), ['approved', 'declined', 'referred'])
})

test('a form that is sent twice as it stands is scored once; filled in anew it is scored anew', async () => {
  const app = await opened()
  const { html } = await show(app, '/')
  const once = /name="once" value="([\w-]+)"/.exec(html)?.[1] ?? ''
  const send = async (client: number, word: string) =>
    (await app.send('/decisions', { as: 'client', client: String(client), once: word })).headers.get('location')
  const first = await send(ids[0]!, once)
  assert.match(first ?? '', /^\/decisions\/[0-9A-Z]{26}$/)
  assert.is(await send(ids[0]!, once), first)
  assert.is.not(await send(ids[1]!, once), first)
  const again = /name="once" value="([\w-]+)"/.exec((await show(app, '/')).html)?.[1] ?? ''
  assert.is.not(await send(ids[0]!, again), first)
  const together = await Promise.all([send(ids[2]!, again), send(ids[2]!, again)])
  assert.is(together[0], together[1])
  assert.is((await app.journal.predictions({ limit: 9 })).length, 4)
})

test('a down payment lowers the loan and keeps the price; what the client cannot change is never taken over', async () => {
  const app = await opened()
  const { requestId } = await score(app, ids[0]!)
  const input = (await app.journal.prediction(requestId))!.input
  const own = applicantOf(input, clients)!.application
  const sent = { down: '10000', EXT_SOURCE_2: '99', DAYS_EMPLOYED: '20' }
  const box = await show(app, `/decisions/${requestId}/what-if?${new URLSearchParams(sent)}`, 'en')
  assert.match(textOf(box.html), /With these values .*\d%/)
  const adopted = await app.send(`/decisions?from=${requestId}`, sent)
  const kept = await app.journal.prediction(adopted.headers.get('location')?.split('/').at(-1) ?? '')
  const { application } = kept!.input as { application: Record<string, unknown> }
  assert.equal(
    [application.AMT_CREDIT, application.AMT_GOODS_PRICE, application.EXT_SOURCE_2, application.DAYS_EMPLOYED],
    [Number(own.AMT_CREDIT) - 10_000, own.AMT_GOODS_PRICE, own.EXT_SOURCE_2, own.DAYS_EMPLOYED],
  )
})

test.run()
