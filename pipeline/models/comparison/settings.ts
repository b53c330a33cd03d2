/** The `compare` section of params.yaml, and the candidates that it asks for. */
import type { Params } from 'xgboost-node'
import { z } from 'zod'
import { baseline } from '../candidates/baseline.ts'
import { type Boosting, boosting, type Named } from '../candidates/boosting.ts'
import type { Candidate } from '../candidates/candidate.ts'
import { directionsOf } from '../candidates/directions.ts'
import { forest } from '../candidates/forest.ts'
import { linear } from '../candidates/linear.ts'
import { type Strategy, strategies, strategyNames } from '../imbalance/strategy.ts'
import { scorecard } from '../scorecard/scorecard.ts'
import { searchSchema } from '../search/search.ts'
import { measures } from './run.ts'

export const compareSchema = z.strictObject({
  /** Training clients that are compared on, drawn by seed; 0 takes all. */
  clients: z.int().min(0),
  folds: z.int().min(3),
  /** How many times the clients are cut into folds. */
  seeds: z.int().positive(),
  seed: z.int(),
  /** What ranks the candidates and decides the search. */
  measure: z.enum(measures),
  /** Two-sided, of the paired test. */
  alpha: z.number().gt(0).lt(1),
  /** Of boosting here: larger than train's, which needs more rounds for about the same model. */
  eta: z.number().positive(),
  rounds: z.int().positive(),
  early_stopping: z.int().positive(),
  inner_share: z.number().gt(0).max(0.5),
  linear: z.strictObject({ rounds: z.int().positive(), lambda: z.number().min(0), alpha: z.number().min(0) }),
  forest: z.strictObject({
    trees: z.int().positive(),
    depth: z.int().positive(),
    leaf: z.number().positive(),
    features: z.number().gt(0).max(1),
  }),
  scorecard: z.strictObject({
    characteristics: z.int().positive(),
    iv: z.number().min(0),
    correlation: z.number().gt(0).max(1),
    bins: z.int().min(2),
    share: z.number().gt(0).max(0.5),
    parts: z.int().min(2).max(100),
    base_score: z.number(),
    base_odds: z.number().positive(),
    pdo: z.number().positive(),
  }),
  imbalance: z.strictObject({
    boosting: z.array(z.enum(strategyNames)),
    boosting_seeds: z.int().positive(),
    logistic: z.array(z.enum(strategyNames)),
    logistic_seeds: z.int().positive(),
  }),
  search: searchSchema,
})
export type CompareSettings = z.output<typeof compareSchema>

export interface Entry {
  readonly candidate: Candidate
  /** Only features that read nothing but the application form. */
  readonly form: boolean
}

const none = strategies.none

/** Makes the candidates of a comparison. `booster` are train's parameters. */
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
