/** What all charts share: one place of the axis labels, one legend, marks that cross no text. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { barChart } from './bar-chart.ts'
import { categoryBars } from './category-bars.ts'
import { dotChart } from './dot-chart.ts'
import { histogram } from './histogram.ts'
import { lineChart } from './line-chart.ts'

const drawings = (figure: unknown): string[] =>
  [...String(figure).matchAll(/<svg\b[^>]*>([\s\S]*?)<\/svg>/g)].map(([, body]) => body!)

test('no dashed line of a bar chart runs through the value at the end of a bar', () => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    label: `Column ${i}`,
    value: 1.2 - i / 40,
    text: `${(1.2 - i / 40).toFixed(2)} ×`,
  }))
  for (const body of drawings(barChart({ title: 'Drift', rows, marks: [{ at: 1, label: 'limit' }] }))) {
    const line = /<path class="s dash" d="([^"]+)"/.exec(body)![1]!
    const at = Number(/^M([\d.]+) /.exec(line)![1])
    const stretches = [...line.matchAll(/ ([\d.]+)V([\d.]+)/g)].map(([, from, to]) => [Number(from), Number(to)])
    const values = [...body.matchAll(/<text class="h" x="([\d.]+)" y="([\d.]+)">([\d.]+) ×</g)]
    assert.is(values.length, 12)
    const near = values.filter(([, x]) => Number(x) < at && at < Number(x) + 24)
    assert.ok(near.length > 0, 'a value lies across the line')
    for (const [, , y, text] of near)
      assert.not(
        stretches.some(([from, to]) => from! < Number(y) - 3 && Number(y) - 3 < to!),
        `${text} × is crossed`,
      )
  }
})

test('the labels of a bottom axis stand 21 px under it, in every chart that has one', () => {
  const series = [
    { name: 'before', counts: [1, 2, 3] },
    { name: 'now', counts: [3, 2, 1] },
  ]
  const charts = [
    histogram({ title: 'h', edges: [0, 1, 2, 3], series }),
    lineChart({ title: 'l', series: [{ name: 'a', points: [[0, 0], [1, 1]] }] }), // biome-ignore format: two points
    dotChart({ title: 'd', series: [{ name: 'a' }], rows: [{ label: 'x', values: [1] }, { label: 'y', values: [2] }] }), // biome-ignore format: one row each
  ]
  for (const chart of charts)
    for (const body of drawings(chart)) {
      // A tick goes 5 px down from the axis, a rule ends at it; either stands before the labels.
      const tick = /M[\d.]+ ([\d.]+)(?:v5|V([\d.]+))"\/><text class="m c"/.exec(body)!
      const bottom = Number(tick[2] ?? tick[1])
      const labels = [...body.matchAll(/<text class="m c" x="[\d.]+" y="([\d.]+)"/g)].map(([, y]) => Number(y))
      assert.ok(labels.length > 1)
      for (const y of labels) assert.ok(Math.abs(y - bottom - 21) < 0.11, `${y} under ${bottom}`)
    }
})

test('every chart of two series has both names in one legend at its top', () => {
  const names = ['before', 'now']
  const counted = [
    { name: 'before', counts: [1, 2] },
    { name: 'now', counts: [2, 1] },
  ]
  const lines = names.map((name, i) => ({ name, points: [[0, i], [1, 1 + i]] as const })) // biome-ignore format: two points
  const narrow = { widths: [300, 440] }
  const charts = [
    histogram({ ...narrow, title: 'h', edges: [0, 1, 2], series: counted }),
    categoryBars({ ...narrow, title: 'c', categories: ['a', 'b'], series: counted }),
    dotChart({
      ...narrow,
      title: 'd',
      series: names.map((name) => ({ name })),
      rows: [{ label: 'x', values: [1, 2] }],
    }),
    lineChart({ ...narrow, title: 'l', series: lines }),
  ]
  for (const chart of charts)
    for (const name of names)
      assert.match(drawings(chart)[0]!, new RegExp(`<text class="b" x="[\\d.]+" y="(14|36)">${name}</text>`))
})

test.run()
