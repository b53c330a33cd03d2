import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stageArguments } from './stage.ts'

test('a stage takes exactly the paths that its usage names, in that order', () => {
  assert.equal(stageArguments('explain', 'FEATURES MODEL REPORTS', ['f', 'm', 'r']), ['f', 'm', 'r'])
})

test('one path too few, one too many and an empty one give the usage and what came', () => {
  for (const given of [[], ['f', 'm'], ['f', 'm', 'r', 'x'], ['f', '', 'r']])
    assert.throws(
      () => stageArguments('explain', 'FEATURES MODEL REPORTS', given),
      (error: Error) =>
        error.message.startsWith('usage: explain.ts FEATURES MODEL REPORTS\nexpected 3 paths') &&
        error.message.includes(`found ${given.length}`),
    )
})

test.run()
