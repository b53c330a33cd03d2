/**
 * `npm run bench:api`: the service, recording every prediction, and a FastAPI one that records nothing, in turns on this machine; then
 * half of the load for some time with the memory by minute, then `kill -9` in mid-load again and again.
 * Exit code 1 when an answered prediction is lost or a request fails; the bars of speed hold on a quiet machine.
 */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openSqliteJournal } from '../api/journal/sqlite.ts'
import { argumentsOf } from '../commands/usage.ts'
import { maximum } from '../pipeline/data/extremes.ts'
import { median } from '../pipeline/data/quantile.ts'
import { writeWhole } from '../pipeline/data/write-whole.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { type Load, load, residentOf } from './api-load.ts'
import { freePort, type Running, started, stop } from './api-process.ts'
import { sameFeatures, writeForPython } from './api-python.ts'
import { Table } from './api-table.ts'
import { tellUserErrors } from './tell-user-errors.ts'

const usage = `usage: npm run bench:api [-- --seconds 4] [--turns 3] [--minutes 1] [--kills 20] [--out FILE.md] [--skip-python]

--seconds N    of each measurement of speed
--turns N      how often the service and FastAPI alternate
--minutes N    of half of the load, with the memory by minute
--kills N      how often the service is killed in mid-load
--out FILE.md  where what was found goes too, as Markdown
--skip-python  without FastAPI

BENCH_PYTHON is a Python with bench/requirements-api.txt installed, MODEL another bundle than artifacts/model.
BENCH_STRICT=1: a missed bar of speed counts in the exit code, as lost predictions and failed requests always do.`

const { values: options } = argumentsOf(usage, {
  options: {
    seconds: { type: 'string', default: '4' },
    turns: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '1' },
    kills: { type: 'string', default: '20' },
    out: { type: 'string' },
    'skip-python': { type: 'boolean', default: false },
  },
})
tellUserErrors('bench:api')
const seconds = Number(options.seconds)
const connections = 16
const idleMilliseconds = 5000
const bundle = resolve(process.env.MODEL ?? 'artifacts/model')
const folder = mkdtempSync(join(tmpdir(), 'bench-api-'))
const journal = join(folder, 'journal.sqlite')

const about = `\`npm run bench:api\`: ${connections} concurrent callers by default, medians of ${options.turns} turns of ${seconds} s after one to warm up. The service
records every prediction before it answers, FastAPI (one uvicorn worker, pydantic, Python xgboost and polars) records nothing.`

const table = new Table()

async function service(): Promise<Running> {
  const port = await freePort()
  return started(
    process.execPath,
    ['--max-semi-space-size=8', 'dist/api/server.js'], // as `npm start` and the image
    { MODEL: bundle, JOURNAL: journal, PORT: String(port) },
    port,
  )
}

const scorer = Scorer.open(bundle)
const clients = Clients.open(bundle)
const ids = clients.search('', 64).map(({ id }) => id)
const raw = ids.map((id) => clients.get(id)!)
const bodies = {
  id: ids.map((client) => JSON.stringify({ client })),
  application: raw.map(({ application }) => JSON.stringify({ application })),
  history: raw.map((one) => JSON.stringify(one)),
}

interface Case {
  readonly name: string
  readonly path: string
  readonly python: string
  readonly bodies: readonly string[]
  /** Concurrent callers; default 16. */
  readonly connections?: number
  /** Times FastAPI's requests a second. */
  readonly times: number
  /** Milliseconds of processor a request; null where there is no bar: a process that sleeps between requests pays for being woken. */
  readonly processorMs: number | null
  /** Milliseconds within which 99 of 100 are answered. */
  readonly p99?: number
}
const cases: readonly Case[] = [
  { name: 'by id', path: '?reasons=false', python: '/id', bodies: bodies.id, times: 2, processorMs: 0.3, p99: 15 },
  { name: 'by id, reasons', path: '', python: '/id?reasons=1', bodies: bodies.id, times: 1.6, processorMs: 0.8 },
  {
    name: 'application',
    path: '?reasons=false',
    python: '/application',
    bodies: bodies.application,
    times: 2.5,
    processorMs: 0.35,
  },
  {
    name: 'application, reasons',
    path: '',
    python: '/application?reasons=1',
    bodies: bodies.application,
    times: 2,
    processorMs: 0.85,
  },
  { name: 'history', path: '?reasons=false', python: '/history', bodies: bodies.history, times: 8, processorMs: 0.8 },
  {
    name: 'history, one caller',
    path: '?reasons=false',
    python: '/history',
    bodies: bodies.history,
    connections: 1,
    times: 7,
    processorMs: null,
  },
  {
    name: 'history, reasons',
    path: '',
    python: '/history?reasons=1',
    bodies: bodies.history,
    times: 5,
    processorMs: 1.3,
  },
]

const whyOf = (loads: readonly Load[]) =>
  loads.flatMap(({ failures }) => [...failures].map(([kind, count]) => `${kind}: ${count}`)).join(', ')

const broken: string[] = []

