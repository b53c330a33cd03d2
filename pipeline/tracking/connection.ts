/** The way to an MLflow server: one that is there, or one that this process starts on the local store. */
import { setTimeout as pause } from 'node:timers/promises'
import { MlflowClient } from './client.ts'
import { TrackingError } from './error.ts'
import { LocalServer } from './server.ts'

/** Address with the credentials that MLflow's own clients read from the environment. */
export function connectionOf(uri: string): { uri: string; token?: string } {
  const {
    MLFLOW_TRACKING_TOKEN: token,
    MLFLOW_TRACKING_USERNAME: user,
    MLFLOW_TRACKING_PASSWORD: password,
  } = process.env
  if (token) return { uri, token }
  const url = new URL(uri)
  if (user && !url.username) {
    url.username = user
    url.password = password ?? ''
  }
  return { uri: url.href }
}

/** The way of a `track`, which starts its work before the server answers. */
export class Connection {
  /** True when a server answers. */
  up = false
  /** True when nothing else uses the store. */
  alone = false
  readonly #opening: Promise<LocalServer> | null
  readonly #remote: MlflowClient | null

  private constructor(opening: Promise<LocalServer> | null, remote: MlflowClient | null) {
    this.#opening = opening
    this.#remote = remote
  }

  static remote(uri: string): Connection {
    return new Connection(null, new MlflowClient(connectionOf(uri)))
  }

  /** Starts the server and comes back once its process runs, long before it answers: a work that blocks the event loop would keep it from starting. */
  static async local(store: string, onMessage: (line: string) => void): Promise<Connection> {
    const spawned = Promise.withResolvers<void>()
    const opening = LocalServer.open(store, { onMessage, onSpawn: () => spawned.resolve() })
    opening.catch(() => {}) // reported by client()
    await Promise.race([spawned.promise, opening.catch(() => {}), pause(500)])
    return new Connection(opening, null)
  }

  async client(): Promise<MlflowClient> {
    if (this.#remote) {
      for (let attempt = 1; !(await this.#remote.reachable()); attempt++) {
        if (attempt === 3) throw new TrackingError(`${this.#remote.root}: no MLflow server answers there`)
        await pause(500)
      }
      this.up = true
      return this.#remote
    }
    const server = await this.#opening!
    this.up = true
    this.alone = !server.shared
    return new MlflowClient({ uri: server.uri })
  }

  /** Ends the local server, waited for once it answers; one that is only starting ends by itself then, or with this process. */
  async close(): Promise<void> {
    const closing = this.#opening?.then(
      (server) => server.close(),
      () => {},
    )
    if (this.up) await closing
  }
}

/**
 * Does `work` with a client of the server at `uri`, or, without one, of a server on the local store, started for it and stopped after it.
 *
 * @param o.uri default: MLFLOW_TRACKING_URI; null: the local store whatever the environment says
 * @throws TrackingError when no server answers, and what `work` throws
 */
export async function withClient<T>(
  o: { readonly store: string; readonly uri?: string | null; readonly onMessage?: (line: string) => void },
  work: (client: MlflowClient, where: string) => Promise<T>,
): Promise<T> {
  const uri = o.uri === undefined ? process.env.MLFLOW_TRACKING_URI || null : o.uri
  if (uri !== null) {
    const client = new MlflowClient(connectionOf(uri))
    if (await client.reachable()) return await work(client, client.root)
    throw new TrackingError(`${client.root}: no MLflow server answers there`)
  }
  const server = await LocalServer.open(o.store, { onMessage: o.onMessage })
  try {
    return await work(new MlflowClient({ uri: server.uri }), o.store)
  } finally {
    await server.close()
  }
}
