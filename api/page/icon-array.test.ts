import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { iconArray } from './icon-array.ts'

/** What a path of rectangles covers of the drawing, in cells. */
function cellsOf(drawing: string, fill: string): number {
  const path = new RegExp(`<path fill="url\\(#${fill}\\)" d="([^"]+)"`).exec(drawing)![1]!
  const cell = Number(/<pattern id="unpaid" width="([\d.]+)"/.exec(drawing)![1])
  const end = Number(/viewBox="0 0 \d+ (\d+)"/.exec(drawing)![1])
  const area = [...path.matchAll(/M([\d.]+) ([\d.]+)H([\d.]+)([Vv])([\d.]+)H[\d.]+z/g)]
    .map(([, x, y, right, relative, to]) => {
      const bottom = relative === 'v' ? Number(y) + Number(to) : Number(to)
      return (Number(right) - Number(x)) * Math.max(0, Math.min(end, bottom) - Number(y))
    })
    .reduce((sum, one) => sum + one, 0)
  return Math.round(area / cell ** 2)
}

test('as many squares are drawn as files are not repaid, of a hundred and of a thousand', () => {
  for (const [bad, base] of [
    [0, 100],
    [11, 100],
    [100, 100],
    [0, 1000],
    [5, 1000],
    [9, 1000],
    [41, 1000],
  ] as const) {
    const drawing = String(iconArray(bad, base))
    assert.is(cellsOf(drawing, 'unpaid'), bad, `${bad} of ${base}`)
    assert.is(cellsOf(drawing, 'repaid'), base - bad, `the others of ${base}`)
  }
})

test.run()
