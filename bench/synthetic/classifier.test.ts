import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../../pipeline/models/random.ts'
import { separation } from './classifier.ts'

/** Rows of two columns; `shift` moves the first and renames a fifth of the second's levels. */
function frame(rows: number, seed: number, shift: number): pl.DataFrame {
  const next = random(seed)
  const index = Array.from({ length: rows }, (_, i) => i)
  return pl.DataFrame({
    SK_ID_CURR: index,
    TARGET: index.map((i) => i % 2),
    AMOUNT: index.map(() => next() + shift),
    KIND: index.map((i) => (i % 7 === 0 ? null : shift > 0 && i % 5 === 0 ? 'other' : 'usual')),
  })
}
const silent = () => {}

test('rows of one source cannot be distinguished, whatever their numbers and outcomes', () => {
  const { joint, columns, real, synthetic } = separation(frame(400, 1, 0), frame(900, 2, 0), 3, silent)
  assert.equal([real, synthetic], [400, 400])
  assert.ok(Math.abs(joint - 0.5) < 0.08, String(joint))
  assert.equal(columns.map(({ column }) => column).sort(), ['AMOUNT', 'KIND'])
})

test('what differs gives itself away, worst first', () => {
  const { joint, columns } = separation(frame(400, 1, 0), frame(900, 2, 0.5), 3, silent)
  assert.ok(joint > 0.85, String(joint))
  assert.is(columns[0]!.column, 'AMOUNT')
  assert.ok(columns[0]!.alone > 0.8 && columns[1]!.alone > 0.55)
  assert.ok(Math.abs(columns.reduce((sum, { gain }) => sum + gain, 0) - 1) < 1e-9)
})

test.run()
