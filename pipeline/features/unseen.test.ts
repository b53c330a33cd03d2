import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { unseenLevels } from './unseen.ts'

test('levels that training clients do not have are counted, gaps are not', () => {
  const frame = pl.DataFrame([
    pl.Series('work', ['a', 'b', null, 'z', 'z'], pl.Utf8),
    pl.Series('home', [null, 'x', null, null, null], pl.Utf8),
    pl.Series('amount', [1, 2, 3, 4, 5], pl.Float64),
  ])
  const features = [{ name: 'work', levels: ['a', 'b'] }, { name: 'home', levels: [] }, { name: 'amount' }]
  assert.equal(
    [...unseenLevels(frame, features)],
    [
      ['work', 2],
      ['home', 1],
    ],
  )
  assert.is(unseenLevels(frame, [{ name: 'amount' }]).size, 0)
})

test.run()
