/** The journal in one SQLite file: write-ahead log, one transaction for all records of a turn of the event loop. */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import {
  type Journal,
  JournalError,
  type Prediction,
  type PredictionQuery,
  type PredictionSummary,
  type Review,
} from './journal.ts'
import { migrations } from './migrations.ts'

const probeBytes = 65_536 // a request with a long history is about this large

type Record = { readonly [column: string]: SQLOutputValue }

interface Waiting {
  readonly write: () => void
  readonly resolve: () => void
  readonly reject: (error: JournalError) => void
}

const text = (value: SQLOutputValue | undefined): string => String(value)
const number = (value: SQLOutputValue | undefined): number => Number(value)
const clientOf = (value: SQLOutputValue | undefined): number | null =>
  value === null || value === undefined ? null : Number(value)

function migrate(db: DatabaseSync, path: string) {
  const at = number((db.prepare('PRAGMA user_version').get() as Record).user_version)
  if (at > migrations.length)
    throw new JournalError(
      `${path}: its schema is version ${at}, this program knows versions up to ${migrations.length}`,
    )
  migrations.slice(at).forEach((sql, index) => {
    db.exec(`BEGIN; ${sql}; PRAGMA user_version = ${at + index + 1}; COMMIT`)
  })
}

/**
 * Opens or creates the journal at `path` (':memory:' for a test).
 * `sync: 'normal'` survives a killed process, 'full' a power cut too (https://www.sqlite.org/pragma.html#pragma_synchronous).
 * @throws JournalError when the file cannot be opened or written
 */
export function openSqliteJournal(path: string, o: { sync?: 'normal' | 'full' } = {}): SqliteJournal {
  try {
    if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true })
    const db = new DatabaseSync(path)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 2000; PRAGMA synchronous = ${o.sync ?? 'normal'}`)
    migrate(db, path)
    return new SqliteJournal(db)
  } catch (cause) {
    if (cause instanceof JournalError) throw cause
    throw new JournalError(`The journal ${path} cannot be opened: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    })
  }
}