async function inTurns(ours: Running, theirs: Running | null): Promise<void> {
  table.head()
  for (const one of cases) {
    const [mine, other] = [[], []] as [Load[], Load[]]
    const run = (running: Running, path: string) =>
      load(running, path, one.bodies, { connections: one.connections ?? connections, seconds })
    for (let turn = -1; turn < Number(options.turns); turn++) {
      const a = await run(ours, `/v1/score${one.path}`)
      const b = theirs && (await run(theirs, one.python))
      if (turn < 0) continue // to warm both up
      mine.push(a)
      if (b) other.push(b)
    }
    const of = (all: typeof mine, key: 'perSecond' | 'p50' | 'p99' | 'processorMs') => median(all.map((l) => l[key]))
    const errors = [...mine, ...other].reduce((sum, l) => sum + l.errors, 0)
    if (errors > 0) broken.push(`${one.name}: ${errors} requests failed (${whyOf([...mine, ...other])})`)
    const times = median(mine.map((l, i) => l.perSecond / (other[i]?.perSecond ?? Number.NaN)))
    table.row(one.name, [
      { value: of(mine, 'perSecond'), digits: 0 },
      { value: of(mine, 'p50'), digits: 1 },
      { value: of(mine, 'p99'), digits: 1, ...(one.p99 && { most: one.p99 }) },
      { value: of(mine, 'processorMs'), digits: 2, most: one.processorMs },
      ...(theirs
        ? [
            { value: of(other, 'perSecond'), digits: 0 },
            { value: of(other, 'p99'), digits: 1 },
            { value: of(other, 'processorMs'), digits: 2 },
            { value: times, digits: 1, least: one.times },
          ]
        : [null, null, null, null]),
    ])
  }
}

const idOf = (text: string): string => /"requestId":"([0-9A-Z]{26})"/.exec(text)?.[1] ?? ''

/** Half of what the service can do, with its memory at each minute; every answer must be in the journal afterwards. */
async function halfLoad(ours: Running, answered: string[]): Promise<void> {
  const note = (text: string) => answered.push(idOf(text))
  const full = await load(ours, '/v1/score', bodies.history, { connections, seconds, answered: note })
  const minutes = Number(options.minutes)
  const memory: number[] = []
  const timer = setInterval(() => memory.push(residentOf(ours.pid)), Math.min(60_000, minutes * 12_000))
  const perSecond = full.perSecond / 2
  const half = await load(ours, '/v1/score', bodies.history, {
    connections,
    seconds: minutes * 60,
    perSecond,
    answered: note,
  })
  clearInterval(timer)
  if (half.errors > 0) broken.push(`half load: ${half.errors} requests failed (${whyOf([half])})`)
  // The first minute is left out: caches fill. A leak of 1 MB a minute over the rest is one.
  const settled = memory.slice(1)
  const grown = ((settled.at(-1) ?? Number.NaN) - (settled[0] ?? Number.NaN)) / Math.max(1, settled.length - 1)
  table.say(
    `half load, ${minutes} min: ${half.requests} requests, ${half.perSecond.toFixed(0)} a second, p99 ${half.p99.toFixed(1)} ms, ${half.errors} errors`,
    half.errors === 0,
  )
  table.say(`MB by minute: ${memory.map((mb) => mb.toFixed(0)).join(' ')} (500)`, maximum(memory) <= 500)
  if (settled.length >= 2) table.say(`MB a minute after the first: ${grown.toFixed(1)} (1)`, grown <= 1)
}

async function killed(answered: string[]): Promise<void> {
  for (let round = 0; round < Number(options.kills); round++) {
    const ours = await service()
    const loading = load(ours, '/v1/score', bodies.history, {
      connections,
      seconds: 1.5,
      answered: (text) => answered.push(idOf(text)),
    }).catch(() => null)
    await new Promise((done) => setTimeout(done, 300 + ((round * 37) % 900)))
    await stop(ours, 'SIGKILL')
    await loading
  }
}

async function main(): Promise<void> {
  const answered: string[] = []
  const ours = await service()
  const { readyMs } = ours
  await new Promise((done) => setTimeout(done, idleMilliseconds))
  const idle = residentOf(ours.pid)
  table.say(`ready in ${readyMs.toFixed(0)} ms (1500)`, readyMs <= 1500)
  table.say(`idle ${idle.toFixed(0)} MB (200)`, idle <= 200)
  const python = process.env.BENCH_PYTHON
  let theirs: Running | null = null
  if (!options['skip-python']) {
    if (!python)
      throw new Error(
        'BENCH_PYTHON is not set. Make one: uv venv bench-venv && uv pip install --python bench-venv -r bench/requirements-api.txt, then BENCH_PYTHON=bench-venv/bin/python (or --skip-python)',
      )
    writeForPython(folder, bundle, scorer, raw)
    const port = await freePort()
    const args = [
      '-m',
      'uvicorn',
      'api_reference:app',
      '--app-dir',
      'bench',
      '--workers',
      '1',
      '--port',
      String(port),
      '--log-level',
      'warning',
    ]
    theirs = await started(python, args, { FOLDER: folder }, port)
  }
  try {
    if (theirs) {
      const values = await sameFeatures(theirs.url, scorer, raw)
      table.say(`${values} feature values of ${raw.length} clients: none differs from Python's by more than 1e-6`)
    }
    if (Number(options.turns) > 0) await inTurns(ours, theirs)
    if (theirs) await stop(theirs)
    await halfLoad(ours, answered)
  } finally {
    await stop(ours)
    if (theirs) theirs.child.kill()
  }
  await killed(answered)
  const kept = openSqliteJournal(journal)
  const known = await kept.known(answered)
  await kept.close()
  const lost = answered.filter((id) => !known.has(id)).length
  table.say(`${answered.length} answered predictions, ${options.kills} times killed: ${lost} lost`, lost === 0)
  if (lost > 0) broken.push(`${lost} answered predictions are not in the journal`)
  for (const line of broken) console.error(line)
  process.exitCode = broken.length > 0 || (process.env.BENCH_STRICT === '1' && table.missed > 0) ? 1 : 0
  if (options.out)
    writeWhole(resolve(process.env.INIT_CWD ?? '.', options.out), table.markdown('The service beside FastAPI', about))
}

try {
  await main()
} finally {
  scorer.close()
  clients.close()
  rmSync(folder, { recursive: true, force: true })
}
