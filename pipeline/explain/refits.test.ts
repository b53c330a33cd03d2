/** Weights over folds and seeds, permutation, correlation and interactions, on made data whose truth is known. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, train } from 'xgboost-node'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import { random } from '../models/random.ts'
import { swarmOf } from './contribution-bins.ts'
import { faster, foldWeights, overFolds, seedWeights, stability } from './refits.ts'
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
const plan = { params, rounds: 20, folds: 3, seeds: 3, seed: 9, shuffled: [0, 3, 4] }
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
  using clients = DMatrix.fromColumns(columns, { featureNames: names, featureTypes: matrix.types })
  const bySeed = seedWeights(matrix, target, { matrix: clients, rows }, plan)
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
