/** Judges the candidates and the treatments of the rare defaults on the same folds, and says of each how it did. */
import type { Candidate } from '../candidates/candidate.ts'
import { strategies } from '../imbalance/strategy.ts'
import { aucInterval, refuseLeak } from '../interval.ts'
import type { buildCandidates } from './candidates.ts'
import { type ComparedClients, formFeatures, partitionsOf } from './clients.ts'
import { type Comparison, compared, type Outcome, outcomeOf } from './findings.ts'
import { judgeRun, marginsOf, type Partition, type SeedRun, withColumns } from './run.ts'
import type { Settings } from './settings.ts'

/** A line for whoever waits, and what was fitted, for experiment tracking: its name, settings, figures and seconds. */
export interface Progress {
  readonly text: string
  readonly fitted?: {
    readonly name: string
    readonly settings: Readonly<Record<string, string | number | boolean>>
    readonly figures: Readonly<Record<string, number>>
    readonly seconds: number
  }
}
export type Report = (progress: Progress) => Promise<void>

/** What every step of a comparison works with. */
export interface Bench {
  readonly clients: ComparedClients
  /** All clients in folds, one a seed; and the few that quick fits are judged on. */
  readonly partitions: readonly Partition[]
  readonly quick: readonly Partition[]
  readonly settings: Settings
  readonly candidates: ReturnType<typeof buildCandidates>
  readonly report: Report
}

export interface Judged {
  readonly outcome: Outcome
  /** One a seed. */
  readonly runs: readonly SeedRun[]
}

/** One candidate on every fold of the partitions. Throws when a feature probably knows the outcome. */
export async function judged(
  { clients, settings, report }: Bench,
  candidate: Candidate,
  on: readonly Partition[],
  features = clients.matrix.names.length,
): Promise<Judged> {
  const { measure, decision, suspiciousAuc } = settings
  const start = performance.now()
  let neverSplit = false
  const runs = on.map((part) => {
    const margin = marginsOf(candidate, part, (_, model) => {
      neverSplit ||= model.neverSplit ?? false
    })
    refuseLeak(aucInterval(part.target, margin), suspiciousAuc, `compare: ${candidate.name}`)
    return judgeRun(margin, part, decision)
  })
  const outcome = outcomeOf(candidate, features, runs, measure, neverSplit)
  const seconds = (performance.now() - start) / 1000
  const { mean, sd } = outcome.figures[measure]
  await report({
    text: `${candidate.name}: ${neverSplit ? 'its trees never split; ' : ''}${measure} ${mean.toFixed(4)} ± ${sd.toFixed(4)}, ${seconds.toFixed(1)} s`,
    fitted: {
      name: candidate.name,
      settings: { candidate: candidate.label, features },
      figures: flat(outcome),
      seconds,
    },
  })
  return { outcome, runs }
}

const flat = ({ figures }: Outcome): Record<string, number> =>
  Object.fromEntries(
    Object.entries(figures).flatMap(([name, { mean, sd }]) => [
      [name, mean],
      [`${name}_sd`, sd],
    ]),
  )

/** Every candidate that train can fit, from simple to complex, on all clients. */
export async function judgeCandidates(bench: Bench): Promise<Judged[]> {
  const found: Judged[] = []
  for (const candidate of bench.candidates.entries) found.push(await judged(bench, candidate, bench.partitions))
  return found
}

/** The quick models on the form alone. */
export async function judgeForm(bench: Bench): Promise<Judged[]> {
  const form = formFeatures(bench.clients.definitions)
  using formOnly = partitionsOf(bench.quick.map((part) => () => withColumns(part, (name) => form.has(name))))
  const found: Judged[] = []
  for (const candidate of bench.candidates.form) found.push(await judged(bench, candidate, formOnly.all, form.size))
  return found
}

type Imbalance = Comparison['imbalance'][number]

/** The treatments of the rare defaults, for each kind of model, on the quick clients. */
export async function judgeImbalance(
  bench: Bench,
): Promise<{ imbalance: Imbalance[]; reliability: Comparison['reliability'] }> {
  const families = [
    { model: 'boosting', judged: await judgeStrategies(bench, 'boosting') },
    { model: 'logistic', judged: await judgeStrategies(bench, 'logistic') },
  ] as const
  return {
    imbalance: families.map(({ model, judged }) => ({ model, outcomes: withTests(bench, model, judged) })),
    reliability: families
      .flatMap(({ judged }) => judged)
      .flatMap(({ outcome: { name }, runs: [first] }) => (first ? [{ name, ...first.reliability }] : [])),
  }
}

async function judgeStrategies(bench: Bench, model: Imbalance['model']): Promise<Judged[]> {
  const { imbalance } = bench.settings
  const on = bench.quick.slice(0, imbalance[`${model}_seeds`])
  const found: Judged[] = []
  for (const name of imbalance[model])
    found.push(await judged(bench, bench.candidates.balanced(model, strategies[name]), on))
  return found
}

/** Each strategy against doing nothing, where that was judged. */
function withTests({ settings: { measure, alpha } }: Bench, model: string, judged: readonly Judged[]): Outcome[] {
  const outcomes = judged.map(({ outcome }) => outcome)
  const base = `${model}_none`
  return outcomes.some(({ name }) => name === base) ? compared(outcomes, base, measure, alpha) : outcomes
}
