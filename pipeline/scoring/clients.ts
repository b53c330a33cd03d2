/** The raw rows of some new clients (clients.sqlite in the bundle): written once by training, read one client at a time. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import type { Applicant, Row, Value } from '../data/applicant.ts'
import { type HistoryTable, historyTables, tables } from '../data/schema/tables.ts'

export const clientsFile = 'clients.sqlite'

const stored = ['application_test', ...historyTables] as const
const columnNames = (table: (typeof stored)[number]): string[] => tables[table].columns.map(({ name }) => name)
const folded = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()

/** What a client can be found by, in addition to the id: the levels that the form states, in the data's words, and its amounts, rounded. */
function wordsOf(application: Row): string {
  const texts = tables.application_test.columns.flatMap(({ name, type, unit }) => {
    const value = application[name]
    if (value === null || value === undefined) return []
    if (type === 'text') return [String(value)]
    if (unit === 'amount' && typeof value === 'number') return [String(Math.round(value))]
    return []
  })
  return folded([...new Set(texts)].join(' '))
}

/**
 * Writes the clients to a new file, in the given order. Rows are JSON arrays in the order of the schema's columns, so that one read fetches a
 * client whole; the table `columns` names them, and SQLite's JSON functions can query them. Same clients, same bytes.
 */
export function writeClients(path: string, clients: Iterable<Applicant>): number {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF')
    database.exec(
      `CREATE TABLE columns (name TEXT PRIMARY KEY, columns TEXT NOT NULL) STRICT;
       CREATE TABLE clients (id INTEGER PRIMARY KEY, words TEXT NOT NULL, ${stored.map((name) => `${name} TEXT NOT NULL`).join(', ')}) STRICT`,
    )
    const describe = database.prepare('INSERT INTO columns VALUES (?, ?)')
    const insert = database.prepare(`INSERT INTO clients VALUES (?, ?${', ?'.repeat(stored.length)})`)
    const names = new Map(stored.map((name) => [name, columnNames(name)]))
    const cells = (table: (typeof stored)[number], row: Row) => names.get(table)?.map((name) => row[name] ?? null)
    let count = 0
    database.exec('BEGIN')
    for (const name of stored) describe.run(name, JSON.stringify(names.get(name)))
    for (const { application, history } of clients) {
      const rows = historyTables.map((name) => JSON.stringify((history[name] ?? []).map((row) => cells(name, row))))
      insert.run(
        Number(application.SK_ID_CURR),
        wordsOf(application),
        JSON.stringify(cells('application_test', application)),
        ...rows,
      )
      count++
    }
    database.exec('COMMIT')
    return count
  } finally {
    database.close()
  }
}

export interface Found {
  readonly id: number
  readonly application: Row
}

/** What a client is looked for by. */
export type Condition =
  /** The beginning of the id, or an amount of the form, rounded. */
  | { readonly kind: 'number'; readonly digits: string }
  /** One of some levels in one of some columns of the form. */
  | { readonly kind: 'level'; readonly any: readonly { readonly column: string; readonly level: string | number }[] }
  /** From the first to the second, both included. */
  | { readonly kind: 'range'; readonly column: string; readonly from: number; readonly to: number }
  /** Part of a level in the data's words. */
  | { readonly kind: 'word'; readonly word: string }

/** Opens the bundle's clients; without the file there are none. */
export class Clients {
  readonly #database: DatabaseSync | null
  #count: number | null = null
  readonly #get: StatementSync | undefined
  readonly #columns: ReadonlyMap<string, readonly string[]>

