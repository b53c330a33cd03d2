import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../models/random.ts'
import { costOf, expectedConfusion } from './estimated-performance.ts'
import { performanceFindings } from './performance.ts'
import { costError } from './sampling-error.ts'

/** Clients whose probabilities are true, and outcomes drawn from them. */
function clients(seed: number, count: number, risk: number) {
  const next = random(seed)
  const p = Float64Array.from({ length: count }, () => risk * next() ** 2)
  return { p, y: p.map((value) => (next() < value ? 1 : 0)) }
}

const costs = { falseNegative: 10, falsePositive: 1 }
const reference = clients(1, 8000, 0.3)
const current = clients(2, 4000, 0.3)
const sides = {
  before: reference.p,
  target: reference.y,
  after: current.p,
  outcome: null as Float64Array | null,
  cutoff: 1 / 11,
  costs,
  seed: 7,
}

test('where probabilities are true the expectation meets what is realised later, within three sampling errors', () => {
  const found = performanceFindings({ ...sides, outcome: current.y })
  assert.is(found.outcomes, 4000)
  for (const measure of ['auc', 'cost', 'recall', 'precision', 'f1', 'accuracy', 'average_precision'] as const) {
    const { expected, error, realised, alert } = found[measure]
    assert.ok(Math.abs(realised! - expected) < 3 * error, `${measure}: ${expected} ± ${error}, then ${realised}`)
    assert.is(alert, false, measure)
  }
})

test('nothing is realised before an outcome is known, and only known ones count afterwards', () => {
  const none = performanceFindings(sides)
  assert.equal([none.outcomes, none.auc.realised, none.confusion.realised], [0, null, null])
  const some = performanceFindings({ ...sides, outcome: current.y.map((y, i) => (i < 1000 ? y : Number.NaN)) })
  assert.is(some.outcomes, 1000)
  const { truePositive, falsePositive, falseNegative, trueNegative } = some.confusion.realised!
  assert.is(truePositive + falsePositive + falseNegative + trueNegative, 1000)
  assert.is(some.auc.expected, none.auc.expected)
  const alike = performanceFindings({ ...sides, outcome: current.y.map((y, i) => (i < 1000 && !y ? 0 : Number.NaN)) })
  assert.is(alike.auc.realised, null)
})

test('clients of three times the risk raise the share of defaults among those declined out of its bounds', () => {
  const { precision } = performanceFindings({ ...sides, after: clients(3, 4000, 1).p })
  assert.ok(precision.alert && precision.expected > precision.upper)
})

test('the sampling error of the mean cost is the spread of chunks of that size', () => {
  const cost = ({ p, y }: typeof reference) =>
    costOf(
      expectedConfusion(
        y,
        p.map((value) => (value >= sides.cutoff ? 1 : 0)),
      ),
      costs,
    )
  const means = Array.from({ length: 200 }, (_, i) => cost(clients(100 + i, 500, 0.3)))
  const mean = means.reduce((sum, value) => sum + value, 0) / means.length
  const spread = Math.sqrt(means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / means.length)
  const confusion = expectedConfusion(
    reference.y,
    reference.p.map((value) => (value >= sides.cutoff ? 1 : 0)),
  )
  const error = costError(confusion, costs, 500)
  assert.ok(Math.abs(error / spread - 1) < 0.2, `${error}, spread ${spread}`)
})

test('the parts of the reference hold all of its clients', () => {
  const { parts } = performanceFindings(sides)
  assert.is(parts.length, 10)
  assert.is(
    parts.reduce((sum, part) => sum + part.clients, 0),
    8000,
  )
})

test.run()
