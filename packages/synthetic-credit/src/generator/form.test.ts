import { test } from 'uvu'
import * as assert from 'uvu/assert'
import values from '../published/statistics/values.json' with { type: 'json' }
import { calibration } from './calibration.ts'
import { carAgeAt } from './car.ts'
import { type Form, FormMaker } from './form.ts'
import { hourAt } from './hours.ts'
import { Stream } from './random.ts'
import { regionAt } from './regions.ts'

const shares = Array.from({ length: 20000 }, (_, i) => (i + 0.5) / 20000)
const drawn = (group: 'train' | 'new', count: number): Form[] => {
  const [maker, stream] = [new FormMaker(calibration), new Stream()]
  return Array.from({ length: count }, (_, i) => maker.draw(stream.start(11, i, 0), group))
}
const mean = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0) / numbers.length
const quantile = (numbers: readonly number[], share: number) =>
  numbers.toSorted((a, b) => a - b)[Math.floor(share * numbers.length)]!

test('a region has one rating, and as many clients as are printed', () => {
  const found = shares.map(regionAt)
  const ratings = new Map<number, Set<number>>()
  for (const { population, rating } of found)
    ratings.set(population, (ratings.get(population) ?? new Set()).add(rating))
  assert.ok([...ratings.values()].every((of) => of.size === 1))
  const share = (of: (region: (typeof found)[number]) => boolean) => found.filter(of).length / found.length
  assert.ok(Math.abs(share(({ population }) => population === 0.035792) - 16408 / 307511) < 0.001)
  assert.ok(Math.abs(share(({ rating }) => rating === 1) - 32197 / 307511) < 0.002)
  assert.ok(Math.abs(share(({ rating }) => rating === 3) - 48330 / 307511) < 0.002)
  assert.ok(Math.abs(mean(found.map(({ population }) => population)) - 0.020868) < 0.0002)
})

test('hours and ages of cars have the published means', () => {
  assert.ok(Math.abs(mean(shares.map(hourAt)) - 12.063) < 0.1)
  assert.ok(Math.abs(mean(shares.map(carAgeAt)) - 12.061) < 0.3)
  assert.is(quantile(shares.map(carAgeAt), 0.5), 9)
})

test('nobody had a passport, a home or a job before the age for it', () => {
  for (const { ageDays, idPublish, registration, employed } of drawn('train', 3000)) {
    const years = (day: number) => (day - ageDays) / 365.25
    assert.ok(years(idPublish) >= 19.9, `passport at ${years(idPublish)}`)
    if (ageDays < -46 * 365.25) assert.ok(years(idPublish) >= 44.9, `passport at ${years(idPublish)}`)
    assert.ok(registration <= 0 && years(registration) >= 0)
    if (employed !== null) assert.ok(employed < 0 && years(employed) >= 18)
  }
})

test('a price and its insurance make up the credit, month by month', () => {
  const cash = drawn('train', 3000).filter(({ revolving }) => !revolving)
  const monthly = cash.map(({ goods, credit, term }) => (credit / goods! - 1) / term)
  for (const rate of monthly) {
    const elevenths = rate / 0.0011
    assert.ok(Math.abs(elevenths - Math.round(elevenths)) < 0.02, String(rate))
  }
  assert.ok(Math.abs(monthly.filter((rate) => rate < 1e-6).length / monthly.length - 0.3) < 0.03)
})

test('deciles of age, price and income are the printed ones', () => {
  const forms = drawn('train', 12000)
  const near = (of: (form: Form) => number, column: 'DAYS_BIRTH' | 'AMT_GOODS_PRICE' | 'AMT_INCOME_TOTAL') => {
    const numbers = forms.map(of)
    for (const [i, printed] of values.deciles[column].slice(0, 9).entries()) {
      const found = quantile(numbers, (i + 1) / 10)
      assert.ok(Math.abs(found - printed) <= 0.09 * printed, `${column} ${i + 1}: ${found} for ${printed}`)
    }
  }
  near(({ ageDays }) => -ageDays, 'DAYS_BIRTH')
  near(({ goods, credit }) => goods ?? credit, 'AMT_GOODS_PRICE')
  near(({ income }) => income, 'AMT_INCOME_TOTAL')
})

test.run()
