/** The candidates of a comparison: those that train can fit, and quick ones for treatments of the rare defaults, histories and trials. */
import type { Params } from 'xgboost-node'
import type { TablesRead } from '../../features/rules/javascript/not-supplied.ts'
import { boosting, type Named } from '../candidates/boosting.ts'
import type { Candidate } from '../candidates/candidate.ts'
import { candidateNames, candidatesOf } from '../candidates/catalogue.ts'
import { linear } from '../candidates/linear.ts'
import { type Strategy, strategies } from '../imbalance/strategy.ts'
import type { Settings } from './settings.ts'

const none = strategies.none

/** `names`: of the features; `tables`: those that each reads. */
export function buildCandidates(settings: Settings, names: readonly string[], tables: TablesRead) {
  const { quick, models } = settings
  const { rounds, early_stopping: earlyStopping, inner_share: innerShare, eta } = quick
  const boosted = (named: Named, over: Params = {}, strategy: Strategy = none) =>
    boosting(
      named,
      { params: { ...models.booster, eta, ...over, nthread: models.threads }, rounds, earlyStopping, innerShare },
      strategy,
    )
  const [penalty] = models.linear.penalties
  const linearly = (named: Named, strategy: Strategy = none) =>
    linear(named, { rounds: models.linear.rounds, ...penalty! }, strategy)
  const balanced = (kind: 'boosting' | 'logistic', strategy: Strategy): Candidate => {
    const named = { name: `${kind}_${strategy.name}`, label: strategy.label }
    return kind === 'boosting' ? boosted(named, {}, strategy) : linearly(named, strategy)
  }
  const all = candidatesOf(models, { names, tables })
  const form: readonly Candidate[] = [
    linearly({ name: 'logistic_form', label: 'Logistic regression, form only' }),
    boosted({ name: 'boosting_form', label: 'Boosting, form only' }),
  ]
  return { entries: candidateNames.map((name) => all[name]), form, boosted, balanced }
}
