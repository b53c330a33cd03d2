import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { baseline } from '../candidates/baseline.ts'
import { boosting } from '../candidates/boosting.ts'
import type { Candidate } from '../candidates/candidate.ts'
import { forest } from '../candidates/forest.ts'
import { linear } from '../candidates/linear.ts'
import { type Repeats, Rows, rowsOf, Sample } from '../candidates/sample.ts'
import { strategies } from '../imbalance/strategy.ts'
import { madeClients } from '../made.test-data.ts'
import { rowMajor } from '../row-major.ts'
import { scorecard } from '../scorecard/scorecard.ts'
import { type FittedMember, weighted } from './member.ts'
import { openMembers } from './predictor.ts'

const { matrix, target } = madeClients(1500, 3)
const { matrix: fresh } = madeClients(300, 4)
const booster = { max_depth: 3, eta: 0.3, min_child_weight: 5 }
const candidates: readonly Candidate[] = [
  baseline(),
  linear({ name: 'logistic', label: '' }, { rounds: 30, lambda: 0.001, alpha: 0.001 }, strategies.none),
  scorecard({ characteristics: 8, iv: 0.01, correlation: 0.9, bins: 5, share: 0.05, parts: 20 }),
  forest({ trees: 20, depth: 6, leaf: 5, features: 0.5, threads: 1 }),
  boosting(
    { name: 'boosting', label: '' },
    { params: booster, rounds: 60, earlyStopping: 10, innerShare: 0.25 },
    strategies.none,
  ),
]

function opened(members: readonly FittedMember[]) {
  const named = members.map((one, i) =>
    one.member.family === 'trees' ? { ...one, member: { ...one.member, file: `model-${i}.ubj` } } : one,
  )
  const files = new Map(
    named.flatMap(({ member, bytes }) => (member.family === 'trees' ? [[member.file, bytes!]] : [])),
  )
  return openMembers(
    JSON.parse(JSON.stringify(named.map(({ member }) => member))),
    matrix.names,
    (name) => files.get(name)!,
  )
}

/** The largest distance between the sums of contributions and the margins. */
function additivityError(margins: Float64Array, contributions: Float64Array): number {
  const width = contributions.length / margins.length
  const errors = margins.map((margin, i) =>
    Math.abs(contributions.subarray(i * width, (i + 1) * width).reduce((sum, v) => sum + v, 0) - margin),
  )
  return Math.max(...errors)
}

test('of every family the members in a bundle give the very log-odds of the candidate, and contributions that add up to them', () => {
  using sample = new Sample(matrix, target)
  using scored = new Rows(fresh)
  for (const candidate of candidates) {
    using model = candidate.fit(sample, 5)
    using predictor = opened(model.members())
    const rows = rowMajor(fresh)
    const { margins, contributions } = predictor.explain(rows, scored.count)
    assert.equal([...margins], [...Float64Array.from(model.margins(scored))], candidate.name)
    assert.equal([...predictor.margins(rows, scored.count)], [...margins], candidate.name)
    assert.ok(additivityError(margins, contributions) < 1e-9, candidate.name)
  }
})

test("contributions of linear and scorecard members have the mean 0 over the training clients, so the bias is the portfolio's", () => {
  using sample = new Sample(matrix, target)
  for (const candidate of candidates.filter(({ name }) => name === 'logistic' || name === 'scorecard')) {
    using model = candidate.fit(sample, 5)
    using predictor = opened(model.members())
    const { contributions } = predictor.explain(rowMajor(matrix), sample.count)
    const width = matrix.names.length + 1
    for (const j of matrix.names.keys()) {
      let sum = 0
      for (let i = 0; i < sample.count; i++) sum += contributions[i * width + j]!
      assert.ok(Math.abs(sum / sample.count) < 1e-9, `${candidate.name} ${matrix.names[j]}`)
    }
  }
})

test('a blend adds the log-odds and the contributions of its members by their weights', () => {
  using sample = new Sample(matrix, target)
  using scored = new Rows(fresh)
  const models = [1, 2, 4].map((at) => candidates[at]!.fit(sample, 5))
  const weights = [0.5, 0.2, 0.3]
  using blend = opened(models.flatMap((model, i) => weighted(model.members(), weights[i]!)))
  const rows = rowMajor(fresh)
  const { margins, contributions } = blend.explain(rows, scored.count)
  const parts = models.map((model) => model.margins(scored))
  margins.forEach((margin, i) => {
    assert.ok(Math.abs(margin - parts.reduce((sum, part, m) => sum + weights[m]! * part[i]!, 0)) < 1e-12)
  })
  assert.ok(additivityError(margins, contributions) < 1e-9)
  for (const model of models) model[Symbol.dispose]()
})

test('a member that reads a feature which the definitions lack is refused with its name', () => {
  using sample = new Sample(matrix, target)
  using model = candidates[1]!.fit(sample, 5)
  const members = model.members().map(({ member }) => member)
  assert.throws(() => openMembers(members, ['other'], () => new Uint8Array()), /reads the feature good/)
})

test('a repeat of weight 0 changes no model, and one of weight 1 counts as a client does', () => {
  using plain = new Sample(matrix, target)
  const rows = [...target.keys()]
  const repeats = (weight: number): Repeats => ({
    matrix: rowsOf(matrix, rows),
    target,
    weight: new Float32Array(rows.length).fill(weight),
    origin: Int32Array.from(rows),
  })
  using doubled = plain.with(repeats(1))
  assert.is(doubled.count, plain.count)
  assert.is(doubled.weightSum, 2 * plain.weightSum)
  assert.ok(Math.abs(doubled.rate - plain.rate) < 1e-12)
  using scored = new Rows(fresh)
  const marginsOf = (candidate: Candidate, sample: Sample) => {
    using model = candidate.fit(sample, 5)
    return Array.from(model.margins(scored))
  }
  using silent = plain.with(repeats(0))
  const card = candidates[2]!
  const apart = (one: readonly number[], other: readonly number[]) =>
    Math.max(...one.map((v, i) => Math.abs(v - other[i]!)))
  assert.ok(apart(marginsOf(card, silent), marginsOf(card, plain)) < 1e-5)
  assert.ok(
    apart(marginsOf(card, doubled), marginsOf(card, plain)) < 1e-5,
    'everybody twice says what everybody once says',
  )
})

test('the repeats of a client follow it when a sample is split: none stands among those who learn while it is held out', () => {
  using plain = new Sample(matrix, target)
  const rows = [...target.keys()].filter((row) => row % 3 === 0)
  using sample = plain.with({
    matrix: rowsOf(matrix, rows),
    target: Int8Array.from(rows, (row) => target[row]!),
    weight: new Float32Array(rows.length).fill(0.2),
    origin: Int32Array.from(rows),
  })
  const { kept, held } = sample.split(1, 4, 9)
  const [heldIds, keptIds] = [new Set(held.matrix.ids), kept.matrix.ids]
  assert.is(held.matrix.ids.length, held.count)
  assert.is(keptIds.filter((id) => heldIds.has(id)).length, 0)
  const expected = rows.filter((row) => !heldIds.has(matrix.ids[row]!)).length
  assert.is(keptIds.length - kept.count, expected)
})

test.run()
