/** The false alarms of a year on a panel of 40 features, score and approval when nothing moves. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../../models/random.ts'
import { alertLevel } from './alert-level.ts'
import { addWindow, shareShift } from './share-shift.ts'

const next = random(7)
/** Values of a column with ten equal bins. */
const drawn = (n: number) => Array.from({ length: n }, () => Math.floor(next() * 10))
function counted(values: readonly number[]): number[] {
  const counts = new Array<number>(10).fill(0)
  for (const bin of values) counts[bin]! += 1
  return counts
}

test('a panel of 42 columns alarms in at most the stated number of 20 years without a change, at 500 applications a week', () => {
  let years = 0
  for (let seed = 1; seed <= 20; seed++) {
    let alarmed = false
    for (let column = 0; column < 42; column++) {
      let state = shareShift(counted(drawn(2000)), alertLevel(0.05, 42), seed * 100 + column)
      for (let week = 0; week < 52; week++) state = addWindow(state, drawn(500))
      alarmed ||= state.alarm !== null
    }
    years += Number(alarmed)
  }
  assert.ok(years <= 20 * 0.05 + 3 * Math.sqrt(20 * 0.05 * 0.95), String(years))
})

test.run()
