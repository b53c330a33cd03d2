/** What the monitor costs: a week of 2,000 applications by the command, and how long a score takes while the service's own monitor looks. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { createApp } from '../api/app.ts'
import { openSqliteJournal } from '../api/journal/sqlite.ts'
import { argumentsOf } from '../commands/usage.ts'
import { quantileOf } from '../pipeline/data/quantile.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { measured } from './process-tree.ts'

const usage = `usage: npm run bench:monitor [-- --applications 2000] [--seconds 30] [--rate 40]

--applications N  in the journal, within the last week
--seconds N       of scoring without and with the monitor
--rate N          scores a second meanwhile

MODEL is another bundle than artifacts/model.`

const { values: options } = argumentsOf(usage, {
  options: {
    applications: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' },
    rate: { type: 'string', default: '40' },
  },
})
const bundle = resolve(process.env.MODEL ?? 'artifacts/model')
const folder = mkdtempSync(join(tmpdir(), 'bench-monitor-'))
const journalFile = join(folder, 'journal.sqlite')
const week = 7 * 86_400_000
const applications = Number(options.applications)

/** A journal of real answers of a week, through the service itself. */
async function fill(): Promise<number[]> {
  using scorer = Scorer.open(bundle)
  using clients = Clients.open(bundle)
  const ids = clients.search('', 4000).map(({ id }) => id)
  const journal = openSqliteJournal(journalFile)
  let now = Date.now() - week
  const app = createApp(scorer, clients, journal, { now: () => now })
  for (let i = 0; i < applications; i += 50) {
    now = Date.now() - week + (i / applications) * week
    const body = JSON.stringify(
      Array.from({ length: Math.min(50, applications - i) }, (_, k) => ({ client: ids[(i + k) % ids.length] })),
    )
    const answer = await app.request('/v1/score/batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    })
    await answer.text()
  }
  await journal.close()
  return ids
}

/** Peak memory of a process, MB. */
const peakOf = (pid: number): number =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024

async function command(): Promise<void> {
  const { wall, processor, peak } = await measured(process.execPath, ['dist/commands/monitor.js', '--no-fail'], {
    cwd: process.cwd(),
    env: { JOURNAL: journalFile, MODEL: bundle },
  })
  console.log(
    `npm run monitor on ${applications} applications: ${wall.toFixed(2)} s, ${processor.toFixed(2)} s of processor, ${(peak * 1000).toFixed(0)} MB at most`,
  )
}

async function started(every: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--max-semi-space-size=8', 'dist/api/server.js'], {
    env: { ...process.env, PORT: '0', STOP_DELAY: '0', JOURNAL: journalFile, MODEL: bundle, MONITOR_EVERY: every },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  for await (const text of child.stderr!) {
    const url = /http:\/\/\S+/.exec(String(text))?.[0]
    if (url) return { child, url }
  }
  throw new Error('the service ended before it listened')
}

/** Milliseconds of each score, sent at a fixed pace. */
async function scored(url: string, ids: readonly number[]): Promise<number[]> {
  const [rate, seconds] = [Number(options.rate), Number(options.seconds)]
  const took: number[] = []
  const sent: Promise<void>[] = []
  for (let i = 0; i < rate * seconds; i++) {
    const begun = performance.now()
    const body = JSON.stringify({ client: ids[(i * 7) % ids.length] })
    sent.push(
      fetch(`${url}/v1/score`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }).then(
        async (answer) => {
          await answer.text()
          took.push(performance.now() - begun)
        },
      ),
    )
    await after(1000 / rate)
  }
  await Promise.all(sent)
  return took
}

async function main(): Promise<void> {
  try {
    console.log(`${availableParallelism()} cores, load ${loadavg()[0]!.toFixed(1)}`)
    const ids = await fill()
    await command()
    for (const every of ['off', '10s', 'off', '10s']) {
      const { child, url } = await started(every)
      child.stderr!.resume()
      await scored(url, ids.slice(0, 50)).then(() => {})
      const took = await scored(url, ids)
      const p = (q: number) => quantileOf(took, q).toFixed(1)
      const metrics = await (await fetch(`${url}/metrics`)).text()
      const watched = /^credit_applications (\d+)/m.exec(metrics)?.[1]
      console.log(
        `monitor ${every}: ${took.length} scores, p50 ${p(0.5)} ms, p99 ${p(0.99)} ms; ${watched} applications watched, ${peakOf(child.pid!).toFixed(0)} MB at most`,
      )
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

await main()
