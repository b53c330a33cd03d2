/** Error rates, power, change points and resumption of the alarms, on streams made here. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../../models/random.ts'
import { alertLevel } from './alert-level.ts'
import { addOutcome, calibrationAlarm } from './calibration-alarm.ts'
import { addToCusum, cusum } from './cusum.ts'
import { eBenjaminiHochberg } from './e-benjamini-hochberg.ts'
import { eLond, judgeNext } from './e-lond.ts'
import { addWindow, quantileBin, shareShift } from './share-shift.ts'

const allowed = (level: number, runs = 1000) => runs * level + 3 * Math.sqrt(runs * level * (1 - level))
const bit = (yes: boolean): 0 | 1 => (yes ? 1 : 0)
const next = random(7)
const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]
const drawn = (n: number, shift = 0) => Array.from({ length: n }, () => quantileBin(deciles, next() ** (1 + shift)))
function counted(values: readonly number[], bins: number): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const bin of values) counts[bin]! += 1
  return counts
}

test('of 1,000 calibrated streams of 300 outcomes at most the stated share ever alarms', () => {
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    let state = calibrationAlarm(0.05)
    for (let i = 0; i < 300; i++) {
      const risk = next() * 0.162
      state = addOutcome(state, bit(next() < risk), risk)
    }
    alarms += Number(state.alarm !== null)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
})

test('25% defaults at a mean risk of 8.1% alarm within 400 outcomes in 99 streams of 100', () => {
  let alarms = 0
  for (let run = 0; run < 100; run++) {
    let state = calibrationAlarm(0.01)
    for (let i = 0; i < 400; i++) state = addOutcome(state, bit(next() < 0.25), next() * 0.162)
    alarms += Number(state.alarm !== null)
  }
  assert.ok(alarms >= 99, String(alarms))
})

test('of 1,000 shares with a reference of 500 clients at most the stated share ever alarms in 30 windows', () => {
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    const bits = (n: number) => Array.from({ length: n }, () => bit(next() < 0.1))
    let state = shareShift(counted(bits(500), 2), 0.05, run + 1)
    for (let day = 0; day < 30; day++) state = addWindow(state, bits(50))
    alarms += Number(state.alarm !== null)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
})

test('a drift injected on day 21 of 30 alarms, and its change point is found within 3 days in 19 streams of 20', () => {
  let near = 0
  for (let seed = 1; seed <= 20; seed++) {
    let state = shareShift(counted(drawn(2000), 11), alertLevel(0.05, 42), seed)
    for (let day = 1; day <= 30; day++) state = addWindow(state, drawn(100, day < 21 ? 0 : 1))
    near += Number(state.change !== null && Math.abs(state.change - 21) <= 3)
  }
  assert.ok(near >= 19, String(near))
})

test('what was never missing and now always is alarms within 40 values, and of 1,000 columns that stay whole or seldom missing few do', () => {
  const whole = shareShift([2000, 0], 0.001, 4)
  assert.is(addWindow(whole, new Array<number>(40).fill(1)).alarm, 1)
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    const share = next() * 0.015
    const bits = (n: number) => Array.from({ length: n }, () => bit(next() < share))
    let state = shareShift(counted(bits(1000), 2), 0.05, run + 1)
    for (let day = 0; day < 20; day++) state = addWindow(state, bits(50))
    alarms += Number(state.alarm !== null)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
})

test('one typo among 300 applications is no drift, of whatever size', () => {
  const state = shareShift(counted(drawn(2000), 11), 0.05, 5)
  const typo = addWindow(state, [...drawn(299), quantileBin(deciles, 1e12)])
  assert.is(typo.alarm, null)
})

test('a state that went through JSON goes on as one that did not', () => {
  let [whole, stored] = [shareShift([900, 100], 0.05, 9), shareShift([900, 100], 0.05, 9)]
  for (let day = 0; day < 10; day++) {
    const values = drawn(40).map((bin) => bit(bin > 7))
    whole = addWindow(whole, values)
    stored = JSON.parse(JSON.stringify(addWindow(stored, values)))
  }
  assert.equal(stored, whole)
})

test('CUSUM alarms within a year at most as often as its threshold states, and finds a doubled share', () => {
  let [alarms, found] = [0, 0]
  for (let run = 0; run < 1000; run++) {
    let [still, moved] = [cusum(0.08, 0.16, 1000, 0.05), cusum(0.08, 0.16, 1000, 0.05)]
    for (let i = 0; i < 1000; i++) {
      still = addToCusum(still, bit(next() < 0.08))
      moved = addToCusum(moved, bit(next() < (i < 400 ? 0.08 : 0.16)))
    }
    alarms += Number(still.alarm !== null)
    found += Number(moved.alarm !== null && moved.alarm > 400)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
  assert.ok(found > 800, String(found))
})

test('e-BH rejects what its definition says, and e-LOND grows with each rejection', () => {
  const logs = [100, 30, 15, 1].map(Math.log)
  assert.equal(eBenjaminiHochberg(logs, 0.1), [true, true, true, false])
  assert.equal(eBenjaminiHochberg([39, 19, 10, 1].map(Math.log), 0.1), [false, false, false, false])
  const first = judgeNext(eLond(0.1), Math.log(20))
  assert.is(first.rejected, true)
  assert.is(judgeNext(first.state, Math.log(30)).rejected, true)
  assert.is(judgeNext(judgeNext(eLond(0.1), 0).state, Math.log(30)).rejected, false)
})

test('bad input is refused with what was expected', () => {
  assert.throws(() => addOutcome(calibrationAlarm(0.05), 1, 2), /risk from 0 to 1, got 2/)
  assert.throws(() => addWindow(shareShift([1, 1], 0.05, 1), [2]), /one of 2 bins, got 2 in window 1/)
  assert.throws(() => shareShift([1, 0.5], 0.05, 1), /whole counts of the reference, got 0.5 in bin 1/)
  assert.throws(() => alertLevel(1, 3), /between 0 and 1, got 1/)
  assert.throws(() => cusum(0.1, 0.1, 100, 0.05), /two shares/)
})

test.run()
