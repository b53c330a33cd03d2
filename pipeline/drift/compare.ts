/**
 * Reference against current, column by column, under one of two policies (policy.ts), with one verdict computed once (verdict.ts).
 * Too few values or an unusable column is a row with its reason; a new category is a note.
 */
import { type DriftColumn, isNumber } from './column.ts'
import { pairOf } from './column-pair.ts'
import { type Described, described, undescribed } from './described.ts'
import { falseDiscovery } from './false-discovery.ts'
import { type Counts, missingBand, missingP, missingShare } from './missing.ts'
import { bandOf, isDrifted, type Scored, scored, severityOf, unusable } from './policy.ts'
import { type Band, type ColumnDrift, type Drift, type Policy, type SchemaChange, schemaChanges } from './result.ts'
import { schemaChange } from './schema-change.ts'
import { datasetDrift } from './verdict.ts'

export type { Band, ColumnDrift, DatasetDrift, Drift, Policy } from './result.ts'

export interface CompareOptions {
  readonly policy: Policy
  /** Share of columns (or of importance) drifted that makes the data set drifted, 0 to 1. */
  readonly share: number
  /** Values that each side needs, under the default policy. */
  readonly minCount?: number
  /** Of each column by name; made to sum to 1. */
  readonly importance?: ReadonlyMap<string, number>
}

/** One column measured by both policies, before p-values are adjusted over all columns. */
export interface Measured {
  readonly name: string
  /** The column stands on both sides. */
  readonly both: boolean
  readonly schemaChange: SchemaChange | null
  readonly reference: Counts
  readonly current: Counts
  readonly by: Readonly<Record<Policy, Scored>>
  readonly described: Described
}

const countsOf = ({ rows, missing }: DriftColumn): Counts => ({ rows, missing })

/** Measures the columns of either side one after the other, in the order of the reference, those that only the current side has last. */
export function measured(
  reference: readonly DriftColumn[],
  current: readonly DriftColumn[],
  { policy, minCount }: Pick<CompareOptions, 'policy' | 'minCount'>,
): Measured[] {
  const now = new Map(current.map((column) => [column.name, column]))
  const before = new Map(reference.map((column) => [column.name, column]))
  const size = { reference: reference[0]?.rows ?? 0, current: current[0]?.rows ?? 0 }
  return [...new Set([...before.keys(), ...now.keys()])].map((name): Measured => {
    const [old, fresh] = [before.get(name), now.get(name)]
    if (!old || !fresh) return oneSided(name, old ?? fresh!, size, Boolean(old))
    const pair = pairOf(old, fresh)
    const by = { default: scored('default', pair, minCount), evidently: scored('evidently', pair) }
    return {
      name,
      both: true,
      schemaChange: schemaChange(old, fresh),
      reference: countsOf(old),
      current: countsOf(fresh),
      by,
      described: described(pair, by[policy].type),
    }
  })
}

function oneSided(
  name: string,
  column: DriftColumn,
  size: { reference: number; current: number },
  inReference: boolean,
): Measured {
  const reason = `only in the ${inReference ? 'reference' : 'current data'}`
  const scored = unusable(isNumber(column) ? 'number' : 'category', reason)
  const absent = (rows: number) => ({ rows, missing: rows })
  return {
    name,
    both: false,
    schemaChange: inReference ? 'vanished' : 'new',
    reference: inReference ? countsOf(column) : absent(size.reference),
    current: inReference ? absent(size.current) : countsOf(column),
    by: { default: scored, evidently: scored },
    described: undescribed,
  }
}

const bandOfColumn = (score: number | null, hit: boolean, severity: number | null): Band =>
  score === null ? 'unknown' : hit ? bandOf(severity ?? 0, 1, 2) : 'none'

/** A column is emptied or filled when chance does not explain it; a few rows may well hold no value of a column that is seldom filled. */
const beyondChance = (change: SchemaChange | null, missing: Band): SchemaChange | null =>
  (change === 'emptied' || change === 'filled') && missing === 'none' ? null : change

/** The verdict of one policy on measured columns. */
export function verdictOn(columns: readonly Measured[], options: CompareOptions): Drift {
  const { policy, importance } = options
  const adjusted = falseDiscovery(columns.map(({ by }) => by[policy].p))
  const missing = falseDiscovery(
    columns.map(({ both, reference, current }) => (both ? missingP(reference, current) : null)),
  )
  const total = columns.reduce((sum, { name }) => sum + (importance?.get(name) ?? 0), 0)
  const rows = columns
    .map(({ name, reference, current, by, described, schemaChange }, i): ColumnDrift => {
      const { type, test, measure, score, threshold, reason } = by[policy]
      const drifted = isDrifted(by[policy], adjusted[i]!)
      const severity = severityOf(by[policy])
      const emptied = missingBand(reference, current, missing[i]!)
      return {
        column: name,
        type,
        values: { reference: reference.rows - reference.missing, current: current.rows - current.missing },
        test,
        measure,
        score,
        threshold,
        adjusted_p: adjusted[i]!,
        drifted,
        severity,
        band: bandOfColumn(score, drifted, severity),
        reason,
        schema_change: beyondChance(schemaChange, emptied),
        missing: {
          reference: missingShare(reference),
          current: missingShare(current),
          adjusted_p: missing[i] ?? 1,
          drifted: emptied !== 'none',
          band: emptied,
        },
        importance: total > 0 ? (importance?.get(name) ?? 0) / total : null,
        ...described,
      }
    })
    .sort(worstFirst)
  const rowsOf = { reference: columns[0]?.reference.rows ?? 0, current: columns[0]?.current.rows ?? 0 }
  return { dataset: datasetDrift(rows, rowsOf, options), columns: rows }
}

/** Compares the columns that both sides have, in the order of the reference; columns of one side only become rows with a reason. */
export const compareColumns = (
  reference: readonly DriftColumn[],
  current: readonly DriftColumn[],
  options: CompareOptions,
): Drift => verdictOn(measured(reference, current, options), options)

const schemaOrder = ({ schema_change }: ColumnDrift): number =>
  schema_change ? schemaChanges.indexOf(schema_change) : schemaChanges.length

/** Changed schemas first, drifted before not drifted, then by severity, then by name; columns without a score last. */
export function worstFirst(a: ColumnDrift, b: ColumnDrift): number {
  return (
    schemaOrder(a) - schemaOrder(b) ||
    Number(b.drifted) - Number(a.drifted) ||
    (b.severity ?? -1) - (a.severity ?? -1) ||
    (a.column < b.column ? -1 : 1)
  )
}
