/** No malformed or unusual table crashes a reader of score or drift, or is silently read as something else: each way once (bench/fuzz-tables.ts tries thousands). */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallPortfolio } from '../pipeline/data/small.test-data.ts'
import { fuzzTables } from '../testing/fuzz-tables.ts'

test('each odd way of writing a table is read as the plain one, refused, or reported', async () => {
  const tried = await fuzzTables(smallPortfolio(), 70, 20)
  const wrong = tried.filter(({ outcome }) => outcome === 'crashed' || outcome === 'silently other')
  assert.is(
    wrong.map(({ reader, mutation, table, detail }) => `${reader}, ${mutation}, ${table}: ${detail}`).join('\n'),
    '',
  )
  const expected = { score: ['same', 'refused'], drift: ['same', 'refused', 'warned'] } as const
  for (const reader of ['score', 'drift'] as const)
    for (const outcome of expected[reader])
      assert.ok(
        tried.some((one) => one.reader === reader && one.outcome === outcome),
        `${reader}: nothing was ${outcome}, so little was tried`,
      )
})

test.run()
