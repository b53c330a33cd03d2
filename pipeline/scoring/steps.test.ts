/** Effects by reason group and by how much they shift the probability. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { calibrate, sigmoid } from '../models/calibration.ts'
import { type Contribution, explainer, steps } from './steps.ts'

const uncalibrated = { method: 'none' } as const
const contribution = (feature: string, group: string, value: number) => ({
  feature,
  group,
  value: 1,
  label: { fr: feature, en: feature },
  contribution: value,
})
const explain = (contributions: readonly Contribution[], bias: number) =>
  explainer(contributions.map(({ feature, group }) => ({ name: feature, group })))(
    contributions.map(({ value }) => value),
    [...contributions.map((one) => one.contribution), bias],
  )
const near = (a: number, b: number, tolerance = 1e-12) => assert.ok(Math.abs(a - b) < tolerance, `${a} is not ${b}`)

/** The average over every order, one order at a time: slow and plain. */
function overAllOrders(effects: readonly number[], bias: number): number[] {
  const sums = effects.map(() => 0)
  let orders = 0
  const walk = (left: readonly number[], margin: number, gains: readonly (readonly [number, number])[]) => {
    if (left.length === 0) {
      orders++
      for (const [i, gain] of gains) sums[i]! += gain
    }
    for (const i of left) {
      const next = margin + effects[i]!
      walk(
        left.filter((j) => j !== i),
        next,
        [...gains, [i, sigmoid(next) - sigmoid(margin)]],
      )
    }
  }
  walk(
    effects.map((_, i) => i),
    bias,
    [],
  )
  return sums.map((sum) => sum / orders)
}

test('bias and effects by reason group add up to the margin', () => {
  const explanation = explain(
    [contribution('a', 'x', 0.4), contribution('b', 'y', -1), contribution('c', 'x', 0.3)],
    -2,
  )
  near(
    explanation.groups.reduce((sum, { effect }) => sum + effect, explanation.bias),
    -2.3,
  )
  assert.equal(
    explanation.groups.map(({ group }) => group),
    ['y', 'x'],
  )
})

test('the shift of a group is its average over all orders of adding the groups', () => {
  const effects = [0.9, -0.4, 0.05, -1.3, 0.7]
  const explanation = explain(
    effects.map((e, i) => contribution(`f${i}`, `c${i}`, e)),
    -2.4,
  )
  const slow = overAllOrders(effects, -2.4)
  for (const { group, shift, range } of steps(explanation, uncalibrated).steps) {
    near(shift, slow[Number(group.slice(1))]!)
    assert.ok(range[0] <= shift && shift <= range[1])
  }
})

test('the start and all steps add up to the probability, beyond twelve groups too', () => {
  for (const n of [1, 2, 12, 17]) {
    const effects = Array.from({ length: n }, (_, i) => Math.sin(i * 7.3))
    const result = steps(
      explain(
        effects.map((e, i) => contribution(`f${i}`, `c${i}`, e)),
        -2,
      ),
      uncalibrated,
    )
    near(
      result.steps.reduce((sum, { shift }) => sum + shift, result.start),
      sigmoid(effects.reduce((sum, e) => sum + e, -2)),
    )
    assert.ok(result.steps.length <= 12)
  }
})

test('steps are the same by whichever calibration has the same probabilities, and add up however far out the margins lie', () => {
  const effects = [3, -2.5, 0.4, 1.1, -0.2]
  const explanation = explain(
    effects.map((e, i) => contribution(`f${i}`, `c${i}`, e)),
    -2,
  )
  // beta with a = b = 1 and c = 0 changes nothing, but is no line to the eye of the program
  const beta = steps(explanation, { method: 'beta', a: 1, b: 1, c: 0 })
  for (const [i, { shift, range }] of steps(explanation, uncalibrated).steps.entries()) {
    near(shift, beta.steps[i]!.shift)
    near(range[0], beta.steps[i]!.range[0])
    near(range[1], beta.steps[i]!.range[1])
  }
  const platt = { method: 'platt', slope: 0.8, intercept: 0.3 } as const
  for (const size of [1, 400, 4000]) {
    const far = explain([contribution('a', 'x', size), contribution('b', 'y', -size)], 0.5)
    const result = steps(far, platt)
    near(
      result.steps.reduce((sum, { shift }) => sum + shift, result.start),
      calibrate(platt, 0.5),
    )
  }
})

test.run()
