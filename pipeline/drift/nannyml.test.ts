import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { interpolate, isotonic } from '../models/calibration.ts'
import { rocAuc } from '../models/ranking.ts'
import { categories, numberColumn, textColumn } from './column.ts'
import {
  alertBand,
  aucSamplingError,
  expectedAuc,
  expectedAveragePrecision,
  expectedConfusion,
  ratesOf,
} from './estimated-performance.ts'
import { type Frame, frame } from './nannyml.test-data.ts'
import { averagePrecisionError, rateErrors } from './sampling-error.ts'
import { ksBinned, wassersteinBinned } from './statistics/binned.test-data.ts'
import { binCounts, doane, shares } from './statistics/bins.ts'
import { chiSquareHomogeneity } from './statistics/chi-square.ts'
import { hellinger } from './statistics/hellinger.ts'
import { jensenShannon } from './statistics/jensen-shannon.ts'
import { ksDistance } from './statistics/kolmogorov-smirnov.ts'
import { lInfinity } from './statistics/l-infinity.ts'
import { frequencies, learnAxes, reconstructionErrors } from './statistics/reconstruction.ts'
import { wasserstein } from './statistics/wasserstein.ts'

interface Period {
  value: number[]
  realized: number[]
  sampling_error: number[]
  alert: boolean[]
}
interface Measure {
  lower_threshold: number
  upper_threshold: number
  reference: Period
  analysis: Period
}
interface Run {
  metrics: Record<string, Measure>
  isotonic: { x_thresholds: number[]; y_thresholds: number[] }
}
interface Reconstruction {
  lower_threshold: number
  upper_threshold: number
  reference: { value: number[]; sampling_error: number[] }
  analysis: { value: number[]; sampling_error: number[] }
  inside: { scaler_mean: number[]; scaler_scale: number[]; explained_variance_ratio: number[] }
}
interface Method {
  upper_threshold: number
  reference: number[]
  analysis: number[]
}

/** Printed by NannyML 0.13.1 on data that both sides make by the same generator (docs/data-sources.md#reference-numbers-of-the-tests). */
const oracle = JSON.parse(readFileSync(join(import.meta.dirname, 'oracles/nannyml.json'), 'utf8')) as {
  chunk_size: number
  checks: Record<
    'reference' | 'analysis',
    { sums_in_row_order_skipping_missing: Record<string, number>; missing_x3: number }
  >
  cbpe_p_raw: Run
  cbpe_p_cal_uncalibrated: Run
  pca_numeric: Reconstruction
  pca_mixed: Reconstruction
  univariate: { methods: Record<string, Record<string, Method>>; doane_bin_edges: Record<string, number[]> }
  univariate_exact: Record<string, Record<string, Method>>
}

const reference = frame(101, 20_000)
const analysis = frame(202, 10_000, 4000)
const chunksOf = <T>(values: readonly T[]): T[][] =>
  Array.from({ length: values.length / oracle.chunk_size }, (_, i) =>
    values.slice(i * oracle.chunk_size, (i + 1) * oracle.chunk_size),
  )

const near = (got: number, want: number, tolerance: number, what: string) =>
  assert.ok(Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want)), `${what}: ${got}, NannyML ${want}`)
const nearAll = (got: readonly number[], want: readonly number[], tolerance: number, what: string) => {
  assert.is(got.length, want.length, what)
  want.forEach((value, i) => {
    near(got[i]!, value, tolerance, `${what} [${i}]`)
  })
}

test('the generated rows are those of the oracle, to the bit', () => {
  for (const [name, made] of [
    ['reference', reference],
    ['analysis', analysis],
  ] as const)
    for (const [column, want] of Object.entries(oracle.checks[name].sums_in_row_order_skipping_missing)) {
      let sum = 0
      for (const value of made[column as 'x1']) if (!Number.isNaN(value)) sum += value
      assert.is(sum, want, `${name} ${column}`)
    }
})

test('Doane’s bins, and Jensen-Shannon (base 2) and Hellinger over them with what lies outside as a bin of its own', () => {
  for (const name of ['x1', 'x2', 'x3', 'x4'] as const) {
    const whole = numberColumn(name, reference[name]).sorted
    const edges = doane(whole)
    nearAll([...edges], oracle.univariate.doane_bin_edges[name]!, 1e-12, `${name} edges`)
    const base = shares(binCounts(whole, edges))
    const distances = (distance: (a: number[], b: number[]) => number, side: Frame) =>
      chunksOf(side[name]).map((chunk) => {
        const { sorted } = numberColumn(name, chunk)
        const inside = binCounts(sorted, edges)
        const outside = sorted.length - inside.reduce((sum, count) => sum + count, 0)
        const current = [...shares(inside, sorted.length)]
        return outside > 0
          ? distance([...base, 0], [...current, outside / sorted.length])
          : distance([...base], current)
      })
    for (const [method, distance] of [
      ['jensen_shannon', (a: number[], b: number[]) => jensenShannon(a, b, 2)],
      ['hellinger', hellinger],
    ] as const) {
      const want = oracle.univariate.methods[name]![method]!
      nearAll(distances(distance, reference), want.reference, 1e-9, `${name} ${method} reference`)
      nearAll(distances(distance, analysis), want.analysis, 1e-9, `${name} ${method} analysis`)
      near(alertBand(want.reference).upper, want.upper_threshold, 1e-9, `${name} ${method} threshold`)
    }
  }
})

