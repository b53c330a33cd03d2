/** Stage explain: what the model weighs over a sample of training clients, and why three new clients got their answer. */
import { join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import type { Booster } from 'xgboost-node'
import { z } from 'zod'
import type { Definitions } from './features/algebra/definitions.ts'
import { type Matrix, matrixOf } from './learning/matrix.ts'
import { dmatrix } from './learning/out-of-fold.ts'
import { random, shuffled } from './learning/random.ts'
import type { Value } from './portfolio/applicant.ts'
import {
  byConcept,
  type Contributions,
  checkAdditivity,
  conceptWeights,
  dependence,
  featureWeights,
} from './report/explain/attribution.ts'
import type { ClientStory, Explanation } from './report/explain/findings.ts'
import { explainPage } from './report/explain/page.ts'
import { writeWhole } from './report/write.ts'
import { type Bundle, bundleFiles, openBundle } from './scoring/bundle.ts'

export interface ExplainPaths {
  readonly features: string
  readonly model: string
  readonly reports: string
}

const explainParams = z.object({
  /** Training clients that the means are taken over. */
  clients: z.int().positive(),
  seed: z.int(),
})

const dependenceFeatures = 12

/** Contributions of the clients of a matrix, checked against their margins. */
function contributionsOf(
  booster: Booster,
  matrix: Matrix,
  { features }: Definitions,
): { contributions: Contributions; margins: Float32Array; error: number } {
  using data = dmatrix(matrix)
  const contributions = { values: booster.contributions(data), rows: matrix.ids.length, features }
  const margins = booster.predict(data, { output: 'margin' })
  return { contributions, margins, error: checkAdditivity(contributions, margins) }
}

interface NewClient {
  readonly id: number
  readonly probability: number
  readonly decision: 'granted' | 'refused'
}

/** The first client granted, the first refused, and the one nearest to the threshold, by client number. */
export function examples(
  clients: readonly NewClient[],
  threshold: number,
): { kind: ClientStory['kind']; client: NewClient }[] {
  const ordered = clients.toSorted((a, b) => a.id - b.id)
  const nearest = ordered.reduce<NewClient | undefined>(
    (best, client) =>
      best && Math.abs(best.probability - threshold) <= Math.abs(client.probability - threshold) ? best : client,
    undefined,
  )
  const first = (decision: NewClient['decision']) =>
    ordered.find((client) => client.decision === decision && client !== nearest)
  return (
    [
      ['granted', first('granted')],
      ['refused', first('refused')],
      ['borderline', nearest],
    ] as const
  ).flatMap(([kind, client]) => (client ? [{ kind, client }] : []))
}

function newClients(model: string): NewClient[] {
  const scores = pl.readParquet(join(model, bundleFiles.scores))
  const column = (name: string) => scores.getColumn(name).toArray() as unknown[]
  const [probabilities, decisions] = [column('probability'), column('decision')]
  return column('SK_ID_CURR').map((id, i) => {
    const decision = String(decisions[i]) === 'refused' ? 'refused' : 'granted'
    return { id: Number(id), probability: Number(probabilities[i]), decision }
  })
}

function stories(booster: Booster, bundle: Bundle, paths: ExplainPaths): ClientStory[] {
  const { definitions, threshold } = bundle
  const synthetic = bundle.synthetic !== null
  const frame = pl.readParquet(join(paths.features, 'new.parquet'))
  return examples(newClients(paths.model), threshold).map(({ kind, client }) => {
    const row = frame.filter(pl.col('SK_ID_CURR').eq(pl.lit(client.id)))
    const { contributions, margins } = contributionsOf(booster, matrixOf(row, definitions.features), definitions)
    const { concepts, sums } = byConcept(contributions)
    const strongest = (a: { contribution: number }, b: { contribution: number }) =>
      Math.abs(b.contribution) - Math.abs(a.contribution)
    return {
      kind,
      ...(synthetic ? { client: client.id } : {}),
      probability: client.probability,
      decision: client.decision,
      bias: contributions.values[definitions.features.length]!,
      margin: margins[0]!,
      concepts: concepts
        .map((concept, i) => ({
          concept,
          label: definitions.concepts[concept]?.label.en ?? concept,
          contribution: sums[i]!,
        }))
        .sort(strongest),
      features: definitions.features
        .map(({ name, concept, label }, i) => ({
          feature: name,
          concept,
          label: label.en,
          contribution: contributions.values[i]!,
          ...(synthetic ? { value: row.getColumn(name).toArray()[0] as Value } : {}),
        }))
        .sort(strongest),
    }
  })
}

export async function explain(paths: ExplainPaths): Promise<void> {
  const { clients, seed } = params('explain', explainParams)
  const { bundle, booster } = openBundle(paths.model)
  const { definitions } = bundle
  const frame = pl.readParquet(join(paths.features, 'train.parquet'))
  const everyone = Array.from({ length: frame.height }, (_, row) => row)
  const chosen = shuffled(everyone, random(seed))
    .slice(0, clients)
    .sort((a, b) => a - b)
  process.stderr.write(`explain: contributions of ${chosen.length} clients\n`)
  const matrix = rowsOf(matrixOf(frame, definitions.features), chosen)
  const { contributions, error } = contributionsOf(booster, matrix, definitions)
  const features = featureWeights(contributions, matrix.columns)
  const explanation: Explanation = {
    model: bundle.version,
    data: bundle.training.data,
    synthetic: bundle.synthetic !== null,
    threshold: bundle.threshold,
    sample: { clients: chosen.length, of: frame.height, seed },
    additivity_error: error,
    concepts: conceptWeights(
      contributions,
      (concept) => definitions.concepts[concept]?.label ?? { fr: concept, en: concept },
    ),
    features,
    dependence: features.slice(0, dependenceFeatures).map(({ feature, label }) => {
      const index = matrix.names.indexOf(feature)
      const points = dependence(contributions, index, matrix.columns[index]!)
      return { feature, label, kind: definitions.features[index]!.kind, points }
    }),
    clients: stories(booster, bundle, paths),
  }
  booster.close()

  writeWhole(join(paths.reports, 'explain.json'), `${JSON.stringify(explanation, null, 1)}\n`)
  writeWhole(join(paths.reports, 'index.html'), explainPage(explanation))
}

const rowsOf = (matrix: Matrix, rows: readonly number[]): Matrix => ({
  ...matrix,
  ids: Int32Array.from(rows, (row) => matrix.ids[row]!),
  columns: matrix.columns.map((column) => Float32Array.from(rows, (row) => column[row]!)),
})

if (import.meta.main) {
  const [features = 'artifacts/features', model = 'artifacts/model', reports = 'reports/explain'] =
    process.argv.slice(2)
  await explain({ features, model, reports })
}
