/**
 * STAGE compare: artifacts/features → artifacts/compare/chosen.json + reports/compare.
 *
 * Candidates from simple to complex, ways to treat the rare defaults, and a search for booster parameters, on the same folds, told apart by a
 * paired test. Every fit sees its training folds only. What the search finds goes to `train` when it is better than train's own parameters.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { params } from 'dvc-ts'
import pl from 'nodejs-polars'
import { configure, type Params } from 'xgboost-node'
import { z } from 'zod'
import { told } from './data/exit-on-user-error.ts'
import { readPortfolioNote } from './data/portfolio-note.ts'
import { writeWhole } from './data/write-whole.ts'
import { type Definitions, parseDefinitions } from './features/rules/check/definitions.ts'
import { allSources } from './features/rules/check/sources.ts'
import type { Candidate } from './models/candidates/candidate.ts'
import { directionsOf } from './models/candidates/directions.ts'
import { linear } from './models/candidates/linear.ts'
import { rowsOf, Sample } from './models/candidates/sample.ts'
import { bestOf, better, type Comparison, compared, type Outcome, outcomeOf } from './models/comparison/findings.ts'
import {
  direction,
  judgeRun,
  marginsOf,
  measureOf,
  type Partition,
  partition,
  type SeedRun,
  withColumns,
} from './models/comparison/run.ts'
import { type CompareSettings, compareSchema, workshop } from './models/comparison/settings.ts'
import type { Costs } from './models/cost.ts'
import { holdOut } from './models/folds.ts'
import { strategies } from './models/imbalance/strategy.ts'
import { aucInterval, refuseLeak } from './models/interval.ts'
import { type Matrix, matrixOf, targetOf } from './models/matrix.ts'
import { cardOf } from './models/scorecard/card.ts'
import { fitScorecard } from './models/scorecard/scorecard.ts'
import { lastRung, runSearch, type Trial, winnerOf } from './models/search/search.ts'
import { type Logged, type Run, track } from './tracking/track.ts'
import { writeCompareReports } from './views/compare/write.ts'

const trainSchema = z.object({
  threads: z.int().positive(),
  suspicious_auc: z.number(),
  booster: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})
const decisionSchema = z.object({
  false_negative: z.number().positive(),
  false_positive: z.number().positive(),
  slack: z.number().min(0).default(1),
})

export interface ComparePaths {
  readonly portfolio: string
  readonly features: string
  readonly chosen: string
  readonly reports: string
}

const say = (text: string) => process.stderr.write(`compare: ${text}\n`)
const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

/** Runs the stage and follows it in MLflow: a run with a child for every candidate, strategy and trial; times go there and nowhere else. */
export async function compare(paths: ComparePaths): Promise<void> {
  await track({ experiment: 'credit-scoring', runName: 'compare' }, async (run) => {
    const found = await build(paths, 'params.yaml', (name, settings, outcome, seconds) =>
      child(run, name, settings, outcome, seconds),
    )
    run.input({ name: 'portfolio', hash: found.data.hash, source: paths.features })
    run.params({ clients: found.clients, folds: found.folds, seeds: found.seeds, measure: found.measure })
    run.tags({ best: found.best, synthetic: found.data.synthetic })
    run.artifacts(paths.reports, 'reports')
  })
}

type Told = (
  name: string,
  settings: Readonly<Record<string, Logged>>,
  figures: Readonly<Record<string, number>>,
  seconds: number,
) => Promise<void>

const child = (
  run: Run,
  name: string,
  settings: Readonly<Record<string, Logged>>,
  figures: Readonly<Record<string, number>>,
  seconds: number,
) =>
  run.child(name, async (one) => {
    one.params(settings)
    one.metrics([...Object.entries({ ...figures, seconds })].map(([metric, value]) => ({ name: metric, value })))
  })

