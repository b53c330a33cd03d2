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
import { assembled, chosenOf, verdictOf } from './models/comparison/assembled.ts'
import { chooseBooster, searchBooster } from './models/comparison/booster.ts'
import { buildCandidates } from './models/comparison/candidates.ts'
import { chooseCandidate } from './models/comparison/choice.ts'
import { foldsOf, readClients, someClients } from './models/comparison/clients.ts'
import { describe } from './models/comparison/description.ts'
import type { Comparison } from './models/comparison/findings.ts'
import { type Bench, judgeCandidates, judgeForm, judgeImbalance, type Report } from './models/comparison/judging.ts'
import { writeComparison } from './models/comparison/report.ts'
import { readSettings } from './models/comparison/settings.ts'
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
  const found = { outcomes, choice, form: form.map(({ outcome }) => outcome), ...imbalance, trials, booster }
  const comparison = assembled(bench, found, describe(bench, paths.features))
  writeComparison(paths.reports, comparison)
  writeWhole(paths.chosen, `${JSON.stringify(chosenOf(choice, booster, settings), null, 1)}\n`)
  await report({ text: verdictOf(booster) })
  await report({ text: `chosen: ${choice.because.en}` })
  return comparison
}

if (import.meta.main)
  await runStage('compare', 'PORTFOLIO FEATURES CHOSEN REPORTS', (portfolio, features, chosen, reports) =>
    compare({ portfolio, features, chosen, reports }),
  )
