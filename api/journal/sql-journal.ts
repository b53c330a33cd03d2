/** The journal over a database: what is asked of it in SQL, and group commit. Each database is one small Store. */
import { type AlertRecord, alertOf, type KeptReport, keptReportOf, type OpenedAlert } from './alerts.ts'
import { type Erasing, fromBefore, noneErased, ofClient, ofRequests, summed } from './erasing.ts'
import {
  type Access,
  type ErasableTable,
  type Erased,
  type Erasure,
  type Journal,
  JournalError,
  JournalMoved,
  type JournalRow,
  type JournalTable,
  type Kept,
  KeyTaken,
  type LoanOutcome,
  type Prediction,
  type PredictionQuery,
  type PredictionSummary,
  type Review,
} from './journal.ts'
import { listing } from './listing.ts'
import {
  accessEntry,
  accessOf,
  answerEntry,
  type JournalEntry,
  keptOf,
  outcomeEntry,
  outcomeOf,
  predictionEntry,
  predictionOf,
  reviewEntry,
  reviewOf,
  type SqlValue,
  storable,
  summaryOf,
} from './rows.ts'

/** Rows that are appended together or not at all. */
export type Write = readonly JournalEntry[]

/** Bytes that `check` writes: a request with a long history is about this large. */
export const probeBytes = 65_536

export interface Store {
  /** Appends all writes in one transaction; a write that breaks a constraint alone is left out. One result a write: null, or why not. */
  commit(writes: readonly Write[]): Promise<readonly (Error | null)[]>
  /** Parameters are $1, $2 and so on. */
  query(sql: string, values: readonly SqlValue[]): Promise<readonly JournalRow[]>
  /** One statement that writes, in a transaction of its own; done twice it must do what it does once. */
  execute(sql: string, values: readonly SqlValue[]): Promise<void>
  /** Does the steps in one transaction in which records may be deleted, and links what it records. */
  erase(work: () => Erasing): Promise<Erased>
  /** Sees to it that nothing that was erased is left in a log. */
  scrub(): Promise<void>
  /** Writes `probeBytes` and removes what the check before wrote. */
  probe(): Promise<void>
  /** Does the work while no other does work of that name; null where one does. */
  alone<T>(name: string, work: () => Promise<T>): Promise<T | null>
  close(): Promise<void>
}

const closed = 'The journal is closed.'

interface Waiting {
  readonly write: Write
  readonly resolve: () => void
  readonly reject: (error: JournalError) => void
}

/** Some values at a time, with their places in a statement. */
function* inParts(values: readonly string[]): Generator<{ readonly places: string; readonly some: readonly string[] }> {
  for (let start = 0; start < values.length; start += 500) {
    const some = values.slice(start, start + 500)
    yield { places: some.map((_, i) => `$${i + 1}`).join(', '), some }
  }
}

const failed = (what: 'read' | 'written', cause: unknown) =>
  cause instanceof JournalMoved
    ? cause
    : new JournalError(`The journal could not be ${what}: ${cause instanceof Error ? cause.message : cause}`, { cause })

export class StoredJournal implements Journal {
  readonly #store: Store
  #waiting: Waiting[] = []
  #committing: Promise<void> | null = null
  #closed = false

  constructor(store: Store) {
    this.#store = store
  }

  async record(prediction: Prediction, kept?: Kept): Promise<void> {
    const entry = predictionEntry(prediction)
    if (!kept) return this.#append([entry])
    try {
      await this.#append([entry, answerEntry(kept)])
    } catch (error) {
      if (error instanceof JournalError && (await this.kept(kept.key))) throw new KeyTaken(error.message)
      throw error
    }
  }

  review(review: Review): Promise<void> {
    return this.#append([reviewEntry(review)])
  }

  async recordOutcomes(outcomes: readonly LoanOutcome[]): Promise<void> {
    if (outcomes.length > 0) await this.#append(outcomes.map(outcomeEntry))
  }

  async known(requestIds: readonly string[]): Promise<ReadonlySet<string>> {
    const known = new Set<string>()
    for (const { places, some } of inParts(requestIds)) {
      const rows = await this.#query(`SELECT request_id FROM predictions WHERE request_id IN (${places})`, some)
      for (const { request_id } of rows) known.add(String(request_id))
    }
    return known
  }

