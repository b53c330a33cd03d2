/** What a newly trained model says of itself in its bundle: definitions, calibration, threshold, training and figures. */
import { createRequire } from 'node:module'
import { libraryVersion } from 'xgboost-node'
import type { Evaluation } from '../models/evaluate.ts'
import type { Reviews } from '../models/grey-zone.ts'
import type { Matrix } from '../models/matrix.ts'
import type { Member } from '../models/members/member.ts'
import type { TrainingClients } from '../models/training/clients.ts'
import type { CrossFit } from '../models/training/cross-fit.ts'
import { ruleOf, type TrainSettings } from '../models/training/settings.ts'
import type { TrainingSummary } from '../models/training-summary.ts'
import { type BundleDescription, bundleFormat } from './bundle.ts'
import type { trainedBehaviour } from './trained-behaviour.ts'

export interface Trained {
  readonly clients: TrainingClients
  readonly settings: TrainSettings
  readonly evaluation: Evaluation
  readonly shift: TrainingSummary['shift']
  readonly run: CrossFit
  /** Of boosted trees; null where there are none. */
  readonly rounds: number | null
  readonly members: readonly Member[]
  readonly model: BundleDescription['model']
  readonly reviews: Reviews
  /** Null where no new client is declined. */
  readonly behaviour: ReturnType<typeof trainedBehaviour>
}

/** The order of the keys is part of the bundle's version. */
export function descriptionOf(trained: Trained): Omit<BundleDescription, 'clients' | 'reference'> {
  const { clients, settings, evaluation, shift, members, model } = trained
  const { portfolio, definitions, matrix, target } = clients
  const { decision, exclude, train } = settings
  const { calibration, threshold } = evaluation.settled
  return {
    format: bundleFormat,
    algebra: definitions.algebra,
    synthetic: portfolio.synthetic,
    definitions,
    members,
    model,
    calibration,
    threshold,
    greyZone: { lower: trained.reviews.lower, upper: trained.reviews.upper },
    ...(trained.behaviour && { strategic: trained.behaviour.strategic }),
    scale: { baseScore: decision.base_score, baseOdds: decision.base_odds, pdo: decision.pdo },
    costs: ruleOf(settings).costs,
    exclude: [...exclude],
    libraries: { 'nodejs-polars': polarsVersion(), xgboost: libraryVersion() },
    training: {
      data: portfolio.hash,
      clients: target.length,
      defaults: target.reduce((sum, y) => sum + y, 0),
      rounds: trained.rounds,
      params: { ...train },
      ...(portfolio.absent && { absent: portfolio.absent }),
      ranges: ranges(matrix),
    },
    metrics: {
      ...flat(evaluation),
      roc_auc_new_clients: shift.roc_auc,
      shift_auc: shift.auc,
      shift_effective: shift.effective,
    },
  }
}

const polarsVersion = (): string =>
  (createRequire(import.meta.url)('nodejs-polars/package.json') as { version: string }).version

/** Smallest and largest value of each feature that is not a category, as the model sees them (float32). */
function ranges({ columns, names, types }: Matrix): Record<string, [number, number] | null> {
  const entries = names.flatMap((name, j): [string, [number, number] | null][] => {
    if (types[j] === 'c') return []
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
    for (const value of columns[j] as Float32Array) {
      if (value < low) low = value
      if (value > high) high = value
    }
    return [[name, low <= high ? [low, high] : null]]
  })
  return Object.fromEntries(entries)
}

/** Flat figures for `dvc metrics`, MLflow and the bundle. */
const flat = ({ pooled, auc, cost, settled, confusion }: Evaluation): Record<string, number> => ({
  ...pooled,
  roc_auc_lower: auc.lower,
  roc_auc_upper: auc.upper,
  cost_lower: cost.lower,
  cost_upper: cost.upper,
  threshold: settled.threshold,
  true_positive: confusion.truePositive,
  false_positive: confusion.falsePositive,
  false_negative: confusion.falseNegative,
  true_negative: confusion.trueNegative,
})
