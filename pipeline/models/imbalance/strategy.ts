/** What may be done about 8 defaults among 100 clients before a model learns from them. */
import type { Sample } from '../candidates/sample.ts'
import { random, shuffled } from '../random.ts'
import { oversampled } from './smote.ts'

export const strategyNames = ['none', 'weight', 'weight_root', 'under_1', 'under_3', 'smote_1', 'smote_3'] as const
export type StrategyName = (typeof strategyNames)[number]

export interface Strategy {
  readonly name: StrategyName
  readonly label: string
  /** How many times a default counts in the loss. */
  readonly weight: (clients: number, defaults: number) => number
  /** Does `work` on the sample as the strategy changes it; what it made for that is closed afterwards. */
  readonly on: <T>(sample: Sample, seed: number, work: (changed: Sample) => T) => T
}

const equally = () => 1
const asItIs: Strategy['on'] = (sample, _, work) => work(sample)

const changing =
  (change: (sample: Sample, seed: number) => Sample): Strategy['on'] =>
  (sample, seed, work) => {
    using changed = change(sample, seed)
    return work(changed)
  }

/** Drops good clients at random until there are `good` of them for each default. */
function undersampled(sample: Sample, good: number, seed: number): Sample {
  const rows = [...sample.target.keys()]
  const [bad, fine] = [rows.filter((i) => sample.target[i] === 1), rows.filter((i) => sample.target[i] !== 1)]
  const kept = shuffled(fine, random(seed)).slice(0, Math.round(good * bad.length))
  return sample.take([...bad, ...kept].sort((a, b) => a - b))
}

export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  none: { name: 'none', label: 'Nothing', weight: equally, on: asItIs },
  weight: { name: 'weight', label: 'Class weight, full', weight: (n, d) => (n - d) / d, on: asItIs },
  weight_root: {
    name: 'weight_root',
    label: 'Class weight, square root',
    weight: (n, d) => Math.sqrt((n - d) / d),
    on: asItIs,
  },
  under_1: {
    name: 'under_1',
    label: 'Undersampling 1:1',
    weight: equally,
    on: changing((sample, seed) => undersampled(sample, 1, seed)),
  },
  under_3: {
    name: 'under_3',
    label: 'Undersampling 1:3',
    weight: equally,
    on: changing((sample, seed) => undersampled(sample, 3, seed)),
  },
  smote_1: {
    name: 'smote_1',
    label: 'SMOTE-NC 1:1',
    weight: equally,
    on: changing((sample, seed) => oversampled(sample, 1, seed)),
  },
  smote_3: {
    name: 'smote_3',
    label: 'SMOTE-NC 1:3',
    weight: equally,
    on: changing((sample, seed) => oversampled(sample, 3, seed)),
  },
}
