/** Drift of the project's own data: application_train against application_test, and, where a model is, its features and its score. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import normal from '@stdlib/stats-base-dists-normal-cdf'
import pl from 'nodejs-polars'
import { z } from 'zod'
import { type Definitions, parseDefinitions } from '../features/algebra/definitions.ts'
import { matrixOf } from '../learning/matrix.ts'
import { rocAuc } from '../learning/ranking.ts'
import { importanceWeights } from '../learning/shift.ts'
import { tables } from '../portfolio/schema/tables.ts'
import { readParquetTable } from '../portfolio/tables.ts'
import { type Bundle, bundleFiles, openBundle } from '../scoring/bundle.ts'
import { type Column, numberColumn } from './column.ts'
import { compare, type Policy } from './compare.ts'
import { aucSamplingError, costOf, expectedAuc, expectedConfusion } from './estimated-performance.ts'
import type { Comparison, Findings, NamedColumn, ScoreFindings } from './findings.ts'
import { power } from './power.ts'
import { columnsOf, poolOf } from './read.ts'

export interface PortfolioDrift {
  readonly portfolio: string
  readonly features: string | null
  readonly model: string | null
  readonly policy: Policy
  readonly share: number
  readonly least: number
  readonly seed: number
  readonly threads: number
  readonly power: {
    readonly windows: readonly number[]
    readonly runs: number
    readonly reference: number
    readonly columns: number
  }
  readonly onProgress?: (text: string) => void
}

type Naming = (column: string) => { label: string; concept: string | null }

/** One comparison under the chosen policy, each column with Evidently's answer beside it. */
export function comparison(
  reference: readonly Column[],
  current: readonly Column[],
  options: { policy: Policy; share: number; least?: number; importance?: ReadonlyMap<string, number> },
  naming: Naming,
): Comparison {
  const chosen = compare(reference, current, options)
  const other = compare(reference, current, { policy: 'evidently', share: options.share })
  const answers = new Map(other.columns.map((column) => [column.column, column]))
  return {
    dataset: chosen.dataset,
    evidently: other.dataset,
    columns: chosen.columns.map((column): NamedColumn => {
      const { test = null, score = null, threshold = null, drifted = false } = answers.get(column.column) ?? {}
      return { ...column, ...naming(column.column), evidently: { test, score, threshold, drifted } }
    }),
  }
}

const portfolioSchema = z.object({ synthetic: z.unknown().nullable(), hash: z.string() })

const applicationWords: Naming = (name) => ({
  label: tables.application_test.columns.find((column) => column.name === name)?.label.en ?? name,
  concept: null,
})

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

function scoreFindings(
  model: string,
  { threshold: cutoff, costs }: Bundle,
  options: { policy: Policy; share: number; least: number },
): ScoreFindings {
  const numbers = (file: string, name: string) =>
    Float64Array.from(pl.readParquet(join(model, file)).getColumn(name).cast(pl.Float64).toTypedArray() as Float64Array)
  const [before, after] = [numbers('oof.parquet', 'probability'), numbers(bundleFiles.scores, 'probability')]
  const target = numbers('oof.parquet', 'TARGET')
  const sides = [before, after].map((values) => [numberColumn('probability', values, 'float')])
  const { columns } = comparison(sides[0]!, sides[1]!, options, () => ({ label: 'Predicted risk', concept: null }))
  const refused = (values: Float64Array) => values.map((value) => (value >= cutoff ? 1 : 0))
  const [refusedBefore, refusedAfter] = [refused(before), refused(after)]
  return {
    column: columns[0]!,
    mean: { reference: mean(before), current: mean(after) },
    refused: { reference: mean(refusedBefore), current: mean(refusedAfter) },
    cutoff,
    performance: {
      auc: {
        realised: rocAuc(target, before),
        expected: expectedAuc(after, after),
        error: aucSamplingError(target, before, after.length),
      },
      cost: {
        realised: costOf(expectedConfusion(target, refusedBefore), costs),
        expected: costOf(expectedConfusion(after, refusedAfter), costs),
      },
    },
  }
}

function featureFindings(
  folder: string,
  definitions: Definitions,
  importance: ReadonlyMap<string, number>,
  options: { policy: Policy; share: number; least: number },
): Comparison {
  const read = (file: string) => columnsOf(pl.readParquet(join(folder, file)), ['SK_ID_CURR', 'TARGET'])
  const words = new Map(definitions.features.map((feature) => [feature.name, feature]))
  return comparison(read('train.parquet'), read('new.parquet'), { ...options, importance }, (name) => {
    const feature = words.get(name)
    return {
      label: feature?.label.en ?? name,
      concept: feature ? (definitions.concepts[feature.concept]?.label.en ?? feature.concept) : null,
    }
  })
}

/** The classifier two-sample test (Lopez-Paz and Oquab, ICLR 2017); p by the normal law of the AUC under no difference (Mann-Whitney). */
function separability(
  folder: string,
  definitions: Definitions,
  seed: number,
  threads: number,
): { auc: number; p: number } {
  const read = (file: string) => matrixOf(pl.readParquet(join(folder, file)), definitions.features)
  const [before, after] = [read('train.parquet'), read('new.parquet')]
  const { auc } = importanceWeights(before, after, { seed, threads })
  const [n, m] = [before.ids.length, after.ids.length]
  return { auc, p: Math.min(1, 1 - normal((auc - 0.5) / Math.sqrt((n + m + 1) / (12 * n * m)), 0, 1)) }
}

export function findingsOf({
  portfolio,
  features,
  model,
  onProgress = () => {},
  seed,
  threads,
  ...settings
}: PortfolioDrift): Findings {
  const options = { policy: settings.policy, share: settings.share, least: settings.least }
  const { synthetic, hash } = portfolioSchema.parse(JSON.parse(readFileSync(join(portfolio, 'portfolio.json'), 'utf8')))
  const read = (name: 'application_train' | 'application_test') =>
    columnsOf(readParquetTable(portfolio, name), ['SK_ID_CURR', 'TARGET'])
  onProgress('raw columns')
  const raw = comparison(read('application_train'), read('application_test'), options, applicationWords)

  const importance = new Map<string, number>()
  let version: string | null = null
  let score: ScoreFindings | null = null
  if (model) {
    const { bundle, booster } = openBundle(model)
    for (const [name, gain] of Object.entries(booster.importance('total_gain'))) importance.set(name, gain)
    booster.close()
    version = bundle.version
    score = scoreFindings(model, bundle, options)
  }
  let compared: Comparison | null = null
  let separated: Findings['separability'] = null
  if (features) {
    onProgress('features')
    const definitions = parseDefinitions(JSON.parse(readFileSync(join(features, 'definitions.json'), 'utf8')))
    compared = featureFindings(features, definitions, importance, options)
    onProgress('a model that tells new from training clients')
    separated = separability(features, definitions, seed, threads)
  }
  onProgress(`false alarms and detection, ${settings.power.runs} runs`)
  const pool = poolOf(readParquetTable(portfolio, 'application_train'), ['SK_ID_CURR', 'TARGET'])
  const measured = power(pool, { ...settings.power, seed })
  return {
    policy: options.policy,
    source: { data: hash, model: version, synthetic: synthetic !== null },
    sides: { reference: 'Training clients', current: 'New clients' },
    ...raw,
    score,
    features: compared,
    separability: separated,
    power: measured,
  }
}
