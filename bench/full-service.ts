/** The service with a bundle of the real size: how soon it is ready, what an answer takes, and a decision in a real browser. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { quantile } from '../pipeline/data/quantile.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { withBrowser } from '../testing/browser.ts'
import { freePort, started, stop } from './api-process.ts'
import type { Taken } from './process-tree.ts'

const asked = 1000 // clients scored with reasons, one after the other

/** Starts the service on a bundle, scores clients and opens the page of the last decision. @throws Error when an answer is not as it should be */
export async function served(
  root: string,
  model: string,
): Promise<{ readonly taken: Omit<Taken, 'output'>; readonly note: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'full-service-'))
  const start = performance.now()
  using clients = Clients.open(model)
  const ids = clients.search('', asked).map(({ id }) => id)
  const port = await freePort()
  const env = { MODEL: model, PORT: String(port), JOURNAL: join(folder, 'journal.sqlite') }
  const server = await started(process.execPath, [join(root, 'dist/api/server.js')], env, port)
  try {
    const milliseconds: number[] = []
    let last = ''
    for (const client of ids) {
      const began = performance.now()
      const answer = await fetch(`${server.url}/v1/score`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ client }),
      })
      if (!answer.ok) throw new Error(`POST /v1/score of client ${client}: ${answer.status} ${await answer.text()}`)
      last = ((await answer.json()) as { requestId: string }).requestId
      milliseconds.push(performance.now() - began)
    }
    const page = await shown(`${server.url}/decisions/${last}?lang=en`)
    milliseconds.sort((a, b) => a - b)
    const status = readFileSync(`/proc/${server.pid}/status`, 'utf8')
    const [, , ...stat] = readFileSync(`/proc/${server.pid}/stat`, 'utf8')
      .replace(/\(.*\)/s, 'x')
      .split(' ')
    const peak = Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1e6
    const at = (share: number) => quantile(milliseconds, share).toFixed(1)
    return {
      taken: {
        wall: (performance.now() - start) / 1000,
        processor: (Number(stat[11]) + Number(stat[12])) / 100,
        peak,
        code: 0,
      },
      note: `Service ready in ${server.readyMs.toFixed(0)} ms; ${ids.length} clients scored with reasons one by one: median ${at(0.5)} ms, 99% within ${at(0.99)} ms; the decision's page is shown in ${page.toFixed(0)} ms`,
    }
  } finally {
    await stop(server)
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds until the page of a decision is loaded. @throws Error when it shows no probability */
const shown = (url: string): Promise<number> =>
  withBrowser(async (browser) => {
    const page = await browser.newPage()
    const began = performance.now()
    await page.goto(url, { waitUntil: 'load' })
    const took = performance.now() - began
    if (!/\d%/.test((await page.locator('main').textContent()) ?? '')) throw new Error(`${url} shows no probability`)
    return took
  })
