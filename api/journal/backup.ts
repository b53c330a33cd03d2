/** A journal as one SQLite file, whichever database it lies in, and back into either: every table, every position, the chain with it. */
import { randomInt } from 'node:crypto'
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { abandon, begin, putInPlace } from '../../pipeline/data/write-whole.ts'
import { openConnections, type Run } from './connections.ts'
import { JournalError } from './journal.ts'
import { type JournalSettings, journalFileExists } from './open.ts'
import { openPostgresJournal } from './postgres.ts'
import { migrateSqlite } from './sqlite.ts'

/** All that is kept, what others refer to first. */
const kept = [
  'predictions',
  'reviews',
  'outcomes',
  'answers',
  'accesses',
  'erasures',
  'chain',
  'alerts',
  'monitor_reports',
  'ended_sessions',
  'secrets',
] as const
type Table = (typeof kept)[number]

/** Whose positions are never given twice, so that a link of the chain means one record for good. */
const lasting = ['predictions', 'reviews', 'outcomes', 'accesses', 'alerts'] as const

/** The last position that was ever given, be its record erased. */
const lastGiven = (table: (typeof lasting)[number]): string =>
  `SELECT max(position) AS last FROM (SELECT position FROM ${table} UNION ALL SELECT place FROM chain WHERE record = '${table}' UNION ALL SELECT 0) AS given`

const page = 500
const limit = 60 * 60_000 // milliseconds

const sqlTypes: Readonly<Record<string, string>> = { INTEGER: 'bigint', REAL: 'float8', TEXT: 'text' }

/** The columns of a table with PostgreSQL's types. */
const columnsOf = (db: DatabaseSync, table: Table): [string, string][] =>
  db
    .prepare(`SELECT name, type FROM pragma_table_info('${table}')`)
    .all()
    .map(({ name, type }) => [String(name), sqlTypes[String(type)]!])

/** Whether rows of a table are numbered, and the column by which they are read in order. */
const keyOf = (names: readonly string[]) => (names.includes('position') ? 'position' : names[0]!)

/**
 * Writes the whole journal as of one moment into a file that only its owner may read; the service may write meanwhile.
 * @throws JournalError when it cannot be read
 */
export async function backupJournal({ journal, databaseUrl }: JournalSettings, file: string): Promise<void> {
  const unfinished = begin(file)
  try {
    if (databaseUrl === null) backupSqlite(journal, unfinished)
    else await backupPostgres(databaseUrl, unfinished)
    chmodSync(unfinished, 0o600)
    putInPlace(file, unfinished)
  } catch (cause) {
    abandon(unfinished)
    throw cause instanceof JournalError
      ? cause
      : new JournalError(`The journal cannot be backed up: ${textOf(cause)}`, { cause })
  }
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message || cause.name : String(cause))

function backupSqlite(path: string, file: string): void {
  journalFileExists(path)
  const db = new DatabaseSync(path)
  try {
    db.exec('PRAGMA busy_timeout = 10000')
    db.prepare('VACUUM INTO ?').run(file)
  } finally {
    db.close()
  }
}

async function backupPostgres(url: string, file: string): Promise<void> {
  await (await openPostgresJournal(url)).close() // to today's schema
  const database = openConnections(url)
  const db = new DatabaseSync(file)
  try {
    migrateSqlite(db, file)
    db.exec('BEGIN')
    await database.transaction((run) => copyOut(run, db), limit)
    db.exec('COMMIT')
  } finally {
    db.close()
    await database.close()
  }
}

