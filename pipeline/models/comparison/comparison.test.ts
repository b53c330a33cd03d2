import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { configure } from 'xgboost-node'
import { blend } from '../candidates/blend.ts'
import { type Candidate, logit } from '../candidates/candidate.ts'
import { directionsOf } from '../candidates/directions.ts'
import { Sample } from '../candidates/sample.ts'
import { strategies, strategyNames } from '../imbalance/strategy.ts'
import { madeClients } from '../made.test-data.ts'
import { golden } from '../oracles.test-data.ts'
import { rocAuc } from '../ranking.ts'
import { buildCandidates } from './candidates.ts'
import { chooseCandidate } from './choice.ts'
import { better, type Outcome, outcomeOf } from './findings.ts'
import { checkLeakage } from './leakage-check.test-data.ts'
import { holm } from './multiplicity.ts'
import { pairedTest } from './paired.ts'
import { judgedNames, judgeRun, marginsOf, partition } from './run.ts'
import { readSettings, type Settings } from './settings.ts'

configure({ nthread: 1 })
const settings: Settings = {
  ...readSettings('params.yaml'),
  quick: { clients: 600, eta: 0.1, rounds: 12, early_stopping: 5, inner_share: 0.5 },
  models: {
    ...readSettings('params.yaml').models,
    booster: { max_depth: 3, min_child_weight: 2, lambda: 1, eta: 0.1 },
    rounds: 12,
    innerShare: 0.5,
    threads: 1,
    linear: { rounds: 15, penalties: [{ lambda: 0.01, alpha: 0.002 }] },
    forest: { trees: 10, depth: 6, leaf: 5, features: 0.5 },
  },
}
const { matrix, target } = madeClients(600, 1)
const made = buildCandidates(settings, matrix.names, new Map(matrix.names.map((name) => [name, new Set<string>()])))
const all: readonly Candidate[] = [
  ...made.entries,
  ...(['boosting', 'logistic'] as const).flatMap((kind) =>
    strategyNames.map((name) => made.balanced(kind, strategies[name])),
  ),
]
const near = (a: number, b: number, tolerance = 1e-10) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

test('the corrected resampled t-test is the formula with scipy’s distribution', () => {
  for (const { differences, ratio, standard_error, p, callable } of golden().paired) {
    const found = pairedTest(differences, ratio)
    assert.ok(near(found.standardError, standard_error))
    assert.ok(near(found.p, p, 1e-8), `${found.p} ${p}`)
    assert.ok(near(found.minimumDetectable, callable, 1e-8), `${found.minimumDetectable} ${callable}`)
    assert.is(found.significant, found.p < 0.05)
  }
})

test('the test calls a difference of nothing not real, and a constant one real', () => {
  assert.is(pairedTest([0, 0, 0], 0.5).significant, false)
  assert.is(pairedTest([0, 0, 0], 0.5).p, 1)
  assert.is(pairedTest([0.1, 0.1, 0.1], 0.5).significant, true)
  assert.throws(() => pairedTest([1], 0.5), /two differences or more/)
})

test('no candidate and no strategy sees the outcomes of the clients it scores', () => {
  for (const candidate of all) checkLeakage(() => ({ candidate, matrix }), target, 3, 5)
})

test('a planted leak fails loudly: a rate by category that was made of all clients, the scored ones too', () => {
  const at = matrix.names.indexOf('kind')
  const leaky = (outcomes: Int8Array) => {
    const rates = [0, 1, 2, 3].map((kind) => {
      const rows = [...outcomes.keys()].filter((i) => matrix.columns[at]![i] === kind)
      return rows.reduce((sum, i) => sum + outcomes[i]!, 0) / rows.length
    })
    const candidate: Candidate = {
      name: 'leaky',
      label: '',
      fit: () => ({
        margins: (rows) => Float64Array.from(rows.matrix.columns[at]!, (kind) => logit(rates[kind]!)),
        members: () => [],
        [Symbol.dispose]: () => {},
      }),
    }
    return { candidate, matrix }
  }
  assert.throws(() => checkLeakage(leaky, target, 3, 5), /leaky sees the outcomes of the clients it scores: \d+ of 200/)
})

