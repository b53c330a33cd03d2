import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../data/schema/tables.ts'
import { sigmoid } from './calibration.ts'
import { boosting } from './candidates/boosting.ts'
import { linear } from './candidates/linear.ts'
import { masked } from './candidates/masked.ts'
import { Rows, Sample } from './candidates/sample.ts'

import { strategies } from './imbalance/strategy.ts'
import { maskedRepeats, withoutTables } from './masking.ts'
import { random } from './random.ts'

/** Clients whose form and loans elsewhere know something; who has no loan elsewhere is riskier, which one who did not tell of them is not. */
function made(count: number, seed: number) {
  const next = random(seed)
  const columns = ['form', 'loans', 'debt', 'months'].map(() => new Float32Array(count))
  const target = new Int8Array(count)
  for (let i = 0; i < count; i++) {
    const form = next() * 2 - 1
    const loans = next() < 0.85 ? 1 + Math.floor(next() * 5) : 0
    const debt = loans > 0 ? next() : Number.NaN
    ;[form, loans, debt, loans > 1 ? next() : Number.NaN].forEach((value, j) => {
      columns[j]![i] = value
    })
    target[i] = next() < sigmoid(-2.4 + form + (loans === 0 ? 1.5 : 1.5 * (debt - 0.5))) ? 1 : 0
  }
  const ids = Int32Array.from({ length: count }, (_, i) => i + 1)
  const types: ('q' | 'c')[] = ['q', 'q', 'q', 'q']
  return { matrix: { ids, columns, names: ['form', 'loans', 'debt', 'months'], types }, target }
}

const tables = new Map([
  ['form', new Set(['application'])],
  ['loans', new Set(['bureau'])],
  ['debt', new Set(['bureau', 'application'])],
  ['months', new Set(['bureau', 'bureau_balance'])],
])
const { matrix, target } = made(4000, 5)
const judged = made(4000, 6)
const masking = { weight: 0.2, clients: 1_000_000, partly: 0.3 }

test('features that read a table that is masked are missing, and no others', () => {
  const bare = withoutTables(matrix, tables, historyTables)
  assert.is(bare.columns[0], matrix.columns[0])
  for (const j of [1, 2, 3]) assert.ok(bare.columns[j]!.every(Number.isNaN))
  const few = withoutTables(matrix, tables, ['bureau_balance'])
  assert.equal([few.columns[1], few.columns[2]], [matrix.columns[1], matrix.columns[2]])
  assert.ok(few.columns[3]!.every(Number.isNaN))
})

test('repeats weigh together what they shall, keep outcomes and origin, mask most clients whole and never months without loans', () => {
  const found = maskedRepeats(matrix, target, tables, { ...masking, clients: 1000 }, 7)
  assert.is(found.target.length, 1000)
  assert.ok(Math.abs(found.weight.reduce((sum, w) => sum + w, 0) - 0.2 * 4000) < 1e-3)
  let whole = 0
  for (const [k, row] of found.origin.entries()) {
    assert.is(found.target[k], target[row])
    assert.is(found.matrix.columns[0]![k], matrix.columns[0]![row])
    const [loans, months] = [found.matrix.columns[1]![k]!, found.matrix.columns[3]![k]!]
    if (!Number.isNaN(loans)) continue
    assert.ok(Number.isNaN(months))
    whole++
  }
  assert.ok(whole > 700 && whole < 950, `${whole} of 1000 without loans`)
  const again = maskedRepeats(matrix, target, tables, { ...masking, clients: 1000 }, 7)
  assert.equal(JSON.stringify(again.matrix.columns), JSON.stringify(found.matrix.columns)) // NaN as null
})

const candidates = [
  linear({ name: 'logistic', label: '' }, { rounds: 30, lambda: 0.001, alpha: 0.001 }, strategies.none),
  boosting(
    { name: 'boosting', label: '' },
    { params: { max_depth: 3, eta: 0.2, min_child_weight: 5 }, rounds: 100, earlyStopping: 10, innerShare: 0.25 },
    strategies.none,
  ),
]
for (const candidate of candidates)
  test(`${candidate.name} learnt with masked clients says the default rate of clients without histories, and else far from it`, () => {
    using sample = new Sample(matrix, target)
    const means = [candidate, masked(candidate, { ...masking, tables })].map((one) => {
      using model = one.fit(sample, 3)
      using bare = new Rows(withoutTables(judged.matrix, tables, historyTables))
      using full = new Rows(judged.matrix)
      const mean = (rows: Rows) => Array.from(model.margins(rows), sigmoid).reduce((sum, p) => sum + p, 0) / rows.count
      return { bare: mean(bare), full: mean(full) }
    })
    const rate = judged.target.reduce((sum, y) => sum + y, 0) / judged.target.length
    const [before, after] = means as [{ bare: number; full: number }, { bare: number; full: number }]
    assert.ok(Math.abs(after.bare / rate - 1) < 0.1, `masked ${after.bare}, rate ${rate}`)
    assert.ok(Math.abs(after.full / rate - 1) < 0.1, `with histories ${after.full}, rate ${rate}`)
    assert.ok(before.bare / rate > 1.15, `without masking ${before.bare}, rate ${rate}`)
  })

test('weight 0 is the candidate itself, and a form alone is learnt from without repeats', () => {
  assert.is(masked(candidates[0]!, { ...masking, weight: 0, tables }), candidates[0])
  using form = new Sample({ ...matrix, columns: [matrix.columns[0]!], names: ['form'], types: ['q'] }, target)
  using plain = candidates[0]!.fit(form, 3)
  using other = masked(candidates[0]!, { ...masking, tables }).fit(form, 3)
  assert.equal(other.members(), plain.members())
})

test('a sample with repeats takes more of them behind those it holds, and they follow their origin', () => {
  const clients = matrix
  using sample = new Sample(clients, target)
  const some = maskedRepeats(clients, target, tables, { ...masking, clients: 100 }, 1)
  using once = sample.with(some)
  using twice = once.with({ ...some, origin: new Int32Array(100).fill(-1) })
  assert.is(twice.count, 4000)
  assert.is(twice.target.length, 4200)
  assert.ok(Math.abs(twice.weightSum - 4000 * 1.4) < 1e-2)
  using none = twice.take([])
  assert.is(none.target.length, 100)
})

test.run()
