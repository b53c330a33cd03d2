/** The paired comparison of two models keeps its identities and agrees with the definitions by brute force. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { rocAuc } from '../models/ranking.ts'
import { compare, type JudgedPair, lowerBound, placements, promotionMeasures } from './paired.ts'

const costs = { falseNegative: 10, falsePositive: 1 }
let state = 11
const random = () => {
  state = (state * 48271) % 2147483647
  return state / 2147483647
}
const clients: JudgedPair[] = Array.from({ length: 400 }, () => {
  const target = Number(random() < 0.2)
  const scored = (skill: number) => {
    const probability =
      Math.round(Math.min(0.99, Math.max(0.01, 0.2 + skill * (target - 0.2) + (random() - 0.5) / 3)) * 50) / 50
    return { probability: Math.min(0.99, Math.max(0.01, probability)), declined: probability >= 0.3 }
  }
  return { target, champion: scored(0.1), challenger: scored(0.3) }
})
const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-12, `${a} and ${b}`)

test('a model compared with itself gains nothing, surely', () => {
  const same = clients.map((client) => ({ ...client, challenger: client.champion }))
  for (const measure of promotionMeasures) {
    const { improvement, standardError } = compare(measure, same, costs)
    assert.is(improvement, 0)
    assert.is(standardError, 0)
  }
})

test('the roles exchanged, the improvement changes its sign and keeps its error', () => {
  const exchanged = clients.map(({ target, champion, challenger }) => ({
    target,
    champion: challenger,
    challenger: champion,
  }))
  for (const measure of promotionMeasures) {
    const [one, other] = [compare(measure, clients, costs), compare(measure, exchanged, costs)]
    assert.ok(one.improvement > 0, measure)
    near(one.improvement, -other.improvement)
    near(one.standardError, other.standardError)
  }
})

test('the mean of the placements of either class is the ROC AUC, ties counted half', () => {
  const target = clients.map((client) => client.target)
  const score = clients.map((client) => client.challenger.probability)
  const { bad, good } = placements(target, score)
  const auc = rocAuc(target, score)
  near(bad.reduce((a, b) => a + b) / bad.length, auc)
  near(good.reduce((a, b) => a + b) / good.length, auc)
})

test('the error of the difference of AUC is the one of the kernel summed over all pairs', () => {
  const bads = clients.filter(({ target }) => target === 1)
  const goods = clients.filter(({ target }) => target === 0)
  const kernel = (bad: JudgedPair, good: JudgedPair) => {
    const of = (name: 'champion' | 'challenger') => (Math.sign(bad[name].probability - good[name].probability) + 1) / 2
    return of('challenger') - of('champion')
  }
  const mean = (values: number[]) => values.reduce((a, b) => a + b) / values.length
  const variance = (values: number[]) =>
    values.reduce((sum, v) => sum + (v - mean(values)) ** 2, 0) / (values.length - 1)
  const ofBad = bads.map((bad) => mean(goods.map((good) => kernel(bad, good))))
  const ofGood = goods.map((good) => mean(bads.map((bad) => kernel(bad, good))))
  const { improvement, standardError } = compare('roc_auc', clients, costs)
  near(improvement, mean(ofBad))
  near(standardError, Math.sqrt(variance(ofBad) / bads.length + variance(ofGood) / goods.length))
})

test('cost counts an approved default ten times a declined good client', () => {
  const one = (target: number, champion: boolean, challenger: boolean): JudgedPair => ({
    target,
    champion: { probability: 0.5, declined: champion },
    challenger: { probability: 0.5, declined: challenger },
  })
  const { champion, challenger, improvement } = compare(
    'cost',
    [one(1, false, true), one(0, false, true), one(0, true, true)],
    costs,
  )
  assert.equal([champion, challenger, improvement], [11 / 3, 2 / 3, 3])
})

test('the lower bound at one half is the estimate and at 0.975 it is 1.96 errors below', () => {
  const found = { measure: 'cost' as const, champion: 1, challenger: 0.5, improvement: 0.5, standardError: 0.1 }
  assert.ok(Math.abs(lowerBound(found, 0.5) - 0.5) < 1e-8)
  assert.ok(Math.abs(lowerBound(found, 0.975) - (0.5 - 0.1959963984540054)) < 1e-8)
})

test.run()
