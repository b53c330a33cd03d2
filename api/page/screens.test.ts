/** The quieter screens without a browser: journal with filters and CSV, monitoring, model, reports, rights, and every state of trouble. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallBundle } from '../../commands/bundles.ts'
import { alternatives, nothingSuffices } from '../../pipeline/scoring/counterfactual.ts'
import { JournalError, type Prediction } from '../journal/journal.ts'
import { openSqliteJournal } from '../journal/sqlite.ts'
import { least } from '../monitor.ts'
import { service } from '../opened.test-data.ts'
import { readReference } from '../reference.ts'
import { applicantOf } from '../request.ts'
import { assets, stamp } from './assets.ts'
import { dayText } from './browse.ts'
import { bandsOf } from './distribution.ts'
import { dayOf, dayStart } from './words.ts'

const { clients, ids, opened, scorer } = service(smallBundle())

type App = Awaited<ReturnType<typeof opened>>

const textOf = (html: string) =>
  html
    .replace(/<(style|script)[^>]*>.*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[ \n\t]+/g, ' ')
const show = async ({ app }: App, path: string, language = 'fr') => {
  const answer = await app.request(path, { headers: { accept: 'text/html', 'accept-language': language } })
  return { status: answer.status, headers: answer.headers, html: await answer.text() }
}
const score = async (app: App, client: number) =>
  (await (await app.ask('/v1/score', { client })).json()) as {
    requestId: string
    decision: 'granted' | 'refused'
    probability: number
  }

/** A recorded proposal of some other day, model or latency. */
async function copied(app: App, requestId: string, changes: Partial<Prediction>): Promise<void> {
  const one = (await app.journal.prediction(requestId))!
  const id = `${changes.requestId ?? ''}${requestId}`.slice(0, 26)
  await app.journal.record({ ...one, ...changes, requestId: id })
}

test('the journal is filtered by day, proposal, decision and model, and its CSV holds the same rows', async () => {
  const app = await opened()
  const made: Awaited<ReturnType<typeof score>>[] = []
  for (const id of ids.slice(0, 12)) made.push(await score(app, id))
  await copied(app, made[0]!.requestId, { requestId: 'AAA', at: '2026-03-01T23:30:00.000Z', version: '0123456789ab' })
  const first = made[0]!
  await app.ask(`/v1/predictions/${first.requestId}/review`, { outcome: 'escalated' })
  const rows = async (query: string) => {
    const { html } = await show(app, `/journal${query}`)
    const csv = await (await app.app.request(`/journal.csv${query}`)).text()
    const shown = [...html.matchAll(/<tr><th scope="row"[^>]*><a href="\/decisions\/(\w+)"/g)].map((found) => found[1])
    assert.equal(
      csv
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[0]),
      shown,
      query,
    )
    return shown
  }
  assert.is((await rows('')).length, 13)
  const granted = made.filter(({ decision }) => decision === 'granted').length
  const copies = first.decision === 'granted' ? 1 : 0
  assert.is((await rows('?proposal=granted')).length, granted + copies)
  assert.equal(await rows('?decision=escalated'), [first.requestId])
  assert.is((await rows('?decision=none')).length, 12)
  assert.is((await rows('?version=0123456789ab')).length, 1)
  // 23:30 UTC is half past midnight of the next day at the lender's.
  assert.is((await rows('?from=2026-03-02&to=2026-03-02')).length, 1)
  assert.is((await rows('?to=2026-03-01')).length, 0)
  assert.is((await rows('?from=nonsense&version=%27')).length, 13)
})

test('a day begins at midnight in Paris, in winter and in summer', () => {
  assert.is(new Date(dayStart('2026-01-15')).toISOString(), '2026-01-14T23:00:00.000Z')
  assert.is(new Date(dayStart('2026-07-15')).toISOString(), '2026-07-14T22:00:00.000Z')
  assert.is(dayStart('2026-01-15', 1) - dayStart('2026-01-15'), 86_400_000)
})