  async kept(key: string): Promise<Kept | null> {
    const [row] = await this.#query('SELECT * FROM answers WHERE key = $1', [key])
    return row ? keptOf(row) : null
  }

  async prediction(requestId: string): Promise<Prediction | null> {
    const [row] = await this.#query('SELECT * FROM predictions WHERE request_id = $1', [requestId])
    return row ? predictionOf(row) : null
  }

  async predictions(query: PredictionQuery): Promise<readonly PredictionSummary[]> {
    const { sql, values } = listing(query)
    const rows = await this.#query(sql, values)
    return rows.map(summaryOf)
  }

  async reviews(requestId: string): Promise<readonly Review[]> {
    return (await this.#query('SELECT * FROM reviews WHERE request_id = $1 ORDER BY position', [requestId])).map(
      reviewOf,
    )
  }

  async outcomes(requestId: string): Promise<readonly LoanOutcome[]> {
    return (await this.#query('SELECT * FROM outcomes WHERE request_id = $1 ORDER BY position', [requestId])).map(
      outcomeOf,
    )
  }

  async latestOutcomes(requestIds: readonly string[]): Promise<ReadonlyMap<string, LoanOutcome>> {
    const latest = new Map<string, LoanOutcome>()
    for (const { places, some } of inParts(requestIds)) {
      const rows = await this.#query(`SELECT * FROM outcomes WHERE request_id IN (${places}) ORDER BY position`, some)
      for (const one of rows.map(outcomeOf)) latest.set(one.requestId, one)
    }
    return latest
  }

  access(access: Access): Promise<void> {
    return this.#append([accessEntry(access)])
  }

  async accesses(client: number, requestIds: readonly string[]): Promise<readonly Access[]> {
    const found = new Map<number, Access>()
    const add = (rows: readonly JournalRow[]) => {
      for (const row of rows) found.set(Number(row.position), accessOf(row))
    }
    add(await this.#query('SELECT * FROM accesses WHERE client = $1', [client]))
    for (const { places, some } of inParts(requestIds))
      add(await this.#query(`SELECT * FROM accesses WHERE request_id IN (${places})`, some))
    return [...found].sort(([a], [b]) => a - b).map(([, access]) => access)
  }

  eraseClient(client: number, erasure: Erasure): Promise<Erased> {
    return this.#erase(() => ofClient(client, erasure))
  }

  eraseRequests(requestIds: readonly string[], erasure: Erasure): Promise<Erased> {
    return this.#erase(() => ofRequests(requestIds, erasure))
  }

  eraseBefore(table: ErasableTable, before: string, erasure: Erasure): Promise<Erased> {
    return this.#erase(() => fromBefore(table, before, erasure))
  }

  /** As often as there is something left: one transaction holds up no writer for long. */
  async #erase(work: () => Erasing): Promise<Erased> {
    if (this.#closed) throw new JournalError(closed)
    let total = noneErased
    try {
      for (;;) {
        const erased = await this.#store.erase(work)
        if (Object.values(erased).every((count) => count === 0)) break
        total = summed(total, erased)
      }
      if (total !== noneErased) await this.#store.scrub()
      return total
    } catch (cause) {
      throw failed('written', cause)
    }
  }

  rows(table: JournalTable | 'chain', after: number, limit: number): Promise<readonly JournalRow[]> {
    return this.#query(`SELECT * FROM ${table} WHERE position > $1 ORDER BY position LIMIT $2`, [after, limit])
  }

  async last(table: JournalTable): Promise<number> {
    const [row] = await this.#query(`SELECT max(position) AS last FROM ${table}`, [])
    return Number(row?.last ?? 0)
  }

  async check(): Promise<JournalError | null> {
    if (this.#closed) return new JournalError(closed)
    try {
      await this.#store.probe()
      return null
    } catch (cause) {
      return failed('written', cause)
    }
  }

  async endSession(id: string, until: number, now: number): Promise<void> {
    await this.#execute('DELETE FROM ended_sessions WHERE until < $1', [Math.floor(now)])
    await this.#execute('INSERT INTO ended_sessions (id, until) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING', [
      id,
      Math.ceil(until),
    ])
  }

  async sessionEnded(id: string): Promise<boolean> {
    return (await this.#query('SELECT id FROM ended_sessions WHERE id = $1', [id])).length > 0
  }

  async alerts({ open, limit = 1000 }: { open?: boolean; limit?: number } = {}): Promise<readonly AlertRecord[]> {
    const which = open ? 'WHERE resolved IS NULL ' : ''
    return (
      await this.#query(`SELECT * FROM alerts ${which}ORDER BY opened DESC, position DESC LIMIT $1`, [limit])
    ).map(alertOf)
  }

  keepAlert({ version, code, severity, opened, changePoint, resolved, figures }: OpenedAlert): Promise<void> {
    return this.#execute(
      `INSERT INTO alerts (version, code, severity, opened, change_point, resolved, figures) VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (version, code, opened) DO UPDATE SET severity = excluded.severity, change_point = excluded.change_point,
  resolved = coalesce(alerts.resolved, excluded.resolved), figures = excluded.figures`,
      [version, code, severity, opened, changePoint, resolved, JSON.stringify(figures)],
    )
  }

  resolveAlert(position: number, at: string): Promise<void> {
    return this.#execute('UPDATE alerts SET resolved = $2 WHERE position = $1 AND resolved IS NULL', [position, at])
  }

  acknowledgeAlert(position: number, { at, by, note }: { at: string; by: string; note: string }): Promise<void> {
    return this.#execute(
      'UPDATE alerts SET acknowledged = $2, acknowledged_by = $3, note = $4 WHERE position = $1 AND resolved IS NULL',
      [position, at, storable(by), storable(note)],
    )
  }

