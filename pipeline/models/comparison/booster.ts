/** The search for booster parameters: on the folds of the first seed; its best trial is then judged on every seed, as the given setting was. */
import type { Params } from 'xgboost-node'
import type { Candidate } from '../candidates/candidate.ts'
import { lastRung, runSearch, scoreOf, type Trial, winnerOf } from '../search/search.ts'
import { better, type Comparison, type Outcome } from './findings.ts'
import { type Bench, judged } from './judging.ts'
import { direction } from './measure.ts'
import type { Paired } from './paired.ts'
import { marginsOf, measureOf, type Partition } from './run.ts'

/** Tries the settings; trial 0 is the given one. */
export function searchBooster(bench: Bench): Promise<Trial[]> {
  const { settings, quick, report } = bench
  const { measure, decision } = settings
  const [first] = quick as [Partition, ...Partition[]]
  return runSearch(settings.search, {}, settings.seed, async (setting, share, number) => {
    const start = performance.now()
    const margin = marginsOf(onShare(bench, setting, share, number), first)
    const scores = measureOf(measure, margin, first, decision.costs).map((score) => direction(measure) * score)
    const reached = direction(measure) * scoreOf(scores)
    const percent = Math.round(100 * share)
    await report({
      text: `trial ${number} on ${percent}% of the clients: ${measure} ${reached.toFixed(4)}`,
      fitted: {
        name: share < 1 ? `trial_${number} on ${percent}%` : `trial_${number}`,
        settings: { ...setting, share },
        figures: { [measure]: reached },
        seconds: (performance.now() - start) / 1000,
      },
    })
    return scores
  })
}

const candidateOf = ({ candidates }: Bench, setting: Trial['setting'], number: number): Candidate =>
  candidates.boosted({ name: `trial_${number}`, label: `Boosting, trial ${number}` }, setting as Params)

/** A trial's candidate fitted on a share of each training fold; a leaf needs the same share of the clients in every rung. */
function onShare(bench: Bench, setting: Trial['setting'], share: number, number: number): Candidate {
  const leaf = Number(setting.min_child_weight ?? bench.settings.models.booster.min_child_weight ?? 1)
  const whole = candidateOf(bench, { ...setting, min_child_weight: leaf * share }, number)
  return { ...whole, fit: (train, seed) => whole.fit(train.share(share, seed), seed) }
}

export interface BoosterChoice {
  /** The best trial on the search's own folds. */
  readonly best: Trial
  /** It judged on every seed, and its test against the given setting; null when it is the given setting. */
  readonly winner: Outcome | null
  readonly test: Paired | null
  /** The trial that goes to train: the best, where the test says that it is better. */
  readonly taken: Trial | null
}

/** Judges the best trial and the given setting on every seed of the quick clients; it is taken when it is better by the paired test. */
export async function chooseBooster(bench: Bench, trials: readonly Trial[]): Promise<BoosterChoice> {
  const { measure, alpha } = bench.settings
  const best = winnerOf(trials)
  if (best.number === 0) return { best, winner: null, test: null, taken: null }
  const { outcome: given } = await judged(bench, candidateOf(bench, {}, 0), bench.quick)
  const { outcome } = await judged(bench, candidateOf(bench, best.setting, best.number), bench.quick)
  const test = better(outcome, given, measure, alpha)
  const winner = { ...outcome, name: 'boosting_searched', label: `Boosting, searched (trial ${best.number})` }
  return { best, winner, test, taken: test.significant && test.difference > 0 && !outcome.neverSplit ? best : null }
}

/** The search as it is reported. */
export function reportedSearch(
  { settings: { measure, search, folds } }: Bench,
  trials: readonly Trial[],
  { best, test, taken }: BoosterChoice,
): Comparison['search'] {
  const ranking = trials.toSorted(
    (a, b) => lastRung(b).share - lastRung(a).share || scoreOf(lastRung(b).scores) - scoreOf(lastRung(a).scores),
  )
  return {
    method: search.method,
    trials: trials.map((trial) => ({
      ...trial,
      rungs: trial.rungs.map((rung) => ({ ...rung, mean: direction(measure) * scoreOf(rung.scores) })),
    })),
    ranking: ranking.map(({ number }) => number),
    fits: folds * trials.flatMap(({ rungs }) => rungs).length,
    best: best.number,
    test,
    chosen: taken?.number ?? 0,
  }
}
