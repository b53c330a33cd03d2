import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../models/random.ts'
import type { PoolColumn } from './pool.ts'
import { power } from './power.ts'

/** Ten columns of noise and one of categories, of 3,000 clients of one population. */
function pool(): PoolColumn[] {
  const next = random(5)
  const numbers = Array.from(
    { length: 10 },
    (_, i): PoolColumn => ({
      name: `n${i}`,
      kind: 'number',
      values: Float64Array.from({ length: 3000 }, () => next() + next() + next() + next() - 2),
      whole: false,
    }),
  )
  return [
    ...numbers,
    {
      name: 'kind',
      kind: 'text',
      values: Array.from({ length: 3000 }, () => (next() < 0.05 ? 'rare' : next() < 0.5 ? 'a' : 'b')),
    },
  ]
}

const options = { windows: [200, 800], runs: 10, seed: 3, reference: 900, columns: 4 }
const [small, large] = power(pool(), options)

test('where nothing moved the project’s policy is silent and Evidently’s p-values cry about 5 times in 100', () => {
  for (const { false_alarms } of [small!, large!]) {
    assert.ok(false_alarms.default <= 0.01)
    assert.ok(false_alarms.evidently > 0.005 && false_alarms.evidently < 0.12, String(false_alarms.evidently))
  }
})

test('a larger change is found at least as often as a smaller one, and 0.3 standard deviations nearly always in 800 rows', () => {
  for (const policy of ['default', 'evidently'] as const) {
    const found = (['shift_0.1', 'shift_0.2', 'shift_0.3'] as const).map((change) => large!.detected[change][policy])
    assert.ok(found[0]! <= found[1]! && found[1]! <= found[2]!)
    assert.ok(found[2]! > 0.95)
  }
})

test('values that go missing are found by this policy and not by tests that drop them', () => {
  assert.ok(large!.detected.missing_10.default > 0.9)
  assert.ok(large!.detected.missing_10.evidently < 0.3)
})

test('the same seed gives the same figures, windows larger than half of the clients are left out', () => {
  assert.equal(power(pool(), { ...options, windows: [200, 1501] }), [small])
})

test.run()
