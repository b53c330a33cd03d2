import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { maximum } from '../../data/extremes.ts'
import { Sample } from '../candidates/sample.ts'
import { madeClients } from '../made.test-data.ts'
import { golden } from '../oracles.test-data.ts'
import { between, draws, neighbours, nominalDistance, oversampled, vote } from './smote.ts'
import { strategies, strategyNames } from './strategy.ts'

const near = (a: number, b: number, tolerance = 1e-12) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))

test("a differing category adds imbalanced-learn's median deviation to a distance", () => {
  const { numbers, median_deviation } = golden().smote
  assert.ok(near(nominalDistance(numbers), median_deviation), `${nominalDistance(numbers)}`)
})

test("the neighbours of each default are imbalanced-learn's, in its order", () => {
  const { numbers, codes, neighbours: expected } = golden().smote
  const found = neighbours({ numbers, codes }, 5).map((each) => Array.from(each))
  // Equal distances may be listed in another order there: the sets must agree.
  assert.equal(
    found.map((each) => each.toSorted((a, b) => a - b)),
    expected.map((each) => each.toSorted((a, b) => a - b)),
  )
})

test('from the same draws the made-up defaults are those of imbalanced-learn', () => {
  const { numbers, codes, draws: drawn, made_numbers, made_codes, neighbours: order } = golden().smote
  drawn.forEach(({ base, neighbour, step }, i) => {
    const other = order[base]![neighbour]!
    numbers.forEach((column, j) => {
      assert.ok(near(between(column[base]!, column[other]!, step), made_numbers[j]![i]!), `number ${j} of ${i}`)
    })
    codes.forEach((column, j) => {
      const counts = order[base]!.map((row) => column[row]!)
      const most = maximum(counts.map((code) => counts.filter((each) => each === code).length))
      const first = [...new Set(counts)].filter((code) => counts.filter((each) => each === code).length === most)
      assert.ok(first.includes(made_codes[j]![i]!), `category ${j} of ${i}`)
      if (first.length === 1) assert.is(vote(column, order[base]!), made_codes[j]![i])
    })
  })
})

test('a gap of the base stays a gap, a gap of the neighbour leaves the base as it is', () => {
  assert.ok(Number.isNaN(between(Number.NaN, 3, 0.5)))
  assert.is(between(2, Number.NaN, 0.5), 2)
  assert.is(vote([Number.NaN, 1, Number.NaN], [0, 1, 2]).toString(), 'NaN')
})

test('draws reach every base and neighbour and keep to their seed', () => {
  const made = draws(2000, 7, 3, 5)
  assert.is(new Set(made.map(({ base }) => base)).size, 7)
  assert.is(new Set(made.map(({ neighbour }) => neighbour)).size, 3)
  assert.equal(draws(20, 7, 3, 5), made.slice(0, 20))
})

test('oversampling keeps every client, adds defaults only, and reaches the ratio it names', () => {
  const { matrix, target } = madeClients(600, 1)
  using sample = new Sample(matrix, target)
  for (const good of [1, 3]) {
    using grown = oversampled(sample, good, 3)
    assert.equal(grown.target.slice(0, 600), target)
    assert.equal(grown.matrix.columns[0]!.slice(0, 600), matrix.columns[0])
    assert.ok(grown.target.slice(600).every((y) => y === 1))
    assert.is(grown.defaults, Math.round((600 - sample.defaults) / good))
  }
})

test('each strategy changes the share of defaults or their weight as its name says', () => {
  const { matrix, target } = madeClients(600, 2)
  using sample = new Sample(matrix, target)
  const good = 600 - sample.defaults
  const expected: Record<string, [good: number, bad: number, weight: number]> = {
    none: [good, sample.defaults, 1],
    weight: [good, sample.defaults, good / sample.defaults],
    weight_root: [good, sample.defaults, Math.sqrt(good / sample.defaults)],
    under_1: [sample.defaults, sample.defaults, 1],
    under_3: [3 * sample.defaults, sample.defaults, 1],
    smote_1: [good, good, 1],
    smote_3: [good, Math.round(good / 3), 1],
  }
  for (const name of strategyNames) {
    const { on, weight } = strategies[name]
    const [fine, bad] = on(sample, 4, (changed) => [changed.count - changed.defaults, changed.defaults])
    assert.equal([fine, bad, weight(600, sample.defaults)], expected[name], name)
  }
})

test.run()
