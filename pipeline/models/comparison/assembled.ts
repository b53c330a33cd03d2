/** What a comparison found, put together for compare.json and chosen.json. */
import { directionsOf } from '../candidates/directions.ts'
import { lastRung, type Trial } from '../search/search.ts'
import { type BoosterChoice, reportedSearch } from './booster.ts'
import { type Choice, type Comparison, compared, historiesTests, type Outcome, rankedBy } from './findings.ts'
import type { Bench } from './judging.ts'
import { adjusted } from './multiplicity.ts'
import type { Settings } from './settings.ts'

export interface Judgement extends Pick<Comparison, 'imbalance' | 'reliability'> {
  readonly outcomes: readonly Outcome[]
  /** Of the quick models on the form alone. */
  readonly form: readonly Outcome[]
  readonly choice: Choice
  readonly trials: readonly Trial[]
  readonly booster: BoosterChoice
}

/** The comparison, its tests adjusted over all of them. `described`: what the models that people read say. */
export function assembled(
  bench: Bench,
  { outcomes, form, choice, imbalance, reliability, trials, booster }: Judgement,
  described: Pick<Comparison, 'defaults' | 'coefficients' | 'nonzero' | 'card'>,
): Comparison {
  const { settings, quick } = bench
  const { measure, alpha } = settings
  return adjusted({
    ...headOf(bench),
    ...rankedOutcomes(outcomes, settings),
    choice,
    tests: 0,
    quick: { clients: quick[0]?.target.length ?? 0, eta: settings.quick.eta },
    histories: historiesTests([...imbalance.flatMap((one) => one.outcomes), ...form], measure, alpha),
    monotone: Object.keys(directionsOf(bench.clients.matrix.names)).length,
    imbalance,
    reliability,
    search: reportedSearch(bench, trials, booster),
    ...described,
  })
}

const headOf = ({
  clients: { data, target, matrix },
  settings: { folds, seeds, measure, alpha, decision },
}: Bench) => ({
  data,
  ...{ clients: target.length, features: matrix.names.length },
  ...{ folds, seeds, measure, alpha, costs: decision.costs },
})

function rankedOutcomes(outcomes: Comparison['candidates'], { measure, alpha }: Settings) {
  const ranking = rankedBy(outcomes, measure).map(({ name }) => name)
  const best = ranking[0] as string
  return { best, candidates: compared(outcomes, best, measure, alpha), ranking }
}

/** chosen.json: the candidate that serves and why, and the parameters of boosting that replace train's, none where they stay. */
export const chosenOf = (choice: Choice, { taken, test }: BoosterChoice, { measure }: Settings) => ({
  model: choice,
  booster: taken?.setting ?? {},
  why: { trial: taken?.number ?? null, measure, score: taken ? lastRung(taken).scores : null, test },
})

export const verdictOf = ({ taken }: BoosterChoice): string =>
  taken ? `trial ${taken.number} goes to train` : 'no trial is better than train.booster by the paired test: it stays'
