/** The journal in PostgreSQL: several containers may write to one database. */
import { randomBytes } from 'node:crypto'
import { type Connections, isConstraint, openConnections, type Run } from './connections.ts'
import { type Journal, JournalError } from './journal.ts'
import { migrations, postgresql, type Rewriting } from './migrations.ts'
import { columns, type JournalEntry } from './rows.ts'
import { probeBytes, type Store, StoredJournal, type Write } from './sql-journal.ts'

const lock = 7_206_771 // any number that no other program of this database locks with

const migrationLimit = 30 * 60_000 // milliseconds: a new schema may copy every row

const inserts = Object.fromEntries(
  Object.entries(columns).map(([table, types]) => {
    const names = Object.keys(types).join(', ')
    const typed = Object.entries(types).map(([name, type]) => `${name} ${type}`)
    return [
      table,
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::text::json) AS sent (${typed.join(', ')})`,
    ]
  }),
) as Record<JournalEntry['table'], string>

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

function postgresStore(database: Connections): Store {
  /** The rows of one table in one statement, tables in the order of `columns`, so that references are met. */
  async function append(run: Run, writes: readonly Write[]): Promise<void> {
    const byTable = Map.groupBy(writes.flat(), ({ table }) => table)
    for (const [table, types] of Object.entries(columns) as [JournalEntry['table'], object][]) {
      const names = Object.keys(types)
      const rows = byTable.get(table)?.map(({ cells }) => Object.fromEntries(names.map((name, i) => [name, cells[i]])))
      if (rows) await run(inserts[table], [JSON.stringify(rows)])
    }
  }

  const commit = (writes: readonly Write[]) => database.transaction((run) => append(run, writes))

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
    probe: () =>
      database.transaction(async (run) => {
        const { rows } = await run('INSERT INTO probe (ballast) VALUES ($1) RETURNING position', [
          randomBytes(probeBytes),
        ])
        await run('DELETE FROM probe WHERE position < $1', [String(rows[0]?.position)])
      }),
    close: () => database.close(),
  }
}
