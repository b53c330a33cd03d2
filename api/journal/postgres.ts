/** The journal in PostgreSQL: several containers may write to one database. */
import { createHash, randomBytes } from 'node:crypto'
import { Client } from 'pg'
import { chainColumns, linked, noLink, type Unlinked } from './chain.ts'
import { type Connections, isConstraint, openConnections, type Run } from './connections.ts'
import { erasableTables, type Journal, JournalError } from './journal.ts'
import { type Chaining, migrations, postgresql, type Rewriting } from './migrations.ts'
import { columns, digestOfCells, digestOfRow, isChained, type JournalEntry } from './rows.ts'
import { probeBytes, type Store, StoredJournal, type Write } from './sql-journal.ts'

const lock = 7_206_771 // any number that no other program of this database locks with

const erasureLimit = 60_000 // milliseconds

const migrationLimit = 30 * 60_000 // milliseconds: a new schema may copy every row

const inserts = Object.fromEntries(
  Object.entries({ ...columns, chain: chainColumns }).map(([table, types]) => {
    const names = Object.keys(types).join(', ')
    const typed = Object.entries(types).map(([name, type]) => `${name} ${type}`)
    return [
      table,
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::text::json) AS sent (${typed.join(', ')})`,
    ]
  }),
) as Record<JournalEntry['table'] | 'chain', string>

/** Rows and their links at once: the database makes the links (link_record of the migrations), one after the other whoever writes. */
const linkedInserts = Object.fromEntries(
  Object.entries(inserts).map(([table, insert]) => [
    table,
    `WITH kept AS (${insert} RETURNING position, salt)
INSERT INTO chain (record, place, digest) SELECT '${table}', kept.position, sent.digest
FROM kept JOIN json_to_recordset($2::text::json) AS sent (salt text, digest text) USING (salt) ORDER BY kept.position`,
  ]),
)

/** The same of one row, as most are: its digest needs no finding. */
const linkedInsert = Object.fromEntries(
  Object.entries(inserts).map(([table, insert]) => [
    table,
    `WITH kept AS (${insert} RETURNING position)
INSERT INTO chain (record, place, digest) SELECT '${table}', kept.position, $2::text FROM kept`,
  ]),
)

/**
 * Connects and brings the schema up to date; containers that start together wait for each other.
 * @throws JournalError when the database cannot be reached in time, or its schema is newer than this program
 */
export async function openPostgresJournal(url: string): Promise<Journal> {
  const database = openConnections(url)
  try {
    await database.transaction((run) => migratePostgres(run), migrationLimit)
    return new StoredJournal(postgresStore(database))
  } catch (cause) {
    await database.close()
    if (cause instanceof JournalError) throw cause
    // The address holds a password: it is not repeated.
    throw new JournalError(
      `The journal's database (DATABASE_URL) cannot be opened: ${cause instanceof Error ? cause.message || cause.name : cause}`,
      { cause },
    )
  }
}

/**
 * Writes the tables that records are erased from anew, so that nothing of what was deleted is left in their files. Each is locked meanwhile: recording
 * waits, and is refused after five seconds.
 */
export async function compactPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'credit-scoring' })
  await client.connect()
  try {
    for (const table of erasableTables) await client.query(`VACUUM (FULL) ${table}`)
  } finally {
    await client.end()
  }
}

/** Brings a database to schema `to`, in the transaction of `run`. */
export async function migratePostgres(run: Run, to = migrations.length): Promise<void> {
  await run('SELECT pg_advisory_xact_lock($1)', [lock])
  await run('CREATE TABLE IF NOT EXISTS journal_version (version BIGINT NOT NULL)')
  const at = Number((await run('SELECT max(version) AS version FROM journal_version')).rows[0]?.version ?? 0)
  if (at > migrations.length)
    throw new JournalError(
      `The journal's schema is version ${at}, this program knows versions up to ${migrations.length}`,
    )
  for (const [index, migration] of migrations.entries()) {
    if (index < at || index >= to) continue
    for (const step of migration(postgresql)) {
      if (typeof step === 'string') await run(step)
      else if ('chained' in step) await chainTables(run, step)
      else await rewriteColumn(run, step)
    }
    await run('INSERT INTO journal_version VALUES ($1)', [index + 1])
  }
}

