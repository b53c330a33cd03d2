/** `npm run mlflow`: the MLflow UI on the local store, until Ctrl-C; `npm run mlflow -- send`: the runs that no server has accepted. */
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { serverOf } from '../pipeline/tracking/client.ts'
import { TrackingError } from '../pipeline/tracking/error.ts'
import { unsentOf } from '../pipeline/tracking/outbox.ts'
import { sendUnsent } from '../pipeline/tracking/send.ts'
import { LocalServer, portIsFree } from '../pipeline/tracking/server.ts'
import { storeOf, telling } from './promote.ts'

const usage = `npm run mlflow [-- options]              opens MLflow's UI on the local store until Ctrl-C; pipelines that run meanwhile use this server
npm run mlflow -- send [FILE.json ...]   sends the runs that no server has accepted: these files, or all of FOLDER/unsent

  --store FOLDER   local store (default: mlflow)
  --port PORT      port of the UI (default: 5000, or any free one)

Where MLFLOW_TRACKING_URI is set, that server is used instead of the local store.`

async function open(store: string, port: number): Promise<number> {
  const uri = process.env.MLFLOW_TRACKING_URI
  if (uri) {
    console.log(`the runs are on ${serverOf(uri).root} (MLFLOW_TRACKING_URI)`)
    return 0
  }
  const say = (line: string) => process.stderr.write(`mlflow: ${line}\n`)
  say('starting ...')
  const server = await LocalServer.open(store, { share: true, port, onMessage: say })
  console.log(`MLflow is on ${server.uri}`)
  if (server.borrowed) {
    say('another command keeps it open; it ends with that one')
    return 0
  }
  say('Ctrl-C ends it')
  const asked = new Promise<void>((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => done())
  })
  const alive = setInterval(() => {}, 60_000) // the server itself does not keep this process
  const why = await Promise.race([asked.then(() => null), server.ended.then(() => 'the server ended by itself')])
  clearInterval(alive)
  await server.close()
  if (why !== null) throw new TrackingError(`${why}; its log is ${store}/server.log`)
  return 0
}

async function send(store: string, named: readonly string[]): Promise<number> {
  const files = named.length
    ? named.map((file) => resolve(process.env.INIT_CWD ?? process.cwd(), file))
    : unsentOf(store)
  if (files.length === 0) console.log(`nothing waits in ${store}/unsent`)
  const uri = process.env.MLFLOW_TRACKING_URI || null
  await sendUnsent({ files, store, uri, onMessage: (line) => console.log(line) })
  return 0
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      store: { type: 'string' },
      port: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const [action, ...files] = positionals
  if (values.help) {
    console.log(usage)
    return 0
  }
  if (action !== undefined && action !== 'send')
    throw new TrackingError(`expected send or nothing, received ${action}\n\n${usage}`)
  const port = values.port === undefined ? ((await portIsFree(5000)) ? 5000 : 0) : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new TrackingError(`--port: expected a port, received ${values.port}`)
  const store = storeOf(values.store)
  return action === 'send' ? await send(store, files) : await open(store, port)
}

if (import.meta.main) await telling('mlflow', usage, main)
