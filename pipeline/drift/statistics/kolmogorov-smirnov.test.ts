import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { kolmogorovTail, smirnov } from './kolmogorov.ts'
import { ksDistance, ksPValue } from './kolmogorov-smirnov.ts'

const near = (got: number, want: number, relative: number, what: string) =>
  assert.ok(Math.abs(got - want) <= relative * Math.abs(want), `${what}: ${got}, expected ${want}`)

/** n, x and `scipy.stats.kstwo.sf(x, n)` of scipy 1.17.1: every branch of its choice of method. */
const tails: [number, number, number][] = [
  [5, 0.15, 0.9988],
  [5, 0.25, 0.8446],
  [5, 0.4, 0.3087999999999995],
  [5, 0.6, 0.03008000000000001],
  [5, 0.9, 1.9999999999999978e-5],
  [30, 0.02, 1],
  [30, 0.05, 0.9999927796416472],
  [30, 0.1, 0.8960782680050898],
  [30, 0.2, 0.15796916101547398],
  [30, 0.3, 0.006852243362913235],
  [100, 0.08, 0.5182193645480672],
  [100, 0.12, 0.10330374901819939],
  [100, 0.19, 0.0012339926382722768],
  [100, 0.25, 5.408871776434847e-6],
  [140, 0.1, 0.11353657290090946],
  [140, 0.168, 0.0006361623019061495],
  [140, 0.2, 2.1981563302200222e-5],
  [141, 0.03, 0.9992107601012719],
  [141, 0.05, 0.854845693009663],
  [141, 0.08, 0.31084170879264117],
  [141, 0.12, 0.03160060527758468],
  [141, 0.15, 0.0031058623613645147],
  [141, 0.3, 9.46134771413843e-12],
  [500, 0.02, 0.9859871786857471],
  [500, 0.05, 0.15866260223815387],
  [500, 0.2, 5.256835361945869e-18],
  [909, 0.02, 0.8529586932871641],
  [909, 0.04, 0.10616075534188019],
  [909, 0.1, 2.29517873282512e-8],
  [20000, 0.003, 0.9935433419563655],
  [20000, 0.01, 0.03638603905248727],
  [20000, 0.02, 2.2181270070049744e-7],
]

test('the one-sample tail is scipy kstwo.sf in every branch', () => {
  for (const [n, x, want] of tails) near(kolmogorovTail(n, x), want, 1e-9, `n ${n}, x ${x}`)
})

/** n, m, distance and scipy's two-sample p: exact up to 10,000 a side, asymptotic beyond. */
const samples: [number, number, number, number][] = [
  [7, 7, 0.42857142857142855, 0.5751748251748252],
  [10, 4, 0.5, 0.40959040959040954],
  [13, 11, 0.4, 0.2076194322122442],
  [800, 799, 0.05, 0.2567005237498054],
  [2500, 2497, 0.03, 0.2047365097239905],
  [600, 450, 0.07, 0.15443445196373856],
  [1000, 9999, 0.03, 0.3783485592494394],
  [10001, 900, 0.03, 0.43847138532945185],
  [20000, 1000, 0.04, 0.09251358561551482],
]

test('the two-sample p-value is scipy ks_2samp, equal sizes, different sizes and asymptotic', () => {
  for (const [n, m, distance, want] of samples) near(ksPValue(distance, n, m), want, 1e-9, `n ${n}, m ${m}`)
})

test('the distance of a sample to itself is 0 and its p-value 1', () => {
  const values = Float64Array.from([1, 2, 2, 5, 9])
  assert.is(ksDistance(values, values), 0)
  assert.is(ksPValue(0, 5, 5), 1)
})

test('the distance of samples that do not overlap is 1', () => {
  assert.is(ksDistance(Float64Array.from([1, 2, 3]), Float64Array.from([4, 5])), 1)
})

test('ties across the samples are stepped over together', () => {
  assert.is(ksDistance(Float64Array.from([0, 0, 1]), Float64Array.from([0, 1, 1])), 2 / 3 - 1 / 3)
})

test('with one value, all of the one-sided tail is the straight line 1 - x', () => {
  for (const x of [0.1, 0.5, 0.9]) near(smirnov(1, x), 1 - x, 1e-14, `x ${x}`)
})

test.run()
