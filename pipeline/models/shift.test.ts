import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Matrix } from './matrix.ts'
import { random } from './random.ts'
import { importanceWeights } from './shift.ts'

/** One column that says how old clients are (mean shifted by `shift`), one of noise. */
function clients(n: number, shift: number, seed: number): Matrix {
  const next = random(seed)
  const columns = [shift, 0].map((by) => Float32Array.from({ length: n }, () => next() + next() + next() + by))
  return { ids: Int32Array.from({ length: n }, (_, i) => i), columns, names: ['age', 'noise'], types: ['q', 'q'] }
}
const options = { seed: 1, threads: 1 }

test('weights bring the mean of a shifted column to that of the new clients', () => {
  const [old, recent] = [clients(4000, 0, 1), clients(2000, 0.5, 2)]
  const { weight, auc, effective } = importanceWeights(old, recent, options)
  const age = old.columns[0] as Float32Array
  const mean = (values: Float32Array, w?: Float64Array) =>
    values.reduce((sum, v, i) => sum + v * (w?.[i] ?? 1), 0) / values.length
  assert.ok(auc > 0.6)
  assert.ok(Math.abs(mean(age, weight) - mean(recent.columns[0] as Float32Array)) < 0.15, `${mean(age, weight)}`)
  assert.ok(effective > 500 && effective < 4000)
})

test('clients of the same kind keep nearly equal weights', () => {
  const { weight, auc, effective } = importanceWeights(clients(4000, 0, 3), clients(2000, 0, 4), options)
  assert.ok(Math.abs(auc - 0.5) < 0.03)
  assert.ok(effective > 3600, `${effective}`)
  assert.ok(Math.abs(weight.reduce((a, b) => a + b, 0) / 4000 - 1) < 1e-12)
})

test.run()
