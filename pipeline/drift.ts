/** Stage drift: have the new clients moved away from the clients of training, in raw columns, in the model's features, in its score? */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { z } from 'zod'
import { told } from './data/exit-on-user-error.ts'
import { readPortfolioNote } from './data/portfolio-note.ts'
import { tables } from './data/schema/tables.ts'
import { readParquetTable, releaseFrames } from './data/tables.ts'
import { writeWhole } from './data/write-whole.ts'
import { comparison, type Naming } from './drift/comparison.ts'
import { type Comparison, type Findings, jsonOf, metricsOf } from './drift/findings.ts'
import { reconstruction, separability } from './drift/multivariate-drift.ts'
import { outcomesOf } from './drift/outcomes.ts'
import { power } from './drift/power.ts'
import { columnsOf, poolOf } from './drift/read.ts'
import { scoreFindings } from './drift/score.ts'
import { type Definitions, parseDefinitions } from './features/rules/check/definitions.ts'
import { allSources } from './features/rules/check/sources.ts'
import { matrixOf } from './models/matrix.ts'
import { bundleFiles, openBundle } from './scoring/bundle.ts'
import { driftPage } from './views/drift/page.ts'

export interface DriftPaths {
  readonly portfolio: string
  readonly features: string
  readonly model: string
  readonly reports: string
}

const driftParams = z.object({
  /** Share of columns (or of the model's importance in them) drifted that makes the data set drifted. */
  share: z.number().min(0).max(1),
  policy: z.enum(['default', 'evidently']).default('default'),
  /** Values a side below which a column is not tested, under the default policy. */
  least: z.int().positive().default(100),
  /** CSV file of SK_ID_CURR,TARGET: the new clients whose outcome is known by now. */
  outcomes: z.string().nullable().default(null),
  seed: z.int().default(20261124),
  threads: z.int().positive().default(2),
  /** How false alarms and detection are measured: sizes of the windows, draws of each, rows of the reference, columns a change is put into. */
  power: z
    .object({
      windows: z.array(z.int().positive()),
      runs: z.int().positive(),
      reference: z.int().positive(),
      columns: z.int().positive(),
    })
    .default({ windows: [250, 500, 1000, 2500], runs: 20, reference: 2500, columns: 6 }),
})

type Settings = z.output<typeof driftParams>

const say = (text: string) => process.stderr.write(`drift: ${text}\n`)

/** A column of the application by its words in the schema and the concept of the feature that reads it with the fewest others beside it. */
function applicationWords(definitions: Definitions | null): Naming {
  const concepts = new Map<string, string>()
  if (definitions) {
    const byFeature = new Map(definitions.features.map(({ name, concept }) => [name, concept]))
    const narrowFirst = [...allSources(definitions)].sort(([, a], [, b]) => a.length - b.length)
    for (const [feature, columns] of narrowFirst)
      for (const source of columns) {
        const concept = byFeature.get(feature)
        if (concept !== undefined && !concepts.has(source)) concepts.set(source, concept)
      }
  }
  return (name) => {
    const concept = concepts.get(`application.${name}`)
    return {
      label: tables.application_test.columns.find((column) => column.name === name)?.label.en ?? name,
      concept: concept === undefined ? null : (definitions?.concepts[concept]?.label.en ?? concept),
    }
  }
}

const notInputs = ['SK_ID_CURR', 'TARGET']
const applications = ['application_train', 'application_test'] as const

/** The model's features of both sides, by the words of their definitions. */
function featureFindings(
  folder: string,
  definitions: Definitions,
  importance: ReadonlyMap<string, number>,
  settings: Settings,
): Comparison {
  const read = (file: string) => columnsOf(pl.readParquet(join(folder, file)), notInputs)
  const words = new Map(definitions.features.map((feature) => [feature.name, feature]))
  return comparison(read('train.parquet'), read('new.parquet'), { ...settings, importance }, (name) => {
    const feature = words.get(name)
    return {
      label: feature?.label.en ?? name,
      concept: feature ? (definitions.concepts[feature.concept]?.label.en ?? feature.concept) : null,
    }
  })
}

