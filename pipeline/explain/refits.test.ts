/** Weights over folds and seeds, permutation, correlation and interactions, on made data whose truth is known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, train } from 'xgboost-node'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import { baseline } from '../models/candidates/baseline.ts'
import { boosting } from '../models/candidates/boosting.ts'
import type { Candidate } from '../models/candidates/candidate.ts'
import { forest } from '../models/candidates/forest.ts'
import { linear } from '../models/candidates/linear.ts'
import { Rows, Sample } from '../models/candidates/sample.ts'
import { strategies } from '../models/imbalance/strategy.ts'
import { type Member, weighted } from '../models/members/member.ts'
import { random } from '../models/random.ts'
import { rowMajor } from '../models/row-major.ts'
import { scorecard } from '../models/scorecard/scorecard.ts'
import { swarmOf } from './contribution-bins.ts'
import { faster, refit, refitRounds } from './refit.ts'
import { foldWeights, overFolds, seedWeights, stability } from './refits.ts'
import { correlated, strongestInteractions } from './relations.ts'

const rows = 600
const names = ['strong', 'copy', 'weak', 'noise', 'flat']
const features = names.map(
  (name, i): FeatureDefinition => ({
    ...{ name, rule: name, kind: 'number', unit: 'ratio', group: i < 2 ? 'main' : name },
    label: { fr: name, en: name },
  }),
)
const next = random(5)
const uniform = () => Float32Array.from({ length: rows }, () => next())
const strong = uniform()
const columns = [strong, strong.map((value) => value ** 3), uniform(), uniform(), new Float32Array(rows).fill(2)]
columns[2]![7] = Number.NaN
const target = Int8Array.from({ length: rows }, (_, i) =>
  4 * (strong[i]! - 0.5) + 0.8 * ((columns[2]![i] || 0) - 0.5) + 2 * (next() - 0.5) > 0.4 ? 1 : 0,
)
const matrix = {
  ids: Int32Array.from({ length: rows }, (_, i) => i),
  columns,
  names,
  types: names.map(() => 'q' as const),
}
const params = { objective: 'binary:logistic', max_depth: 3, eta: 0.2, colsample_bytree: 0.6, nthread: 1 } as const
const trees: Member = { family: 'trees', weight: 1, file: 'model.ubj', fit: { params, rounds: 20 } }
const still = { speed: 1, share: 1, threads: 1 }
const plan = {
  fit: (sample: Sample, seed: number) => refit([trees], sample, seed, still),
  ...{ folds: 3, seeds: 3, seed: 9, shuffled: [0, 3, 4] },
}
const folds = foldWeights(matrix, target, features, plan)

test('each fold explains what it has not seen: the cause most, noise little, a constant nothing', () => {
  assert.is(folds.length, 3)
  for (const { features: weights, groups, auc } of folds) {
    const [first = 0, second = 0, , noise = 0, flat = 1] = weights
    assert.ok(first + second > 3 * noise)
    assert.is(flat, 0)
    // Of the reason groups main, weak, noise and flat, the sum over both copies is at most the sum of their weights.
    assert.ok(groups[0]! <= first + second + 1e-9 && groups[0]! > groups[1]!)
    assert.ok(auc > 0.75)
  }
})

test('shuffling a reason group costs more than shuffling one of its two copies, and a constant costs nothing', () => {
  const mean = (of: (fold: (typeof folds)[number]) => number) => overFolds(folds.map(of)).mean
  assert.ok(mean(({ groupLoss }) => groupLoss[0]!) > mean(({ featureLoss }) => featureLoss[0]!))
  assert.ok(mean(({ groupLoss }) => groupLoss[0]!) > 0.15)
  for (const { featureLoss } of folds) assert.is(featureLoss[2], 0)
})

test('the same plan gives the same weights', () => {
  assert.equal(foldWeights(matrix, target, features, plan), folds)
})

test('over seeds the cause stays heaviest', () => {
  const bySeed = seedWeights(matrix, target, matrix, plan)
  const held = stability(names, ['strong', 'flat'], bySeed)
  assert.ok(held[0]!.best <= 2 && held[0]!.again === 3)
  assert.equal([held[1]!.again, held[1]!.best, held[1]!.worst], [0, 5, 5])
})

test('the interval over folds is Student’s: mean 2 of 1, 2, 3 with 2 degrees of freedom (4.303 / √3)', () => {
  const { mean, low, high } = overFolds([1, 2, 3])
  assert.is(mean, 2)
  assert.ok(Math.abs(high - 2 - 4.303 / Math.sqrt(3)) < 1e-9 && Math.abs(low + high - 4) < 1e-12)
})

test('faster learning keeps step times rounds', () => {
  const { params: quick, rounds: fewer } = faster({ eta: 0.03 }, 600, 4)
  assert.equal([quick.eta, fewer], [0.12, 150])
})

test('members of every family, and a blend of them, fitted again to the same clients are the very model', () => {
  const candidates: readonly Candidate[] = [
    baseline(),
    linear({ name: 'logistic', label: '' }, { rounds: 30, lambda: 0.001, alpha: 0.001 }, strategies.none),
    scorecard({ characteristics: 4, iv: 0.001, correlation: 0.9, bins: 4, share: 0.05, parts: 20 }),
    forest({ trees: 10, depth: 4, leaf: 5, features: 0.5, threads: 1 }),
    boosting(
      { name: 'boosting', label: '' },
      { params: { ...params }, rounds: 40, earlyStopping: 5, innerShare: 0.25 },
      strategies.none,
    ),
  ]
  using sample = new Sample(matrix, target)
  using clients = new Rows(matrix)
  const models = candidates.map((candidate) => candidate.fit(sample, 5))
  const weights = models.map((_, i) => 0.1 * (i + 1))
  const margins = models.map((model) => Float64Array.from(model.margins(clients)))
  models.forEach((model, m) => {
    using again = refit(model.members().map(({ member }) => member), sample, 5, still) // biome-ignore format: one thought
    assert.equal([...again.margins(rowMajor(matrix), rows)], [...margins[m]!], candidates[m]!.name)
  })
  const blend = models.flatMap((model, m) => weighted(model.members(), weights[m]!)).map(({ member }) => member)
  using again = refit(blend, sample, 5, still)
  again.margins(rowMajor(matrix), rows).forEach((margin, i) => {
    assert.ok(Math.abs(margin - margins.reduce((sum, own, m) => sum + weights[m]! * own[i]!, 0)) < 1e-12)
  })
  for (const model of models) model[Symbol.dispose]()
})

test('boosting is fitted again in fewer rounds, a forest in its one step, and a member that does not say how is refused', () => {
  using sample = new Sample(matrix, target)
  const forestMember: Member = { ...trees, fit: { params: { ...params, num_parallel_tree: 10 }, rounds: 1 } }
  const pace = { speed: 2, share: 0.5, threads: 1 }
  assert.is(refitRounds([trees, forestMember], pace), 5)
  assert.is(refitRounds([forestMember], pace), null)
  const { fit: _, ...silent } = trees
  assert.throws(
    () => refit([silent], sample, 1, pace),
    /expected bundle\.json to say what the trees member was fitted with/,
  )
})

test('features that rise together are found by rank, whatever the curve, and others are not', () => {
  const pairs = correlated(columns, features, [0, 1, 2, 3, 4], 0.8)
  assert.equal(
    pairs.map((pair) => pair.features),
    [['strong', 'copy']],
  )
  assert.ok(Math.abs(pairs[0]!.value - 1) < 1e-9)
})

test('a product of two features is the strongest interaction', () => {
  const [a, b, c] = [uniform(), uniform(), uniform()]
  const label = a.map((value, i) => (value > 0.5 === b[i]! > 0.5 ? 1 : 0))
  const own = ['a', 'b', 'c']
  using data = DMatrix.fromColumns([a, b, c], { label, featureNames: own, featureTypes: ['q', 'q', 'q'] })
  using booster = train({ params: { ...params, colsample_bytree: 1 }, dtrain: data, rounds: 20 }).booster
  const pairs = strongestInteractions(
    booster.interactions(data),
    rows,
    own.map((name) => ({ name })),
    3,
  )
  assert.equal(pairs[0]?.features, ['a', 'b'])
  assert.ok(pairs[0]!.value > 5 * (pairs[1]?.value ?? 0))
})

test('a swarm counts every client once and knows on which side high values lie', () => {
  const values = new Float32Array(rows * 6)
  for (let row = 0; row < rows; row++) values[row * 6] = strong[row]! - 0.5
  const { bins } = swarmOf({ values, rows, features }, 0, strong)
  assert.is(
    bins.reduce((sum, { clients }) => sum + clients, 0),
    rows,
  )
  assert.ok(bins.length <= 40 && bins[0]!.rank! < 0.1 && bins.at(-1)!.rank! > 0.9)
})

test.run()
