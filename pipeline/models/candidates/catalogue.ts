/** The candidates by name, from simple to complex: what `compare` compares and `train` fits. */
import type { Params } from 'xgboost-node'
import type { TablesRead } from '../../features/rules/javascript/not-supplied.ts'
import { strategies } from '../imbalance/strategy.ts'
import { scorecard } from '../scorecard/scorecard.ts'
import { baseline } from './baseline.ts'
import { blend } from './blend.ts'
import { boosting } from './boosting.ts'
import type { Candidate } from './candidate.ts'
import { directionsOf } from './directions.ts'
import { forest } from './forest.ts'
import { masked } from './masked.ts'
import { penalised } from './penalised.ts'
import { remembered } from './remembered.ts'
import type { ModelSettings } from './settings.ts'

export const candidateNames = [
  'baseline',
  'scorecard',
  'logistic',
  'forest',
  'boosting_monotone',
  'boosting',
  'blend',
] as const
export type CandidateName = (typeof candidateNames)[number]

export interface CandidateFeatures {
  /** The features of the clients, and of each the tables that it reads. */
  readonly names: readonly string[]
  readonly tables: TablesRead
}

/** Every candidate by its name. Fits of one sample are shared: the blend costs little more than its members. */
export function candidatesOf(
  settings: ModelSettings,
  { names, tables }: CandidateFeatures,
): Readonly<Record<CandidateName, Candidate>> {
  const { innerShare, threads } = settings
  const boosted = (name: string, label: string, over: Params = {}) =>
    boosting(
      { name, label },
      {
        params: { ...settings.booster, ...over, nthread: threads },
        rounds: settings.rounds,
        earlyStopping: settings.earlyStopping,
        innerShare,
      },
      strategies.none,
    )
  const logistic = remembered(
    penalised({ name: 'logistic', label: 'Logistic regression' }, { ...settings.linear, innerShare }),
  )
  const trees = remembered(boosted('boosting', 'Boosting'))
  const bare: Record<CandidateName, Candidate> = {
    baseline: baseline(),
    scorecard: scorecard(settings.scorecard),
    logistic,
    forest: forest({ ...settings.forest, threads }),
    boosting_monotone: boosted('boosting_monotone', 'Boosting, monotone', {
      monotone_constraints: directionsOf(names),
    }),
    boosting: trees,
    blend: blend({ name: 'blend', label: 'Logistic regression + boosting' }, [logistic, trees], innerShare),
  }
  const all = candidateNames.map((name) => [name, masked(bare[name], { ...settings.masking, tables })] as const)
  return Object.fromEntries(all) as Record<CandidateName, Candidate>
}
