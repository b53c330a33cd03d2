import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { historyTables } from '../data/schema/tables.ts'
import { coverage, movedCoverage } from './coverage.ts'
import { definitions } from './definitions/index.ts'

test('the project’s features count the rows of every history table', () => {
  const ones = Object.fromEntries(definitions.features.map(({ name }) => [name, [1]]))
  assert.equal([...coverage(pl.DataFrame(ones), definitions).keys()], [...historyTables])
})

test('a table covers the clients that have rows in it', () => {
  const one = { ...definitions, features: definitions.features.filter(({ name }) => name === 'bureau_count') }
  assert.equal([...coverage(pl.DataFrame({ bureau_count: [0, 3, 1, null] }), one)], [['bureau', 0.5]])
})

test('a share counts as moved from 10 points and 3 standard errors on, downwards and upwards', () => {
  const moved = (share: number, trained: number, clients: number) =>
    movedCoverage(new Map([['bureau', share]]), new Map([['bureau', trained]]), clients).length === 1
  assert.ok(moved(0.74, 0.85, 10_000) && moved(0.96, 0.85, 10_000))
  assert.not.ok(moved(0.76, 0.85, 1_000_000))
  // 3 standard errors of 85 % among 20 clients are 24 points
  assert.ok(moved(0.6, 0.85, 20) && !moved(0.65, 0.85, 20))
  assert.equal(movedCoverage(new Map([['bureau', 0]]), new Map(), 100), [])
})

test.run()
