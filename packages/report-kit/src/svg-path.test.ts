import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { thinned, upright } from './svg-path.ts'

test('thinning a straight line keeps its ends only, and every dropped point lies within the tolerance', () => {
  const straight = Array.from({ length: 500 }, (_, i) => [i, 2 * i] as const)
  assert.is(thinned(straight).length, 2)
  const curve = Array.from({ length: 500 }, (_, i) => [i, 100 * Math.sin(i / 60)] as const)
  const kept = thinned(curve, 0.5)
  assert.ok(kept.length < 80)
  for (const [x, y] of curve) {
    const next = kept.findIndex((point) => point[0] >= x)
    const [a, b] = [kept[Math.max(0, next - 1)]!, kept[next]!]
    const on = a[0] === b[0] ? b[1] : a[1] + ((x - a[0]) / (b[0] - a[0])) * (b[1] - a[1])
    assert.ok(Math.abs(on - y) < 1.5)
  }
})

test('an upright line leaves out the texts that lie across it, in any order, and no others', () => {
  const across = { left: 40, right: 60, top: 20, bottom: 30 }
  const lower = { left: 48, right: 90, top: 50, bottom: 70 }
  const apart = { left: 70, right: 90, top: 0, bottom: 100 }
  assert.is(upright(50, 0, 100, [lower, apart, across]), 'M50 0V20M50 30V50M50 70V100')
  assert.is(upright(50, 0, 60, [lower]), 'M50 0V50')
  assert.is(upright(50, 0, 100), 'M50 0V100')
})

test.run()
