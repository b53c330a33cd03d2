/** An MLflow server on SQLite in a folder, for as long as a command needs it; it cannot outlive the process that started it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { delimiter, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { MlflowClient } from './client.ts'
import { TrackingError } from './error.ts'
import { StoreLock } from './store-lock.ts'

/**
 * The shell that runs the server as the leader of a process group. It waits for two things, whichever comes first: the end of
 * the server, or the end of its own standard input, which the system closes when the process that holds the other end
 * dies of anything, SIGKILL included. Then the whole group goes: asked first, killed after five seconds.
 */
const KEEPER = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
( trap '' TERM INT HUP; cat <&3 >/dev/null; kill -TERM 0; sleep 5; kill -KILL 0 ) &
trap '' TERM INT HUP
wait $server
kill -KILL 0
`
const SECONDS_TO_START = 300 // 10 to 25 on a machine that is not busy

/** Path of the mlflow command: on PATH, else in `.venv/bin` of the current folder. */
export function mlflowCommand(): string {
  const folders = [...(process.env.PATH ?? '').split(delimiter).filter(Boolean), resolve('.venv/bin')]
  for (const folder of folders) {
    const command = join(folder, 'mlflow')
    try {
      accessSync(command, constants.X_OK)
      return command
    } catch {} // not here
  }
  throw new TrackingError(
    'expected the mlflow command on PATH or in .venv/bin: run the command by npm, or set MLFLOW_TRACKING_URI',
  )
}

/** Listens on a port of the loopback interface for a moment, any free one for 0; the port. */
async function probed(port: number): Promise<number> {
  const probe = createServer().listen(port, '127.0.0.1')
  await new Promise((done, failed) => probe.once('listening', done).once('error', failed))
  const address = probe.address()
  await new Promise((done) => probe.close(done))
  if (address === null || typeof address === 'string') throw new TrackingError('expected a free port on 127.0.0.1')
  return address.port
}

/** A free port on the loopback interface. */
export const freePort = (): Promise<number> => probed(0)

export const portIsFree = (port: number): Promise<boolean> => probed(port).then(() => true, () => false) // biome-ignore format: one thought

export interface OpenOptions {
  /** Called with messages for the user. */
  readonly onMessage?: (line: string) => void
  /** Called once the server's process runs; it answers 10 to 25 s later. */
  readonly onSpawn?: () => void
  /** Lets other processes use the server too, for as long as this one keeps it open. */
  readonly share?: boolean
  /** Default, and for 0: any free one. */
  readonly port?: number
}

/** A running server: of this process, or of another one that shares it. */
export class LocalServer {
  readonly uri: string
  /** null: another process's. */
  readonly #own: { readonly child: ChildProcess; readonly lock: StoreLock; readonly ended: Promise<void> } | null
  #users = 1
  readonly #store: string

  private constructor(uri: string, store: string, own: { child: ChildProcess; lock: StoreLock } | null) {
    this.uri = uri
    this.#store = store
    this.#own = own && { ...own, ended: new Promise((done) => own.child.once('exit', () => done())) }
  }

  /**
   * Starts `mlflow server` on `<store>/mlflow.db` and `<store>/artifacts` and resolves when it answers (10 to 25 s). A second
   * call for the same store shares the server; another process uses it where this one shares it, else waits until it has stopped.
   */
  static open(store: string, o: OpenOptions = {}): Promise<LocalServer> {
    const key = resolve(store)
    const earlier = opened.get(key)
    if (earlier)
      return earlier.then((server) => {
        server.#users++
        return server
      })
    const opening = LocalServer.#start(key, o)
    opened.set(key, opening)
    opening.catch(() => opened.delete(key))
    return opening
  }

  static async #start(store: string, o: OpenOptions): Promise<LocalServer> {
    const command = mlflowCommand()
    mkdirSync(store, { recursive: true })
    const lock = await StoreLock.take(store, () =>
      o.onMessage?.('another command is using the MLflow store: what is logged here goes to it when that one ends'),
    )
    if (typeof lock === 'string') return new LocalServer(lock, store, null)
    try {
      for (let attempt = 1; ; attempt++) {
        const server = await LocalServer.#launch(command, store, lock, o)
        if (server) {
          if (o.share) lock.share(server.uri)
          return server
        }
        if (attempt === 2) throw new TrackingError(`mlflow server did not start: ${tail(store)}`)
      }
    } catch (error) {
      lock.release()
      throw error
    }
  }

  /** Null when the server ended by itself, as when another program took the port meanwhile. */
  static async #launch(command: string, store: string, lock: StoreLock, o: OpenOptions): Promise<LocalServer | null> {
    const uri = `http://127.0.0.1:${o.port || (await freePort())}`
    // The log is a file, not a pipe: a pipe that a busy training does not read would fill and stop the server.
    const log = openSync(join(store, 'server.log'), 'w')
    const child = spawn(
      '/bin/sh',
      ['-c', KEEPER, 'mlflow-server', command, 'server', '--backend-store-uri', 'sqlite:///mlflow.db']
        .concat(['--artifacts-destination', './artifacts', '--host', '127.0.0.1'])
        .concat(['--port', new URL(uri).port, '--workers', '1']),
      { cwd: store, env: serverEnvironment(), stdio: ['pipe', log, log], detached: true },
    )
    closeSync(log)
    child.stdin?.on('error', () => {}) // the keeper is gone: its exit tells
    const server = new LocalServer(uri, store, { child, lock })
    child.once('spawn', () => o.onSpawn?.())
    let alive = true
    child.once('error', () => (alive = false))
    child.once('exit', () => (alive = false))
    const client = new MlflowClient({ uri })
    const start = performance.now()
    for (let polls = 0; alive; polls++) {
      if (await client.healthy()) {
        child.unref()
        return server
      }
      // A training that blocks the event loop makes time pass without polls: give up only after both.
      if (performance.now() - start > SECONDS_TO_START * 1000 && polls > 100) {
        await server.#end()
        throw new TrackingError(`mlflow server gave no answer within ${SECONDS_TO_START} s: ${tail(store)}`)
      }
      await pause(250)
    }
    return null
  }

  /** True when it belongs to another process. */
  get borrowed(): boolean {
    return this.#own === null
  }

  /** True while others use it too. */
  get shared(): boolean {
    return this.borrowed || this.#users > 1
  }

  /** Resolves when the server's process has ended, whoever ended it; at once for another process's. */
  get ended(): Promise<void> {
    return this.#own?.ended ?? Promise.resolve()
  }

  /** Ends the server with all its processes, when its last user closes. */
  async close(): Promise<void> {
    this.#users -= 1
    if (this.#users > 0) return
    opened.delete(this.#store)
    await this.#end()
    this.#own?.lock.release()
  }

  async #end(): Promise<void> {
    if (this.#own === null) return
    const { child, ended } = this.#own
    child.ref()
    child.stdin?.destroy()
    const late = setTimeout(() => child.pid && child.exitCode === null && process.kill(-child.pid, 'SIGKILL'), 15_000)
    await ended
    clearTimeout(late)
  }
}

const opened = new Map<string, Promise<LocalServer>>()

/** Without usage reports and the job runner, whose processes outlive a quick end. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const environment: NodeJS.ProcessEnv = { ...process.env }
  for (const name of Object.keys(environment)) if (/^_?MLFLOW_/.test(name)) delete environment[name]
  return {
    ...environment,
    MLFLOW_DISABLE_TELEMETRY: 'true',
    DO_NOT_TRACK: 'true',
    MLFLOW_SERVER_ENABLE_JOB_EXECUTION: 'false',
  }
}

function tail(store: string): string {
  const log = join(store, 'server.log')
  try {
    return `its last words (${log}):\n${readFileSync(log, 'utf8').trimEnd().split('\n').slice(-8).join('\n')}`
  } catch {
    return `it left no ${log}`
  }
}