/** The stage without MLflow: writes the chosen parameters and the reports. `told` hears of every candidate and trial as it ends. */
export async function build(
  paths: ComparePaths,
  file = 'params.yaml',
  told: Told = async () => {},
): Promise<Comparison> {
  const settings = params('compare', compareSchema, { file })
  const { threads, suspicious_auc, booster } = params('train', trainSchema, { file })
  const decision = params('decision', decisionSchema, { file })
  const costs: Costs = { falseNegative: decision.false_negative, falsePositive: decision.false_positive }
  const rule = { costs, slack: decision.slack }
  const portfolio = readPortfolioNote(paths.portfolio)
  const definitions = parseDefinitions(readJson(join(paths.features, 'definitions.json')))
  configure({ nthread: threads })

  const { matrix, target } = someClients(pl.readParquet(join(paths.features, 'train.parquet')), definitions, settings)
  const form = formFeatures(definitions)
  say(`${target.length} clients, ${matrix.names.length} features, ${settings.folds} folds, ${settings.seeds} seeds`)
  using stack = new DisposableStack()
  const partitions = Array.from({ length: settings.seeds }, (_, s) =>
    stack.use(partition(matrix, target, settings.folds, settings.seed + 1000 * s)),
  )
  const { entries, boosted, balanced } = workshop(settings, booster as Params, threads, matrix.names)
  const { measure, level } = settings

  const every = new Map<string, SeedRun[]>()
  const outcome = async (
    candidate: Candidate,
    on: readonly Partition[],
    features = matrix.names.length,
  ): Promise<Outcome> => {
    const start = performance.now()
    const runs = on.map((part) => judgeRun(marginsOf(candidate, part), part, rule))
    for (const { margin } of runs) refuseLeak(aucInterval(target, margin), suspicious_auc, `compare: ${candidate.name}`)
    every.set(candidate.name, runs)
    const found = outcomeOf(candidate, features, runs, measure)
    const seconds = (performance.now() - start) / 1000
    say(
      `${candidate.name}: ${measure} ${found.figures[measure].mean.toFixed(4)} ± ${found.figures[measure].sd.toFixed(4)}, ${seconds.toFixed(1)} s`,
    )
    await told(candidate.name, { candidate: candidate.label, features }, flat(found), seconds)
    return found
  }

  const candidates: Outcome[] = []
  {
    const formParts = partitions.map((part) => withColumns(part, (name) => form.has(name)))
    for (const { candidate, form: formOnly } of entries)
      candidates.push(
        await outcome(candidate, formOnly ? formParts : partitions, formOnly ? form.size : matrix.names.length),
      )
    for (const part of formParts) part[Symbol.dispose]()
  }
  const imbalance: Comparison['imbalance'][number][] = []
  for (const model of ['boosting', 'logistic'] as const) {
    const on = partitions.slice(0, settings.imbalance[`${model}_seeds`])
    const outcomes: Outcome[] = []
    for (const name of settings.imbalance[model]) {
      const plain = candidates.find((one) => one.name === model)
      const runs = every.get(model)?.slice(0, on.length)
      if (name === 'none' && plain && runs) {
        // Nothing done is the candidate itself: its runs are there.
        every.set(`${model}_none`, runs)
        const named = { name: `${model}_none`, label: strategies.none.label }
        outcomes.push(outcomeOf(named, plain.features, runs, measure))
      } else outcomes.push(await outcome(balanced(model, strategies[name]), on))
    }
    const base = `${model}_none`
    imbalance.push({
      model,
      outcomes: outcomes.some((one) => one.name === base) ? compared(outcomes, base, measure, level) : outcomes,
    })
  }

  // The search: on the folds of the first seed; its best trial is then run on every seed, as the given setting was.
  const [first] = partitions as [Partition, ...Partition[]]
  const searched = (setting: Trial['setting'], number: number) =>
    boosted({ name: `trial_${number}`, label: `Boosting, trial ${number}` }, setting as Params)
  let fits = 0
  const pending: Promise<void>[] = []
  const trials = runSearch(settings.search, {}, settings.seed, (setting, share, number) => {
    const start = performance.now()
    const leaf = Number(setting.min_child_weight ?? booster.min_child_weight ?? 1)
    // A leaf needs the same share of the clients in every rung.
    const whole = searched({ ...setting, min_child_weight: leaf * share }, number)
    const candidate: Candidate = { ...whole, fit: (train, seed) => whole.fit(train.share(share, seed), seed) }
    fits += first.parts.length
    const scores = measureOf(measure, marginsOf(candidate, first), first, costs).map(
      (score) => direction(measure) * score,
    )
    const score = scores.reduce((a, b) => a + b, 0) / scores.length
    say(
      `trial ${number} on ${Math.round(100 * share)}% of the clients: ${measure} ${(direction(measure) * score).toFixed(4)}`,
    )
    const seconds = (performance.now() - start) / 1000
    pending.push(
      told(
        share < 1 ? `trial_${number} on ${Math.round(100 * share)}%` : `trial_${number}`,
        { ...setting, share },
        { [measure]: direction(measure) * score },
        seconds,
      ),
    )
    return scores
  })
  await Promise.all(pending)
  const best = winnerOf(trials)
  const given = candidates.find(({ name }) => name === 'boosting') as Outcome
  const winner = best.number === 0 ? null : await outcome(searched(best.setting, best.number), partitions)
  const test = winner && better(winner, given, measure, level)
  const taken = test?.real && test.difference > 0 ? best : null
  if (winner)
    candidates.push({ ...winner, name: 'boosting_searched', label: `Boosting, searched (trial ${best.number})` })

  using whole = new Sample(matrix, target)
  const card = fitScorecard(whole, settings.scorecard)
  using line = linear({ name: 'logistic', label: '' }, settings.linear, strategies.none).fit(whole, settings.seed)
  const recent = matrixOf(pl.readParquet(join(paths.features, 'new.parquet')), definitions.features)
  const top = bestOf(candidates, measure).name
  const words = new Map(definitions.features.map((feature) => [feature.name, feature]))
  const coefficients = line.coefficients
    .filter(({ value }) => value !== 0)
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value) || (a.name < b.name ? -1 : 1))
    .map((one) => {
      const feature = words.get(one.feature)
      const level = one.code === undefined ? '' : `: ${feature?.levels?.[one.code] ?? one.code}`
      return { ...one, label: `${feature?.label.en ?? one.feature}${level}${one.missing ? ' is missing' : ''}` }
    })
  const comparison: Comparison = {
    data: { hash: portfolio.hash, synthetic: portfolio.synthetic !== null },
    clients: target.length,
    defaults: whole.defaults,
    features: matrix.names.length,
    folds: settings.folds,
    seeds: settings.seeds,
    measure,
    level,
    costs,
    best: top,
    candidates: compared(candidates, top, measure, level),
    monotone: Object.keys(directionsOf(matrix.names)).length,
    imbalance,
    reliability: imbalance
      .flatMap(({ outcomes }) => outcomes)
      .flatMap(({ name }) => {
        const run = every.get(name)?.[0]
        return run ? [{ name, raw: run.reliability.raw, calibrated: run.reliability.calibrated }] : []
      }),
    search: { method: settings.search.method, trials, fits, best: best.number, test, chosen: taken?.number ?? 0 },
    coefficients: coefficients.slice(0, 40),
    nonzero: coefficients.length,
    card: cardOf(card, settings.scorecard, whole, recent, definitions.features),
  }
  writeCompareReports(paths.reports, comparison)
  const why = { trial: taken?.number ?? null, measure, score: taken ? lastRung(taken).scores : null, test }
  writeWhole(paths.chosen, `${JSON.stringify({ booster: taken?.setting ?? {}, why }, null, 1)}\n`)
  say(
    taken
      ? `trial ${taken.number} goes to train`
      : 'no trial is better than train.booster by the paired test: it stays',
  )
  return comparison
}

