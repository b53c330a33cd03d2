/**
 * STAGE compare: artifacts/features → artifacts/compare/chosen.json + reports/compare (JSON and plots).
 *
 * Candidates from simple to complex, ways to treat the rare defaults, and a search for booster parameters, on the same folds, compared by a
 * paired test. Every fit sees its training folds only. What the search finds goes to `train` when it is better than train's own parameters.
 */
import { configure } from 'xgboost-node'
import { runStage } from './data/stage.ts'
import { writeWhole } from './data/write-whole.ts'
import { allTables } from './features/rules/check/sources.ts'
import { directionsOf } from './models/candidates/directions.ts'
import { type BoosterChoice, chooseBooster, reportedSearch, searchBooster } from './models/comparison/booster.ts'
import { buildCandidates } from './models/comparison/candidates.ts'
import { type Choice, chooseCandidate } from './models/comparison/choice.ts'
import { foldsOf, readClients, someClients } from './models/comparison/clients.ts'
import { describe } from './models/comparison/description.ts'
import { type Comparison, compared, historiesTests, rankedBy } from './models/comparison/findings.ts'
import { type Bench, judgeCandidates, judgeForm, judgeImbalance, type Report } from './models/comparison/judging.ts'
import { adjusted } from './models/comparison/multiplicity.ts'
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

/** How often the quick clients are cut into folds, at most; treatments and trials take as many of them as their settings say. */
const quickSeeds = 2

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
  configure({ nthread: settings.models.threads })
  const clients = readClients(paths, settings)
  const { names, ids } = clients.matrix
  await report({
    text: `${ids.length} clients, ${names.length} features, ${settings.folds} folds, ${settings.seeds} seeds`,
  })
  using partitions = foldsOf(clients, settings)
  const few = someClients(clients, { clients: settings.quick.clients, seed: settings.seed })
  const candidates = buildCandidates(settings, names, allTables(clients.definitions))
  const judged = await judgeCandidates({
    ...{ clients, settings, candidates, report },
    partitions: partitions.all,
    quick: [],
  })
  const outcomes = judged.map(({ outcome }) => outcome)

  using quick = foldsOf(few, { ...settings, seeds: quickSeeds })
  const bench: Bench = { clients, partitions: partitions.all, quick: quick.all, settings, candidates, report }
  const form = await judgeForm(bench)
  const imbalance = await judgeImbalance(bench)
  const trials = await searchBooster(bench)
  const booster = await chooseBooster(bench, trials)
  const choice = chooseCandidate(outcomes, settings)
  const comparison = adjusted({
    ...headOf(bench),
    ...rankedOutcomes(outcomes, settings),
    choice,
    tests: 0,
    quick: { clients: few.target.length, eta: settings.quick.eta },
    histories: historiesTests(
      [...imbalance.imbalance.flatMap((one) => one.outcomes), ...form.map((one) => one.outcome)],
      settings.measure,
      settings.alpha,
    ),
    monotone: Object.keys(directionsOf(names)).length,
    ...imbalance,
    search: reportedSearch(bench, trials, booster),
    ...describe(bench, paths.features),
  })
  writeComparison(paths.reports, comparison)
  writeWhole(paths.chosen, `${JSON.stringify(chosenOf(choice, booster, settings), null, 1)}\n`)
  await report({ text: verdictOf(booster) })
  await report({ text: `chosen: ${choice.because.en}` })
  return comparison
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
const chosenOf = (choice: Choice, { taken, test }: BoosterChoice, { measure }: Settings) => ({
  model: choice,
  booster: taken?.setting ?? {},
  why: { trial: taken?.number ?? null, measure, score: taken ? lastRung(taken).scores : null, test },
})

const verdictOf = ({ taken }: BoosterChoice): string =>
  taken ? `trial ${taken.number} goes to train` : 'no trial is better than train.booster by the paired test: it stays'

if (import.meta.main)
  await runStage('compare', 'PORTFOLIO FEATURES CHOSEN REPORTS', (portfolio, features, chosen, reports) =>
    compare({ portfolio, features, chosen, reports }),
  )
