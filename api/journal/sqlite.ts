/** The journal in one SQLite file: a write-ahead log, moved into the file by a worker so that no request waits for it. */
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as after } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Journal, JournalError } from './journal.ts'
import { migrations, type Rewriting, sqlite } from './migrations.ts'
import { columns, type JournalEntry } from './rows.ts'
import { probeBytes, type Store, StoredJournal, type Write } from './sql-journal.ts'

/** Brings a database to schema `to`, each version in a transaction of its own. */
export function migrateSqlite(db: DatabaseSync, path: string, to = migrations.length): void {
  const at = Number(db.prepare('PRAGMA user_version').get()?.user_version)
  if (at > migrations.length)
    throw new JournalError(
      `${path}: its schema is version ${at}, this program knows versions up to ${migrations.length}`,
    )
  migrations.slice(at, to).forEach((migration, index) => {
    db.exec('BEGIN IMMEDIATE')
    try {
      for (const step of migration(sqlite)) {
        if (typeof step === 'string') db.exec(step)
        else rewriteColumn(db, step)
      }
      db.exec(`PRAGMA user_version = ${at + index + 1}; COMMIT`)
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  })
}

function rewriteColumn(db: DatabaseSync, { table, column, rewrite }: Rewriting): void {
  db.function('rewritten', (text) => rewrite(String(text)))
  db.exec(`UPDATE ${table} SET ${column} = rewritten(${column})`)
}

/**
 * Opens or creates the journal at `path` (':memory:' for a test).
 * `sync: 'normal'` survives a killed process, 'full' a power cut too (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * @throws JournalError when the file cannot be opened or written
 */
export function openSqliteJournal(path: string, o: { sync?: 'normal' | 'full' } = {}): Journal {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const db = new DatabaseSync(path)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 2000; PRAGMA synchronous = ${o.sync ?? 'normal'}`)
    db.exec('PRAGMA foreign_keys = ON')
    migrateSqlite(db, path)
    db.exec('PRAGMA busy_timeout = 0') // from here on patiently() waits
    return new StoredJournal(sqliteStore(db, path === ':memory:' ? null : path))
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    throw new JournalError(`The journal ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

/** A store over an open database; with `path` a worker checkpoints the file. Closing it closes the database. */
export function sqliteStore(db: DatabaseSync, path: string | null): Store {
  const inserts = Object.fromEntries(
    Object.entries(columns).map(([table, names]) => {
      const list = Object.keys(names)
      return [table, db.prepare(`INSERT INTO ${table} (${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')})`)]
    }),
  ) as Record<JournalEntry['table'], StatementSync>
  const append = ({ table, cells }: JournalEntry) => inserts[table].run(...cells)
  const queries = new Map<string, StatementSync>()
  const checkpoints = path === null ? null : startCheckpoints(db, path)

  /** One write; several rows stand or fall together. */
  function run(write: Write): Error | null {
    const several = write.length > 1
    try {
      if (several) db.exec('SAVEPOINT one')
      write.forEach(append)
      if (several) db.exec('RELEASE one')
      return null
    } catch (cause) {
      // A broken constraint undoes its own statement only; SQLite ends the transaction itself when all is lost.
      if (!db.isTransaction) throw cause
      if (several) db.exec('ROLLBACK TO one; RELEASE one')
      return asError(cause)
    }
  }

  function transaction<T>(body: () => T): T {
    db.exec('BEGIN IMMEDIATE')
    try {
      const result = body()
      db.exec('COMMIT')
      return result
    } finally {
      if (db.isTransaction) db.exec('ROLLBACK')
    }
  }

  return {
    commit: (writes) => patiently(() => transaction(() => writes.map(run))),
    async query(sql, values) {
      const statement = queries.get(sql) ?? db.prepare(sql.replaceAll(/\$(\d+)/g, '?$1'))
      if (queries.size < 100) queries.set(sql, statement)
      return statement.all(...values)
    },
    async probe() {
      await patiently(() =>
        transaction(() => {
          // The new blob needs room of its own before the old one gives its pages back.
          db.exec(`INSERT INTO probe (ballast) VALUES (randomblob(${probeBytes}))`)
          db.exec('DELETE FROM probe WHERE position < (SELECT max(position) FROM probe)')
        }),
      )
    },
    async close() {
      await checkpoints?.stop()
      db.close()
    },
  }
}

const pause = 5 // milliseconds
const patience = 10_000

/**
 * Does it again while another connection holds the file: a checkpoint whose disk is slow, another program. SQLite's own waiting (busy_timeout)
 * would hold up every request of the process.
 */
async function patiently<T>(write: () => T): Promise<T> {
  for (let waited = 0; ; waited += pause) {
    try {
      return write()
    } catch (error) {
      const isBusy = error instanceof Error && 'errcode' in error && error.errcode === 5 // SQLITE_BUSY
      if (!isBusy || waited >= patience) throw error
    }
    await after(pause)
  }
}

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))

/** Moves checkpoints from the writing thread to a worker; until it runs, and should it end, SQLite checkpoints by itself. */
function startCheckpoints(db: DatabaseSync, path: string): { stop(): Promise<void> } {
  let worker: Worker | null = null
  let stopping = false
  const start = () => {
    worker = new Worker(new URL(`./checkpoints${extname(import.meta.filename)}`, import.meta.url), {
      workerData: path,
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
    })
    worker.once('online', () => db.exec('PRAGMA wal_autocheckpoint = 0'))
    worker.once('error', () => {})
    worker.once('exit', () => {
      worker = null
      if (!stopping) db.exec('PRAGMA wal_autocheckpoint = 1000')
    })
    worker.unref()
  }
  // Not at once: the process has enough to do when it starts.
  const starting = setTimeout(start, 1000).unref()
  return {
    async stop() {
      stopping = true
      clearTimeout(starting)
      if (!worker) return
      const ended = once(worker, 'exit')
      worker.ref()
      worker.postMessage('stop')
      await ended
    },
  }
}