const flat = ({ figures }: Outcome): Record<string, number> =>
  Object.fromEntries(
    Object.entries(figures).flatMap(([name, { mean, sd }]) => [
      [name, mean],
      [`${name}_sd`, sd],
    ]),
  )

/** All training clients, or a stratified part of them. */
function someClients(
  frame: pl.DataFrame,
  { features }: Definitions,
  { clients, seed }: CompareSettings,
): { matrix: Matrix; target: Int8Array } {
  const [matrix, target] = [matrixOf(frame, features), targetOf(frame)]
  if (clients === 0 || clients >= target.length) return { matrix, target }
  const { held } = holdOut(target, [...target.keys()], clients / target.length, seed)
  return { matrix: rowsOf(matrix, held), target: Int8Array.from(held, (row) => target[row] as number) }
}

/** Features that read the application form alone. */
const formFeatures = (definitions: Definitions): ReadonlySet<string> =>
  new Set(
    [...allSources(definitions)]
      .filter(([, sources]) => sources.every((source) => source.startsWith('application.')))
      .map(([name]) => name),
  )

if (import.meta.main) {
  const [portfolio, features, chosen, reports] = process.argv.slice(2)
  if (!portfolio || !features || !chosen || !reports)
    throw new Error('usage: compare.ts PORTFOLIO FEATURES CHOSEN REPORTS')
  await told('compare', () => compare({ portfolio, features, chosen, reports }))
}