test('exact Kolmogorov-Smirnov and Wasserstein distances of each chunk', () => {
  for (const name of ['x1', 'x2', 'x3', 'x4'] as const) {
    const whole = numberColumn(name, reference[name]).sorted
    const chunks = chunksOf(analysis[name]).map((chunk) => numberColumn(name, chunk).sorted)
    const want = oracle.univariate_exact[name]!
    nearAll(
      chunks.map((chunk) => ksDistance(whole, chunk)),
      want.kolmogorov_smirnov!.analysis,
      1e-12,
      `${name} KS`,
    )
    nearAll(
      chunks.map((chunk) => wasserstein(whole, chunk)),
      want.wasserstein!.analysis,
      1e-9,
      `${name} Wasserstein`,
    )
  }
})

test('Kolmogorov-Smirnov and Wasserstein distances over bins of the reference, as from 10,000 reference values on', () => {
  for (const name of ['x1', 'x2', 'x3', 'x4'] as const) {
    const whole = numberColumn(name, reference[name]).sorted
    const want = oracle.univariate.methods[name]!
    for (const [period, side] of [
      ['reference', reference],
      ['analysis', analysis],
    ] as const) {
      const chunks = chunksOf(side[name]).map((chunk) => numberColumn(name, chunk).sorted)
      nearAll(
        chunks.map((chunk) => ksBinned(whole, chunk)),
        want.kolmogorov_smirnov![period],
        1e-12,
        `${name} binned KS ${period}`,
      )
      nearAll(
        chunks.map((chunk) => wassersteinBinned(whole, chunk)),
        want.wasserstein![period],
        1e-9,
        `${name} binned Wasserstein ${period}`,
      )
    }
  }
})

test('distances of categories, with one that the reference does not have, and chi-square with Yates on two categories', () => {
  for (const name of ['c1', 'c2'] as const) {
    const whole = textColumn(name, reference[name])
    const want = oracle.univariate.methods[name]!
    for (const [period, side] of [
      ['reference', reference],
      ['analysis', analysis],
    ] as const) {
      const pairs = chunksOf(side[name]).map((chunk) => categories(whole, textColumn(name, chunk)))
      const over = (distance: (a: Float64Array, b: Float64Array) => number) =>
        pairs.map((both) => distance(shares(both.reference), shares(both.current)))
      nearAll(
        over((a, b) => jensenShannon(a, b, 2)),
        want.jensen_shannon![period],
        1e-9,
        `${name} JS ${period}`,
      )
      nearAll(over(hellinger), want.hellinger![period], 1e-9, `${name} Hellinger ${period}`)
      nearAll(over(lInfinity), want.l_infinity![period], 1e-12, `${name} L-infinity ${period}`)
      nearAll(
        pairs.map((both) => chiSquareHomogeneity(both.reference, both.current).statistic),
        want.chi2![period],
        1e-9,
        `${name} chi2 ${period}`,
      )
    }
  }
})