export class SqliteJournal implements Journal {
  readonly #db: DatabaseSync
  readonly #insert: StatementSync
  readonly #insertReview: StatementSync
  #waiting: Waiting[] = []
  #closed = false

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#insert = db.prepare(
      `INSERT INTO predictions (request_id, at, source, version, client, input, probability, threshold, lower, upper,
         decision, review, rank, explanation, warnings, assumed, latency_ms) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
    )
    this.#insertReview = db.prepare(
      'INSERT INTO reviews (request_id, at, outcome, motive_code, motive_text) VALUES (?,?,?,?,?)',
    )
  }

  record(p: Prediction): Promise<void> {
    return this.#append(() =>
      this.#insert.run(
        p.requestId,
        p.at,
        p.source,
        p.version,
        p.client,
        JSON.stringify(p.input),
        p.probability,
        p.threshold,
        p.greyZone.lower,
        p.greyZone.upper,
        p.decision,
        p.review ? 1 : 0,
        p.rank,
        JSON.stringify(p.explanation),
        JSON.stringify(p.warnings),
        JSON.stringify(p.assumed),
        p.latencyMs,
      ),
    )
  }

  review(r: Review): Promise<void> {
    return this.#append(() =>
      this.#insertReview.run(r.requestId, r.at, r.outcome, r.motive?.code ?? null, r.motive?.text ?? null),
    )
  }

  async prediction(requestId: string): Promise<Prediction | null> {
    const row = this.#read('SELECT * FROM predictions WHERE request_id = ?', [requestId])[0]
    return row ? predictionOf(row) : null
  }

  async predictions(query: PredictionQuery): Promise<readonly PredictionSummary[]> {
    const rows = this.#read(
      `SELECT position, request_id, at, source, version, client, probability, threshold, decision, review, latency_ms,
         (SELECT outcome FROM reviews WHERE reviews.request_id = predictions.request_id ORDER BY reviews.position DESC LIMIT 1) AS outcome
       FROM predictions
       WHERE (?1 IS NULL OR position < ?1) AND (?2 IS NULL OR decision = ?2) AND (?3 IS NULL OR version = ?3)
       ORDER BY position DESC LIMIT ?4`,
      [query.before ?? null, query.decision ?? null, query.version ?? null, query.limit],
    )
    return rows.map(summaryOf)
  }

  async reviews(requestId: string): Promise<readonly Review[]> {
    return this.#read('SELECT * FROM reviews WHERE request_id = ? ORDER BY position', [requestId]).map(reviewOf)
  }

  async check(): Promise<boolean> {
    try {
      await this.#append(() => {
        // The new blob needs room of its own before the old one gives its pages back.
        this.#db.exec(`INSERT INTO probe (ballast) VALUES (randomblob(${probeBytes}))`)
        this.#db.exec('DELETE FROM probe WHERE position < (SELECT max(position) FROM probe)')
      })
      return true
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#commit()
    this.#closed = true
    this.#db.close()
  }

  /** Group commit: the first record of a turn schedules one transaction for all that arrive before it runs. */
  #append(write: () => void): Promise<void> {
    if (this.#closed) return Promise.reject(new JournalError('The journal is closed.'))
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit())
      this.#waiting.push({ write, resolve, reject })
    })
  }

  #commit() {
    const batch = this.#waiting
    this.#waiting = []
    if (batch.length === 0) return
    const failed = new Map<Waiting, unknown>()
    try {
      this.#db.exec('BEGIN IMMEDIATE')
      for (const one of batch) {
        try {
          one.write()
        } catch (cause) {
          // A broken constraint undoes its own statement only; SQLite ends the transaction itself when all is lost.
          if (!this.#db.isTransaction) throw cause
          failed.set(one, cause)
        }
      }
      this.#db.exec('COMMIT')
    } catch (cause) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      for (const one of batch) failed.set(one, cause)
    }
    for (const one of batch) {
      if (failed.has(one)) one.reject(writeError(failed.get(one)))
      else one.resolve()
    }
  }

  #read(sql: string, values: SQLInputValue[]): Record[] {
    try {
      return this.#db.prepare(sql).all(...values)
    } catch (cause) {
      throw new JournalError(`The journal could not be read: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      })
    }
  }
}

const writeError = (cause: unknown) =>
  new JournalError(`The journal could not be written: ${cause instanceof Error ? cause.message : cause}`, { cause })

const summaryOf = (row: Record): PredictionSummary => ({
  position: number(row.position),
  requestId: text(row.request_id),
  at: text(row.at),
  source: row.source === 'page' ? 'page' : 'api',
  version: text(row.version),
  client: clientOf(row.client),
  probability: number(row.probability),
  threshold: number(row.threshold),
  decision: row.decision === 'granted' ? 'granted' : 'refused',
  review: row.review === 1,
  latencyMs: number(row.latency_ms),
  outcome: row.outcome === null || row.outcome === undefined ? null : (text(row.outcome) as Review['outcome']),
})

function predictionOf(row: Record): Prediction {
  const { position: _, outcome: __, ...summary } = summaryOf(row)
  return {
    ...summary,
    input: JSON.parse(text(row.input)),
    greyZone: { lower: number(row.lower), upper: number(row.upper) },
    rank: clientOf(row.rank),
    explanation: JSON.parse(text(row.explanation)),
    warnings: JSON.parse(text(row.warnings)),
    assumed: JSON.parse(text(row.assumed)),
  }
}

const reviewOf = (row: Record): Review => ({
  requestId: text(row.request_id),
  at: text(row.at),
  outcome: text(row.outcome) as Review['outcome'],
  motive:
    row.motive_code === null
      ? null
      : { code: text(row.motive_code) as NonNullable<Review['motive']>['code'], text: text(row.motive_text) },
})
