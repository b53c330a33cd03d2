import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { definitions } from '../../definitions/index.ts'
import { smallPortfolio } from '../../small-portfolio.test-data.ts'
import { sources, without } from '../check/sources.ts'
import { framesOf } from './features.ts'
import { fittedDefinitions } from './fit.ts'
import { leastSquares } from './least-squares.ts'

const frames = smallPortfolio({ clients: 300, seed: 3 })
const learnt = fittedDefinitions(definitions, framesOf(frames))

test('a fitted table holds the median of each group of training rows that has one', () => {
  const column = (name: string) => frames.application.getColumn(name).toArray() as (string | number | null)[]
  const [sector, income] = [column('ORGANIZATION_TYPE'), column('AMT_INCOME_TOTAL')]
  const groups = new Map<string, number[]>()
  for (const [row, name] of sector.entries())
    if (typeof name === 'string' && typeof income[row] === 'number')
      groups.set(name, [...(groups.get(name) ?? []), income[row]])
  const middle = (values: number[]) => {
    const sorted = values.toSorted((a, b) => a - b)
    const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)]!, sorted[Math.floor(sorted.length / 2)]!]
    return low + (high - low) * 0.5
  }
  const wanted = [...groups]
    .map(([name, values]) => [[name], middle(values)] as const)
    .sort(([[a]], [[b]]) => (a! < b! ? -1 : 1))
  assert.equal(learnt.tables.income_of_sector!.entries, wanted)
})

test('a table by two keys is sorted by them and has no entry without a value', () => {
  const { entries } = learnt.tables.ext_2_of_peers!
  assert.ok(entries.length > 20, String(entries.length))
  const keys = entries.map(([key]) => key.join('\n'))
  assert.equal(keys, keys.toSorted())
  for (const [key, value] of entries) assert.ok(key.length === 2 && value >= 0 && value <= 1)
})

test('a fitted rule is written with its predictors, and a fit with too few rows leaves the rule alone', () => {
  const { fit } = definitions.features.find(({ name }) => name === 'expected_term')!
  const anyLoan = definitions.features.map((feature) =>
    feature.fit ? { ...feature, fit: { ...feature.fit, of: 'previous' } } : feature,
  )
  const { features } = fittedDefinitions({ ...definitions, features: anyLoan }, framesOf(frames))
  const { rule } = features.find(({ name }) => name === 'expected_term')!
  for (const predictor of fit!.on) assert.ok(rule.includes(`* (${predictor})`), rule)
  const few = fittedDefinitions(definitions, framesOf(smallPortfolio({ clients: 5, seed: 3 })))
  assert.is(few.features.find(({ name }) => name === 'expected_term')!.rule, '1.3 * (AMT_CREDIT / AMT_ANNUITY)')
})

test('least squares find an exact relation, and say nothing of predictors that follow from each other', () => {
  const [a, b] = [
    Float64Array.from({ length: 200 }, (_, i) => Math.sin(i)),
    Float64Array.from({ length: 200 }, (_, i) => 1e6 * Math.cos(i * i)),
  ]
  const target = a.map((value, i) => 3 - 2 * value + 1e-6 * b[i]!)
  const [constant, first, second] = leastSquares([a, b], target)!
  assert.ok(Math.abs(constant! - 3) < 1e-9 && Math.abs(first! + 2) < 1e-9 && Math.abs(second! - 1e-6) < 1e-15)
  assert.is(leastSquares([a, a.map((value) => 2 * value)], target), null)
  assert.is(leastSquares([a, a.map(() => 7)], target), null)
  assert.is(leastSquares([a.slice(0, 30), b.slice(0, 30)], target.slice(0, 30)), null)
})

test('residuals of least squares are orthogonal to every predictor', () => {
  const [a, b] = [
    Float64Array.from({ length: 500 }, (_, i) => (i * 37) % 101),
    Float64Array.from({ length: 500 }, (_, i) => (i * 53) % 89),
  ]
  const target = a.map((value, i) => Math.sqrt(value) + ((i * 7) % 5))
  const [constant, first, second] = leastSquares([a, b], target)!
  const residuals = target.map((value, i) => value - constant! - first! * a[i]! - second! * b[i]!)
  for (const predictor of [a.map(() => 1), a, b])
    assert.ok(Math.abs(residuals.reduce((sum, value, i) => sum + value * predictor[i]!, 0)) < 1e-6)
})

test('what a fit reads is a source of every feature that uses it, so that an exclusion reaches it', () => {
  assert.ok(sources(definitions, 'implied_rate').includes('previous_application.CNT_PAYMENT'))
  assert.ok(sources(definitions, 'income_minus_sector').includes('application.ORGANIZATION_TYPE'))
  const kept = without(definitions, ['previous_application.CNT_PAYMENT'])
  assert.not(kept.features.some(({ name }) => name === 'expected_term' || name === 'implied_rate'))
  assert.not('applications' in without(definitions, ['ORGANIZATION_TYPE', 'NAME_EDUCATION_TYPE']).sets)
})

test.run()
