/** The process: opens bundle and journal, listens, and on SIGTERM or SIGINT stops taking requests, drains and closes. */
import { once } from 'node:events'
import { Server } from 'node:http'
import { join } from 'node:path'
import { createAdaptorServer } from '@hono/node-server'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { createApp, type LogEntry } from './app.ts'
import { openSqliteJournal } from './journal/sqlite.ts'
import { readReference } from './reference.ts'
import { settings } from './settings.ts'

const drainMilliseconds = 10_000

/** One JSON line a request; no address, no applicant's value. */
function log(entry: LogEntry): void {
  const { error, milliseconds, ...rest } = entry
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const line = { at: new Date().toISOString(), ...rest, milliseconds: Math.round(milliseconds * 100) / 100 }
  console.log(JSON.stringify(error ? { ...line, error: cause instanceof Error ? cause.stack : String(cause) } : line))
}

async function main(): Promise<void> {
  const { model, journal: journalPath, journalSync, host, port, keys } = settings(process.env, process.cwd())
  // Read by libxgboost when it is opened: one row is scored faster by one thread than by several that wait for each other.
  process.env.OMP_NUM_THREADS ??= '1'
  const scorer = Scorer.open(model)
  const clients = Clients.open(model)
  const journal = openSqliteJournal(journalPath, { sync: journalSync })
  let stopping = false
  const app = createApp(scorer, clients, journal, {
    reference: await readReference(model),
    reports: join(model, '..', '..', 'reports'), // a run keeps artifacts/model and reports side by side
    keys,
    stopping: () => stopping,
    log,
  })
  const server = createAdaptorServer({ fetch: app.fetch })
  if (!(server instanceof Server)) throw new Error('expected an HTTP/1.1 server')
  server.requestTimeout = 30_000
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const shown = typeof address === 'object' && address ? address.port : port
  console.error(
    `model ${scorer.bundle.version}, ${clients.count} clients; http://${host.includes(':') ? `[${host}]` : host}:${shown}`,
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
    clients.close()
    scorer.close()
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

if (import.meta.main)
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