test('monitoring says what the journal and the bundle hold, and says that it is too early while it is', async () => {
  const app = await opened()
  assert.match(textOf((await show(app, '/monitoring')).html), /Aucune proposition pour l’instant/)
  for (const id of ids.slice(0, 5)) await score(app, id)
  const { html } = await show(app, '/monitoring')
  assert.match(textOf(html), new RegExp(`Moins de ${least} propositions`))
  const predictions = await app.journal.predictions({ limit: 10 })
  const granted = predictions.filter(({ decision }) => decision === 'granted').length / 5
  assert.ok(textOf(html).includes(`${Math.round(granted * 100)}\u00a0%`))
})

test('the same clients as in training raise no alarm of drift, riskier ones do', async () => {
  const usual = await opened()
  const one = await score(usual, ids[0]!)
  const file = openSqliteJournal(':memory:')
  const risky = await opened({}, file)
  const { risks } = (await readReference(smallBundle()))!
  const template = (await usual.journal.prediction(one.requestId))!
  const id = (i: number) => `${String(i).padStart(10, '0')}${'A'.repeat(16)}`
  for (let i = 0; i < 400; i++) {
    const probability = risks[Math.floor(((i + 0.5) / 400) * risks.length)]!
    const decision = (p: number) => (p >= scorer.bundle.threshold ? 'refused' : 'granted')
    const same = { ...template, requestId: id(i), explanation: null }
    await usual.journal.record({ ...same, probability, decision: decision(probability) })
    const worse = Math.min(1, probability * 1.8)
    await file.record({ ...same, probability: worse, decision: decision(worse), latencyMs: 900 })
  }
  const told = async (app: App) => textOf((await show(app, '/monitoring', 'en')).html)
  assert.not.match(await told(usual), /predicted risk has moved|Approval rate: .* against/)
  const alarmed = await told(risky)
  assert.match(alarmed, /The predicted risk has moved/)
  assert.match(alarmed, /Approval rate: /)
  assert.match(alarmed, /Slow answers: 900 ms/)
})