  private constructor(database: DatabaseSync | null) {
    this.#database = database
    this.#columns = new Map(
      database
        ?.prepare('SELECT name, columns FROM columns')
        .all()
        .map(({ name, columns }) => [String(name), JSON.parse(String(columns))]),
    )
    this.#get = database?.prepare('SELECT * FROM clients WHERE id = ?')
  }

  /** How many there are; counted when first asked. */
  get count(): number {
    this.#count ??= Number(this.#database?.prepare('SELECT count(*) AS n FROM clients').get()?.n ?? 0)
    return this.#count
  }

  static open(folder: string): Clients {
    const path = join(folder, clientsFile)
    if (!existsSync(path)) return new Clients(null)
    try {
      return new Clients(new DatabaseSync(path, { readOnly: true }))
    } catch (cause) {
      throw new Error(`${path}: expected the bundle's SQLite file of clients, which cannot be read. Train again`, {
        cause,
      })
    }
  }

  /** The raw rows of a client, or null when the bundle does not hold it. */
  get(id: number): Applicant | null {
    const found = Number.isSafeInteger(id) ? this.#get?.get(id) : undefined
    if (!found) return null
    const history = Object.fromEntries(
      historyTables.map((name) => [
        name,
        (JSON.parse(String(found[name])) as Value[][]).map((cells) => this.#row(name, cells)),
      ]),
    ) as Record<HistoryTable, Row[]>
    return { application: this.#row('application_test', JSON.parse(String(found.application_test))), history }
  }

  /** Clients whose id starts with a number of the query or whose form holds every word of it, accents and case aside; by id. */
  search(query: string, limit = 20): Found[] {
    const words = folded(query).split(/\s+/).filter(Boolean)
    if (!this.#database) return []
    const escaped = (word: string) => word.replace(/[\\%_]/g, '\\$&')
    const where = words.map(() => `(CAST(id AS TEXT) LIKE ? ESCAPE '\\' OR words LIKE ? ESCAPE '\\')`).join(' AND ')
    return this.#database
      .prepare(`SELECT id, application_test FROM clients ${where && `WHERE ${where}`} ORDER BY id LIMIT ?`)
      .all(...words.flatMap((word) => [`${escaped(word)}%`, `%${escaped(word)}%`]), limit)
      .map(({ id, application_test }) => ({
        id: Number(id),
        application: this.#row('application_test', JSON.parse(String(application_test))),
      }))
  }

  /** Clients that meet every condition, and how many there are in all: by id, one whose id is a number looked for first. */
  find(conditions: readonly Condition[], limit: number): { readonly found: Found[]; readonly total: number } {
    if (!this.#database) return { found: [], total: 0 }
    const parts = conditions.map((condition) => this.#where(condition))
    const where = parts.length === 0 ? '' : `WHERE ${parts.map(({ sql }) => sql).join(' AND ')}`
    const values = parts.flatMap((part) => part.values)
    const ids = conditions.flatMap((one) => (one.kind === 'number' ? [Number(one.digits)] : []))
    const first = ids.length === 0 ? '' : `id NOT IN (${ids.map(() => '?').join(', ')}), `
    const total = this.#database.prepare(`SELECT count(*) AS n FROM clients ${where}`).get(...values)?.n
    const found = this.#database
      .prepare(`SELECT id, application_test FROM clients ${where} ORDER BY ${first}id LIMIT ?`)
      .all(...values, ...ids, limit)
      .map(({ id, application_test }) => ({
        id: Number(id),
        application: this.#row('application_test', JSON.parse(String(application_test))),
      }))
    return { found, total: Number(total) }
  }

  #where(condition: Condition): { readonly sql: string; readonly values: (string | number)[] } {
    const cell = (column: string) =>
      `json_extract(application_test, '$[${(this.#columns.get('application_test') ?? []).indexOf(column)}]')`
    switch (condition.kind) {
      case 'number':
        return {
          sql: `(CAST(id AS TEXT) LIKE ? OR ' ' || words || ' ' LIKE ?)`,
          values: [`${condition.digits}%`, `% ${condition.digits} %`],
        }
      case 'level': {
        const known = condition.any.filter(({ column }) => this.#columns.get('application_test')?.includes(column))
        if (known.length === 0) return { sql: 'FALSE', values: [] }
        return {
          sql: `(${known.map(({ column }) => `${cell(column)} = ?`).join(' OR ')})`,
          values: known.map(({ level }) => level),
        }
      }
      case 'range':
        return { sql: `${cell(condition.column)} BETWEEN ? AND ?`, values: [condition.from, condition.to] }
      case 'word':
        return { sql: `words LIKE ? ESCAPE '\\'`, values: [`%${folded(condition.word).replace(/[\\%_]/g, '\\$&')}%`] }
    }
  }

  close(): void {
    this.#database?.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  #row(table: string, cells: readonly Value[]): Row {
    const names = this.#columns.get(table) ?? []
    const row: Record<string, Value> = {}
    for (let i = 0; i < names.length; i++) row[names[i]!] = cells[i] ?? null
    return row
  }
}
