import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { difference } from './verify.ts'

test('numbers within the tolerance are the same, beyond it they are named with their place', () => {
  assert.is(difference({ auc: [0.75] }, { auc: [0.7515] }, 'metrics.json'), null)
  assert.match(String(difference({ auc: [0.75] }, { auc: [0.755] }, 'metrics.json')), '$.auc[0]: 0.75 became 0.755')
})

test('the features of the sample clients are held to a millionth', () => {
  assert.is(difference([1000], [1000.0005], 'reports/features/sample.json'), null)
  assert.ok(difference([1000], [1000.005], 'reports/features/sample.json'))
})

test('a number that became a text, a lost key or another length is a difference', () => {
  assert.ok(difference({ a: 1 }, { a: '1' }, 'x.json'))
  assert.ok(difference({ a: 1, b: 2 }, { a: 1 }, 'x.json'))
  assert.ok(difference([1, 2], [1], 'x.json'))
  assert.ok(difference({ a: 1 }, { a: null }, 'x.json'))
})

test('the version of the model is left out', () => {
  assert.is(difference({ version: 'aa', x: 1 }, { version: 'bb', x: 1 }, 'x.json'), null)
})

test.run()