for (const [run, score, answers, calibrated] of [
  ['cbpe_p_raw', 'p_raw', 'pred_raw', true],
  ['cbpe_p_cal_uncalibrated', 'p_cal', 'pred_cal', false],
] as const)
  test(`estimated performance of ${run}: AUC, rates, realised values, sampling error, alerts`, () => {
    const { metrics, isotonic: knots } = oracle[run]
    const fit = isotonic(reference[score], reference.y)
    if (calibrated)
      for (let p = 0.01; p < 1; p += 0.01)
        near(
          interpolate(fit.x, fit.y, p),
          interpolate(knots.x_thresholds, knots.y_thresholds, p),
          1e-12,
          `calibration at ${p}`,
        )
    const probability = (chunk: number[]) => (calibrated ? chunk.map((p) => interpolate(fit.x, fit.y, p)) : chunk)
    for (const [period, side] of [
      ['reference', reference],
      ['analysis', analysis],
    ] as const) {
      const chunks = chunksOf(side[score]).map((raw, i) => ({
        raw,
        p: probability(raw),
        answer: chunksOf(side[answers])[i]!,
        y: chunksOf(side.y)[i]!,
      }))
      nearAll(
        chunks.map(({ raw, p }) => expectedAuc(raw, p)),
        metrics.roc_auc![period].value,
        1e-9,
        `AUC ${period}`,
      )
      nearAll(
        chunks.map(({ raw, y }) => rocAuc(y, raw)),
        metrics.roc_auc![period].realized,
        1e-9,
        `realised AUC ${period}`,
      )
      nearAll(
        chunks.map(({ raw, p }) => expectedAveragePrecision(raw, p)),
        metrics.average_precision![period].value,
        1e-7, // its counts are rounded to five digits
        `average precision ${period}`,
      )
      for (const rate of ['f1', 'precision', 'recall', 'specificity', 'accuracy'] as const) {
        const measure = metrics[rate]![period]
        nearAll(
          chunks.map(({ p, answer }) => ratesOf(expectedConfusion(p, answer))[rate]),
          measure.value,
          1e-9,
          `${rate} ${period}`,
        )
        nearAll(
          chunks.map(({ y, answer }) => ratesOf(expectedConfusion(y, answer))[rate]),
          measure.realized,
          1e-9,
          `realised ${rate} ${period}`,
        )
      }
    }
    near(
      aucSamplingError(reference.y, reference[score], oracle.chunk_size),
      metrics.roc_auc!.reference.sampling_error[0]!,
      1e-9,
      'AUC sampling error',
    )
    const errors = rateErrors(expectedConfusion(reference.y, reference[answers]), oracle.chunk_size)
    for (const rate of ['f1', 'precision', 'recall', 'specificity', 'accuracy'] as const)
      near(errors[rate], metrics[rate]!.reference.sampling_error[0]!, 1e-9, `${rate} sampling error`)
    const drawn = averagePrecisionError(reference.y, reference[score], oracle.chunk_size, 1)
    const theirs = metrics.average_precision!.reference.sampling_error[0]!
    assert.ok(Math.abs(drawn / theirs - 1) < 0.4, `average precision: ${drawn}, NannyML's own draw ${theirs}`)
    for (const [name, { lower_threshold, upper_threshold, reference: before, analysis: after }] of Object.entries(
      metrics,
    )) {
      const { lower, upper } = alertBand(before.realized)
      near(lower, lower_threshold, 1e-9, `${name} lower`)
      near(upper, upper_threshold, 1e-9, `${name} upper`)
      assert.equal(
        after.value.map((value) => value < lower || value > upper),
        after.alert,
        `${name} alerts`,
      )
    }
  })

for (const [run, names] of [
  ['pca_numeric', ['x1', 'x2', 'x4']],
  ['pca_mixed', ['x1', 'x2', 'x3', 'x4', 'c1', 'c2']],
] as const)
  test(`reconstruction error of ${run}: axes, mean of each chunk, sampling error, thresholds`, () => {
    const encoded = (side: Frame) =>
      names.map((name) =>
        name === 'c1' || name === 'c2' ? frequencies(reference[name], side[name]) : Float64Array.from(side[name]),
      )
    const want = oracle[run]
    const axes = learnAxes(encoded(reference))
    nearAll([...axes.mean], want.inside.scaler_mean, 1e-9, 'means')
    nearAll([...axes.scale], want.inside.scaler_scale, 1e-9, 'scales')
    nearAll([...axes.explained], want.inside.explained_variance_ratio, 1e-9, 'explained')
    const error = (values: number[]) => {
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length
      const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
      return { mean, error: Math.sqrt(squares / (values.length - 1)) / Math.sqrt(values.length) }
    }
    for (const [period, side] of [
      ['reference', reference],
      ['analysis', analysis],
    ] as const) {
      const chunks = chunksOf(Array.from(reconstructionErrors(axes, encoded(side)))).map(error)
      nearAll(
        chunks.map(({ mean }) => mean),
        want[period].value,
        1e-9,
        `${period} error`,
      )
      nearAll(
        chunks.map(({ error }) => error),
        want[period].sampling_error,
        1e-9,
        `${period} sampling error`,
      )
    }
    const { lower, upper } = alertBand(want.reference.value, [0, Number.POSITIVE_INFINITY])
    near(lower, want.lower_threshold, 1e-9, 'lower')
    near(upper, want.upper_threshold, 1e-9, 'upper')
  })

test('with perfect probabilities the expected confusion is the realised one', () => {
  const [y, answer] = [
    [1, 0, 1, 0],
    [1, 1, 0, 0],
  ]
  assert.equal(expectedConfusion(y, answer), { truePositive: 1, falsePositive: 1, falseNegative: 1, trueNegative: 1 })
})

test.run()
