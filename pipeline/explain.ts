/**
 * STAGE explain: artifacts/features + artifacts/model → reports/explain. What the model weighs, how sure that is, and why three new clients
 * got their answer. Means are of models that have not seen the clients they explain; shapes and stories are the final model's.
 */
import { join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { type Booster, configure, type Params } from 'xgboost-node'
import { z } from 'zod'
import { exitOnUserError } from './data/exit-on-user-error.ts'
import { writeWhole } from './data/write-whole.ts'
import {
  byConcept,
  type Contributions,
  checkAdditivity,
  conceptWeights,
  dependence,
  featureWeights,
} from './explain/attribution.ts'
import { swarmOf } from './explain/contribution-bins.ts'
import type { Explanation } from './explain/findings.ts'
import { faster, foldWeights, type RefitPlan, seedWeights, stability } from './explain/refits.ts'
import { correlated, strongestInteractions } from './explain/relations.ts'
import { stories } from './explain/stories.ts'
import type { Definitions } from './features/rules/check/definitions.ts'
import { type Matrix, matrixOf, targetOf } from './models/matrix.ts'
import { dmatrix } from './models/out-of-fold.ts'
import { random, shuffled } from './models/random.ts'
import { type Bundle, openBundle } from './scoring/bundle.ts'
import { explainPage } from './views/explain/page.ts'
import { measuredConcepts, measuredFeatures } from './views/explain/weights.ts'

export interface ExplainPaths {
  readonly features: string
  readonly model: string
  readonly reports: string
}

const explainParams = z.strictObject({
  /** Training clients that the final model is explained on. */
  clients: z.int().positive(),
  seed: z.int(),
  threads: z.int().positive(),
  /** Models fitted again: on how many clients, how many folds and seeds, how many times faster they learn. */
  refits: z.strictObject({
    clients: z.int().positive(),
    folds: z.int().min(2),
    seeds: z.int().min(1),
    speed: z.number().min(1),
  }),
  /** The heaviest features whose values are shuffled one by one. */
  permutation: z.int().min(0),
  /** Clients whose interactions are computed: hundreds of times the work of their contributions. */
  interactions: z.int().min(0),
})
type Settings = z.output<typeof explainParams>

const dependenceFeatures = 12
const heaviest = 20
const related = 60 // of the heaviest, whose correlations are looked at
const strong = 0.8 // rank correlation from which two features are told together
const interactionsTold = 12

const say = (text: string) => process.stderr.write(`explain: ${text}\n`)

/** Contributions of the clients of a matrix, checked against their margins. */
function contributionsOf(booster: Booster, matrix: Matrix, { features }: Definitions) {
  using data = dmatrix(matrix)
  const contributions: Contributions = { values: booster.contributions(data), rows: matrix.ids.length, features }
  const error = checkAdditivity(contributions, booster.predict(data, { output: 'margin' }))
  return { contributions, error }
}

export async function explain(paths: ExplainPaths): Promise<void> {
  const settings = params('explain', explainParams)
  configure({ nthread: settings.threads })
  const opened = openBundle(paths.model)
  const { bundle } = opened
  using booster = opened.booster
  const { definitions } = bundle
  const frame = pl.readParquet(join(paths.features, 'train.parquet'))
  const whole = matrixOf(frame, definitions.features)
  const order = shuffled(
    Array.from(whole.ids, (_, row) => row),
    random(settings.seed),
  )
  const ascending = (rows: readonly number[]) => rows.toSorted((a, b) => a - b)
  const chosen = ascending(order.slice(0, settings.clients))
  say(`contributions of ${chosen.length} clients`)
  const matrix = rowsOf(whole, chosen)
  const { contributions, error } = contributionsOf(booster, matrix, definitions)
  const again = ascending(order.slice(0, settings.refits.clients))
  const target = targetOf(frame)
  const weighed = weights(
    bundle,
    booster,
    { matrix, contributions },
    { matrix: rowsOf(whole, again), target: Int8Array.from(again, (row) => target[row]!) },
    settings,
  )
  const top = weighed.features.slice(0, heaviest).map(({ feature }) => whole.names.indexOf(feature))
  const near = weighed.features.slice(0, related).map(({ feature }) => whole.names.indexOf(feature))
  const explanation: Explanation = {
    model: bundle.version,
    data: bundle.training.data,
    synthetic: bundle.synthetic !== null,
    threshold: bundle.threshold,
    sample: { clients: chosen.length, of: frame.height, seed: settings.seed },
    additivity_error: error,
    ...weighed,
    correlated: correlated(matrix.columns, definitions.features, near, strong),
    interactions: interactions(booster, matrix, settings),
    swarms: top.map((index) => swarmOf(contributions, index, matrix.columns[index]!)),
    dependence: top.slice(0, dependenceFeatures).map((index) => {
      const { name, label, kind } = definitions.features[index]!
      return { feature: name, label: label.en, kind, points: dependence(contributions, index, matrix.columns[index]!) }
    }),
    clients: stories(paths.model, matrixOf(pl.readParquet(join(paths.features, 'new.parquet')), definitions.features)),
  }
  writeWhole(join(paths.reports, 'explain.json'), `${JSON.stringify(explanation, null, 1)}\n`)
  writeWhole(join(paths.reports, 'index.html'), explainPage(explanation))
}

/** What a bundle says of how it was trained, as far as fitting again needs it. */
const trainingParams = z.object({
  seed: z.int(),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

/** Weights by feature and by concept, from models fitted again, and how they hold over seeds. */
function weights(
  { definitions, training }: Bundle,
  booster: Booster,
  sample: { readonly matrix: Matrix; readonly contributions: Contributions },
  refit: { readonly matrix: Matrix; readonly target: Int8Array },
  settings: Settings,
): Pick<Explanation, 'features' | 'concepts' | 'stability' | 'refits'> {
  const { features } = definitions
  const names = features.map(({ name }) => name)
  const sampled = featureWeights(sample.contributions, sample.matrix.columns)
  const trained = trainingParams.parse(training.params)
  const base = {
    objective: 'binary:logistic',
    tree_method: 'hist',
    ...trained.booster,
    seed: trained.seed,
    nthread: settings.threads,
  } as Params
  const { folds: count, seeds, speed } = settings.refits
  const plan: RefitPlan = {
    ...faster(base, training.rounds * Math.min(1, refit.target.length / training.clients), speed),
    folds: count,
    seeds,
    seed: settings.seed,
    shuffled: sampled.slice(0, settings.permutation).map(({ feature }) => names.indexOf(feature)),
  }
  say(`${count} folds of ${refit.target.length} clients, ${plan.rounds} rounds`)
  const folds = foldWeights(refit.matrix, refit.target, features, plan, (k) => say(`fold ${k + 1} of ${count}`))
  const gain = booster.importance('total_gain')
  const measured = measuredFeatures(sampled, names, folds, plan.shuffled, gain)
  const label = (concept: string) => definitions.concepts[concept]?.label ?? { fr: concept, en: concept }
  const concepts = measuredConcepts(
    conceptWeights(sample.contributions, label),
    byConcept({ ...sample.contributions, rows: 0 }).concepts,
    folds,
    new Map(features.map(({ name, concept }) => [name, concept])),
    gain,
  )
  const few = rowsOf(
    sample.matrix,
    Array.from({ length: Math.min(500, sample.matrix.ids.length) }, (_, row) => row),
  )
  using clients = dmatrix(few)
  const bySeed = seedWeights(refit.matrix, refit.target, { matrix: clients, rows: few.ids.length }, plan, (k) =>
    say(`seed ${k + 1} of ${seeds}`),
  )
  const top = measured.slice(0, heaviest)
  const held = stability(
    names,
    top.map(({ feature }) => feature),
    bySeed,
  )
  return {
    refits: { clients: refit.target.length, rounds: plan.rounds, auc: folds.map(({ auc }) => auc), seeds },
    features: measured,
    concepts,
    stability: held.map((one, i) => ({ ...one, label: top[i]!.label })),
  }
}

function interactions(booster: Booster, matrix: Matrix, settings: Settings): Explanation['interactions'] {
  const clients = Math.min(settings.interactions, matrix.ids.length)
  if (clients === 0) return { clients, pairs: [] }
  say(`interactions of ${clients} clients`)
  // Spread over the sample, which is in the order of the clients' numbers.
  const some = Array.from({ length: clients }, (_, i) => Math.floor((i * matrix.ids.length) / clients))
  using data = dmatrix(rowsOf(matrix, some))
  const names = matrix.names.map((name) => ({ name }))
  return { clients, pairs: strongestInteractions(booster.interactions(data), clients, names, interactionsTold) }
}

const rowsOf = (matrix: Matrix, rows: readonly number[]): Matrix => ({
  ...matrix,
  ids: Int32Array.from(rows, (row) => matrix.ids[row]!),
  columns: matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row]!)),
})

if (import.meta.main) {
  const [features = 'artifacts/features', model = 'artifacts/model', reports = 'reports/explain'] =
    process.argv.slice(2)
  await exitOnUserError('explain', () => explain({ features, model, reports }))
}
