/** Sends runs that no server accepted when they were made (`npm run mlflow -- send`). A file is deleted once the server has all of it. */
import type { MlflowClient } from './client.ts'
import { withClient } from './connection.ts'
import { forgetUnsent, readUnsent } from './outbox.ts'
import { Sender } from './sender.ts'

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
  await withClient(o, async (client, where) => {
    for (const file of o.files) {
      const kept = readUnsent(file)
      const here =
        kept.server === (o.uri === null ? null : client.root) && (await knows(client, Object.values(kept.ids)))
      const { sent, ids } = here ? kept : { sent: 0, ids: {} }
      await new Sender({ ...kept, sent, ids, onMessage: o.onMessage }).flush(client)
      forgetUnsent(file)
      o.onMessage(`${file} is in ${where}, experiment ${kept.experiment}`)
    }
  })
}

async function knows(client: MlflowClient, ids: readonly string[]): Promise<boolean> {
  try {
    for (const id of ids) await client.getRun(id)
    return true
  } catch {
    return false
  }
}
