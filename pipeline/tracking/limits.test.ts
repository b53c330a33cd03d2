/** What MLflow would cut, change or refuse never leaves this process. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { serverOf } from './client.ts'
import { TrackingError } from './error.ts'
import { BATCH, batches, checkKey, metricValue, paramText, tagText } from './limits.ts'

const refused = (run: () => unknown, message: RegExp) =>
  assert.throws(run, (error: unknown) => error instanceof TrackingError && message.test(error.message))

test('a number that is not finite is written so that the server keeps it: as text, never null or a bare token', () => {
  assert.is(
    JSON.stringify([1.5, Number.NaN, Infinity, -Infinity].map(metricValue)),
    '[1.5,"NaN","Infinity","-Infinity"]',
  )
})

test('values of the longest length are kept whole and one character more is refused, by characters and not bytes', () => {
  assert.is(paramText('p', 'é'.repeat(6000)).length, 6000)
  assert.is([...paramText('p', '🙂'.repeat(6000))].length, 6000)
  refused(() => paramText('p', 'x'.repeat(6001)), /parameter p: 6001 characters, and MLflow keeps 6000/)
  refused(() => tagText('t', 'x'.repeat(8001)), /tag t: 8001 characters, and MLflow keeps 8000/)
  refused(() => paramText('p', undefined), /expected a value, received undefined/)
})

test('names are those that the server takes', () => {
  for (const name of ['auc', 'fold 1/valid-logloss', 'a.b:c_d', 'é']) if (name !== 'é') checkKey('metric', name)
  for (const name of ['', 'f1@0.5', 'é', '/a', 'a/', 'a//b', '..', 'a/../b', 'x'.repeat(251)])
    refused(() => checkKey('metric', name), /metric .*expected a name of letters/)
})

test('batches hold every value once, in order, within both limits', () => {
  const many = Array.from({ length: 2345 }, (_, i) => i)
  assert.equal(
    batches(many, 1000).map((group) => group.length),
    [1000, 1000, 345],
  )
  assert.equal(batches(many, 1000).flat(), many)
  const long = Array.from({ length: 300 }, () => ({ key: 'k', value: 'é'.repeat(6000) }))
  for (const group of batches(long, 100)) assert.ok(Buffer.byteLength(JSON.stringify(group)) <= BATCH.bytes + 2)
  assert.is(batches(long, 100).flat().length, 300)
  assert.equal(batches([], 10), [])
})

test('the address of a server is http or https, and its password is never part of what is shown', () => {
  assert.equal(serverOf('https://u:p%40s@mlflow.example/base/'), {
    root: 'https://mlflow.example/base',
    authorization: `Basic ${Buffer.from('u:p@s').toString('base64')}`,
  })
  assert.is(serverOf('http://127.0.0.1:5000').authorization, null)
  for (const uri of ['sqlite:///mlflow.db', 'mlruns', 'databricks', ''])
    refused(() => serverOf(uri), /MLFLOW_TRACKING_URI: expected the address of an MLflow server/)
})

test.run()
