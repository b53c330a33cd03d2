/** The page's budgets in a real Chromium with its processor slowed four times, over loopback: each figure beside its budget. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { argumentsOf } from '../commands/usage.ts'
import { quantileOf } from '../pipeline/data/quantile.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { openBrowser } from '../testing/browser.ts'
import { drag, moves } from './page-moves.ts'

const usage = `usage: npm run bench:page [-- --slower 4] [--visits 9] [--moves 200]

--slower N  how many times the processor of the browser is slowed
--visits N  of each page
--moves N   of a lever, while what-if answers are timed

MODEL is another bundle than artifacts/model.`

const { values: options } = argumentsOf(usage, {
  options: {
    slower: { type: 'string', default: '4' },
    visits: { type: 'string', default: '9' },
    moves: { type: 'string', default: '200' },
  },
})
const bundle = resolve(process.env.MODEL ?? 'artifacts/model')
const folder = mkdtempSync(join(tmpdir(), 'bench-page-'))

let missed = 0
function row(what: string, figure: number, unit: string, budget: number | null, note = ''): void {
  const fine = budget === null || figure <= budget
  if (!fine) missed++
  const digits = unit === 'kB' ? 1 : 0
  const verdict = budget === null ? '' : `budget ${budget} ${unit}: ${fine ? 'met' : 'MISSED'}`
  console.log(
    `${what.padEnd(46)} ${figure.toFixed(digits).padStart(7)} ${unit.padEnd(4)} ${verdict.padEnd(24)} ${note}`,
  )
}

const spread = (values: readonly number[]) =>
  `${quantileOf(values, 0).toFixed(0)} to ${quantileOf(values, 1).toFixed(0)} in ${values.length} visits`

async function service(): Promise<{ child: ChildProcess; url: string }> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  const port = typeof address === 'object' && address ? address.port : 0
  const env = { ...process.env, MODEL: bundle, JOURNAL: join(folder, 'journal.sqlite'), PORT: String(port) }
  const child = spawn(process.execPath, ['dist/api/server.js'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (child.exitCode !== null) throw new Error(`dist/api/server.js ended with ${child.exitCode}`)
    const up = await fetch(`${url}/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return { child, url }
    await new Promise((done) => setTimeout(done, 50))
  }
}

/** A page that is new to the service: nothing cached, the processor slowed. */
async function visitor(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'fr-FR' })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: Number(options.slower) })
  await page.addInitScript(() => {
    const seen = { largest: 0 }
    Object.assign(globalThis, { seen })
    new PerformanceObserver((list) => {
      for (const { startTime } of list.getEntries()) seen.largest = startTime
    }).observe({ type: 'largest-contentful-paint', buffered: true })
  })
  return page
}

interface Paints {
  readonly first: number
  readonly largest: number
  readonly usable: number
}

const paintsOf = (page: Page): Promise<Paints> =>
  page.evaluate(async () => {
    await document.fonts.ready
    await new Promise((done) => setTimeout(done, 300))
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return {
      first: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN,
      largest: (globalThis as unknown as { seen: { largest: number } }).seen.largest,
      usable: navigation?.domContentLoadedEventEnd ?? Number.NaN,
    }
  })

async function paints(browser: Browser, url: string): Promise<Record<keyof Paints, number[]>> {
  const all: Paints[] = []
  for (let visit = 0; visit < Number(options.visits); visit++) {
    const page = await visitor(browser)
    await page.goto(url)
    all.push(await paintsOf(page))
    await page.context().close()
  }
  const of = (name: keyof Paints) => all.map((one) => one[name])
  return { first: of('first'), largest: of('largest'), usable: of('usable') }
}

/** What a first visit receives, by kind: bytes as sent, headers too. */
async function wire(browser: Browser, url: string): Promise<Map<string, number>> {
  const page = await visitor(browser)
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('Network.enable')
  const kinds = new Map<string, string>()
  const bytes = new Map<string, number>()
  devtools.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other'
    bytes.set(kind, (bytes.get(kind) ?? 0) + encodedDataLength)
  })
  await page.goto(url, { waitUntil: 'networkidle' })
  await page.context().close()
  return bytes
}

