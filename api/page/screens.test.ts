/** The quieter screens without a browser: monitoring, reports, rights, budgets, and every state of trouble. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defaultMinCount } from '../../pipeline/drift/policy.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { JournalError } from '../journal/journal.ts'
import { openSqliteJournal } from '../journal/sqlite.ts'
import { service } from '../opened.test-data.ts'
import { readReference } from '../reference.ts'
import { assets, stamp } from './assets.ts'
import { type App, score, show, textOf } from './shown.test-data.ts'

const { ids, opened, scorer } = service(smallBundle())

test('monitoring says what the journal and the bundle hold, and says that it is too early while it is', async () => {
  const app = await opened()
  assert.match(textOf((await show(app, '/monitoring')).html), /Aucune proposition pour l’instant/)
  for (const id of ids.slice(0, 5)) await score(app, id)
  const { html } = await show(app, '/monitoring')
  assert.match(textOf(html), new RegExp(`Moins de ${defaultMinCount} propositions`))
  const predictions = await app.journal.predictions({ limit: 10 })
  const approved = predictions.filter(({ decision }) => decision === 'approved').length / 5
  assert.ok(textOf(html).includes(`${Math.round(approved * 100)}\u00a0%`))
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
    const decision = (p: number) => (p >= scorer.bundle.threshold ? 'declined' : 'approved')
    const same = { ...template, requestId: id(i), explanation: null }
    await usual.journal.record({ ...same, probability, decision: decision(probability) })
    const worse = Math.min(1, probability * 1.8)
    await file.record({ ...same, probability: worse, decision: decision(worse), latencyMs: 900 })
  }
  const shown = async (app: App) => textOf((await show(app, '/monitoring', 'en')).html)
  assert.not.match(await shown(usual), /predicted risk has moved|of the reference clients would be/)
  const alarmed = await shown(risky)
  assert.match(alarmed, /The predicted risk has moved/)
  assert.match(alarmed, /are approved, .* of the reference clients would be/)
  assert.match(alarmed, /100.*% of the answers take longer than half a second/)
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
    assert.not.match((await show(app, '/model')).html, 'href="/reports/"')
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>All</title>')
    assert.match((await show(app, '/model')).html, '<li><a href="/reports/">')
    assert.match((await show(app, '/reports/')).html, '<title>All</title>')
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

test('while the journal is down a client can still be found, a proposal is refused in words, and nothing false is shown', async () => {
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
      last: down,
      check: async () => new JournalError('the disk is full'),
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
      assert.ok(Buffer.byteLength(html) <= 46_000, `${path}: ${Buffer.byteLength(html)}`)
    }
  const kept = await app.app.request(`/page/${stamp}/page.css`)
  assert.match(kept.headers.get('cache-control') ?? '', /immutable/)
  assert.is((await app.app.request('/page/00000000/page.css')).headers.get('cache-control'), 'no-cache')
})

test('an alert is shown with its words, and stays with the note of whoever says that he has seen it', async () => {
  const app = await opened()
  await score(app, ids[0]!)
  await app.journal.keepAlert({
    version: scorer.bundle.version,
    code: 'default_rate',
    severity: 'critical',
    opened: '2027-03-02T10:00:00.000Z',
    changePoint: '2027-02-20',
    resolved: null,
    figures: { outcomes: 400, rate: 0.25, risk: 0.081 },
  })
  // What the monitor no longer finds it resolves: as it lies in the journal it is shown while nobody looks.
  const journal = Object.assign(app.journal, { resolveAlert: async () => {} })
  const shown = async () => textOf((await show(app, '/monitoring', 'en')).html)
  assert.match(await shown(), /Of 400 loans whose outcome counts 25.*% defaulted, where the model had stated 8\.1/)
  assert.match(await shown(), /began about 20 February 2027/)
  const [alert] = await journal.alerts({ open: true })
  const note = 'The new broker: stopped <today>'
  const path = `/monitoring/alerts/${alert!.position}/acknowledge`
  assert.is((await app.send(path, { note })).status, 303)
  assert.match(await shown(), /Seen .*The new broker: stopped &lt;today&gt;/)
  assert.is((await app.send('/monitoring/alerts/99/acknowledge', { note })).status, 404)
  assert.is((await app.send(path, { note: 'x'.repeat(501) })).status, 400)
})

test('what monitoring counted is counted anew when a decision comes in', async () => {
  const app = await opened()
  const { requestId } = await score(app, ids[0]!)
  assert.match(textOf((await show(app, '/monitoring')).html), /Propositions suivies d’une décision 0\u00a0%/)
  await app.ask(`/v1/predictions/${requestId}/review`, { decision: 'referred' })
  assert.match(textOf((await show(app, '/monitoring')).html), /Propositions suivies d’une décision 100\u00a0%/)
})

test.run()
