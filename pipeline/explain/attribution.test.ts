import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { DMatrix, train } from 'xgboost-node'
import type { FeatureDefinition } from '../features/rules/check/definitions.ts'
import { random } from '../models/random.ts'
import {
  byGroup,
  type Contributions,
  checkAdditivity,
  dependence,
  featureWeights,
  groupWeights,
  rankCorrelation,
} from './attribution.ts'

const feature = (
  name: string,
  group: string,
  kind: FeatureDefinition['kind'] = 'number',
  levels?: string[],
): FeatureDefinition => ({
  name,
  rule: name,
  kind,
  unit: 'count',
  group,
  label: { fr: name, en: name },
  ...(levels ? { levels } : {}),
})

const features = [
  feature('a', 'one'),
  feature('b', 'one'),
  feature('c', 'two'),
  feature('d', 'two', 'category', ['x', 'y']),
  feature('flat', 'three'),
]

/** A small boosted model of made data: a raises the risk, c lowers it, d matters by level, flat is constant. */
function made(rows = 600) {
  const next = random(3)
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: rows }, () => next()))
  columns[0]![0] = Number.NaN
  columns.push(
    Float32Array.from({ length: rows }, () => (next() < 0.3 ? 1 : 0)),
    new Float32Array(rows).fill(7),
  )
  const label = Float32Array.from({ length: rows }, (_, i) =>
    2 * (columns[0]![i] || 0) - columns[2]![i]! + 0.8 * columns[3]![i]! + 0.6 * next() > 0.8 ? 1 : 0,
  )
  const dtrain = DMatrix.fromColumns(columns, {
    label,
    featureNames: features.map(({ name }) => name),
    featureTypes: ['q', 'q', 'q', 'c', 'q'],
  })
  const { booster } = train({
    params: { objective: 'binary:logistic', max_depth: 3, eta: 0.3, seed: 1, nthread: 1 },
    dtrain,
    rounds: 20,
  })
  const contributions: Contributions = { values: booster.contributions(dtrain), rows, features }
  const margins = booster.predict(dtrain, { output: 'margin' })
  booster.close()
  dtrain.close()
  return { contributions, margins, columns }
}

const { contributions, margins, columns } = made()

test('each client’s contributions and the bias add up to the margin', () => {
  assert.ok(checkAdditivity(contributions, margins, 1e-5) < 1e-5)
})

test('contributions of another model are refused', () => {
  assert.throws(
    () =>
      checkAdditivity(
        contributions,
        margins.map((margin) => margin + 0.01),
      ),
    /do not belong together/,
  )
})

test('a constant feature contributes nothing', () => {
  const flat = featureWeights(contributions, columns).find((weight) => weight.feature === 'flat')!
  assert.equal([flat.mean, flat.share, flat.direction], [0, 0, null])
})

test('shares add up to one, weights fall, and intervals hold their mean', () => {
  for (const weights of [
    featureWeights(contributions, columns),
    groupWeights(contributions, (name) => ({ fr: name, en: name })),
  ]) {
    assert.ok(Math.abs(weights.reduce((sum, { share }) => sum + share, 0) - 1) < 1e-12)
    weights.forEach(({ mean, low, high }, i) => {
      assert.ok(low <= mean && mean <= high)
      if (i > 0) assert.ok(weights[i - 1]!.mean >= mean)
    })
  }
})

test('the direction follows the risk: a raises it, c lowers it, a category has none', () => {
  const of = new Map(featureWeights(contributions, columns).map((weight) => [weight.feature, weight]))
  assert.ok(of.get('a')!.direction! > 0.8)
  assert.ok(of.get('c')!.direction! < -0.8)
  assert.is(of.get('d')!.direction, null)
  assert.is(of.get('a')!.missing, 1 / 600)
})

test('a reason group contributes at most what its features contribute together, because contributions cancel within a client', () => {
  const single = featureWeights(contributions, columns)
  for (const { group, mean } of groupWeights(contributions, (name) => ({ fr: name, en: name }))) {
    const together = single.filter((weight) => weight.group === group).reduce((sum, weight) => sum + weight.mean, 0)
    assert.ok(mean <= together + 1e-12)
  }
})

test('the sums by reason group are the sums of the contributions', () => {
  const { groups, sums } = byGroup(contributions)
  assert.equal(groups, ['one', 'two', 'three'])
  for (let row = 0; row < contributions.rows; row++) {
    const all = Array.from(contributions.values.subarray(row * 6, row * 6 + 5)).reduce((sum, value) => sum + value, 0)
    const grouped = sums.subarray(row * 3, row * 3 + 3).reduce((sum, value) => sum + value, 0)
    assert.ok(Math.abs(all - grouped) < 1e-5)
  }
})

test('weights do not depend on the order of the clients', () => {
  const rows = contributions.rows
  const turned = Float32Array.from(
    contributions.values,
    (_, i) => contributions.values[(rows - 1 - Math.floor(i / 6)) * 6 + (i % 6)]!,
  )
  const back = featureWeights(
    { ...contributions, values: turned },
    columns.map((column) => column.toReversed()),
  )
  featureWeights(contributions, columns).forEach((weight, i) => {
    assert.is(back[i]!.feature, weight.feature)
    assert.ok(Math.abs(back[i]!.mean - weight.mean) < 1e-12)
  })
})

test('dependence counts every client once, in groups of at least twenty, and the missing apart', () => {
  const points = dependence(contributions, 2, columns[2]!)
  assert.is(
    points.reduce((sum, { clients }) => sum + clients, 0),
    600,
  )
  assert.ok(points.every(({ clients, low, mean, high }) => clients >= 20 && low <= mean && mean <= high))
  assert.ok(points[0]!.mean > points.at(-1)!.mean)
  assert.equal(
    dependence(contributions, 3, columns[3]!).map(({ at }) => at),
    ['x', 'y'],
  )
  assert.not.ok(dependence(contributions, 0, columns[0]!).some(({ at }) => at === null))
})

test('a rank correlation is 1 for any rising relation, and unknown when a side is constant', () => {
  const x = Array.from({ length: 50 }, (_, i) => i)
  assert.ok(
    Math.abs(
      rankCorrelation(
        x,
        x.map((value) => value ** 3),
      )! - 1,
    ) < 1e-12,
  )
  assert.is(
    rankCorrelation(
      x,
      x.map(() => 1),
    ),
    null,
  )
})

test.run()
