/** The clock of what is recorded follows the machine's, and durations do not stand still or run back between. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { wallClock } from './clock.ts'

test('set back three hours or forward a day, the clock that is recorded follows at once', () => {
  let [wall, steady] = [Date.parse('2026-11-24T13:00:00Z'), 5000]
  const now = wallClock(
    () => wall,
    () => steady,
  )
  const pass = (milliseconds: number) => {
    wall += milliseconds
    steady += milliseconds
  }
  assert.is(now(), wall)
  pass(0.25)
  assert.is(now(), wall)
  for (const step of [-3 * 3_600_000, 86_400_000]) {
    wall += step
    pass(1000)
    assert.is(now(), wall)
    pass(10)
    assert.is(now(), wall)
  }
})

test('a clock that is slewed never makes a duration negative', () => {
  let [wall, steady] = [1_000_000, 0]
  const now = wallClock(
    () => wall,
    () => steady,
  )
  let before = now()
  for (let i = 0; i < 1000; i++) {
    steady += 1
    wall += i % 100 < 50 ? 0.5 : 1.5
    const after = now()
    assert.ok(after > before, `${after} follows ${before}`)
    assert.ok(Math.abs(after - wall) <= 500)
    before = after
  }
})

test('by itself it is the machine’s clock', () => {
  const now = wallClock()
  assert.ok(Math.abs(now() - Date.now()) < 50)
})

test.run()
