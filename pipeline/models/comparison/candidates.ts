/** The candidates that the settings of a comparison ask for, from simple to complex. */
import type { Params } from 'xgboost-node'
import { baseline } from '../candidates/baseline.ts'
import { type Boosting, boosting, type Named } from '../candidates/boosting.ts'
import type { Candidate } from '../candidates/candidate.ts'
import { directionsOf } from '../candidates/directions.ts'
import { forest } from '../candidates/forest.ts'
import { linear } from '../candidates/linear.ts'
import { type Strategy, strategies } from '../imbalance/strategy.ts'
import { scorecard } from '../scorecard/scorecard.ts'
import type { CompareSettings } from './settings.ts'

export interface Entry {
  readonly candidate: Candidate
  /** Only features that read nothing but the application form. */
  readonly form: boolean
}

const none = strategies.none

/** The candidates of a comparison, and how to make more of their kinds. `booster` are train's parameters. */
export function buildCandidates(settings: CompareSettings, booster: Params, threads: number, names: readonly string[]) {
  const { rounds, early_stopping: earlyStopping, inner_share: innerShare, eta } = settings
  const options = (over: Params = {}): Boosting => ({
    params: { ...booster, eta, ...over, nthread: threads },
    rounds,
    earlyStopping,
    innerShare,
  })
  const boosted = (named: Named, over: Params = {}, strategy: Strategy = none) =>
    boosting(named, options(over), strategy)
  const linearly = (named: Named, strategy: Strategy = none) => linear(named, settings.linear, strategy)
  const entry = (candidate: Candidate, form = false): Entry => ({ candidate, form })
  const entries: readonly Entry[] = [
    entry(baseline()),
    entry(linearly({ name: 'logistic_form', label: 'Logistic regression, form only' }), true),
    entry(linearly({ name: 'logistic', label: 'Logistic regression' })),
    entry(scorecard(settings.scorecard)),
    entry(forest({ ...settings.forest, threads })),
    entry(boosted({ name: 'boosting_form', label: 'Boosting, form only' }), true),
    entry(boosted({ name: 'boosting', label: 'Boosting' })),
    entry(
      boosted(
        { name: 'boosting_monotone', label: 'Boosting, monotone' },
        { monotone_constraints: directionsOf(names) },
      ),
    ),
  ]
  const balanced = (kind: 'boosting' | 'logistic', strategy: Strategy): Candidate => {
    const named = { name: `${kind}_${strategy.name}`, label: strategy.label }
    return kind === 'boosting' ? boosted(named, {}, strategy) : linearly(named, strategy)
  }
  return { entries, boosted, balanced, logistic: linearly({ name: 'logistic', label: 'Logistic regression' }) }
}
