/** STAGE drift: have the new clients moved away from the clients of training, in raw columns, in the model's features, in its score? */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { readPortfolioNote } from './data/portfolio-note.ts'
import { runStage } from './data/stage.ts'
import { readParquetTable, releaseFrames } from './data/tables.ts'
import { writeWhole } from './data/write-whole.ts'
import { comparison } from './drift/comparison.ts'
import { featureDrift } from './drift/features.ts'
import { type Comparison, distributionsOf, type Findings, jsonOf, metricsOf } from './drift/findings.ts'
import { columnImportance, featureImportance } from './drift/importance.ts'
import { reconstruction } from './drift/multivariate-drift.ts'
import { applicationNaming } from './drift/naming.ts'
import { outcomesOf } from './drift/outcomes.ts'
import { power } from './drift/power.ts'
import { columnsOf, notInputs, poolOf } from './drift/read.ts'
import { scoreFindings } from './drift/score.ts'
import { type DriftSettings, driftParams } from './drift/settings.ts'
import type { Definitions } from './features/rules/check/definitions.ts'
import { matrixOf } from './models/matrix.ts'
import { bundleFiles, openBundle } from './scoring/bundle.ts'

export interface DriftPaths {
  readonly portfolio: string
  readonly features: string
  readonly model: string
  readonly reports: string
}

const say = (text: string) => process.stderr.write(`drift: ${text}\n`)

const applications = ['application_train', 'application_test'] as const

/** The bundle's version, how much each feature moves the log-odds of its reference clients, and the drift of its score. */
function modelFindings(folder: string, settings: DriftSettings) {
  const { bundle, predictor } = openBundle(folder)
  const reference = pl.readParquet(join(folder, bundleFiles.reference)).withColumns(pl.lit(0).alias('SK_ID_CURR'))
  const importance = featureImportance(predictor, matrixOf(reference, bundle.definitions.features))
  predictor[Symbol.dispose]()
  const numbers = (file: string, name: string) =>
    Float64Array.from(
      pl.readParquet(join(folder, file)).getColumn(name).cast(pl.Float64).toTypedArray() as Float64Array,
    )
  const ids = numbers(bundleFiles.scores, 'SK_ID_CURR')
  const sides = {
    before: numbers('oof.parquet', 'probability'),
    after: numbers(bundleFiles.scores, 'probability'),
    target: numbers('oof.parquet', 'TARGET'),
    outcome: settings.outcomes === null ? null : outcomesOf(settings.outcomes, ids),
    seed: settings.seed,
    cutoff: bundle.threshold,
    costs: bundle.costs,
  }
  const { version, definitions } = bundle
  return { version, definitions, importance, score: scoreFindings(sides, settings) }
}

/** The columns of the application, as they came. */
function rawFindings(
  portfolio: string,
  importance: ReadonlyMap<string, number>,
  definitions: Definitions | null,
  settings: DriftSettings,
): Comparison {
  const [before, after] = applications.map((name) => columnsOf(readParquetTable(portfolio, name), notInputs))
  return comparison(before!, after!, { ...settings, importance }, applicationNaming(definitions))
}

/** Everything that the report holds; features and model are left out where their folders are not there. */
async function findingsOf({ portfolio, features, model }: DriftPaths, settings: DriftSettings): Promise<Findings> {
  const { synthetic, hash } = readPortfolioNote(portfolio)
  const known = existsSync(model) ? modelFindings(model, settings) : null
  say('raw columns')
  const importance = known ? columnImportance(known.definitions, known.importance) : new Map<string, number>()
  const raw = rawFindings(portfolio, importance, known?.definitions ?? null, settings)
  await releaseFrames()
  const byFeature = existsSync(features)
    ? await featureDrift(features, known?.importance ?? new Map(), settings, say)
    : { features: null, separability: null }
  await releaseFrames()
  const { runs } = settings.power
  say(`false alarms and detection, ${runs} ${runs === 1 ? 'draw' : 'draws'}`)
  const [pool, fresh] = applications.map((name) => poolOf(readParquetTable(portfolio, name), notInputs))
  return {
    policy: settings.policy,
    source: { data: hash, model: known?.version ?? null, synthetic: synthetic !== null },
    sides: { reference: 'Training clients', current: 'New clients' },
    ...raw,
    score: known?.score ?? null,
    ...byFeature,
    reconstruction: reconstruction(pool!, fresh!, settings.seed),
    power: power(pool!, { ...settings.power, seed: settings.seed }),
  }
}

export async function drift(paths: DriftPaths): Promise<void> {
  const findings = await findingsOf(paths, params('drift', driftParams))
  const { reports } = paths
  const write = (name: string, text: string) => writeWhole(join(reports, name), text)
  write('drift.json', jsonOf(findings))
  write('distributions.json', `${JSON.stringify(distributionsOf(findings))}\n`)
  write('metrics.json', `${JSON.stringify(metricsOf(findings), null, 2)}\n`)
}

if (import.meta.main)
  await runStage('drift', 'PORTFOLIO FEATURES MODEL REPORTS', (portfolio, features, model, reports) =>
    drift({ portfolio, features, model, reports }),
  )
