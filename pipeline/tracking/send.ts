/**
 * Sends runs that no server could take when they were made.
 *
 * node --conditions=source pipeline/tracking/send.ts [FILE.json …] [--store mlflow]: the files named, else all of `<store>/unsent/`; to
 * MLFLOW_TRACKING_URI, else to the local store. A file goes away once the server has all of it.
 */
import { parseArgs } from 'node:util'
import { MlflowClient, serverOf } from './client.ts'
import { forgetUnsent, readUnsent, unsentOf } from './journal.ts'
import { Sender } from './sender.ts'
import { LocalServer } from './server.ts'
import { connectionOf } from './track.ts'

export interface SendOptions {
  readonly files: readonly string[]
  readonly store: string
  /** Address of a server; null: the local store. */
  readonly uri: string | null
  readonly onMessage: (line: string) => void
}

/** Sends each file and removes it. What its server has already is not sent twice; another server gets all of it. */
export async function sendUnsent(o: SendOptions): Promise<void> {
  if (o.files.length === 0) return
  const local = o.uri === null ? await LocalServer.open(o.store, o) : null
  try {
    const client = new MlflowClient(local ? { uri: local.uri } : connectionOf(o.uri!))
    for (const file of o.files) {
      const kept = readUnsent(file)
      const here =
        kept.server === (o.uri === null ? null : serverOf(o.uri).root) && (await knows(client, Object.values(kept.ids)))
      const { sent, ids } = here ? kept : { sent: 0, ids: {} }
      await new Sender({ ...kept, sent, ids, onMessage: o.onMessage }).flush(client)
      forgetUnsent(file)
      o.onMessage(`${file} is in ${o.uri === null ? o.store : client.root}, experiment ${kept.experiment}`)
    }
  } finally {
    await local?.close()
  }
}

async function knows(client: MlflowClient, ids: readonly string[]): Promise<boolean> {
  try {
    for (const id of ids) await client.getRun(id)
    return true
  } catch {
    return false
  }
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { store: { type: 'string', default: 'mlflow' } },
  })
  const files = positionals.length ? positionals : unsentOf(values.store)
  const onMessage = (line: string) => console.error(line)
  if (files.length === 0) onMessage(`nothing waits in ${values.store}/unsent`)
  await sendUnsent({ files, store: values.store, uri: process.env.MLFLOW_TRACKING_URI || null, onMessage })
}
