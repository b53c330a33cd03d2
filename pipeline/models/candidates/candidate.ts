/** What every candidate is: something that learns from a sample and then gives log-odds of default. */
import type { Booster, Params } from 'xgboost-node'
import type { FittedMember, TreesMember } from '../members/member.ts'
import type { Rows, Sample } from './sample.ts'

export interface Model extends Disposable {
  /** Log-odds of default of each row; the higher the riskier. */
  margins(rows: Rows): ArrayLike<number>
  /** What a bundle keeps of it: the scorer's log-odds are those of `margins`. */
  members(): readonly FittedMember[]
  /** Log-odds of the first inner part by a fit that did not see it (Sample.split), for choices made inside the sample. */
  readonly inner?: ArrayLike<number>
  /** Of boosted trees: how many rounds, and how their number was chosen. */
  readonly rounds?: RoundsChosen | undefined
  /** Trees that ask nothing: everybody has the same risk. */
  readonly neverSplit?: boolean | undefined
}

/** Hears of the log loss on the first hold-out, round by round. */
export type OnRound = (round: number, logLoss: number) => void

export interface RoundsChosen {
  readonly rounds: number
  /** Median over the hold-outs of the rounds with the least log loss, each a fit to `trainedOn` clients. */
  readonly best: number
  readonly trainedOn: number
  /** Log loss on the first hold-out, by round. */
  readonly curve: readonly number[]
}

export interface Candidate {
  /** A word for figures and MLflow. */
  readonly name: string
  /** Some words for reports. */
  readonly label: string
  /** Learns from these clients alone; the same sample and seed give the same model. */
  readonly fit: (train: Sample, seed: number, onRound?: OnRound) => Model
}

export const logit = (p: number): number => Math.log(p / (1 - p))

/** A booster as the only member of a model, with what it was trained with: threads are the machine's. */
export function treesMember(
  booster: Booster,
  given: { readonly params: Params; readonly rounds: number },
): FittedMember[] {
  const { nthread: _, ...params } = given.params
  const fit = { params: params as NonNullable<TreesMember['fit']>['params'], rounds: given.rounds }
  return [{ member: { family: 'trees', weight: 1, file: 'model.ubj', fit }, bytes: booster.toBuffer() }]
}
