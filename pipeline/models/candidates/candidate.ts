/** What every candidate is: something that learns from a sample and then gives log-odds of default. */
import type { Booster } from 'xgboost-node'
import type { FittedMember } from '../members/member.ts'
import type { Rows, Sample } from './sample.ts'

export interface Model extends Disposable {
  /** Log-odds of default of each row; the higher the riskier. */
  margins(rows: Rows): ArrayLike<number>
  /** What a bundle keeps of it: the scorer's log-odds are those of `margins`. */
  members(): readonly FittedMember[]
}

export interface Candidate {
  /** A word for figures and MLflow. */
  readonly name: string
  /** Some words for reports. */
  readonly label: string
  /** Learns from these clients alone; the same sample and seed give the same model. */
  readonly fit: (train: Sample, seed: number) => Model
}

export const logit = (p: number): number => Math.log(p / (1 - p))

/** A booster as the only member of a model. */
export const treesMember = (booster: Booster): FittedMember[] => [
  { member: { family: 'trees', weight: 1, file: 'model.ubj' }, bytes: booster.toBuffer() },
]
