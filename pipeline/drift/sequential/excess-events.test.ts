/** Defaults that come early and shares above a limit: error rates by simulation, power, and where a rise began. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { random } from '../../models/random.ts'
import { addCases, addEvents, type ExcessEvents, excess } from './excess-events.ts'

const allowed = (level: number, runs = 1000) => runs * level + 3 * Math.sqrt(runs * level * (1 - level))
const next = random(11)
const hits = (n: number, share: number) => {
  let count = 0
  for (let i = 0; i < n; i++) count += Number(next() < share)
  return count
}

test('of 1,000 shares that keep their limit exactly, at most the stated share ever alarms in 50 looks', () => {
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    let [state, alarmed]: [ExcessEvents, boolean] = [[], false]
    for (let window = 1; window <= 50; window++) {
      state = addEvents(addCases(state, [0.2], 10), window, hits(10, 0.2))
      alarmed ||= excess(state).log >= Math.log(1 / 0.05)
    }
    alarms += Number(alarmed)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
})

test('a share of twice its limit after 20 calm windows alarms within 30 more, and from a window at most 3 away', () => {
  let [found, near] = [0, 0]
  for (let run = 0; run < 200; run++) {
    let state: ExcessEvents = []
    for (let window = 1; window <= 50; window++) {
      state = addEvents(addCases(state, [0.2], 10), window, hits(10, window <= 20 ? 0.1 : 0.4))
      const { log, since } = excess(state)
      if (log < Math.log(1 / 0.005)) continue
      found += Number(window > 20)
      near += Number(Math.abs(since - 21) <= 3)
      break
    }
  }
  assert.ok(found >= 198, String(found))
  assert.ok(near >= 180, String(near))
})

test('of 1,000 portfolios that default as stated, at most the stated share ever alarms as defaults become known', () => {
  let alarms = 0
  for (let run = 0; run < 1000; run++) {
    let [state, pending, alarmed]: [ExcessEvents, number[], boolean] = [[], [], false]
    for (let month = 1; month <= 24; month++) {
      const risks = Array.from({ length: 40 }, () => next() * 0.162)
      state = addCases(state, risks)
      for (const risk of risks) if (next() < risk) pending.push(month)
      const later: number[] = []
      for (const window of pending) {
        if (next() < 0.3) state = addEvents(state, window, 1)
        else later.push(window)
      }
      pending = later
      alarmed ||= excess(state).log >= Math.log(1 / 0.05)
    }
    alarms += Number(alarmed)
  }
  assert.ok(alarms <= allowed(0.05), String(alarms))
})

test('25% defaults at a mean risk of 8.1% from the seventh of ten windows on alarm, and from there', () => {
  let state: ExcessEvents = []
  for (let window = 1; window <= 10; window++) {
    const risks = Array.from({ length: 100 }, () => next() * 0.162)
    const defaults = window > 6 ? 25 : risks.filter((risk) => next() < risk).length
    state = addEvents(addCases(state, risks), window, defaults)
  }
  const { log, since } = excess(state)
  assert.ok(log > Math.log(100), String(log))
  assert.is(since, 7)
})

test('bad input is refused with what was expected', () => {
  assert.throws(() => addCases([], [0.1, 1.2]), /risks from 0 to 1, got 1.2/)
  assert.throws(() => addEvents([], 1, 1), /one of 0 windows, got 1/)
})

test.run()
