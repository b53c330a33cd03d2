import { page } from 'report-kit'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { metricsOf } from '../../drift/findings.ts'
import { exampleFindings, wholeFindings } from './example.test-data.ts'
import { driftView } from './page.ts'
import { verdictWords } from './verdict.ts'

const small = exampleFindings(6)
const markup = page(driftView(small))

test('the verdict stands in words first, in French then in English', () => {
  const fr = markup.indexOf('Les données tiennent')
  const en = markup.indexOf('The data hold: 2 of 6 columns have moved')
  assert.ok(fr > 0 && en > fr && en < markup.indexOf('<section'))
})

test('a mean risk that reads the same has stayed, one that does not has gone from one value to the other', () => {
  const words = (reference: number, current: number) => {
    const found = wholeFindings(6)
    const score = { ...found.score!, mean: { ...found.score!.mean, reference, current } }
    return verdictWords({ ...found, score })
  }
  assert.match(words(0.0761, 0.0763).fr, /le risque moyen reste à 7,6/)
  assert.match(words(0.0761, 0.0763).en, 'the mean risk stays at 7.6%')
  assert.match(words(0.0761, 0.0822).en, 'the mean risk goes from 7.6% to 8.2%')
})

test('the table lists every column, worst first, drifted ones before the others', () => {
  const table = markup.slice(markup.indexOf('id="all-columns"'))
  const places = small.columns.map(({ column }) => table.indexOf(`<code>${column}</code>`))
  assert.ok(places.every((place, i) => place > 0 && (i === 0 || place > places[i - 1]!)))
  assert.equal(
    small.columns.slice(0, 2).map(({ drifted }) => drifted),
    [true, true],
  )
})

test('a share of missing values that moved is reported though the usual tests cannot see it', () => {
  assert.match(markup, /Missing values moved in 1 column/)
  assert.match(markup, /Label of COLUMN_1: 0% missing before, \d\d% now/)
})

test('names from the data cannot become markup', () => {
  assert.not.match(markup, /<b>odd/)
  assert.match(markup, /&lt;b&gt;odd/)
})

test('a page of 121 columns with every section stays under 600 kB and is the same every time', () => {
  const whole = page(driftView(wholeFindings(121)))
  for (const section of [
    'score',
    'performance',
    'moved',
    'missing',
    'columns',
    'features',
    'together',
    'power',
    'method',
  ])
    assert.match(whole, `<section class="card" id="${section}">`)
  assert.ok(Buffer.byteLength(whole) < 600_000, `${Buffer.byteLength(whole)} bytes`)
  assert.is(whole, page(driftView(wholeFindings(121))))
})

test('outcomes that are known stand beside what was expected, and in the metrics', () => {
  const whole = wholeFindings(6)
  const { cost, outcomes } = whole.score!.performance
  assert.match(page(driftView(whole)), /Of 1,000 known outcomes a file cost 0\.\d{3}; 0\.\d{3} was expected/)
  const metrics = metricsOf(whole)
  assert.equal([metrics.score_outcomes, metrics.score_realised_cost], [outcomes, cost.realised])
  assert.ok(!('score_realised_cost' in metricsOf(small)))
})

test('the metrics are flat numbers', () => {
  const metrics = metricsOf(small)
  assert.equal([metrics.columns, metrics.drifted, metrics.missing_drifted, metrics.verdict], [6, 2, 1, 0])
  assert.ok(Object.values(metrics).every(Number.isFinite))
})

test.run()
