/** Who uses a local store: one command at a time, or several by the server that one of them shares. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { MlflowClient } from './client.ts'

const addressFile = (store: string): string => join(store, 'server.url')

/** A lock that the system itself gives back when its holder dies, so that none is ever stale. */
export class StoreLock {
  readonly #database: DatabaseSync
  readonly #store: string

  private constructor(database: DatabaseSync, store: string) {
    this.#database = database
    this.#store = store
  }

  /** Waits for the lock, or takes the address of the server that its holder shares, as soon as that answers. */
  static async take(store: string, onWait: () => void): Promise<StoreLock | string> {
    const database = new DatabaseSync(join(store, 'lock.db'), { timeout: 0 })
    for (let announced = false; ; ) {
      try {
        database.exec('BEGIN EXCLUSIVE')
        rmSync(addressFile(store), { force: true }) // of a holder that died
        return new StoreLock(database, store)
      } catch (error) {
        if (!(error instanceof Error && /locked|busy/i.test(error.message))) {
          database.close()
          throw error
        }
      }
      const shared = await sharedServer(store)
      if (shared !== null) {
        database.close()
        return shared
      }
      if (!announced) onWait()
      announced = true
      await pause(250)
    }
  }

  /** Lets other commands use the holder's server. */
  share(uri: string): void {
    writeFileSync(addressFile(this.#store), uri)
  }

  release(): void {
    rmSync(addressFile(this.#store), { force: true })
    this.#database.close()
  }
}

async function sharedServer(store: string): Promise<string | null> {
  let uri: string
  try {
    uri = readFileSync(addressFile(store), 'utf8').trim()
  } catch {
    return null // its holder shares nothing
  }
  return URL.canParse(uri) && (await new MlflowClient({ uri }).healthy()) ? uri : null
}
