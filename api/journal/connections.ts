/** Connections to PostgreSQL: lost ones are replaced, work is limited in time, and is done again only where nothing can have been committed. */
import { createHash } from 'node:crypto'
import { Socket } from 'node:net'
import { DatabaseError, Pool, type PoolClient, type QueryResult } from 'pg'

const connections = 4
const patience = 5000 // milliseconds that the database has to answer
const prepared = 100 // statements that a connection keeps

export type SqlRow = Record<string, unknown>
type Value = string | number | null | Buffer

/** One statement on the transaction's connection; several, separated by semicolons, where there are no values. */
export type Run = (text: string, values?: readonly Value[]) => Promise<QueryResult<SqlRow>>

export interface Connections {
  /** One statement that only reads. */
  read(text: string, values: readonly Value[]): Promise<readonly SqlRow[]>
  /** Resolves once COMMIT was answered. What it does apart from its statements may be done twice. `limit`: milliseconds that it may take. */
  transaction<T>(work: (run: Run) => Promise<T>, limit?: number): Promise<T>
  /** Does the work while this session holds the advisory lock, which no other session then gets; null where another holds it. */
  alone<T>(key: string, work: () => Promise<T>): Promise<T | null>
  close(): Promise<void>
}

/** The session ended while a statement was awaited, so that its transaction, not yet committed, is undone. */
class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super(`the connection to the database was lost: ${cause instanceof Error ? cause.message : cause}`, { cause })
    this.name = 'ConnectionLost'
  }
}

/**
 * Whether an error is the database's answer to a statement, in a session that goes on. It does not after classes 08 and 57P (connection lost, server
 * stopping) and 25P03 (idle in a transaction); 0A000 and 26000 are a prepared statement that a migration made stale, which a new session does not hold
 * (https://www.postgresql.org/docs/current/errcodes-appendix.html).
 */
const isAnswer = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && !/^(08|57P|25P03|0A000|26000)/.test(error.code ?? '')

/** Class 23: a constraint was broken. */
export const isConstraint = (error: unknown): error is DatabaseError =>
  error instanceof DatabaseError && error.code?.startsWith('23') === true

/** Rejects when the database lets the caller wait: a broken line may never say so. */
function before<T>(until: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const left = Math.max(0, until - performance.now())
    timer = setTimeout(() => reject(new Error(`no answer from the database in ${Math.round(left)} ms`)), left)
  })
  return Promise.race([work, late]).finally(() => clearTimeout(timer))
}

/** Nothing is connected before it is asked for. */
export function openConnections(url: string): Connections {
  const sockets = new Set<Socket>()
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: patience,
    idleTimeoutMillis: 0,
    keepAlive: true,
    application_name: 'credit-scoring',
    statement_timeout: patience,
    // A process that hangs in the middle lets go of what others wait for.
    idle_in_transaction_session_timeout: patience,
    stream: () => {
      const socket = new Socket()
      sockets.add(socket.once('close', () => sockets.delete(socket)))
      return socket
    },
  })
  // An idle connection was lost: the pool has let go of it already and makes another when one is needed.
  pool.on('error', () => {})
  // While a connection is in use its loss reaches whoever awaits a statement; the event would end the process.
  pool.on('connect', (client) => client.on('error', () => {}))

  async function connected(until: number): Promise<PoolClient> {
    const coming = pool.connect()
    try {
      return await before(until, coming)
    } catch (error) {
      coming.then(
        (client) => client.release(),
        () => {},
      )
      throw error
    }
  }

  /** Work on one connection, which is used again only when it is known to be in order. */
  async function attempt<T>(until: number, work: (run: Run) => Promise<T>): Promise<T> {
    const client = await connected(Math.min(until, performance.now() + patience))
    try {
      const result = await before(until, work(statements(client)))
      client.release()
      return result
    } catch (error) {
      client.release(!isAnswer(error))
      throw error
    }
  }

  /** A pooled connection may have been lost unnoticed: work is done again as long as it only lost its connection. */
  async function lasting<T>(work: (run: Run) => Promise<T>, limit = patience): Promise<T> {
    const until = performance.now() + limit
    for (let lost = 0; ; lost++)
      try {
        return await attempt(until, work)
      } catch (error) {
        if (!(error instanceof ConnectionLost) || lost >= connections || performance.now() >= until) throw error
      }
  }

  return {
    read: (text, values) => lasting(async (run) => (await run(text, values)).rows),
    transaction: (work, limit) =>
      lasting(
        (run) =>
          committed(run, async () => {
            if (limit !== undefined) await run(`SET LOCAL statement_timeout = ${Math.round(limit)}`)
            return work(run)
          }),
        limit,
      ),
    async alone(key, work) {
      const client = await connected(performance.now() + patience)
      let inOrder = false
      try {
        const { rows } = await client.query<SqlRow>('SELECT pg_try_advisory_lock($1::bigint) AS held', [key])
        inOrder = rows[0]?.held !== true
        if (inOrder) return null
        try {
          return await work()
        } finally {
          await client.query('SELECT pg_advisory_unlock($1::bigint)', [key])
          inOrder = true
        }
      } finally {
        // A session that is ended lets go of its locks.
        client.release(!inOrder)
      }
    },
    async close() {
      await pool.end()
      // A database that hangs does not say goodbye: the process does not wait for it.
      for (const socket of sockets) socket.unref()
    },
  }
}

/** @throws ConnectionLost only where the transaction was certainly not committed */
async function committed<T>(run: Run, work: (run: Run) => Promise<T>): Promise<T> {
  await run('BEGIN')
  let result: T
  try {
    result = await work(run)
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await run('ROLLBACK')
    throw error
  }
  const end = await run('COMMIT').catch((cause: unknown) => {
    throw new Error('the database did not say whether it committed', { cause })
  })
  // PostgreSQL answers COMMIT with ROLLBACK, and no error, where a statement had failed.
  if (end.command !== 'COMMIT') throw new Error(`the database answered COMMIT with ${end.command}`)
  return result
}

function statements(client: PoolClient): Run {
  return async (text, values) => {
    try {
      return await client.query<SqlRow>(values ? { text, values: [...values], ...named(text) } : text)
    } catch (cause) {
      throw isAnswer(cause) ? cause : new ConnectionLost(cause)
    }
  }
}

const names = new Map<string, string>()

/** The name under which a connection prepares a statement once; the same in every process, as a pooler between may need it. */
function named(text: string): { name?: string } {
  const known = names.get(text)
  if (known !== undefined) return { name: known }
  if (names.size >= prepared) return {}
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32)
  names.set(text, name)
  return { name }
}
