/**
 * STAGE compare: artifacts/features → artifacts/compare/chosen.json + reports/compare (JSON and plots).
 *
 * Candidates from simple to complex, ways to treat the rare defaults, and a search for booster parameters, on the same folds, compared by a
 * paired test. Every fit sees its training folds only. What the search finds goes to `train` when it is better than train's own parameters.
 */
import { configure } from 'xgboost-node'
import { runStage } from './data/stage.ts'
import { writeWhole } from './data/write-whole.ts'
import { directionsOf } from './models/candidates/directions.ts'
import { type BoosterChoice, chooseBooster, reportedSearch, searchBooster } from './models/comparison/booster.ts'
import { buildCandidates } from './models/comparison/candidates.ts'
import { foldsOf, readClients } from './models/comparison/clients.ts'
import { describe } from './models/comparison/description.ts'
import { type Comparison, compared, historiesTests, rankedBy } from './models/comparison/findings.ts'
import { type Bench, judgeCandidates, judgeImbalance, type Report } from './models/comparison/judging.ts'
import { writeComparison } from './models/comparison/report.ts'
import { readSettings, type Settings } from './models/comparison/settings.ts'
import { lastRung } from './models/search/search.ts'
import { type Run, track } from './tracking/track.ts'

export interface ComparePaths {
  readonly portfolio: string
  readonly features: string
  readonly chosen: string
  readonly reports: string
}

const print: Report = async ({ text }) => {
  process.stderr.write(`compare: ${text}\n`)
}

/** Runs the stage and follows it in MLflow: a run with a child for every candidate, strategy and trial; times go there and nowhere else. */
export async function compare(paths: ComparePaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'compare' }, async (run) => {
    const found = await build(paths, 'params.yaml', printAndTrack(run))
    run.input({ name: 'portfolio', hash: found.data.hash, source: paths.features })
    run.params({ clients: found.clients, folds: found.folds, seeds: found.seeds, measure: found.measure })
    run.tags({ best: found.best, synthetic: found.data.synthetic })
    run.reports(paths.reports)
  })
}

const printAndTrack =
  (run: Run): Report =>
  async (progress) => {
    await print(progress)
    const { fitted } = progress
    if (fitted)
      await run.child(fitted.name, async (child) => {
        child.params(fitted.settings)
        child.metrics(
          Object.entries({ ...fitted.figures, seconds: fitted.seconds }).map(([name, value]) => ({ name, value })),
        )
      })
  }

/** The stage without MLflow: writes the chosen parameters and the reports. `report` hears of every candidate and trial as it ends. */
export async function build(paths: ComparePaths, file = 'params.yaml', report: Report = print): Promise<Comparison> {
  const settings = readSettings(file)
  configure({ nthread: settings.threads })
  const clients = readClients(paths, settings)
  const { names, ids } = clients.matrix
  await report({
    text: `${ids.length} clients, ${names.length} features, ${settings.folds} folds, ${settings.seeds} seeds`,
  })
  using partitions = foldsOf(clients, settings)
  const candidates = buildCandidates(settings, settings.booster, settings.threads, names)
  const bench: Bench = { clients, partitions: partitions.all, settings, candidates, report }

  const judged = await judgeCandidates(bench)
  const imbalance = await judgeImbalance(bench, judged)
  const trials = await searchBooster(bench)
  const choice = await chooseBooster(bench, judged, trials)
  const outcomes = [...judged.map(({ outcome }) => outcome), ...(choice.winner ? [choice.winner] : [])]
  const comparison: Comparison = {
    ...headOf(bench),
    ...rankedOutcomes(outcomes, settings),
    monotone: Object.keys(directionsOf(names)).length,
    ...imbalance,
    search: reportedSearch(bench, trials, choice),
    ...describe(bench, paths.features),
  }
  writeComparison(paths.reports, comparison)
  writeWhole(paths.chosen, `${JSON.stringify(chosenOf(choice, settings), null, 1)}\n`)
  await report({ text: verdictOf(choice) })
  return comparison
}

const headOf = ({ clients: { data, target, matrix }, settings: { folds, seeds, measure, alpha, rule } }: Bench) => ({
  data,
  ...{ clients: target.length, features: matrix.names.length },
  ...{ folds, seeds, measure, alpha, costs: rule.costs },
})

function rankedOutcomes(outcomes: Comparison['candidates'], { measure, alpha }: Settings) {
  const ranking = rankedBy(outcomes, measure).map(({ name }) => name)
  const best = ranking[0] as string
  const candidates = compared(outcomes, best, measure, alpha)
  return { best, candidates, ranking, histories: historiesTests(outcomes, measure, alpha) }
}

/** chosen.json: the parameters that replace train's, none where they stay, and why. */
const chosenOf = ({ taken, test }: BoosterChoice, { measure }: Settings) => ({
  booster: taken?.setting ?? {},
  why: { trial: taken?.number ?? null, measure, score: taken ? lastRung(taken).scores : null, test },
})

const verdictOf = ({ taken }: BoosterChoice): string =>
  taken ? `trial ${taken.number} goes to train` : 'no trial is better than train.booster by the paired test: it stays'

if (import.meta.main)
  await runStage('compare', 'PORTFOLIO FEATURES CHOSEN REPORTS', (portfolio, features, chosen, reports) =>
    compare({ portfolio, features, chosen, reports }),
  )
