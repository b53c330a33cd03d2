import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Sample } from '../candidates/sample.ts'
import { madeClients } from '../made.test-data.ts'
import { golden } from '../oracles.test-data.ts'
import { rocAuc } from '../ranking.ts'
import { binningOf, binsOf, place, woeOf } from './binning.ts'
import { mergeMonotone } from './merge.ts'
import { fitScorecard, pointsOf, scoresOf } from './scorecard.ts'
import { evidence, informationValue } from './woe.ts'

const near = (a: number, b: number, tolerance = 1e-12) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b))
const rule = { bins: 6, share: 0.05, parts: 20 }

test('weights of evidence and information values are those of optbinning', () => {
  for (const { good, bad, woe, iv, total_iv } of golden().binning) {
    const bins = good.map((g, i) => ({ good: g, bad: bad[i]! }))
    const found = evidence(bins)
    found.forEach((bin, i) => {
      assert.ok(near(bin.woe, woe[i]!) && near(bin.iv, iv[i]!), `bin ${i}: ${bin.woe} ${woe[i]}`)
    })
    assert.ok(near(informationValue(bins), total_iv))
  }
})

const binned = ({ name, values, target }: ReturnType<typeof golden>['binning'][number]) => {
  const column = Float32Array.from(values, (v) => v ?? Number.NaN)
  using sample = new Sample(
    { ids: Int32Array.from(column.keys()), columns: [column], names: [name], types: ['q'] },
    Int8Array.from(target),
  )
  return binningOf(sample, 0, rule)!
}

test("the bins of a number are optbinning's optimum over the same fine bins", () => {
  const complete = golden().binning.filter(({ values }) => !values.includes(null))
  assert.is(complete.length, 2)
  for (const one of complete) {
    const { bins, iv } = binned(one)
    const known = bins.filter(({ missing }) => !missing)
    assert.equal(
      known.flatMap(({ to }) => (to === undefined ? [] : [to.toPrecision(7)])),
      one.splits.map((cut) => cut.toPrecision(7)),
      one.name,
    )
    known.forEach((bin, i) => {
      assert.equal([bin.good, bin.bad], [one.good[i], one.bad[i]], `${one.name} bin ${i}`)
    })
    assert.ok(near(iv, one.total_iv))
  }
})

// There optbinning 1.0.0 calls optimal what is not: a merge that fits its own limits has a larger information value by its own table.
test('with gaps the bins tell at least as much as those that optbinning chooses', () => {
  const one = golden().binning.find(({ values }) => values.includes(null))!
  const { bins, iv } = binned(one)
  assert.ok(iv >= one.total_iv - 1e-12, `${iv} ${one.total_iv}`)
  assert.ok(bins.some(({ missing }) => missing))
})

test('no other monotone merge has a larger information value (all are tried)', () => {
  const { fine, values, target } = golden().binning[0]!
  const ends = fine.filter((_, i) => i % 2 === 0)
  const bins = [...ends, Number.POSITIVE_INFINITY].map(() => ({ good: 0, bad: 0 }))
  values.forEach((v, i) => {
    if (v !== null) bins[place(ends, v)]![target[i] === 1 ? 'bad' : 'good']++
  })
  const limits = { most: 5, least: 300 }
  const found = mergeMonotone(bins, limits)
  let best = 0
  for (let mask = 0; mask < 1 << (bins.length - 1); mask++) {
    const merged: { good: number; bad: number }[] = [{ good: 0, bad: 0 }]
    bins.forEach((bin, i) => {
      if (i > 0 && mask & (1 << (i - 1))) merged.push({ good: 0, bad: 0 })
      const last = merged.at(-1)!
      last.good += bin.good
      last.bad += bin.bad
    })
    const rates = merged.map(({ good, bad }) => bad / (good + bad))
    const rises = rates.every((r, i) => i === 0 || r >= rates[i - 1]!)
    const falls = rates.every((r, i) => i === 0 || r <= rates[i - 1]!)
    if (merged.length > limits.most || merged.some(({ good, bad }) => good + bad < limits.least) || !(rises || falls))
      continue
    best = Math.max(best, informationValue(merged))
  }
  assert.ok(near(found.iv, best), `${found.iv} ${best}`)
})

test('every value falls into one bin, and one that training never saw says nothing', () => {
  const { matrix, target } = madeClients(3000, 3)
  using sample = new Sample(matrix, target)
  const kind = binningOf(sample, matrix.names.indexOf('kind'), rule)!
  assert.equal(kind.bins.flatMap(({ codes }) => codes ?? []).sort(), [0, 1, 2, 3])
  assert.equal(Array.from(woeOf(kind, Float32Array.of(9, Number.NaN))), [0, 0])
  const gap = binningOf(sample, matrix.names.indexOf('gap'), rule)!
  const bins = binsOf(gap, matrix.columns[matrix.names.indexOf('gap')]!)
  gap.bins.forEach((bin, b) => {
    assert.is(bins.filter((each) => each === b).length, bin.good + bin.bad)
  })
})

test('points double the odds every pdo points, and more points are less risk', () => {
  const { matrix, target } = madeClients(4000, 4)
  using sample = new Sample(matrix, target)
  using card = fitScorecard(sample, { ...rule, characteristics: 5, iv: 0.02, correlation: 0.6 })
  assert.ok(card.characteristics.length >= 2)
  assert.ok(card.characteristics.every(({ coefficient }) => coefficient < 0))
  const scale = { baseScore: 600, baseOdds: 19, pdo: 50 }
  const score = scoresOf(card, scale, matrix)
  const margin = card.margins(sample)
  // Each characteristic's points are rounded to whole ones.
  const slack = 0.5 * card.characteristics.length
  score.forEach((points, i) => {
    const odds = Math.exp(-(margin[i] as number))
    assert.ok(Math.abs(points - (600 + (50 / Math.LN2) * Math.log(odds / 19))) <= slack)
  })
  assert.ok(
    rocAuc(
      target,
      score.map((s) => -s),
    ) > 0.7,
  )
  assert.ok(pointsOf(card, scale).flat().every(Number.isInteger))
})

test.run()
