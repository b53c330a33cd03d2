/** The journal in PostgreSQL: several containers may write to one database. */
import { randomBytes } from 'node:crypto'
import postgres from 'postgres'
import { type Journal, JournalError } from './journal.ts'
import { migrations, postgresql } from './migrations.ts'
import { columns, type Entry } from './rows.ts'
import { probeBytes, type Store, StoredJournal, type Write } from './sql-journal.ts'

const connections = 4
const patience = 5000 // milliseconds that the database has to answer
const lock = 7_206_771 // any number that no other program of this database locks with

const inserts = Object.fromEntries(
  Object.entries(columns).map(([table, types]) => {
    const names = Object.keys(types).join(', ')
    const typed = Object.entries(types).map(([name, type]) => `${name} ${type}`)
    return [
      table,
      `INSERT INTO ${table} (${names}) SELECT ${names} FROM json_to_recordset($1::text::json) AS sent (${typed.join(', ')})`,
    ]
  }),
) as Record<Entry['table'], string>

/**
 * Connects and brings the schema up to date; containers that start together wait for each other.
 * @throws JournalError when the database cannot be reached in time, or its schema is newer than this program
 */
export async function openPostgresJournal(url: string): Promise<Journal> {
  const sql = postgres(url, {
    max: connections,
    connect_timeout: patience / 1000,
    onnotice: () => {},
    connection: { application_name: 'credit-scoring', statement_timeout: patience },
  })
  try {
    await within(migrate(sql))
    return new StoredJournal(postgresStore(sql))
  } catch (cause) {
    await sql.end({ timeout: 0 })
    if (cause instanceof JournalError) throw cause
    // The address holds a password: it is not repeated.
    throw new JournalError(
      `The journal's database (DATABASE_URL) cannot be opened: ${cause instanceof Error ? cause.message || cause.name : cause}`,
      { cause },
    )
  }
}

async function migrate(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (within) => {
    await within`SELECT pg_advisory_xact_lock(${lock})`
    await within`CREATE TABLE IF NOT EXISTS journal_version (version BIGINT NOT NULL)`
    const at = Number((await within`SELECT max(version) AS version FROM journal_version`)[0]?.version ?? 0)
    if (at > migrations.length)
      throw new JournalError(
        `The journal's schema is version ${at}, this program knows versions up to ${migrations.length}`,
      )
    for (const [index, migration] of migrations.entries()) {
      if (index < at) continue
      await within.unsafe(migration(postgresql)).simple()
      await within`INSERT INTO journal_version VALUES (${index + 1})`
    }
  })
}

/** Rejects when the database lets the caller wait: a broken line may never say so. */
function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the database in ${patience} ms`)), patience)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Class 23: a constraint was broken (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const isConstraint = (error: unknown): error is Error =>
  error instanceof postgres.PostgresError && error.code.startsWith('23')

function postgresStore(sql: postgres.Sql): Store {
  /** The rows of one table in one statement, tables in the order of `columns`, so that references are met. */
  async function append(transaction: postgres.TransactionSql, writes: readonly Write[]): Promise<void> {
    const byTable = Map.groupBy(writes.flat(), ({ table }) => table)
    for (const [table, types] of Object.entries(columns) as [Entry['table'], object][]) {
      const names = Object.keys(types)
      const rows = byTable.get(table)?.map(({ cells }) => Object.fromEntries(names.map((name, i) => [name, cells[i]])))
      if (rows) await transaction.unsafe(inserts[table], [JSON.stringify(rows)], { prepare: true })
    }
  }

  const commit = (writes: readonly Write[]) => within(sql.begin((transaction) => append(transaction, writes)))

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
    query: (text, values) =>
      within(sql.unsafe<Record<string, unknown>[]>(text, [...values], { prepare: true }).then((rows) => [...rows])),
    async probe() {
      await within(
        sql.begin(async (transaction) => {
          const [row] =
            await transaction`INSERT INTO probe (ballast) VALUES (${randomBytes(probeBytes)}) RETURNING position`
          await transaction`DELETE FROM probe WHERE position < ${row?.position}`
        }),
      )
    },
    close: () => sql.end({ timeout: patience / 1000 }),
  }
}
