/** The process: opens bundle and journal, listens, and on SIGTERM or SIGINT stops taking requests, drains and closes. */
import { once } from 'node:events'
import { join } from 'node:path'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { createApp } from './app.ts'
import { openJournal } from './journal/open.ts'
import { listenerOf } from './listener.ts'
import { openLog } from './log.ts'
import { metricsOf } from './metrics.ts'
import { type Reference, readReference } from './reference.ts'
import { settings, usage } from './settings.ts'

const drainMilliseconds = 10_000

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') return console.log(usage)
  if (argument !== undefined) throw new Error(`${argument}: an argument that is not known\n\n${usage}`)
  const set = settings(process.env, process.cwd())
  const { model, host, port, keys, rateLimit, loopbackOnly } = set
  // Read by libxgboost when it is opened: one row is scored faster by one thread than by several that wait for each other.
  process.env.OMP_NUM_THREADS ??= '1'
  let reference: Reference | null = null
  const scorer = Scorer.open(model)
  const clients = Clients.open(model)
  const journal = await openJournal(set)
  const log = openLog()
  let stopping = false
  const app = createApp(scorer, clients, journal, {
    reference: () => reference,
    reports: join(model, '..', '..', 'reports'), // a run keeps artifacts/model and reports side by side
    keys,
    rateLimit,
    loopbackOnly,
    metrics: metricsOf(scorer.bundle.version, { process: true }),
    stopping: () => stopping,
    log,
  })
  const server = listenerOf(app.fetch, {
    failed: ({ requestId, error }) => log({ requestId, method: '?', route: '?', status: 500, milliseconds: 0, error }),
  })
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const shown = typeof address === 'object' && address ? address.port : port
  console.error(
    `model ${scorer.bundle.version}, ${scorer.bundle.clients} clients; http://${host.includes(':') ? `[${host}]` : host}:${shown}`,
  )

  const stop = async () => {
    if (stopping) return
    stopping = true
    const overdue = setTimeout(() => server.closeAllConnections(), drainMilliseconds)
    server.close()
    server.closeIdleConnections()
    await once(server, 'close')
    clearTimeout(overdue)
    await journal.close()
    log.flush()
    clients.close()
    scorer.close()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  // The page's comparisons need it, answers do not: nobody waits for it.
  reference = await readReference(model)
}

if (import.meta.main)
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
