/**
 * The verdict on a data set, from its columns. It has drifted when, of the columns that were tested, a share has drifted, or when a share is
 * reached with the columns whose schema changed counted as drifted, or (default policy) when these carry that share of the model's
 * importance. Where none of this holds and fewer columns were tested than not, there is no saying.
 */
import { defaultMinCount } from './policy.ts'
import type { ColumnDrift, DatasetDrift, Policy } from './result.ts'

interface VerdictOptions {
  readonly policy: Policy
  readonly share: number
  readonly minCount?: number
}

const ratio = (part: number, whole: number): number => (whole > 0 ? part / whole : 0)

const count = (columns: readonly ColumnDrift[], fits: (column: ColumnDrift) => boolean): number =>
  columns.filter(fits).length

const isUntested = ({ score, schema_change, values }: ColumnDrift): boolean =>
  score === null && schema_change === null && values.reference + values.current > 0

export function datasetDrift(
  columns: readonly ColumnDrift[],
  rows: DatasetDrift['rows'],
  { policy, share: threshold, minCount = defaultMinCount }: VerdictOptions,
): DatasetDrift {
  const [tested, untested] = [count(columns, ({ score }) => score !== null), count(columns, isUntested)]
  const drifted = count(columns, (column) => column.drifted)
  const changes = count(columns, ({ schema_change }) => schema_change !== null)
  const known = columns.some(({ importance }) => importance !== null)
  const weight = columns
    .filter((column) => column.drifted || column.schema_change !== null)
    .reduce((sum, { importance }) => sum + (importance ?? 0), 0)
  const enough = tested > 0 && tested >= untested
  const share = ratio(drifted, tested)
  const withSchema = ratio(drifted + changes, tested + changes + (enough ? 0 : untested))
  const most = Math.max(share, withSchema, policy === 'default' && known ? weight : 0)
  return {
    policy,
    rows,
    columns: columns.length,
    tested,
    schema_changes: changes,
    untested,
    min_count: policy === 'default' ? minCount : 1,
    drifted,
    major: count(columns, ({ band }) => band === 'major'),
    missing_drifted: count(columns, ({ missing }) => missing.drifted),
    share,
    share_with_schema: withSchema,
    importance_drifted: known ? weight : null,
    threshold,
    verdict: tested + changes > 0 && most >= threshold ? 'drift' : enough ? 'no drift' : 'not enough tested',
  }
}
