import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { partAt } from './part-at.ts'

test('a share falls into the part that it lies in, its lower edge included, and beyond the last into none', () => {
  const parts = [0.25, 0, 0.5]
  assert.equal(
    [0, 0.2, 0.25, 0.7, 0.75, 1].map((share) => partAt(share, parts)),
    [0, 0, 2, 2, 3, 3],
  )
  assert.is(partAt(0.5, []), 0)
})

test.run()
