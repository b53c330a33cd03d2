/** The journal in one SQLite file: a write-ahead log, moved into the file by a worker so that no request waits for it. */
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname, extname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { setTimeout as after } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { linked, noLink, type Unlinked } from './chain.ts'
import { type Journal, JournalError } from './journal.ts'
import { guardFiles, type JournalFiles, journalFiles, openJournalFile, putLogAside } from './journal-files.ts'
import { type Chaining, migrations, type Rewriting, sqlite } from './migrations.ts'
import { columns, digestOfCells, digestOfRow, isChained, type JournalEntry } from './rows.ts'
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
        else if ('chained' in step) chainTables(db, step)
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

function chainTables(db: DatabaseSync, { chained }: Chaining): void {
  const extend = chainWriter(db)
  for (const table of chained) {
    const rows = db.prepare(`SELECT * FROM ${table} WHERE position > ? ORDER BY position LIMIT 500`)
    for (let after = 0; ; ) {
      const some = rows.all(after)
      extend(some.map((row) => ({ record: table, place: Number(row.position), digest: digestOfRow(table, row) })))
      if (some.length < 500) break
      after = Number(some.at(-1)?.position)
    }
  }
}

/** Links records to the last link of the chain, in the open transaction. */
function chainWriter(db: DatabaseSync): (records: readonly Unlinked[]) => void {
  const head = db.prepare('SELECT link FROM chain ORDER BY position DESC LIMIT 1')
  const insert = db.prepare('INSERT INTO chain (record, place, digest, link) VALUES (?, ?, ?, ?)')
  return (records) => {
    if (records.length === 0) return
    const before = head.get()?.link
    for (const { record, place, digest, link } of linked(before === undefined ? noLink : String(before), records))
      insert.run(record, place, digest, link)
  }
}

/**
 * Opens or creates the journal at `path` (':memory:' for a test).
 * `sync: 'normal'` survives a killed process, 'full' a power cut too (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * @throws JournalError when the file cannot be opened or written
 */
