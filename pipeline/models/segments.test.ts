import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { confusion, meanCost } from './cost.ts'
import { random } from './random.ts'
import { groupsOf, segments } from './segments.ts'

const next = random(1)
const n = 1000
const column = Float32Array.from({ length: n }, (_, i) => (i % 50 === 0 ? Number.NaN : next()))
const target = Int8Array.from({ length: n }, () => (next() < 0.1 ? 1 : 0))
const probability = Float64Array.from({ length: n }, () => next() / 5)
const declined = Uint8Array.from(probability, (p) => (p > 0.15 ? 1 : 0))
const costs = { falseNegative: 10, falsePositive: 1 }

test('numbers fall into four ranges of equal numbers of clients, and missing values into a group of their own', () => {
  const parts = segments(
    'x',
    groupsOf({ kind: 'number', unit: 'amount' }, column, (x) => x.toFixed(1)),
    {
      target,
      probability,
      declined,
      costs,
    },
  )
  assert.equal(
    parts.map(({ group, clients }) => [group, clients]),
    [
      ['up to 0.3', 245],
      ['above 0.3 to 0.5', 245],
      ['above 0.5 to 0.8', 245],
      ['above 0.8', 245],
      ['missing', 20],
    ],
  )
})

test('levels with few clients are counted together', () => {
  const codes = Float32Array.from({ length: n }, (_, i) => (i < 30 ? 0 : i < 60 ? 1 : 2))
  const { groups, order } = groupsOf({ kind: 'category', unit: 'text', levels: ['a', 'b', 'c'] }, codes)
  assert.equal([...new Set(groups)], ['others', 'c'])
  assert.equal(order, ['c', 'others', 'missing'])
  assert.equal(groupsOf({ kind: 'number', unit: 'flag' }, Float32Array.of(1, 0)).groups, ['yes', 'no'])
})

test('quartiles that coincide make fewer ranges, none of them empty', () => {
  const tied = Float32Array.from({ length: 100 }, (_, i) => (i < 60 ? 5 : i))
  const { groups, order } = groupsOf({ kind: 'number', unit: 'amount' }, tied)
  assert.equal(order, ['up to 5', 'above 5 to 74.25', 'above 74.25', 'missing'])
  assert.equal([...new Set(groups)], order.slice(0, 3))
})

test("the groups' clients, defaults and costs add up to those of all", () => {
  const parts = segments(
    'x',
    groupsOf({ kind: 'number', unit: 'amount' }, column, (x) => x.toFixed(1)),
    {
      target,
      probability,
      declined,
      costs,
    },
  )
  const sum = (of: (part: (typeof parts)[number]) => number) => parts.reduce((total, part) => total + of(part), 0)
  assert.is(
    sum(({ clients }) => clients),
    n,
  )
  assert.is(
    sum(({ defaults }) => defaults),
    target.reduce((a, b) => a + b, 0),
  )
  assert.ok(
    Math.abs(sum(({ cost, clients }) => cost * clients) / n - meanCost(confusion(target, declined), costs)) < 1e-12,
  )
  assert.is(parts.at(-1)?.auc, null)
})

test.run()
