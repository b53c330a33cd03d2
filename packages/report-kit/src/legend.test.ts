import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { legend, legendPlaces } from './legend.ts'

test('names of series stand beside each other where they fit and one under the other where they do not', () => {
  const names = ['Training clients, out of fold', 'New clients']
  assert.equal(
    legendPlaces(names, 40, 680).map(({ y }) => y),
    [0, 0],
  )
  assert.equal(legendPlaces(names, 40, 300), [
    { x: 0, y: 0 },
    { x: 0, y: 22 },
  ])
})

test('a chart of one series has no legend, one of two names both with their signs', () => {
  assert.is(legend([{ name: 'Cost', tone: 's1', sign: 'line' }], 0, 300).height, 0)
  const { height, body } = legend(
    [
      { name: 'Reference', tone: 's2', sign: 'area' },
      { name: 'Current', tone: 'ink', sign: 'dashes' },
    ],
    0,
    300,
  )
  assert.is(height, 24)
  assert.match(String(body), /<rect class="f2 t-s2".*>Reference<.*class="s w dash t-ink".*>Current</)
})

test.run()
