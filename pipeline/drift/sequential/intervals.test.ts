/** Confidence sequences and Page-Hinkley against the packages confseq and river, and how often they lose the mean. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { random } from '../../models/random.ts'
import { bettingInterval, narrowInterval } from './betting-interval.ts'
import { addToBernstein, bernsteinBounds, empiricalBernstein } from './empirical-bernstein.ts'
import { addToPageHinkley, pageHinkley } from './page-hinkley.ts'

const pairs = z.array(z.tuple([z.number(), z.number()]))
const oracle = z
  .object({
    at: z.array(z.number()),
    streams: z.record(
      z.string(),
      z.object({ empirical_bernstein: pairs, betting: pairs, page_hinkley: z.array(z.number()) }),
    ),
  })
  .parse(JSON.parse(readFileSync(new URL('../oracles/sequential.json', import.meta.url), 'utf8')))

function uniforms(seed: number, n: number): number[] {
  let s = seed
  return Array.from({ length: n }, () => {
    s = (s * 48271) % 2147483647
    return s / 2147483647
  })
}

const streams: Readonly<Record<string, readonly number[]>> = {
  rate_008: uniforms(11, 2000).map((u) => Number(u < 0.08)),
  rate_008_to_012_at_1000: uniforms(12, 2000).map((u, i) => Number(u < (i < 1000 ? 0.08 : 0.12))),
  probability_mean_008: uniforms(13, 2000).map((u) => u ** 11.5),
  residual_scaled: uniforms(14, 2000).map((u) => (Number(u < 0.08) - 0.08 + 1) / 2),
}

for (const [name, values] of Object.entries(streams))
  test(`both confidence sequences of ${name} are those of confseq at seven looks`, () => {
    const golden = oracle.streams[name]!
    let [betting, bernstein] = [bettingInterval(0.05), empiricalBernstein(0.05)]
    for (const [i, value] of values.entries()) {
      betting = narrowInterval(betting, value)
      bernstein = addToBernstein(bernstein, value)
      const look = oracle.at.indexOf(i + 1)
      if (look < 0) continue
      const [low, high] = bernsteinBounds(bernstein)
      const found = [low, high, betting.low, betting.high]
      const wanted = [...golden.empirical_bernstein[look]!, ...golden.betting[look]!]
      const far = found.some((bound, k) => Math.abs(bound - wanted[k]!) > 1e-9)
      assert.not(far, `look ${i + 1}: ${found} instead of ${wanted}`)
    }
  })

test('Page-Hinkley alarms at the values at which river does', () => {
  for (const [name, values] of Object.entries(streams)) {
    let state = pageHinkley({ least: 30, delta: 0.005, threshold: 10, forgetting: 0.9999 })
    const alarms: number[] = []
    for (const [i, value] of values.entries()) {
      state = addToPageHinkley(state, value)
      if (state.alarm) alarms.push(i + 1)
    }
    assert.equal(alarms, oracle.streams[name]!.page_hinkley, name)
  }
})

test('in 1,000 streams looked at after each of 300 values the mean is lost at most as often as stated', () => {
  const next = random(3)
  let lost = 0
  for (let run = 0; run < 1000; run++) {
    let [state, out] = [empiricalBernstein(0.05), false]
    for (let i = 0; i < 300; i++) {
      state = addToBernstein(state, Number(next() < 0.08))
      const [low, high] = bernsteinBounds(state)
      out ||= low > 0.08 || high < 0.08
    }
    lost += Number(out)
  }
  assert.ok(lost <= 1000 * (0.05 + 3 * Math.sqrt((0.05 * 0.95) / 1000)), String(lost))
})

test('a value outside 0 to 1 and a level of 0 are refused', () => {
  assert.throws(() => narrowInterval(bettingInterval(0.05), 1.2), /from 0 to 1, got 1.2/)
  assert.throws(() => bettingInterval(0), /level between 0 and 1, got 0/)
})

test.run()
