/** Bundles of every family of members and of a blend, fitted to the small workspace: real members, their own calibration and threshold. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pl from 'nodejs-polars'
import { boosting } from '../pipeline/models/candidates/boosting.ts'
import type { Candidate } from '../pipeline/models/candidates/candidate.ts'
import { forest } from '../pipeline/models/candidates/forest.ts'
import { linear } from '../pipeline/models/candidates/linear.ts'
import { Rows, Sample } from '../pipeline/models/candidates/sample.ts'
import { evaluate } from '../pipeline/models/evaluate.ts'
import { stratifiedFolds } from '../pipeline/models/folds.ts'
import { strategies } from '../pipeline/models/imbalance/strategy.ts'
import { type FittedMember, filed, weighted } from '../pipeline/models/members/member.ts'
import { scorecard } from '../pipeline/models/scorecard/scorecard.ts'
import { readClients, type TrainingClients } from '../pipeline/models/training/clients.ts'
import { bundleFormat, readDescription } from '../pipeline/scoring/bundle.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { writeBundle } from '../pipeline/scoring/write.ts'
import { mlmodelOf } from '../pipeline/tracking/mlmodel.ts'
import { smallWorkspace } from './bundles.ts'

export const familyNames = ['boosting', 'forest', 'linear', 'scorecard', 'blend'] as const
export type FamilyName = (typeof familyNames)[number]

const seed = 7
const folds = 3
const booster = { max_depth: 3, eta: 0.2, min_child_weight: 10, colsample_bytree: 0.3, nthread: 1 }
const candidates: Readonly<Record<Exclude<FamilyName, 'blend'>, Candidate>> = {
  boosting: boosting(
    { name: 'boosting', label: 'Boosting' },
    { params: booster, rounds: 60, earlyStopping: 10, innerShare: 0.25 },
    strategies.none,
  ),
  forest: forest({ trees: 30, depth: 6, leaf: 15, features: 0.06, threads: 1 }),
  linear: linear(
    { name: 'logistic', label: 'Logistic regression' },
    { rounds: 15, lambda: 0.01, alpha: 0.003 },
    strategies.none,
  ),
  scorecard: scorecard({ characteristics: 12, iv: 0.02, correlation: 0.6, bins: 6, share: 0.05, parts: 20 }),
}
const blend = { linear: 0.4, boosting: 0.35, scorecard: 0.25 } as const

interface Fitted {
  readonly members: readonly FittedMember[]
  /** Out of fold, of the training clients. */
  readonly margin: Float64Array
}

/** A folder for each family; they are removed when this process ends. */
export async function familyBundles(): Promise<Readonly<Record<FamilyName, string>>> {
  const workspace = smallWorkspace()
  const artifacts = join(workspace, 'artifacts')
  const clients = await readClients({ portfolio: join(artifacts, 'portfolio'), features: join(artifacts, 'features') })
  const fold = stratifiedFolds(clients.target, folds, seed)
  using sample = new Sample(clients.matrix, clients.target)
  const own = Object.fromEntries(
    Object.entries(candidates).map(([name, candidate]) => [name, fitted(candidate, sample, fold)]),
  ) as Record<Exclude<FamilyName, 'blend'>, Fitted>
  const all: Readonly<Record<FamilyName, Fitted>> = { ...own, blend: blended(own) }
  const folder = mkdtempSync(join(tmpdir(), 'families-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  return Object.fromEntries(
    familyNames.map((name) => {
      const to = join(folder, name)
      written(to, join(artifacts, 'model'), join(artifacts, 'features'), name, all[name], clients, fold)
      return [name, to]
    }),
  ) as Record<FamilyName, string>
}

function fitted(candidate: Candidate, sample: Sample, fold: Int32Array): Fitted {
  const margin = new Float64Array(sample.count)
  const every = [...fold.keys()]
  for (let k = 0; k < folds; k++) {
    const judged = every.filter((row) => fold[row] === k)
    using kept = sample.take(every.filter((row) => fold[row] !== k))
    using held = new Rows(sample.take(judged).matrix)
    using model = candidate.fit(kept, seed)
    const margins = model.margins(held)
    judged.forEach((row, i) => {
      margin[row] = margins[i]!
    })
  }
  using model = candidate.fit(sample, seed)
  return { members: model.members(), margin }
}

function blended(own: Readonly<Record<keyof typeof blend, Fitted>>): Fitted {
  const parts = (Object.keys(blend) as (keyof typeof blend)[]).map((name) => ({ ...own[name], weight: blend[name] }))
  return {
    members: parts.flatMap(({ members, weight }) => weighted(members, weight)),
    margin: parts[0]!.margin.map((_, i) => parts.reduce((sum, { margin, weight }) => sum + weight * margin[i]!, 0)),
  }
}

/** The bundle of `from` with other members in its place, evaluated and written as train does. */
function written(
  folder: string,
  from: string,
  features: string,
  name: FamilyName,
  { members: given, margin }: Fitted,
  { definitions, matrix, target, recent }: TrainingClients,
  fold: Int32Array,
): void {
  const { version: _, files: __, clients: ___, reference: ____, ...described } = readDescription(from)
  const { members, models } = filed(given)
  const evaluation = evaluate(margin, target, fold, { costs: described.costs, oneSe: 0 }, seed)
  const { calibration, threshold } = evaluation.settled
  const trees = members.flatMap((member) => (member.family === 'trees' && member.fit ? [member.fit.rounds] : []))
  using known = Clients.open(from)
  writeBundle(folder, {
    models,
    description: {
      ...described,
      format: bundleFormat,
      members,
      model: {
        name,
        label: name,
        settings: {},
        because: { fr: `Retenu pour le test : ${name}.`, en: `Chosen for the test: ${name}.` },
      },
      calibration,
      threshold,
      greyZone: { lower: threshold, upper: threshold },
      training: { ...described.training, rounds: trees[0] ?? null },
      metrics: { ...evaluation.pooled },
    },
    frame: pl.readParquet(join(features, 'train.parquet')),
    margin: Float32Array.from(margin),
    fold,
    evaluation,
    recent,
    applicants: known.search('', recent.ids.length).map(({ id }) => known.get(id)!),
    reference: 1000,
    seed,
    files: mlmodelOf(definitions.features, members, matrix.columns),
  })
}
