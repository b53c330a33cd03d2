import pl from 'nodejs-polars'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rateByAge, rateByBurden } from './bands.ts'
import { chance, trendScore } from './chance.ts'
import { numbers, type Rate, ranked, rateByBand, rateByLevel, rateOf, rateOfAll, rateOfRows } from './rate.ts'
import { bandSentence, list, trend } from './words.ts'
import { extremes, offAverage } from './work.ts'

const near = (actual: number, expected: number, tolerance = 1e-6) =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual} is not ${expected}`)
const rates = (...groups: [clients: number, defaults: number][]): Rate[] =>
  groups.map(([clients, defaults], index) => rateOf(`group ${index + 1}`, clients, defaults))

test('the interval of a rate is Wilson’s, as Newcombe prints it for 81 of 263 and 15 of 148 (Statistics in Medicine 1998, table I)', () => {
  const [first, second] = rates([263, 81], [148, 15])
  near(first?.low ?? 0, 0.2553, 5e-5)
  near(first?.high ?? 0, 0.3662, 5e-5)
  near(second?.low ?? 0, 0.0624, 5e-5)
  near(second?.high ?? 0, 0.1605, 5e-5)
})

test('no default among 20 clients leaves a rate up to 16.1% possible, and none among none anything', () => {
  near(rateOf('x', 20, 0).high, 0.1611, 5e-5)
  assert.is(rateOf('x', 20, 0).low, 0)
  assert.equal([rateOf('x', 0, 0).low, rateOf('x', 0, 0).high], [0, 1])
})

const clients = pl.DataFrame({
  TARGET: [1, 0, 1, 0, 0, 1],
  LEVEL: ['a', 'a', 'b', null, null, 'c'],
  VALUE: [1, 2, 2, 3, null, 10],
})

test('by level: the riskiest first, nulls named, small groups together only when they make a large one', () => {
  const found = rateByLevel(clients, 'LEVEL', { least: 2 })
  assert.equal(
    found.map(({ level, clients, defaults }) => [level, clients, defaults]),
    [
      ['2 small groups', 2, 2],
      ['a', 2, 1],
      ['not given', 2, 0],
    ],
  )
  assert.equal(
    rateByLevel(clients, 'LEVEL', { least: 3 }).map(({ level }) => level),
    ['4 small groups'],
  )
  assert.equal(rateByLevel(clients.filter(pl.col('LEVEL').eq(pl.lit('b'))), 'LEVEL', { least: 3 }), [])
})

test('by band: a break belongs to the band above it, empty bands and clients without the number are left out', () => {
  const found = rateByBand(clients, pl.col('VALUE'), [2, 4, 6], (from, below) => `${from}:${below}`)
  assert.equal(
    found.map(({ level, clients, defaults }) => [level, clients, defaults]),
    [
      ['null:2', 1, 1],
      ['2:4', 3, 1],
      ['6:null', 1, 1],
    ],
  )
})

test('ages are whole years: the 25th birthday opens the second band', () => {
  const day = (age: number) => -Math.ceil(age * 365.25)
  const frame = pl.DataFrame({ TARGET: [1, 0, 0], DAYS_BIRTH: [day(25) + 1, day(25), day(70)] })
  assert.equal(
    rateByAge(frame).map(({ level, clients }) => [level, clients]),
    [
      ['under 25', 1],
      ['25–29', 1],
      ['65 and over', 1],
    ],
  )
})

test('the weight of the instalment is annuity over income', () => {
  const frame = pl.DataFrame({ TARGET: [1, 0, 0], AMT_ANNUITY: [4, 10, null], AMT_INCOME_TOTAL: [100, 100, 100] })
  assert.equal(
    rateByBurden(frame).map(({ level }) => level),
    ['below 5%', '10% to 15%'],
  )
})

test('all clients together, and some of them by row', () => {
  assert.equal([rateOfAll(clients).clients, rateOfAll(clients).defaults], [6, 3])
  assert.is(rateOfRows('x', Uint32Array.of(0, 1, 2), numbers(clients, 'TARGET')).defaults, 2)
  assert.equal([...numbers(clients, 'VALUE')], [1, 2, 2, 3, Number.NaN, 10])
})

test('ranking keeps equal values in the order of the table and leaves the missing out', () => {
  const groups = ranked(Float64Array.of(5, Number.NaN, 1, 5, 2), 2)
  assert.equal(
    groups.map((group) => [...group]),
    [
      [2, 4],
      [0, 3],
    ],
  )
})

test('two groups of 100 with 10 and 20 defaults: chi-squared 3.9216, p 0.04767 (R, prop.test without correction)', () => {
  near(chance(rates([100, 10], [100, 20])), 0.04767, 1e-5)
})

test('the trend score of two groups is the signed root of chi-squared', () => {
  near(trendScore(rates([100, 10], [100, 20])), Math.sqrt(3.921569))
  near(trendScore(rates([100, 20], [100, 10])), -Math.sqrt(3.921569))
})

test('a trend over three groups agrees with the score written out: 100 clients each, 10, 15 and 20 defaults', () => {
  // T = −1·(10−15) + 0 + 1·(20−15) = 10; variance = 0.15·0.85·200 = 25.5
  near(trendScore(rates([100, 10], [100, 15], [100, 20])), 10 / Math.sqrt(25.5))
})

test('where nobody or everybody defaults there is no difference to explain', () => {
  assert.equal([chance(rates([5, 0], [5, 0])), trendScore(rates([5, 0], [5, 0]))], [1, 0])
})

test('words follow the numbers: falling, rising, without direction, nothing certain', () => {
  assert.is(
    trend(rates([1000, 120], [1000, 80], [1000, 40]), 'age'),
    'The default rate falls with age, from 12.0% (group 1) to 4.0% (group 3)',
  )
  assert.is(
    trend(rates([1000, 40], [1000, 120]), 'age'),
    'The default rate rises with age, from 4.0% (group 1) to 12.0% (group 2)',
  )
  assert.is(
    trend(rates([1000, 40], [1000, 120], [1000, 45]), 'age'),
    'The default rate differs by age, in no one direction: from 4.0% (group 1) to 12.0% (group 2)',
  )
  assert.is(trend(rates([1000, 80], [1000, 81]), 'age'), 'The default rate does not clearly change with age')
  assert.is(trend(rates([10, 1]), 'age'), 'There is one band of age only')
})

test('a tiny band at the end decides no trend', () => {
  assert.match(trend(rates([1000, 120], [1000, 40], [3, 3]), 'age'), /to 4\.0% \(group 2\)$/)
  assert.match(
    bandSentence(rates([1000, 120], [1000, 40], [3, 3])),
    /^Riskiest are \*\*group 1\*\* with 12\.0% of 1,000 clients, safest \*\*group 2\*\*.*, 3\.0 times as many\.$/,
  )
})

test('a difference that chance may explain is not reported as one', () => {
  assert.match(bandSentence(rates([50, 5], [50, 3])), /chance may explain it/)
  assert.is(extremes(rates([50, 5], [50, 3]), 'work'), 'The default rate does not clearly depend on the work')
  assert.is(
    extremes(rates([1000, 120], [1000, 40]), 'work'),
    'The default rate depends on the work: group 1 12.0%, group 2 4.0%',
  )
})

test('groups off the average are counted on both sides', () => {
  const groups = rates([1000, 120], [1000, 80], [1000, 40])
  const overall = rateOf('all', 3000, 240)
  assert.match(
    offAverage(groups, overall),
    /^More than chance explains, \*\*1\*\* of 3 groups lies above .* \(8\.0%\) and \*\*1\*\* below it; .* 67% of the clients\.$/,
  )
  assert.match(offAverage(rates([10, 1]), overall), /^None of 1 groups/)
})

test('a list reads as one', () => {
  assert.equal([list([]), list(['a']), list(['a', 'b']), list(['a', 'b', 'c'])], ['', 'a', 'a and b', 'a, b and c'])
})

test.run()
