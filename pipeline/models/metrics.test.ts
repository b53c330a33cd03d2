import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  confusion,
  costCurve,
  costInterval,
  declinesAt,
  meanCost,
  shares,
  strategyCurve,
  theoreticalThreshold,
} from './cost.ts'
import { aucInterval, refuseLeak } from './interval.ts'
import { figures } from './metrics.ts'
import { brier, expectedCalibrationError, logLoss, reliability } from './probability.ts'
import { random } from './random.ts'
import { averagePrecision, corners, gains, gini, ks, precisionRecall, rocAuc, rocCurve } from './ranking.ts'

// Printed by scikit-learn 1.9.1 and scipy 1.17.1 on data from a linear congruential generator.
const oracles = join(import.meta.dirname, 'oracles')
const expected = JSON.parse(readFileSync(join(oracles, 'metrics.json'), 'utf8'))
const pairs = readFileSync(join(oracles, 'metrics_input.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => line.split(',').map(Number))
const target = Int8Array.from(pairs, ([y]) => y as number)
const score = Float64Array.from(pairs, ([, p]) => p as number)
const costs = { falseNegative: 10, falsePositive: 1 }

const near = (found: number, wanted: number, within: number, what = '') =>
  assert.ok(Math.abs(found - wanted) <= within, `${what}: expected ${wanted}, found ${found}`)
const allNear = (found: ArrayLike<number>, wanted: readonly number[], within: number, what: string) => {
  assert.is(found.length, wanted.length, what)
  wanted.forEach((value, i) => {
    near(found[i] as number, value, within, `${what}[${i}]`)
  })
}

test('ROC AUC, Gini, KS and average precision are those of scikit-learn and scipy', () => {
  near(rocAuc(target, score), expected.roc_auc, 1e-14)
  near(gini(rocAuc(target, score)), expected.gini_2auc_minus_1, 1e-14)
  near(averagePrecision(target, score), expected.average_precision, 1e-14)
  near(ks(target, score).statistic, expected.ks_statistic, 1e-14)
  assert.is(ks(target, score).location, expected.ks_location)
})

test('KS of a perfect ranking is 1 at the highest good score, in whichever direction it ranks', () => {
  assert.equal(ks([0, 0, 1], [0.1, 0.2, 0.9]), { statistic: 1, location: 0.2 })
  assert.equal(ks([0, 1], [0.1, 0.9]), { statistic: 1, location: 0.1 })
  assert.equal(ks([1, 0], [0.1, 0.9]), { statistic: 1, location: 0.1 })
})

test('the ROC curve has every point of scikit-learn, and its corners are those that scikit-learn keeps', () => {
  const roc = rocCurve(target, score)
  allNear(roc.falsePositiveRate, expected.roc_curve_all.fpr, 1e-15, 'fpr')
  allNear(roc.truePositiveRate, expected.roc_curve_all.tpr, 1e-15, 'tpr')
  assert.equal(Array.from(roc.threshold), [Number.POSITIVE_INFINITY, ...expected.roc_curve_all.thresholds.slice(1)])
  assert.is(corners(target, score).length, expected.roc_curve_drop_intermediate.points)
})

test('Brier score, log loss, reliability and calibration error are those of scikit-learn', () => {
  near(brier(target, score), expected.brier, 1e-14)
  near(logLoss(target, score), expected.log_loss, 1e-13)
  for (const by of ['width', 'quantile'] as const) {
    const bins = reliability(target, score, { by })
    const wanted = expected[by === 'width' ? 'calibration_uniform_10' : 'calibration_quantile_10']
    const filled = bins.filter((bin) => bin.clients > 0)
    assert.equal(
      bins.map((bin) => bin.clients),
      wanted.counts_with_empty_bins,
    )
    allNear(
      filled.map((bin) => bin.observed),
      wanted.fraction_of_positives,
      1e-13,
      by,
    )
    allNear(
      filled.map((bin) => bin.predicted),
      wanted.mean_predicted,
      1e-13,
      by,
    )
    allNear([...bins.map((bin) => bin.lower), bins.at(-1)!.upper], wanted.edges, 1e-15, by)
  }
  near(expectedCalibrationError(reliability(target, score)), expected.ece_10_equal_width, 1e-14)
})

test('confusion, precision, recall and F scores at 0.1 are those of scikit-learn', () => {
  const counts = confusion(target, declinesAt(score, 0.1))
  const { tn, fp, fn, tp, precision, recall, f1, f5 } = expected['at_0.1']
  assert.equal(counts, { truePositive: tp, falsePositive: fp, falseNegative: fn, trueNegative: tn })
  near(shares(counts).precision, precision, 1e-15)
  near(shares(counts).recall, recall, 1e-15)
  near(shares(counts).f, f1, 1e-15)
  near(shares(counts, 5).f, f5, 1e-15)
})

test('the cost curve has the counts of scikit-learn at every threshold', () => {
  const wanted = expected.business_cost_10fn_1fp
  const curve = costCurve(target, score, wanted.threshold, costs)
  assert.equal(
    curve.map((point) => point.falseNegative),
    wanted.fn,
  )
  assert.equal(
    curve.map((point) => point.falsePositive),
    wanted.fp,
  )
  allNear(
    curve.map((point) => point.cost * target.length),
    wanted.cost,
    1e-9,
    'cost',
  )
})

test('the area under the ROC curve is the share of pairs in the right order, ties counted half', () => {
  const y = [1, 0, 1, 0, 0, 1]
  const s = [0.9, 0.9, 0.4, 0.4, 0.1, 0.3]
  let [sum, all] = [0, 0]
  for (const bad of s.filter((_, i) => y[i] === 1))
    for (const good of s.filter((_, i) => y[i] === 0)) {
      all++
      sum += bad > good ? 1 : bad === good ? 0.5 : 0
    }
  near(rocAuc(y, s), sum / all, 1e-15)
  near(rocAuc(y, s, [1, 1, 1, 1, 1, 1]), sum / all, 1e-15)
})

test('a whole weight counts a client as often as repeating it does', () => {
  const y = [1, 0, 1, 0]
  const s = [0.8, 0.6, 0.4, 0.2]
  near(rocAuc(y, s, [1, 3, 2, 1]), rocAuc([1, 0, 0, 0, 1, 1, 0], [0.8, 0.6, 0.6, 0.6, 0.4, 0.4, 0.2]), 1e-15)
})

test('a metric of one class is refused', () => {
  assert.throws(() => rocAuc([0, 0], [0.1, 0.2]), /both classes are needed, found 0 defaults and 2 others/)
})

test('the gain table holds every client once and captures every default', () => {
  const table = gains(target, score)
  assert.is(
    table.reduce((sum, gain) => sum + gain.clients, 0),
    target.length,
  )
  assert.is(
    table.reduce((sum, gain) => sum + gain.defaults, 0),
    expected.positives,
  )
  near(table.at(-1)!.capture, 1, 1e-15)
  assert.is(table.length, 10)
  near(table[0]!.lift, table[0]!.capture * 10, 1e-12)
})

test('precision falls to the base rate when everybody is declined', () => {
  const { precision, recall } = precisionRecall(target, score)
  near(precision.at(-1) as number, expected.positives / expected.n, 1e-15)
  assert.is(recall.at(-1), 1)
})

test("DeLong's standard error of a small sample is that of its definition over all pairs", () => {
  const y = [1, 1, 1, 0, 0, 0, 0]
  const s = [0.9, 0.5, 0.5, 0.5, 0.4, 0.6, 0.1]
  const [bad, good] = [s.slice(0, 3), s.slice(3)]
  const psi = (a: number, b: number) => (a > b ? 1 : a === b ? 0.5 : 0)
  const mean = (v: number[]) => v.reduce((p, q) => p + q, 0) / v.length
  const variance = (v: number[]) => v.reduce((sum, x) => sum + (x - mean(v)) ** 2, 0) / (v.length - 1)
  const v10 = bad.map((a) => mean(good.map((b) => psi(a, b))))
  const v01 = good.map((b) => mean(bad.map((a) => psi(a, b))))
  const found = aucInterval(y, s)
  near(found.auc, mean(v10), 1e-15)
  near(found.standardError, Math.sqrt(variance(v10) / 3 + variance(v01) / 4), 1e-15)
})

test('the leak guard speaks only when the lower bound is above the limit, and names the parameter', () => {
  refuseLeak({ auc: 0.9, lower: 0.82, upper: 0.98, standardError: 0.04 }, 0.82)
  assert.throws(
    () => refuseLeak({ auc: 0.9, lower: 0.83, upper: 0.97, standardError: 0.03 }, 0.82),
    /train\.suspicious_auc in params\.yaml/,
  )
})

test('the bootstrap interval of the cost is near the normal one, and the same twice', () => {
  const declined = declinesAt(score, 0.1)
  const cost = meanCost(confusion(target, declined), costs)
  const each = Array.from(target, (y, i) => (y === 1 ? (declined[i] ? 0 : 10) : (declined[i] as number)))
  const sd = Math.sqrt(each.reduce((sum, c) => sum + (c - cost) ** 2, 0) / each.length)
  const interval = costInterval(target, declined, costs, { draws: 2000, seed: 7 })
  near(interval.lower, cost - (1.96 * sd) / Math.sqrt(each.length), 0.003)
  near(interval.upper, cost + (1.96 * sd) / Math.sqrt(each.length), 0.003)
  assert.equal(interval, costInterval(target, declined, costs, { draws: 2000, seed: 7 }))
  const [point] = costCurve(target, score, [0.1], costs, { draws: 2000, seed: 8 })
  near(point!.lower, interval.lower, 0.003)
  near(point!.upper, interval.upper, 0.003)
})

test('the strategy curve approves nobody at 0 and everybody above 1', () => {
  const curve = strategyCurve(costCurve(target, score, [0, 1.01], costs), target.length)
  assert.equal(curve, [
    { threshold: 0, approved: 0, badRate: 0 },
    { threshold: 1.01, approved: 1, badRate: expected.positives / expected.n },
  ])
})

test('the theoretical threshold of 10 to 1 is one eleventh', () => {
  assert.is(theoreticalThreshold(costs), 1 / 11)
})

test('the figures of a run are those of the single metrics', () => {
  const all = figures(target, score, declinesAt(score, 0.1), costs)
  assert.is(all.roc_auc, rocAuc(target, score))
  near(all.cost * expected.n, expected.business_cost_10fn_1fp.cost[10], 1e-9)
  near(all.cost_accept_all, (10 * expected.positives) / expected.n, 1e-15)
  near(all.accuracy, (1930 + 508) / 5000, 1e-15)
})

test('the generator is uniform and depends on its seed alone', () => {
  const next = random(5)
  const draws = Array.from({ length: 100_000 }, next)
  near(draws.reduce((a, b) => a + b, 0) / draws.length, 0.5, 0.004)
  const tenths = Array.from({ length: 10 }, (_, i) => draws.filter((u) => Math.floor(u * 10) === i).length)
  assert.ok(tenths.every((count) => Math.abs(count - 10_000) < 400))
  const again = random(5)
  assert.ok(draws.every((u) => u === again()))
  assert.is.not(random(6)(), random(5)())
})

test.run()