/** The bundle's version, the gain of each feature, and the drift of its score. */
function modelFindings(folder: string, settings: Settings) {
  const { bundle, booster } = openBundle(folder)
  const importance = new Map(Object.entries(booster.importance('total_gain')))
  booster.close()
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
  return { version: bundle.version, definitions: bundle.definitions, importance, score: scoreFindings(sides, settings) }
}

/** The gain of each feature split evenly over the columns it reads, of any table; kept for the application's. */
function columnImportance(definitions: Definitions, gains: ReadonlyMap<string, number>): Map<string, number> {
  const importance = new Map<string, number>()
  for (const [feature, columns] of allSources(definitions))
    for (const source of columns) {
      const [table, column] = source.split('.') as [string, string]
      if (table !== 'application') continue
      importance.set(column, (importance.get(column) ?? 0) + (gains.get(feature) ?? 0) / columns.length)
    }
  return importance
}

/** The columns of the application, as they came. */
function rawFindings(
  portfolio: string,
  importance: ReadonlyMap<string, number>,
  definitions: Definitions | null,
  settings: Settings,
): Comparison {
  const [before, after] = applications.map((name) => columnsOf(readParquetTable(portfolio, name), notInputs))
  return comparison(before!, after!, { ...settings, importance }, applicationWords(definitions))
}

/** Everything that the report holds; features and model are left out where their folders are not there. */
async function findingsOf({ portfolio, features, model }: DriftPaths, settings: Settings): Promise<Findings> {
  const { synthetic, hash } = readPortfolioNote(portfolio)
  const known = existsSync(model) ? modelFindings(model, settings) : null
  say('raw columns')
  const importance = known ? columnImportance(known.definitions, known.importance) : new Map<string, number>()
  const raw = rawFindings(portfolio, importance, known?.definitions ?? null, settings)
  await releaseFrames()
  let compared: Comparison | null = null
  let separated: Findings['separability'] = null
  if (existsSync(features)) {
    say('features')
    const definitions = parseDefinitions(JSON.parse(readFileSync(join(features, 'definitions.json'), 'utf8')))
    compared = featureFindings(features, definitions, known?.importance ?? new Map(), settings)
    await releaseFrames()
    say('a model that tells new from training clients')
    const matrix = (file: string) => matrixOf(pl.readParquet(join(features, file)), definitions.features)
    const both = [matrix('train.parquet'), matrix('new.parquet')] as const
    await releaseFrames()
    separated = separability(...both, settings)
  }
  await releaseFrames()
  say(`false alarms and detection, ${settings.power.runs} draws`)
  const [pool, fresh] = applications.map((name) => poolOf(readParquetTable(portfolio, name), notInputs))
  return {
    policy: settings.policy,
    source: { data: hash, model: known?.version ?? null, synthetic: synthetic !== null },
    sides: { reference: 'Training clients', current: 'New clients' },
    ...raw,
    score: known?.score ?? null,
    features: compared,
    separability: separated,
    reconstruction: reconstruction(pool!, fresh!, settings.seed),
    power: power(pool!, { ...settings.power, seed: settings.seed }),
  }
}

export async function drift(paths: DriftPaths): Promise<void> {
  const findings = await findingsOf(paths, params('drift', driftParams))
  const { reports } = paths
  const write = (name: string, text: string) => writeWhole(join(reports, name), text)
  write('drift.json', jsonOf(findings))
  write('metrics.json', `${JSON.stringify(metricsOf(findings), null, 2)}\n`)
  write('index.html', driftPage(findings))
}

if (import.meta.main) {
  const [
    portfolio = 'artifacts/portfolio',
    features = 'artifacts/features',
    model = 'artifacts/model',
    reports = 'reports/drift',
  ] = process.argv.slice(2)
  await told('drift', () => drift({ portfolio, features, model, reports }))
}
