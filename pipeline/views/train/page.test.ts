import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { smallWorkspace } from '../../../testing/bundles.ts'
import type { TrainingSummary } from '../../models/training-summary.ts'
import { costPicture, trainView } from './page.ts'

const summary = (): TrainingSummary =>
  JSON.parse(readFileSync(join(smallWorkspace(), 'reports/train/train.json'), 'utf8')) as TrainingSummary

/** The page without its style: the font's base64 may spell anything. */
const shown = (of: TrainingSummary): string => page(trainView(of)).replace(/<style>[\s\S]*?<\/style>/, '')

test('train.json holds all that the page shows', () => {
  const found = summary()
  const text = shown(found)
  assert.not.match(text, /NaN|undefined|Infinity/)
  assert.ok(text.includes(found.model))
  for (const { label, group } of found.segments)
    assert.ok(text.includes(`${label}: ${group}`.replaceAll('&', '&amp;')), `${label}: ${group}`)
})

test('the page follows the JSON: another threshold and another costliest group are another title', () => {
  const found = summary()
  const [first, second] = found.segments
  const chosen = { ...found.threshold, chosen: 0.123 }
  const text = shown({ ...found, threshold: chosen, costliest: second ?? null })
  assert.match(text, 'The threshold is 12.3%')
  assert.match(text, `A decision costs most in the group “${second?.label}: ${second?.group}”`)
  assert.not.match(text, `costs most in the group “${first?.label}: ${first?.group}”`)
  assert.match(shown({ ...found, costliest: null }), 'Where the decisions err')
})

test('the cost of the decisions is the sum of its parts, and the titles follow the JSON', () => {
  const found = summary()
  const { confusion, costs, data, cost_ratios: lines } = found
  const lost = confusion.falseNegative * costs.falseNegative
  const forgone = confusion.falsePositive * costs.falsePositive
  assert.ok(Math.abs((lost + forgone) / data.clients - found.figures.cost.pooled) < 1e-12)
  const none = { ...confusion, falseNegative: 0, falsePositive: 5 }
  assert.match(shown({ ...found, confusion: none }), 'Approved loans that default make 0% of the cost')
  assert.match(shown({ ...found, cost_ratios: lines.slice(1, 3) }), 'Between 5:1 and 7:1')
  const rejected = { ...found.calibration_tests, rejected: ['hosmer_lemeshow' as const] }
  assert.match(shown({ ...found, calibration_tests: rejected }), 'some ranges of risk are off')
})

test('the picture of the cost is the drawing of the figure that stands in the page', () => {
  const found = summary()
  const drawing = /<rect [^>]*var\(--surface\)"\/>(.+)<\/svg>/s.exec(costPicture(found))?.[1]
  assert.ok(drawing && drawing.length > 1000, 'the picture holds a drawing')
  assert.ok(shown(found).includes(drawing))
  assert.not.ok(shown({ ...found, cost_curve: found.cost_curve.slice(0, 40) }).includes(drawing))
})

test.run()
