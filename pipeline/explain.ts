/**
 * STAGE explain: artifacts/features + artifacts/model → reports/explain/explain.json. Which features the model relies on, how sure that is, and
 * why three new clients got their decision. Means are of models that have not seen the clients they explain; shapes and stories are the final
 * model's.
 */
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { configure } from 'xgboost-node'
import { runStage } from './data/stage.ts'
import { writeWhole } from './data/write-whole.ts'
import { dependence, featureWeights } from './explain/attribution.ts'
import { swarmOf } from './explain/contribution-bins.ts'
import type { Explanation } from './explain/findings.ts'
import { correlated, interactionsOf, strongestInteractions } from './explain/relations.ts'
import { contributionsOf, drawSamples, spreadRows } from './explain/sample.ts'
import { readExplainSettings } from './explain/settings.ts'
import { stories } from './explain/stories.ts'
import { type Explained, heaviest, refitFolds, refitPlan, stabilityOf, weightsOf } from './explain/weights.ts'
import { matrixOf } from './models/matrix.ts'
import { openBundle } from './scoring/bundle.ts'

export interface ExplainPaths {
  readonly features: string
  readonly model: string
  readonly reports: string
}

const dependenceFeatures = 12
const related = 60 // of the heaviest, whose correlations are looked at
const strong = 0.8 // rank correlation from which two features are listed as a pair
const interactionsTold = 12

const say = (text: string) => process.stderr.write(`explain: ${text}\n`)

export async function explain(paths: ExplainPaths): Promise<void> {
  const settings = readExplainSettings()
  configure({ nthread: settings.threads })
  const opened = openBundle(paths.model)
  const { bundle } = opened
  using predictor = opened.predictor
  const samples = drawSamples(paths.features, bundle.definitions, settings)
  say(`contributions of ${samples.explained.ids.length} clients`)
  const { contributions, error } = contributionsOf(predictor, samples.explained, bundle.definitions)
  const sampled = featureWeights(contributions, samples.explained.columns)
  const explained: Explained = { bundle, predictor, samples, contributions, sampled, settings }

  const plan = refitPlan(explained)
  const folds = refitFolds(samples.refitted, explained, plan, say)
  const weights = weightsOf(explained, folds, plan)
  const stability = stabilityOf(explained, weights.features, plan, say)
  const explanation: Explanation = {
    model: bundle.version,
    families: [...new Set(bundle.members.map(({ family }) => family))],
    data: bundle.training.data,
    synthetic: bundle.synthetic !== null,
    threshold: bundle.threshold,
    sample: { clients: samples.explained.ids.length, of: samples.of, seed: settings.seed },
    additivity_error: error,
    refits: {
      clients: samples.refitted.target.length,
      rounds: plan.rounds,
      auc: folds.map(({ auc }) => auc),
      seeds: plan.seeds,
    },
    ...weights,
    stability,
    ...relationsOf(explained, weights.features),
    ...shapesOf(explained, weights.features),
    clients: newClients(paths, explained),
  }
  writeWhole(join(paths.reports, 'explain.json'), `${JSON.stringify(explanation, null, 1)}\n`)
}

/** The places of the heaviest features in the matrix. */
const placesOf = ({ samples }: Explained, features: Explanation['features'], count: number): number[] =>
  features.slice(0, count).map(({ feature }) => samples.explained.names.indexOf(feature))

/** Which of the heaviest features go together in the data, and which features the final model combines. */
function relationsOf(
  explained: Explained,
  features: Explanation['features'],
): Pick<Explanation, 'correlated' | 'interactions'> {
  const { bundle, predictor, samples, settings } = explained
  const near = placesOf(explained, features, related)
  const pairs = correlated(samples.explained.columns, bundle.definitions.features, near, strong)
  if (predictor.trees.length === 0) return { correlated: pairs, interactions: null }
  const some = spreadRows(samples.explained, settings.interactions)
  const clients = some.ids.length
  if (clients === 0) return { correlated: pairs, interactions: { clients, pairs: [] } }
  say(`interactions of ${clients} clients`)
  const values = interactionsOf(predictor, some)
  const strongest = strongestInteractions(values, clients, bundle.definitions.features, interactionsTold)
  return { correlated: pairs, interactions: { clients, pairs: strongest } }
}

/** How the values of the heaviest features move the score. */
function shapesOf(explained: Explained, features: Explanation['features']): Pick<Explanation, 'swarms' | 'dependence'> {
  const { bundle, samples, contributions } = explained
  const { columns } = samples.explained
  const top = placesOf(explained, features, heaviest)
  return {
    swarms: top.map((index) => swarmOf(contributions, index, columns[index]!)),
    dependence: top.slice(0, dependenceFeatures).map((index) => {
      const { name, label, kind } = bundle.definitions.features[index]!
      return { feature: name, label: label.en, kind, points: dependence(contributions, index, columns[index]!) }
    }),
  }
}

const newClients = ({ features, model }: ExplainPaths, { bundle }: Explained): Explanation['clients'] =>
  stories(model, matrixOf(pl.readParquet(join(features, 'new.parquet')), bundle.definitions.features))

if (import.meta.main)
  await runStage('explain', 'FEATURES MODEL REPORTS', (features, model, reports) =>
    explain({ features, model, reports }),
  )