test('reports are listed where they are, served under their own policy, and nothing outside their folder is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reports-'))
  try {
    mkdirSync(join(folder, 'drift'))
    writeFileSync(
      join(folder, 'drift', 'index.html'),
      `<!doctype html><head><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-abc&#39;"></head>`,
    )
    writeFileSync(join(folder, 'bare.html'), '<script>1</script>')
    const app = await opened({ reports: folder })
    assert.ok((await show(app, '/model')).html.includes('href="/reports/drift/index.html"'))
    const report = await show(app, '/reports/drift/index.html')
    assert.is(
      report.headers.get('content-security-policy'),
      "default-src 'none'; style-src 'sha256-abc'; frame-ancestors 'none'",
    )
    assert.match((await show(app, '/reports/bare.html')).headers.get('content-security-policy') ?? '', /sandbox/)
    for (const path of [
      '/reports/../package.json',
      '/reports/%2e%2e/package.json',
      '/reports/none.html',
      '/reports/drift',
    ])
      assert.is((await show(app, path)).status, 404, path)
    assert.match(textOf((await show(await opened(), '/model')).html), /ne sont pas installés/)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('while the journal is down a client can still be found, a proposal is refused in words, and nobody is told a lie', async () => {
  const down = () => Promise.reject(new JournalError('the disk is full'))
  const app = await opened(
    {},
    {
      ...openSqliteJournal(':memory:'),
      record: down,
      predictions: down,
      prediction: down,
      reviews: down,
      review: down,
      check: async () => false,
      close: async () => {},
    },
  )
  const home = await show(app, '/')
  assert.is(home.status, 200)
  assert.match(textOf(home.html), /Le journal ne répond pas : les dernières propositions/)
  assert.is((await show(app, '/model')).status, 200)
  const refused = await app.send('/decisions', { as: 'client', client: String(ids[0]) })
  assert.is(refused.status, 503)
  const text = textOf(await refused.text())
  assert.match(text, /aucune proposition n’est donnée tant qu’elle ne peut pas être enregistrée/)
  assert.match(text, /appelez l’exploitation en donnant la référence/)
  assert.match(text, /Référence de la demande : [0-9A-Z]{26}/)
})

test('a proposal of another model says so, keeps its figures and offers to score again', async () => {
  const app = await opened()
  const { requestId, probability } = await score(app, ids[0]!)
  await copied(app, requestId, { requestId: 'BBB', version: '0123456789ab', probability: 0.5, decision: 'refused' })
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

test('where no change of the loan is enough the page says so, and what weighs most', async () => {
  const app = await opened()
  let seen = 0
  for (const id of ids.slice(0, 200)) {
    const proposed = await score(app, id)
    if (proposed.decision === 'granted') continue
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
    assert.match(figure, /<\/svg><\/div>.{0,400}<details class="numbers"><summary>/s)
    assert.match(figure, /<title>[^<]*\d[^<]*<\/title>/)
  }
  const { risks } = (await readReference(smallBundle()))!
  const shares = bandsOf(risks, 'fr').map(({ share }) => share)
  assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
  assert.is(shares[0], risks.filter((risk) => risk < 0.025).length / risks.length)
})

test('days of the journal’s filter are read as they are written in both languages', () => {
  for (const text of ['24/11/2026', '24.11.2026', '24 Nov 2026', '24 november 2026', '2026-11-24'])
    assert.is(dayText(text), '2026-11-24', text)
  for (const text of ['', '31/02/2026', '11/24/2026', '24 xxx 2026', 'hier']) assert.is(dayText(text), '', text)
  for (const language of ['fr', 'en'] as const) assert.is(dayText(dayOf('2026-09-01', language)), '2026-09-01')
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

test('the rights are shown to anybody, in both languages, without a key', async () => {
  const app = await opened({ keys: [{ role: 'score', hash: Buffer.alloc(32) }] })
  for (const [language, word] of [
    ['fr', 'RGPD'],
    ['en', 'GDPR'],
  ] as const) {
    const { status, html } = await show(app, '/rights', language)
    assert.is(status, 200)
    assert.ok(html.includes(word))
  }
})

test('style, script and pages stay within their budgets', async () => {
  const app = await opened()
  const size = (name: string) => Buffer.byteLength(assets[name]!.body)
  assert.ok(size('page.css') <= 24_000, `style ${size('page.css')}`)
  const scripts = Object.keys(assets).filter((name) => name.endsWith('.js'))
  const script = scripts.reduce((sum, name) => sum + size(name), 0)
  assert.ok(script <= 20_000, `script ${script}`)
  const paths = ['/', '/applications/new?example=1', '/journal', '/monitoring', '/model', '/rights']
  for (const id of ids.slice(0, 15)) paths.push(`/decisions/${(await score(app, id)).requestId}`)
  for (const language of ['fr', 'en'])
    for (const path of paths) {
      const { html } = await show(app, path, language)
      assert.ok(Buffer.byteLength(html) <= 45_000, `${path}: ${Buffer.byteLength(html)}`)
    }
  const kept = await app.app.request(`/page/${stamp}/page.css`)
  assert.match(kept.headers.get('cache-control') ?? '', /immutable/)
  assert.is((await app.app.request('/page/00000000/page.css')).headers.get('cache-control'), 'no-cache')
})

test('what monitoring counted is counted anew when a decision comes in', async () => {
  const app = await opened()
  const { requestId } = await score(app, ids[0]!)
  assert.match(textOf((await show(app, '/monitoring')).html), /Propositions suivies d’une décision 0\u00a0%/)
  await app.ask(`/v1/predictions/${requestId}/review`, { outcome: 'escalated' })
  assert.match(textOf((await show(app, '/monitoring')).html), /Propositions suivies d’une décision 100\u00a0%/)
})

test.run()
