import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { beside, centred, fitted, spread, textWidth } from './text-width.ts'

test('labels that collide are moved apart and stay inside', () => {
  const placed = spread([100, 101, 102], 20, 0, 110)
  assert.equal(placed, [70, 90, 110])
})

test('a label stands right of its line, left of it near the right end, and inside where it fits on no side', () => {
  const wide = textWidth('Cut-off', 14, true)
  assert.equal(beside(10, 'Cut-off', 300), { x: 16, end: false })
  assert.equal(beside(290, 'Cut-off', 300), { x: 284, end: true })
  assert.equal(beside(30, 'Cut-off', 60), { x: Math.max(0, 60 - wide), end: false })
})

test('a centred label never leaves the figure', () => {
  const half = textWidth('100%') / 2
  assert.is(centred(150, '100%', 300), 150)
  assert.is(centred(299, '100%', 300), 300 - half)
  assert.is(centred(1, '100%', 300), half)
})

test('a text is cut with an ellipsis only where it does not fit', () => {
  assert.is(fitted('External scores', 300), 'External scores')
  const cut = fitted('External scores', 60)
  assert.match(cut, /^Ext.*…$/)
  assert.ok(textWidth(cut) <= 60)
})

test.run()