  keepReport(name: string, { at, report }: KeptReport): Promise<void> {
    return this.#execute(
      `INSERT INTO monitor_reports (name, at, report) VALUES ($1, $2, $3)
ON CONFLICT (name) DO UPDATE SET at = excluded.at, report = excluded.report`,
      [name, at, JSON.stringify(report)],
    )
  }

  async report(name: string): Promise<KeptReport | null> {
    const [row] = await this.#query('SELECT at, report FROM monitor_reports WHERE name = $1', [name])
    return row ? keptReportOf(row) : null
  }

  async alone<T>(name: string, work: () => Promise<T>): Promise<T | null> {
    if (this.#closed) throw new JournalError(closed)
    return this.#store.alone(name, work)
  }

  async secret(name: string, fresh: string): Promise<string> {
    const kept = () => this.#query('SELECT secret FROM secrets WHERE name = $1', [name])
    let [row] = await kept()
    if (!row) {
      await this.#execute('INSERT INTO secrets (name, secret) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
        name,
        fresh,
      ])
      row = (await kept())[0]
    }
    return String(row?.secret)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    while (this.#committing) await this.#committing
    await this.#store.close()
  }

  /** Group commit: one transaction for all that is appended in a turn of the event loop and while the one before is under way. */
  #append(write: Write): Promise<void> {
    if (this.#closed) return Promise.reject(new JournalError(closed))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ write, resolve, reject })
      this.#committing ??= new Promise((done) => setImmediate(() => this.#commit().then(done)))
    })
  }

  async #commit(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting
      this.#waiting = []
      try {
        const results = await this.#store.commit(batch.map(({ write }) => write))
        for (const [i, { resolve, reject }] of batch.entries()) {
          const error = results[i]
          if (error) reject(failed('written', error))
          else resolve()
        }
      } catch (cause) {
        for (const { reject } of batch) reject(failed('written', cause))
      }
    }
    this.#committing = null
  }

  async #query(sql: string, values: readonly SqlValue[]): Promise<readonly JournalRow[]> {
    if (this.#closed) throw new JournalError(closed)
    try {
      return await this.#store.query(sql, values)
    } catch (cause) {
      throw failed('read', cause)
    }
  }

  async #execute(sql: string, values: readonly SqlValue[]): Promise<void> {
    if (this.#closed) throw new JournalError(closed)
    try {
      await this.#store.execute(sql, values)
    } catch (cause) {
      throw failed('written', cause)
    }
  }
}