async function rewriteColumn(run: Run, { table, key, column, rewrite }: Rewriting): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await run(
      `SELECT ${key} AS key, ${column} AS text FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT 500`,
      [after],
    )
    for (const row of rows)
      await run(`UPDATE ${table} SET ${column} = $2 WHERE ${key} = $1`, [String(row.key), rewrite(String(row.text))])
    if (rows.length < 500) return
    after = String(rows.at(-1)?.key)
  }
}

async function chainTables(run: Run, { chained }: Chaining): Promise<void> {
  let before = noLink
  for (const table of chained)
    for (let after = '0'; ; ) {
      const { rows } = await run(`SELECT * FROM ${table} WHERE position > $1 ORDER BY position LIMIT 500`, [after])
      const records = rows.map((row) => ({
        record: table,
        place: Number(row.position),
        digest: digestOfRow(table, row),
      }))
      before = await extendChain(run, before, records)
      if (rows.length < 500) break
      after = String(rows.at(-1)?.position)
    }
}

/** Answers the last link. */
async function extendChain(run: Run, before: string, records: readonly Unlinked[]): Promise<string> {
  if (records.length === 0) return before
  const entries = linked(before, records)
  await run(inserts.chain, [JSON.stringify(entries)])
  return entries.at(-1)!.link
}

function postgresStore(database: Connections): Store {
  /** The rows of one table in one statement with their links, tables in the order of `columns`, so that references are met. */
  async function append(run: Run, entries: readonly JournalEntry[]): Promise<void> {
    const byTable = Map.groupBy(entries, ({ table }) => table)
    for (const [table, types] of Object.entries(columns) as [JournalEntry['table'], object][]) {
      const own = byTable.get(table)
      if (!own) continue
      const names = Object.keys(types)
      const rows = own.map(({ cells }) => Object.fromEntries(names.map((name, i) => [name, cells[i]])))
      const digests = own.map(({ cells }, i) => ({ salt: rows[i]!.salt, digest: digestOfCells(table, cells) }))
      if (isChained(table) && own.length === 1)
        await run(linkedInsert[table]!, [JSON.stringify(rows), digests[0]!.digest])
      else if (isChained(table)) await run(linkedInserts[table]!, [JSON.stringify(rows), JSON.stringify(digests)])
      else await run(inserts[table], [JSON.stringify(rows)])
    }
  }

  const commit = (writes: readonly Write[]) => database.transaction((run) => append(run, writes.flat()))

  return {
    async commit(writes) {
      try {
        await commit(writes)
        return writes.map(() => null)
      } catch (cause) {
        if (!isConstraint(cause)) throw cause
        if (writes.length === 1) return [cause]
      }
      // One of them breaks a constraint: each by itself, in order.
      const results: (Error | null)[] = []
      for (const write of writes)
        results.push(
          await commit([write]).then(
            () => null,
            (cause: unknown) => {
              if (isConstraint(cause)) return cause
              throw cause
            },
          ),
        )
      return results
    },
    query: (text, values) => database.read(text, values),
    execute: (text, values) =>
      database.transaction(async (run) => {
        await run(text, values)
      }),
    erase: (work) =>
      database.transaction(async (run) => {
        await run("SET LOCAL journal.erasing = 'yes'")
        const erasing = work()
        let step = erasing.next([])
        while (!step.done) step = erasing.next((await run(step.value.sql, step.value.values)).rows)
        await append(run, step.value.entries)
        return step.value.erased
      }, erasureLimit),
    // What PostgreSQL keeps of deleted rows goes with its vacuum, or at once by `compactPostgres`.
    scrub: async () => {},
    probe: () =>
      database.transaction(async (run) => {
        const { rows } = await run('INSERT INTO probe (ballast) VALUES ($1) RETURNING position', [
          randomBytes(probeBytes),
        ])
        await run('DELETE FROM probe WHERE position < $1', [String(rows[0]?.position)])
      }),
    alone: (name, work) => database.alone(advisoryKey(name), work),
    close: () => database.close(),
  }
}

/** The number of a name's advisory lock; the upper half tells it from those of other programs. */
const advisoryKey = (name: string): string =>
  createHash('sha256').update(`credit-scoring ${name}`).digest().readBigInt64BE(0).toString()
