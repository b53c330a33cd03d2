import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { largestParts } from './largest-parts.ts'

const same = (size: number) => size

test('eight parts are shown, the largest first whatever their sign, and the small rest is joined', () => {
  const { kept, rest } = largestParts([1, -30, 20, 10, 9, -8, 7, 6, 5, 0.5, -0.25], same)
  assert.equal(kept, [-30, 20, 10, 9, -8, 7, 6, 5])
  assert.equal(rest, [1, 0.5, -0.25])
})

test('parts are shown until the rest is a tenth of the movement at most', () => {
  const { kept, rest } = largestParts(Array.from({ length: 20 }, () => 1), same) // biome-ignore format: one call
  assert.is(kept.length, 18)
  assert.is(rest.length, 2)
})

test('what is joined already stays in the rest, and one part alone is no rest', () => {
  const isLarge = (size: number) => size === 50
  const joined = largestParts([50, 4, 3, 2, 1], same, isLarge)
  assert.equal(joined, { kept: [4, 3, 2, 1], rest: [50] })
  assert.equal(largestParts([9, 8, 7, 6, 5, 4, 3, 2, 1], same).rest, [])
})

test.run()
