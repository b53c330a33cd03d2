/** The reference portfolio of the bundle: quantiles, ranks, spreads. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { portfolioOf, rank } from './reference.ts'

test('a rank is the share of values strictly below', () => {
  const values = [0.1, 0.2, 0.2, 0.4]
  assert.equal(
    [0, 0.1, 0.15, 0.2, 0.3, 0.4, 1].map((value) => rank(values, value)),
    [0, 0, 0.25, 0.25, 0.75, 0.75, 1],
  )
  assert.is(rank([], 0.5), 0)
})

test('a portfolio holds its risks in order and the spread of what is known', () => {
  const portfolio = portfolioOf([0.3, 0.1, 0.2000004], { late: [0, 3, 0, null, Number.NaN], none: [null, null, null] })
  assert.equal(portfolio.risks, [0.1, 0.2, 0.3])
  assert.equal(Object.keys(portfolio.spreads), ['late'])
  assert.equal([portfolio.spreads.late?.mode, portfolio.spreads.late?.p75, portfolio.spreads.late?.count], [0, 1.5, 3])
})

test.run()
