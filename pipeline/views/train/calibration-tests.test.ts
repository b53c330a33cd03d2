/** The sentence under the calibration tests follows from their results. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sigmoid } from '../../models/calibration.ts'
import { calibrationTests } from '../../models/calibration-tests.ts'
import { random } from '../../models/random.ts'
import { calibrationSentence } from './calibration-tests.ts'

/** The sentence on predictions that are a line of the true log-odds. */
function said(slope: number, shift: number): string {
  const next = random(5)
  const x = Array.from({ length: 8000 }, () => -2 + 2 * (next() + next() + next() - 1.5))
  const target = x.map((value) => (next() < sigmoid(value) ? 1 : 0))
  const predicted = x.map((value) => sigmoid(slope * (value + 2) - 2 + shift))
  return calibrationSentence(calibrationTests(target, predicted))
}

test('right, too low, too high, too extreme and too flat probabilities are told apart', () => {
  assert.match(said(1, 0), 'None of the four tests rejects')
  assert.match(said(1, -0.7), 'risks are too low on the whole')
  assert.match(said(1, 0.7), 'risks are too high on the whole')
  assert.match(said(2, 0), 'high and low risks are too extreme')
  assert.match(said(0.4, 0), 'high and low risks are too near the mean')
})

test.run()