export function openSqliteJournal(path: string, o: { sync?: 'normal' | 'full' } = {}): Journal {
  try {
    const inMemory = path === ':memory:'
    if (!inMemory) mkdirSync(dirname(path), { recursive: true })
    const descriptor = inMemory ? null : openJournalFile(path)
    const db = new DatabaseSync(path)
    db.exec('PRAGMA busy_timeout = 2000')
    const id = identified(db)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${o.sync ?? 'normal'}`)
    // What is deleted is overwritten with zeros: an erased record leaves nothing in the file.
    db.exec('PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON')
    const before = Number(db.prepare('PRAGMA user_version').get()?.user_version)
    migrateSqlite(db, path)
    // Programs before schema 6 left what their migrations had removed in the free pages.
    if (before > 0 && before < 6 && !inMemory) db.exec('VACUUM')
    db.exec('PRAGMA busy_timeout = 0') // from here on patiently() waits
    return new StoredJournal(sqliteStore(db, descriptor === null ? null : journalFiles(path, descriptor, id)))
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    throw new JournalError(`The journal ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

/** The journal's own number: given once, by whoever opens it first. */
function identified(db: DatabaseSync): number {
  const idOf = () => Number(db.prepare('PRAGMA application_id').get()?.application_id)
  if (idOf() !== 0) return idOf()
  db.exec('BEGIN IMMEDIATE')
  if (idOf() === 0) db.exec(`PRAGMA application_id = ${randomInt(1, 2 ** 31)}`)
  db.exec('COMMIT')
  return idOf()
}

/**
 * A store over an open database; with `files` a worker checkpoints the file, and nothing is written once the files are others. Closing it closes
 * the database.
 */
export function sqliteStore(db: DatabaseSync, files: JournalFiles | null): Store {
  const inserts = Object.fromEntries(
    Object.entries(columns).map(([table, names]) => {
      const list = Object.keys(names)
      return [table, db.prepare(`INSERT INTO ${table} (${list.join(', ')}) VALUES (${list.map(() => '?').join(', ')})`)]
    }),
  ) as Record<JournalEntry['table'], StatementSync>
  const extend = chainWriter(db)
  const append = ({ table, cells }: JournalEntry): Unlinked | null => {
    const { lastInsertRowid } = inserts[table].run(...cells)
    return isChained(table)
      ? { record: table, place: Number(lastInsertRowid), digest: digestOfCells(table, cells) }
      : null
  }
  const queries = new Map<string, StatementSync>()
  const checkpoints = files && startCheckpoints(db, files)
  const busyWith = new Set<string>()
  let writtenOver = false
  const guard =
    files &&
    guardFiles(files, (moved) => {
      writtenOver = moved.writtenOver
      if (writtenOver) putLogAside(files, Date.now())
      else emptyLog(db)
    })
  const watching = guard && setInterval(() => guard.moved(), watchEvery).unref()

  function sound(): void {
    const moved = guard?.moved()
    if (moved) throw moved
  }

  /** @throws JournalMoved before and after: what was committed into files that are no longer there is not answered */
  async function guarded<T>(write: () => T): Promise<T> {
    sound()
    const result = await patiently(write)
    sound()
    return result
  }

  function prepared(sql: string): StatementSync {
    const statement = queries.get(sql) ?? db.prepare(placed(sql))
    if (queries.size < 100) queries.set(sql, statement)
    return statement
  }

  /** One write; several rows stand or fall together. What is to be linked goes to `records`. */
  function run(write: Write, records: Unlinked[]): Error | null {
    const several = write.length > 1
    try {
      if (several) db.exec('SAVEPOINT one')
      const appended = write.map(append)
      if (several) db.exec('RELEASE one')
      for (const one of appended) if (one) records.push(one)
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
    commit: (writes) =>
      guarded(() =>
        transaction(() => {
          const records: Unlinked[] = []
          const results = writes.map((write) => run(write, records))
          extend(records)
          return results
        }),
      ),
    erase: (work) =>
      guarded(() =>
        transaction(() => {
          db.exec('INSERT INTO erasing (permitted) VALUES (1)')
          const erasing = work()
          let step = erasing.next([])
          while (!step.done) step = erasing.next(db.prepare(placed(step.value.sql)).all(...step.value.values))
          db.exec('DELETE FROM erasing')
          extend(step.value.entries.flatMap((entry) => append(entry) ?? []))
          return step.value.erased
        }),
      ),
    // The log holds pages as they were before: it is moved into the file and cut to nothing.
    scrub: () =>
      guarded(() => {
        const { busy } = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() ?? {}
        if (Number(busy) === 1) throw Object.assign(new Error('the log is being read'), { errcode: busyCode })
      }),
    async query(sql, values) {
      sound()
      return prepared(sql).all(...values)
    },
    execute: (sql, values) =>
      guarded(() => {
        prepared(sql).run(...values)
      }),
    probe: () =>
      guarded(() =>
        transaction(() => {
          // The new blob needs space of its own before the old one frees its pages.
          db.exec(`INSERT INTO probe (ballast) VALUES (randomblob(${probeBytes}))`)
          db.exec('DELETE FROM probe WHERE position < (SELECT max(position) FROM probe)')
        }),
      ),
    // One process serves a file; what a command does beside it writes the same rows.
    async alone(name, work) {
      if (busyWith.has(name)) return null
      busyWith.add(name)
      try {
        return await work()
      } finally {
        busyWith.delete(name)
      }
    },
    async close() {
      guard?.moved()
      if (watching) clearInterval(watching)
      await checkpoints?.stop()
      // Closing would write the last pages into whatever the file holds now; the process ends without it.
      if (!writtenOver) db.close()
    },
  }
}

/** $1 in SQLite's words. */
const placed = (sql: string): string => sql.replaceAll(/\$(\d+)/g, '?$1')

const watchEvery = 500 // milliseconds
const busyCode = 5 // SQLITE_BUSY
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
      const isBusy = error instanceof Error && 'errcode' in error && error.errcode === busyCode
      if (!isBusy || waited >= patience) throw error
    }
    await after(pause)
  }
}

const asError = (cause: unknown): Error => (cause instanceof Error ? cause : new Error(String(cause)))

/** Moves checkpoints from the writing thread to a worker; until it runs, and should it end, SQLite checkpoints by itself. */
function startCheckpoints(db: DatabaseSync, files: JournalFiles): { stop(): Promise<void> } {
  let worker: Worker | null = null
  let stopping = false
  const start = () => {
    worker = new Worker(new URL(`./checkpoints${extname(import.meta.filename)}`, import.meta.url), {
      workerData: files,
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

/** Moves the log into the file that this connection has open, wherever that lies now, and leaves nothing of it at the path for another file. */
function emptyLog(db: DatabaseSync): void {
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch {
    // The disk is gone or full: what the log holds stays in it.
  }
}
