/** What the drift report holds: the comparison of raw columns, of the model's features and of its score, with words for each column. */
import type { ColumnDrift, DatasetDrift, Policy } from './compare.ts'
import type { Distribution } from './distribution.ts'
import { performanceMeasures } from './measures.ts'
import type { PerformanceFindings } from './performance.ts'
import type { WindowPower } from './power.ts'

/** A column with what a reader needs in addition to its numbers. */
export interface NamedColumn extends ColumnDrift {
  readonly label: string
  readonly group: string | null
  /** What Evidently's defaults say of the same column. */
  readonly evidently: {
    readonly test: string | null
    readonly score: number | null
    readonly threshold: number | null
    readonly drifted: boolean
  }
}

export interface Comparison {
  readonly dataset: DatasetDrift
  readonly columns: readonly NamedColumn[]
  readonly evidently: DatasetDrift
}

export interface ScoreFindings {
  readonly column: NamedColumn
  /** Mean predicted probabilities and shares declined, 0 to 1. */
  readonly mean: { readonly reference: number; readonly current: number }
  readonly declined: { readonly reference: number; readonly current: number }
  readonly cutoff: number
  readonly performance: PerformanceFindings
}

export interface Findings extends Comparison {
  readonly policy: Policy
  readonly source: { readonly data: string; readonly model: string | null; readonly synthetic: boolean }
  /** Names of the two sides, such as 'application_train' and 'application_test'. */
  readonly sides: { readonly reference: string; readonly current: string }
  /** The command that compared two files, in place of the stage. */
  readonly command?: string
  readonly score: ScoreFindings | null
  readonly features: Comparison | null
  /** How well a booster tells current from reference clients by their features, out of fold: ROC AUC, 0.5 not at all (classifier two-sample test). */
  readonly separability: { readonly auc: number; readonly p: number } | null
  /** Mean distance of rows from the main axes of the reference's numbers; the bounds are three standard deviations over ten parts of the reference. */
  readonly reconstruction: {
    readonly columns: number
    readonly axes: number
    readonly reference: number
    readonly current: number
    readonly lower: number
    readonly upper: number
    readonly alert: boolean
  } | null
  /** False alarms and detection of both policies on windows of the reference. */
  readonly power: readonly WindowPower[]
}

/** Only where outcomes are known, so that the metrics of a run without them have no empty fields. */
const realisedMetrics = ({ auc, cost, outcomes }: PerformanceFindings): Record<string, number> =>
  auc.realised === null || cost.realised === null
    ? {}
    : { score_outcomes: outcomes, score_realised_auc: auc.realised, score_realised_cost: cost.realised }

const verdictMetric = { drift: 1, 'no drift': 0, 'not enough tested': -1 } as const

/** Flat counts for `dvc metrics`; the verdict is 1 where the data have moved, 0 where not, −1 where not enough could be tested. */
export function metricsOf(findings: Findings): Record<string, number> {
  const of = ({ dataset, evidently }: Comparison) => ({
    columns: dataset.columns,
    tested: dataset.tested,
    schema_changes: dataset.schema_changes,
    drifted: dataset.drifted,
    major: dataset.major,
    missing_drifted: dataset.missing_drifted,
    share: dataset.share,
    evidently_drifted: evidently.drifted,
  })
  const prefixed = (prefix: string, values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]))
  return {
    ...of(findings),
    verdict: verdictMetric[findings.dataset.verdict],
    ...(findings.features ? prefixed('features', of(findings.features)) : {}),
    ...(findings.reconstruction ? { reconstruction_error: findings.reconstruction.current } : {}),
    ...(findings.separability ? { separability_auc: findings.separability.auc } : {}),
    ...(findings.score
      ? {
          score_distance: findings.score.column.score ?? 0,
          score_drifted: findings.score.column.drifted ? 1 : 0,
          score_mean_change: findings.score.mean.current - findings.score.mean.reference,
          score_expected_auc: findings.score.performance.auc.expected,
          score_expected_cost: findings.score.performance.cost.expected,
          score_alerts: performanceMeasures.filter((measure) => findings.score?.performance[measure].alert).length,
          ...realisedMetrics(findings.score.performance),
          score_declined_change: findings.score.declined.current - findings.score.declined.reference,
        }
      : {}),
  }
}

/** drift.json: readable, one column a line, without the binned distributions (they stand in distributions.json). */
export function jsonOf(findings: Findings): string {
  const slim = ({ distribution: _, ...column }: NamedColumn) => column
  const lines = (columns: readonly NamedColumn[], indent: string) =>
    `[\n${columns.map((column) => `${indent}  ${JSON.stringify(slim(column))}`).join(',\n')}\n${indent}]`
  const { columns, features, score, dataset, evidently, ...head } = findings
  const text = (value: unknown) => JSON.stringify(value)
  const of = (comparison: Comparison, indent: string) =>
    `{\n${indent}  "dataset": ${text(comparison.dataset)},\n${indent}  "evidently": ${text(comparison.evidently)},\n${indent}  "columns": ${lines(comparison.columns, `${indent}  `)}\n${indent}}`
  return `{
${Object.entries(head)
  .map(([name, value]) => `  ${text(name)}: ${text(value)},\n`)
  .join('')}  "dataset": ${text(dataset)},
  "evidently": ${text(evidently)},
  "score": ${score ? text({ ...score, column: slim(score.column) }) : 'null'},
  "columns": ${lines(columns, '  ')},
  "features": ${features ? of(features, '  ') : 'null'}
}
`
}

/** distributions.json: both sides of each column in bins, by its name; the page draws them. */
export interface Distributions {
  readonly columns: Readonly<Record<string, Distribution | null>>
  readonly features: Readonly<Record<string, Distribution | null>>
  readonly score: Distribution | null
}

export function distributionsOf({ columns, features, score }: Findings): Distributions {
  const byName = (of: readonly NamedColumn[]) =>
    Object.fromEntries(of.map(({ column, distribution }) => [column, distribution]))
  return {
    columns: byName(columns),
    features: byName(features?.columns ?? []),
    score: score?.column.distribution ?? null,
  }
}

/** What drift.json and distributions.json hold together: the findings that they were written from. */
export function withDistributions(slim: Findings, { columns, features, score }: Distributions): Findings {
  const drawn = (of: readonly NamedColumn[], found: Distributions['columns']) =>
    of.map((column) => ({ ...column, distribution: found[column.column] ?? null }))
  return {
    ...slim,
    columns: drawn(slim.columns, columns),
    score: slim.score && { ...slim.score, column: { ...slim.score.column, distribution: score } },
    features: slim.features && { ...slim.features, columns: drawn(slim.features.columns, features) },
  }
}
