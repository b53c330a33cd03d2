/** Similar files are those whose explanation is nearest: a reference client is first of all similar to itself. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Scorer } from '../../pipeline/scoring/scorer.ts'
import { smallBundle } from '../../testing/bundles.ts'
import { readReference } from '../reference.ts'
import { similar } from './similar.ts'

test('nobody is similar until all reference clients are explained; then a client is nearest to itself, and as many are found as asked', async () => {
  using scorer = Scorer.open(smallBundle())
  const whole = (await readReference(smallBundle()))!
  const reference = { ...whole, clients: 60 }
  const service = { scorer, reference, stopping: () => false }
  const features = scorer.bundle.definitions.features.map(({ name }) => name)
  const [own] = scorer.scoreFeatures([{ values: whole.row(17, features), notSupplied: [], unknownLevels: [] }])
  assert.is(similar(service, own!.explanation, 5), null)
  let found = similar(service, own!.explanation, 5)
  for (let i = 0; i < 600 && !found; i++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    found = similar(service, own!.explanation, 5)
  }
  assert.ok(found)
  assert.is([...found][0], 17)
  assert.is(found.size, 5)
})

test.run()
