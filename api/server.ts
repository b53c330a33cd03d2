/** The process: opens bundle and journal, listens, and on SIGTERM or SIGINT stops being ready, stops listening, drains and closes. */
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { createApp } from './app.ts'
import { JournalError } from './journal/journal.ts'
import { openJournal } from './journal/open.ts'
import { startRetention } from './journal/retention.ts'
import { listenerOf } from './listener.ts'
import { openLog } from './log.ts'
import { metricsOf } from './metrics.ts'
import { monitorOf } from './monitor.ts'
import { startMonitor, webhookSender } from './monitor-schedule.ts'
import { monitorThread } from './monitor-thread.ts'
import { readReference } from './reference.ts'
import { sessionSecretOf } from './session-secret.ts'
import { settings, usage } from './settings.ts'

const drainMilliseconds = 7000 // with the usual STOP_DELAY less than the ten seconds after which Docker kills

async function main(): Promise<void> {
  const [argument] = process.argv.slice(2)
  if (argument === '--help' || argument === '-h') return console.log(usage)
  if (argument !== undefined) throw new Error(`${argument}: an argument that is not known\n\n${usage}`)
  const log = openLog()
  // By themselves these would end the process, or open a debugger in it.
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)
    process.on(signal, () => log.say(`${signal} is ignored: settings are read at start; SIGTERM stops the service`))
  const set = settings(process.env, process.cwd())
  const { model, host, port, keys, rateLimit, trustedProxies, stopDelay, loopbackOnly } = set
  // Read by libxgboost when it is opened: one row is scored faster by one thread than by several that wait for each other.
  process.env.OMP_NUM_THREADS ??= '1'
  const scorer = Scorer.open(model)
  const clients = Clients.open(model)
  // Answers do without the reference, but what listens must be whole.
  const [journal, reference] = await Promise.all([openJournal(set), readReference(model)])
  const sessionSecret = keys.length > 0 ? await sessionSecretOf(set, journal) : undefined
  let stopping = false
  const metrics = metricsOf(scorer.bundle.version, { process: true })
  const webhook = webhookSender(set.webhook, { now: Date.now, say: log.say })
  const monitor = monitorOf({
    journal,
    version: scorer.bundle.version,
    engine: () => monitorThread(model),
    now: Date.now,
    maturity: set.monitorMaturity,
    looked(report, changes) {
      metrics.monitored(report)
      webhook.send(changes)
    },
  })
  const app = createApp(scorer, clients, journal, {
    reference,
    reports: join(model, '..', '..', 'reports'), // a run keeps artifacts/model and reports side by side
    keys,
    ...(sessionSecret && { sessionSecret }),
    rateLimit,
    trustedProxies,
    loopbackOnly,
    metrics,
    monitor,
    stopping: () => stopping,
    log,
  })
  const stopRetention = startRetention(journal, set.retention, { now: Date.now, say: log.say })
  const stopMonitor =
    set.monitorEvery === null
      ? async () => {}
      : startMonitor({
          monitor,
          every: set.monitorEvery,
          say: log.say,
          ended: (error) => metrics.journalDown(error instanceof JournalError),
        })
  const server = listenerOf(app.fetch, {
    failed: ({ requestId, error }) => log({ requestId, method: '?', route: '?', status: 500, milliseconds: 0, error }),
  })

  const hurry = new AbortController()
  const stop = async (delay: number) => {
    if (stopping) return hurry.abort()
    stopping = true
    // Not ready, but still listening: a balancer asks anew and sends its requests elsewhere. A second signal cuts it short.
    await after(delay, undefined, { signal: hurry.signal }).catch(() => {})
    const overdue = setTimeout(() => server.closeAllConnections(), drainMilliseconds)
    server.close()
    server.closeIdleConnections()
    await once(server, 'close')
    clearTimeout(overdue)
    await Promise.all([stopRetention(), stopMonitor(), webhook.stop()])
    await journal.close()
    log.flush()
    clients.close()
    scorer.close()
    // Not by running out of work: that would close, and write into, a journal that close() left alone because its file is another's.
    process.exit()
  }
  process.on('SIGTERM', () => stop(stopDelay))
  process.on('SIGINT', () => stop(0))
  // Listening is seen, and signalled, from outside: it comes last.
  server.listen(port, host)
  await once(server, 'listening')
  const address = server.address()
  const shown = typeof address === 'object' && address ? address.port : port
  console.error(
    `model ${scorer.bundle.version}, ${scorer.bundle.clients} clients; http://${host.includes(':') ? `[${host}]` : host}:${shown}`,
  )
}

if (import.meta.main)
  main().catch((error) => {
    console.error(error instanceof Error ? error.message : error)
    process.exit(1)
  })