async function copyOut(run: Run, db: DatabaseSync): Promise<void> {
  await run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ')
  for (const table of kept) {
    const names = columnsOf(db, table).map(([name]) => name)
    const key = keyOf(names)
    const insert = db.prepare(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
    for (let after: unknown = key === 'position' ? 0 : ''; ; ) {
      const { rows } = await run(
        `SELECT ${names.join(', ')} FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT ${page}`,
        [after as string | number],
      )
      for (const row of rows) insert.run(...names.map((name) => row[name] as string | number | null))
      if (rows.length < page) break
      after = rows.at(-1)?.[key]
    }
  }
  for (const table of lasting) {
    const last = Number(db.prepare(lastGiven(table)).get()?.last)
    db.prepare('DELETE FROM sqlite_sequence WHERE name = ?').run(table)
    db.prepare('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)').run(table, last)
  }
}

/**
 * Brings a backup back: into a SQLite file that is not there yet, or into a PostgreSQL database whose journal is empty.
 * @throws JournalError where something would be overwritten, or the file is no backup
 */
export async function restoreJournal(file: string, { journal, databaseUrl }: JournalSettings): Promise<void> {
  if (!existsSync(file)) throw new JournalError(`${file}: expected a backup of a journal, and there is no such file`)
  if (databaseUrl !== null) return restorePostgres(file, databaseUrl)
  if (existsSync(journal))
    throw new JournalError(`${journal} (JOURNAL) is there already: a backup overwrites no journal. Move it away first`)
  const unfinished = begin(journal)
  try {
    copyOf(file, unfinished)
    putInPlace(journal, unfinished)
  } catch (cause) {
    abandon(unfinished)
    throw cause
  }
}

/** A journal of its own, at today's schema, that only its owner may read. */
function copyOf(file: string, path: string): void {
  try {
    const db = new DatabaseSync(file, { readOnly: true })
    try {
      if (Number(db.prepare('PRAGMA user_version').get()?.user_version) === 0) throw new Error('it holds no journal')
      db.prepare('VACUUM INTO ?').run(path)
    } finally {
      db.close()
    }
    chmodSync(path, 0o600)
    const copy = new DatabaseSync(path)
    try {
      migrateSqlite(copy, file)
      copy.exec(`PRAGMA application_id = ${randomInt(1, 2 ** 31)}`)
    } finally {
      copy.close()
    }
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    throw new JournalError(`${file}: expected a backup of a journal: ${textOf(cause)}`, { cause })
  }
}

async function restorePostgres(file: string, url: string): Promise<void> {
  const folder = mkdtempSync(join(dirname(file), 'restoring-'))
  const path = join(folder, 'journal.sqlite')
  const opened = await openPostgresJournal(url)
  await opened.close()
  const database = openConnections(url)
  try {
    copyOf(file, path)
    const db = new DatabaseSync(path)
    try {
      await database.transaction((run) => copyIn(run, db), limit)
    } finally {
      db.close()
    }
  } finally {
    await database.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function copyIn(run: Run, db: DatabaseSync): Promise<void> {
  const { rows: there } = await run('SELECT (SELECT count(*) FROM predictions) + (SELECT count(*) FROM chain) AS n')
  if (Number(there[0]?.n) > 0)
    throw new JournalError(
      'The journal in DATABASE_URL is not empty: a backup overwrites no journal. Give it an empty database',
    )
  await run('DELETE FROM ended_sessions; DELETE FROM secrets')
  for (const table of kept) {
    const columns = columnsOf(db, table)
    const names = columns.map(([name]) => name)
    const key = keyOf(names)
    const list = names.join(', ')
    const given = key === 'position' ? 'OVERRIDING SYSTEM VALUE ' : ''
    const typed = columns.map(([name, type]) => `${name} ${type}`).join(', ')
    const insert = `INSERT INTO ${table} (${list}) ${given}SELECT ${list} FROM json_to_recordset($1::text::json) AS kept (${typed})`
    const read = db.prepare(`SELECT ${list} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${page}`)
    for (let after: string | number = key === 'position' ? 0 : ''; ; ) {
      const rows = read.all(after)
      if (rows.length > 0) await run(insert, [JSON.stringify(rows)])
      if (rows.length < page) break
      after = rows.at(-1)![key] as string | number
    }
  }
  for (const table of [...lasting, 'erasures', 'chain'] as const) {
    const last =
      table === 'erasures' || table === 'chain'
        ? `SELECT coalesce(max(position), 0) AS last FROM ${table}`
        : lastGiven(table)
    await run(
      `SELECT setval(pg_get_serial_sequence('${table}', 'position'), (SELECT last + 1 FROM (${last}) AS given), false)`,
    )
  }
}
