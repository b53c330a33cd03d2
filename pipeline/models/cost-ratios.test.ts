/** Tests of decisions under other cost ratios: they agree with the evaluation at its own costs, and optimism is what it says. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sigmoid } from './calibration.ts'
import { costRatios } from './cost-ratios.ts'
import { type Evaluation, evaluate } from './evaluate.ts'
import { random } from './random.ts'

const costs = { falseNegative: 10, falsePositive: 1 }

function judged(seed: number, clients: number, oneSe = 1): { target: Int8Array; evaluation: Evaluation } {
  const next = random(seed)
  const margin = Float64Array.from({ length: clients }, () => -2.3 + 2 * (next() + next() + next() - 1.5))
  const target = Int8Array.from(margin, (x) => (next() < sigmoid(x) ? 1 : 0))
  const fold = Int32Array.from({ length: clients }, (_, i) => i % 4)
  return { target, evaluation: evaluate(margin, target, fold, { costs, oneSe }, seed) }
}

test('at the costs that the model was judged by, the line is the evaluation', () => {
  const { target, evaluation } = judged(1, 3000)
  const ten = costRatios(target, evaluation).find(({ ratio }) => ratio === 10)
  assert.is(ten?.threshold, evaluation.settled.threshold)
  assert.is(ten?.cost, evaluation.pooled.cost)
  assert.is(ten?.approved, evaluation.pooled.approval_rate)
  assert.ok(Math.abs((ten?.accept_all ?? 0) - evaluation.pooled.cost_accept_all) < 1e-12)
})

test('the dearer a default, the lower the threshold, and fewer are approved', () => {
  const { target, evaluation } = judged(2, 3000)
  const found = costRatios(target, evaluation)
  assert.equal([found[0]?.ratio, found.at(-1)?.ratio], [3, 30])
  for (const [i, one] of found.entries()) {
    const before = found[i - 1]
    if (before) assert.ok(one.threshold <= before.threshold && one.approved <= before.approved, `${one.ratio}:1`)
    assert.ok(one.cost < one.accept_all, `${one.ratio}:1 costs ${one.cost}, approving everybody ${one.accept_all}`)
  }
})

test('few clients and the least cost taken: the cost that was chosen on is too low on average, and hindsight would be cheaper', () => {
  const lines = Array.from({ length: 12 }, (_, seed) => judged(seed + 10, 400, 0)).map(
    ({ target, evaluation }) => costRatios(target, evaluation).find(({ ratio }) => ratio === 10)!,
  )
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [optimism, regret] = [mean(lines.map((one) => one.optimism)), mean(lines.map((one) => one.regret))]
  assert.ok(optimism > 0.01, `optimism ${optimism}`)
  assert.ok(regret > 0.01, `regret ${regret}`)
})

test.run()