test('the same rate made of the training clients passes', () => {
  const at = matrix.names.indexOf('kind')
  const honest: Candidate = {
    name: 'honest',
    label: '',
    fit: (train: Sample) => {
      const rate = (kind: number) => {
        const rows = [...train.target.keys()].filter((i) => train.matrix.columns[at]![i] === kind)
        return rows.reduce((sum, i) => sum + train.target[i]!, 0) / rows.length
      }
      return {
        margins: (rows) => Float64Array.from(rows.matrix.columns[at]!, (kind) => logit(rate(kind))),
        members: () => [],
        [Symbol.dispose]: () => {},
      }
    },
  }
  checkLeakage(() => ({ candidate: honest, matrix }), target, 3, 5)
})

test('every candidate ranks made-up clients better than the baseline, twice the same', () => {
  using part = partition(matrix, target, 3, 2)
  for (const candidate of made.entries) {
    const margin = marginsOf(candidate, part)
    assert.equal(marginsOf(candidate, part), margin, candidate.name)
    // Each fold has its own rate, so the pooled ranking is not quite one half.
    if (candidate.name === 'baseline') assert.ok(Math.abs(rocAuc(target, margin) - 0.5) < 0.03)
    else assert.ok(rocAuc(target, margin) > 0.68, `${candidate.name} ${rocAuc(target, margin)}`)
  }
})

test('weights and resampling shift probabilities up, and calibration brings them back', () => {
  using part = partition(matrix, target, 3, 2)
  const rule = { costs: { falseNegative: 10, falsePositive: 1 }, oneSe: 1 }
  const rate = target.reduce((a, b) => a + b, 0) / target.length
  for (const name of ['weight', 'under_1', 'smote_1'] as const) {
    const { pooled } = judgeRun(marginsOf(made.balanced('logistic', strategies[name]), part), part, rule)
    assert.ok(pooled.mean_raw > 1.5 * rate, `${name} ${pooled.mean_raw}`)
    assert.ok(pooled.ece < pooled.ece_raw / 2, `${name} ${pooled.ece} ${pooled.ece_raw}`)
  }
})

test('a comparison of two outcomes is the paired test of their common folds', () => {
  using one = partition(matrix, target, 3, 2)
  using two = partition(matrix, target, 3, 9)
  const rule = { costs: { falseNegative: 10, falsePositive: 1 }, oneSe: 1 }
  const outcome = (at: number, parts: readonly (typeof one)[]) => {
    const candidate = made.entries[at]!
    const runs = parts.map((part) => judgeRun(marginsOf(candidate, part), part, rule))
    return outcomeOf(candidate, matrix.names.length, runs, 'roc_auc')
  }
  const [card, nothing] = [outcome(1, [one, two]), outcome(0, [one])]
  assert.equal([card.name, nothing.name], ['scorecard', 'baseline'])
  const found = better(card, nothing, 'roc_auc', 0.05)
  assert.is(found.freedom, 2)
  assert.ok(found.difference > 0)
})

test('a monotone candidate never declines more for a better external score', () => {
  assert.equal(directionsOf(['ext_source_1', 'inst_late_max_60', 'income']), { ext_source_1: -1, inst_late_max_60: 1 })
})

const spread = (cost: number): Outcome['figures'] =>
  Object.fromEntries(judgedNames.map((name) => [name, { mean: name === 'cost' ? cost : 0.1, sd: 0.01 }])) as never