/** The proposal nearest above the cut-off among the first clients: its screen has most to say. */
async function decisionOf(url: string): Promise<string> {
  const clients = Clients.open(bundle)
  const ids = clients.search('', 60).map(({ id }) => id)
  clients.close()
  let [best, path] = [Number.POSITIVE_INFINITY, '']
  for (const client of ids) {
    const answer = await fetch(`${url}/v1/score`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ client }),
    })
    const { requestId, probability, threshold } = (await answer.json()) as Record<string, number>
    const beyond = Number(probability) - Number(threshold)
    if (beyond >= 0 && beyond < best) [best, path] = [beyond, `/decisions/${requestId}`]
  }
  return url + path
}

async function measured(url: string, browser: Browser): Promise<void> {
  const decision = await decisionOf(url)
  const text = async (address: string) => Buffer.from(await (await fetch(address)).arrayBuffer())
  const html = await text(`${decision}?lang=fr`)
  const kB = (bytes: number) => bytes / 1000
  row('decision page, HTML', kB(html.length), 'kB', 45, `${kB(gzipSync(html).length).toFixed(1)} kB in gzip`)
  const links = [...html.toString().matchAll(/(?:href|src)="(\/page\/[^"]+\.(css|js))"/g)]
  const base = links.find(([, , kind]) => kind === 'js')?.[1]?.replace(/[^/]+$/, '') ?? ''
  const modules = ['page', 'connection', 'form', 'numbers', 'review', 'what-if'].map((name) => `${base}${name}.js`)
  const size = async (paths: readonly string[]) =>
    (await Promise.all(paths.map((path) => text(url + path)))).reduce((sum, { length }) => sum + length, 0)
  row('style sheet', kB(await size([`${base}page.css`])), 'kB', 24)
  row('script', kB(await size(modules)), 'kB', 20)
  const sent = await wire(browser, decision)
  const total = [...sent.values()].reduce((sum, bytes) => sum + bytes, 0)
  const parts = [...sent].map(([kind, bytes]) => `${kind.toLowerCase()} ${kB(bytes).toFixed(1)}`).join(', ')
  row('first visit to a decision, over the wire', kB(total), 'kB', null, parts)

  const find = await paints(browser, url)
  row('find a client, first paint', quantileOf(find.first, 0.5), 'ms', 500, spread(find.first))
  const opened = await paints(browser, decision)
  row('decision, first paint', quantileOf(opened.first, 0.5), 'ms', 500, spread(opened.first))
  row('decision, largest paint', quantileOf(opened.largest, 0.5), 'ms', 900, spread(opened.largest))

  const page = await visitor(browser)
  await page.goto(decision)
  const times = await moves(page, Number(options.moves))
  row(
    'what-if, input to paint, 95 of 100',
    quantileOf(times, 0.95),
    'ms',
    100,
    `median ${quantileOf(times, 0.5).toFixed(0)}, worst ${quantileOf(times, 1).toFixed(0)} of ${times.length} moves`,
  )
  const dragged = await drag(page, Number(options.moves))
  row(
    'what-if dragged, answers out of order',
    dragged.outOfOrder,
    '',
    0,
    `${dragged.shown} answers shown of ${options.moves} moves, the last one of the last`,
  )
  await page.context().close()

  const report = await fetch(`${url}/reports/drift/index.html`, { method: 'HEAD' })
  if (report.ok) {
    const drift = await paints(browser, `${url}/reports/drift/index.html`)
    row('drift report, usable', quantileOf(drift.usable, 0.5), 'ms', 1000, spread(drift.usable))
  } else console.log('drift report: not installed with this service')
}

const { child, url } = await service()
const { browser, close } = await openBrowser()
try {
  const load = loadavg()[0]?.toFixed(1)
  console.log(
    `Chromium ${browser.version()}, its processor slowed ${options.slower} times; medians; load ${load} on ${availableParallelism()} processors`,
  )
  await measured(url, browser)
} finally {
  await close()
  child.kill()
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  rmSync(folder, { recursive: true, force: true })
}
if (process.env.BENCH_STRICT === '1' && missed > 0) process.exitCode = 1
