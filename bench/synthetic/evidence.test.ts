import pl from 'nodejs-polars'
import { informationValues } from 'synthetic-credit/published'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { agreement, evidenceOf } from './evidence.ts'

const of = (pairs: readonly (readonly [number, number])[]) =>
  pairs.map(([published, found]) => ({ column: 'A', published, found }))

test('ranks agree wholly, not at all, and as in the worked example with ties', () => {
  assert.is(
    agreement(
      of([
        [1, 10],
        [2, 20],
        [3, 40],
      ]),
    ),
    1,
  )
  assert.is(
    agreement(
      of([
        [1, 3],
        [2, 2],
        [3, 1],
      ]),
    ),
    -1,
  )
  // scipy.stats.spearmanr([1, 2, 2, 4], [1, 3, 2, 4]) = 0.9486832980505139
  assert.ok(
    Math.abs(
      agreement(
        of([
          [1, 1],
          [2, 3],
          [2, 2],
          [4, 4],
        ]),
      ) - 0.9486832980505139,
    ) < 1e-12,
  )
})

test('a column that sorts the outcomes has a large value, one that does not has none', () => {
  const index = Array.from({ length: 2000 }, (_, i) => i)
  const target = index.map((i) => (i % 10 === 0 ? 1 : 0))
  const columns = Object.keys(informationValues)
  const frame = pl.DataFrame({
    TARGET: target,
    ...Object.fromEntries(columns.map((column) => [column, index.map((i) => Math.floor(i / 10) % 20)])),
    EXT_SOURCE_3: index.map((i) => (target[i] === 1 ? (i / 10) % 5 : (i % 19) + 2)),
    OCCUPATION_TYPE: index.map((i) => (target[i] === 1 ? null : 'Drivers')),
  })
  const found = new Map(evidenceOf(frame).map((each) => [each.column, each.found]))
  assert.equal([...found.keys()], columns)
  assert.ok(found.get('EXT_SOURCE_3')! > 0.5 && found.get('OCCUPATION_TYPE')! > 5)
  assert.ok(found.get('DAYS_BIRTH')! < 0.01)
})

test.run()
