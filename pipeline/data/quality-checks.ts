/** What the ingest stage checked and what it found, in numbers: the page words it. */
import { type Figure, isOutside } from 'synthetic-credit/published'
import type { Quality } from './ingestion.ts'
import { tables } from './schema/tables.ts'

export interface QualityCheck {
  readonly check:
    | 'tables'
    | 'lines'
    | 'values'
    | 'clients'
    | 'target'
    | 'unknown_clients'
    | 'unknown_loans'
    | 'ignored_columns'
    | 'unknown_levels'
    | 'empty_columns'
    | 'sparse_columns'
    | 'published_figures'
  /** A count, or the columns by name; null where the stage would have stopped at anything else than what is expected. */
  readonly found: number | readonly string[] | null
  /** What `found` is counted among, where the page tells a share. */
  readonly of?: number
  /** The largest share that the parameters allow. */
  readonly limit?: number
  /** Rows that the check speaks of. */
  readonly rows: number
  readonly severity: 'fine' | 'to know'
}

/** ingest.json. */
export interface IngestReport extends Quality {
  readonly checks: readonly QualityCheck[]
}

/** Share of the published figures that may lie away from them without a word. */
export const toleratedOutside = 0.02

/** Anything worse than `to know` has stopped the stage before. `limit` is ingest.unknown_clients. */
export function qualityChecks(quality: Quality, limit: number, figures: readonly Figure[]): QualityCheck[] {
  const { tables: read, clients } = quality
  const total = read.reduce((sum, { rows }) => sum + rows, 0)
  const history = read.filter(({ table }) => !table.startsWith('application') && table !== 'bureau_balance')
  const unknown = history.reduce((sum, each) => sum + each.unknown, 0)
  const loans = read.find(({ table }) => table === 'bureau_balance')
  const ignored = read.flatMap((each) => each.ignored.map((column) => `${tables[each.table].file}: ${column}`))
  const levels = read.flatMap(({ unknown_levels }) => unknown_levels)
  const outside = figures.filter(isOutside).length
  const sparse = read.flatMap((each) => each.columns.filter(({ missing }) => missing > 0.9 && missing < 1)).length
  const empty = read.flatMap((each) => each.columns.filter(({ missing }) => missing === 1).map(({ name }) => name))
  const known = (condition: boolean): QualityCheck['severity'] => (condition ? 'fine' : 'to know')
  return [
    { check: 'tables', found: null, rows: total, severity: 'fine' },
    { check: 'lines', found: null, rows: total, severity: 'fine' },
    { check: 'values', found: null, rows: total, severity: 'fine' },
    { check: 'clients', found: null, rows: clients.train + clients.new, severity: 'fine' },
    { check: 'target', found: clients.defaults, of: clients.train, rows: clients.train, severity: 'fine' },
    {
      check: 'unknown_clients',
      found: unknown,
      limit,
      rows: history.reduce((sum, { rows }) => sum + rows, 0),
      severity: known(unknown === 0),
    },
    {
      check: 'unknown_loans',
      found: loans?.unknown ?? 0,
      rows: loans?.rows ?? 0,
      severity: known((loans?.unknown ?? 0) === 0),
    },
    { check: 'ignored_columns', found: ignored, rows: 0, severity: known(ignored.length === 0) },
    { check: 'unknown_levels', found: levels, rows: 0, severity: known(levels.length === 0) },
    { check: 'empty_columns', found: empty, rows: 0, severity: known(empty.length === 0) },
    { check: 'sparse_columns', found: sparse, rows: 0, severity: known(sparse === 0) },
    {
      check: 'published_figures',
      found: outside,
      of: figures.length,
      limit: toleratedOutside,
      rows: total,
      severity: known(outside <= toleratedOutside * figures.length),
    },
  ]
}