const judgedAs = (name: string, costs: readonly number[], neverSplit = false): Outcome => ({
  ...{ name, label: name, features: 10, seeds: 1, folds: costs.length, neverSplit, against: null },
  figures: spread(costs.reduce((a, b) => a + b, 0) / costs.length),
  scores: [costs],
})
const complexity = ['scorecard', 'logistic', 'boosting'] as const
const near3 = [
  judgedAs('scorecard', [0.6, 0.62, 0.58]),
  judgedAs('logistic', [0.502, 0.512, 0.49]),
  judgedAs('boosting', [0.5, 0.505, 0.495]),
]

test('the simplest candidate within one standard error of the best is chosen, with the reason', () => {
  const choice = chooseCandidate(near3, { rule: 'one_standard_error', complexity, measure: 'cost' })
  assert.equal([choice.name, choice.best], ['logistic', 'boosting'])
  assert.match(
    choice.because.en,
    /^logistic, because it is the simplest candidate within one standard error of the best, boosting/,
  )
  assert.match(choice.because.fr, /^régression logistique, car c’est le candidat le plus simple/)
})

test('by the rule best the cheapest is chosen, and a name is obeyed with its cost', () => {
  const best = chooseCandidate(near3, { rule: 'best', complexity, measure: 'cost' })
  assert.is(best.name, 'boosting')
  assert.is(best.behind, null)
  const named = chooseCandidate(near3, { rule: 'scorecard', complexity, measure: 'cost' })
  assert.ok(Math.abs(named.behind!.difference - 0.1) < 1e-12)
  assert.match(named.because.en, /as `compare.rule` demands, although boosting is better by 0\.1000/)
  assert.throws(
    () => chooseCandidate(near3, { rule: 'forest', complexity, measure: 'cost' }),
    /expected one_standard_error, best or one of scorecard, logistic, boosting; found forest/,
  )
})

test('a model whose trees never split cannot be chosen', () => {
  const dull = near3.map((one) => (one.name === 'boosting' ? { ...one, neverSplit: true } : one))
  assert.is(chooseCandidate(dull, { rule: 'best', complexity, measure: 'cost' }).name, 'logistic')
})

test('Holm: the smallest p-value is multiplied by the number of tests, the next by one less, none falls below the one before', () => {
  const test3 = [0.01, 0.04, 0.03].map((p) => ({ ...pairedTest([0.1, 0.2, 0.15], 0.5), p }))
  const after = holm(test3, 0.05)
  const rounded = test3.map((one) => Math.round(1000 * after.get(one)!.adjusted!) / 1000)
  assert.equal(rounded, [0.03, 0.06, 0.06])
  assert.equal(
    test3.map((one) => after.get(one)!.significant),
    [true, false, false],
  )
  assert.ok(after.get(test3[0]!)!.minimumDetectable > test3[0]!.minimumDetectable)
})

test('a blend leans on the model that is right, and leaves out one that knows nothing', () => {
  const knowing: Candidate = {
    ...{ name: 'knowing', label: '' },
    fit: (sample, seed) => {
      const { held } = sample.split(0, 2, seed)
      const margins = (rows: { readonly matrix: typeof matrix }) =>
        rows.matrix.columns[0]!.map((good) => -2.5 - 1.5 * good)
      return {
        margins,
        inner: margins(held),
        members: () => [{ member: { family: 'linear', weight: 1, intercept: 0, columns: [] } }],
        [Symbol.dispose]: () => {},
      }
    },
  }
  const noise: Candidate = {
    ...knowing,
    name: 'noise',
    fit: (sample, seed) => {
      const { held } = sample.split(0, 2, seed)
      const margins = (rows: { readonly matrix: typeof matrix }) => rows.matrix.columns[4]!.map((v) => 3 * v)
      return { ...knowing.fit(sample, seed), margins, inner: margins(held) }
    },
  }
  using sample = new Sample(matrix, target)
  using blended = blend({ name: 'blend', label: '' }, [knowing, noise], 0.5).fit(sample, 3)
  assert.is(blended.members().length, 1)
})

test.run()
