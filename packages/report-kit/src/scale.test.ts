import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { extent, keyPlaces, linear, rounded, spread, thinned, ticks } from './scale.ts'

test('a scale sends the ends of its domain to the ends of its range', () => {
  const x = linear([2, 4], [10, 30])
  assert.equal([x(2), x(3), x(4)], [10, 20, 30])
})

test('ticks are round, inside the domain, and not more than asked', () => {
  assert.equal(ticks([0, 1]), [0, 0.25, 0.5, 0.75, 1])
  assert.equal(ticks([0.03, 0.29]), [0.05, 0.1, 0.15, 0.2, 0.25])
  for (const domain of [
    [0, 7],
    [-3, 1e6],
    [0.0012, 0.0013],
    [-1, 1],
  ] as const) {
    const made = ticks(domain, 5)
    assert.ok(made.length >= 2 && made.length <= 5, `${domain}: ${made}`)
    assert.ok(made.every((tick) => tick >= domain[0] && tick <= domain[1]))
  }
})

test('a rounded domain holds the given one', () => {
  const [low, high] = rounded([0.013, 0.93])
  assert.ok(low <= 0.013 && high >= 0.93)
})

test('the extent of nothing finite is the unit interval', () => {
  assert.equal(extent([Number.NaN, Number.POSITIVE_INFINITY]), [0, 1])
})

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

test('names of series stand beside each other where they fit and one under the other where they do not', () => {
  const names = ['Training clients, out of fold', 'New clients']
  assert.equal(
    keyPlaces(names, 40, 680).map(({ y }) => y),
    [0, 0],
  )
  assert.equal(keyPlaces(names, 40, 300), [
    { x: 0, y: 0 },
    { x: 0, y: 22 },
  ])
})

test('labels that collide are moved apart and stay inside', () => {
  const placed = spread([100, 101, 102], 20, 0, 110)
  assert.equal(placed, [70, 90, 110])
})

test.run()
