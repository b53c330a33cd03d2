/** Estimated and realised quality against NannyML, windows, cohorts and vintages against worked tables. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { z } from 'zod'
import { frame } from '../drift/nannyml.test-data.ts'
import type { Application } from './application.ts'
import { cohortsOf, vintagesOf } from './cohorts.ts'
import { windowFigures, windowOf } from './figures.ts'
import type { MonitorReference } from './reference.ts'

const reference: MonitorReference = {
  version: '0123456789ab',
  threshold: 0.5,
  costs: { falseNegative: 10, falsePositive: 1 },
  risks: [],
  features: [],
  fields: 0,
}
const now = Date.parse('2027-12-31T00:00:00Z')

const one = (over: Partial<Application>): Application => ({
  at: '2026-01-10T08:00:00.000Z',
  probability: 0.1,
  approved: true,
  latencyMs: 10,
  review: null,
  outcome: null,
  values: null,
  notes: [],
  imputed: 0,
  ...over,
})

const period = z.object({ value: z.array(z.number()), realized: z.array(z.number()) })
const oracle = z
  .object({
    chunk_size: z.int(),
    cbpe_p_cal_uncalibrated: z.object({ metrics: z.object({ roc_auc: z.object({ analysis: period }) }) }),
  })
  .parse(JSON.parse(readFileSync(new URL('../drift/oracles/nannyml.json', import.meta.url), 'utf8')))

test('ROC AUC of windows as estimated and of cohorts as realised are those of NannyML, chunk by chunk', () => {
  const { p_cal, pred_cal, y } = frame(202, 10_000, 4000)
  const applications = p_cal.map((probability, i) => {
    const month = String(Math.floor(i / oracle.chunk_size) + 1).padStart(2, '0')
    const at = `2026-${month}-03T00:00:00.000Z`
    // Everybody gets a loan, so that everybody's outcome is known.
    const review = { at, decision: 'approved', code: null } as const
    const outcome = { at: '2027-06-01T00:00:00.000Z', date: '2027-06-01', defaulted: y[i] === 1 }
    return one({ at, probability, approved: pred_cal[i] === 0, review, outcome })
  })
  const { value, realized } = oracle.cbpe_p_cal_uncalibrated.metrics.roc_auc.analysis
  const near = (found: readonly (number | null | undefined)[], wanted: readonly number[]) => {
    assert.is(found.length, wanted.length)
    wanted.forEach((want, i) => {
      assert.ok(Math.abs(found[i]! - want) < 1e-9, `${i}: ${found[i]} instead of ${want}`)
    })
  }
  near(
    windowFigures(applications, reference, 'month').map(({ estimated }) => estimated.auc),
    value,
  )
  const cohorts = cohortsOf(applications, reference, { maturity: 180, now })
  near(
    cohorts.map(({ auc }) => auc?.estimate),
    realized,
  )
  near(
    cohorts.map(({ estimatedAuc }) => estimatedAuc),
    value,
  )
})

test('a cohort counts what is approved, old enough and known, and its costs are those of the worked table', () => {
  const ended = (defaulted: boolean) => ({ at: '2026-09-01T00:00:00.000Z', date: '2026-08-30', defaulted })
  const members = [
    // approved by the model: two repaid, one defaulted (cost 10), one of whom nobody said how it ended
    one({ probability: 0.1, outcome: ended(false) }),
    one({ probability: 0.2, outcome: ended(false) }),
    one({ probability: 0.3, outcome: ended(true) }),
    one({ probability: 0.1 }),
    // declined by the model, approved by a person: repaid (cost 1), defaulted (cost 0)
    ...[false, true].map((defaulted) =>
      one({
        probability: 0.6,
        approved: false,
        review: { at: '2026-01-10T09:00:00.000Z', decision: 'approved', code: 'special' },
        outcome: ended(defaulted),
      }),
    ),
    // declined, and approved by the model but declined by a person
    one({ probability: 0.7, approved: false }),
    one({ review: { at: '2026-01-10T09:00:00.000Z', decision: 'declined', code: 'other' } }),
    // approved, known, and too young
    one({ at: '2026-01-30T00:00:00.000Z', outcome: ended(true) }),
  ]
  const [cohort, ...more] = cohortsOf(members, reference, { maturity: 180, now: Date.parse('2026-07-20T00:00:00Z') })
  assert.equal(more, [])
  assert.equal([cohort!.applications, cohort!.approved, cohort!.declined, cohort!.mature], [9, 7, 2, 6])
  // said in September, looked at in July: nothing is known yet
  assert.is(cohort!.outcomes, 0)
  const [later] = cohortsOf(members.slice(0, 8), reference, { maturity: 180, now })
  assert.equal([later!.outcomes, later!.defaults, later!.mature], [5, 2, 6])
  assert.ok(Math.abs(later!.cost! - (10 + 1) / 5) < 1e-12)
  assert.ok(Math.abs(later!.risk! - 1.8 / 5) < 1e-12)
  // p of 0.1, 0.2, 0.3 approved at a cost of 10 p, 0.6 twice declined at a cost of 1 − p
  assert.ok(Math.abs(later!.estimatedCost! - (10 * 0.6 + 2 * 0.4) / 5) < 1e-12)
})

test('a vintage grows with the age of its loans, and stops at the age of the youngest', () => {
  const defaulted = (at: string, date: string) =>
    one({ at, outcome: { at: `${date}T12:00:00.000Z`, date, defaulted: true } })
  const loans = [
    defaulted('2026-01-01T00:00:00.000Z', '2026-02-15'), // 1.5 months
    defaulted('2026-01-10T00:00:00.000Z', '2026-05-20'), // 4.3 months
    one({ at: '2026-01-20T00:00:00.000Z' }),
    one({ at: '2026-01-31T00:00:00.000Z' }),
    one({ approved: false }),
  ]
  const [vintage, ...more] = vintagesOf(loans, Date.parse('2026-07-05T00:00:00Z'))
  assert.equal(more, [])
  assert.equal(vintage, { month: '2026-01-01', loans: 4, curve: [0, 0, 0.25, 0.25, 0.25, 0.5] })
})

test('a week begins on Monday, and a window tells overrides by direction and reason', () => {
  assert.equal(
    ['2026-11-30', '2026-12-06', '2026-12-07'].map((day) => windowOf(`${day}T23:59:59.000Z`, 'week')),
    ['2026-11-30', '2026-11-30', '2026-12-07'],
  )
  const review = (decision: 'approved' | 'declined' | 'referred', code: string | null) => ({
    at: '2026-01-10T09:00:00.000Z',
    decision,
    code,
  })
  const [window] = windowFigures(
    [
      one({ review: review('declined', 'wrong') }),
      one({ approved: false, review: review('approved', 'special') }),
      one({ approved: false, review: review('approved', 'special') }),
      one({ review: review('approved', null), latencyMs: 900 }),
      one({ review: review('referred', null) }),
      one({ notes: [{ code: 'outside_range', field: 'AMT_CREDIT' }] }),
    ],
    reference,
    'week',
  )
  assert.equal(
    [window!.applications, window!.reviewed, window!.overridden],
    [6, 5, { count: 3, toApproved: 2, toDeclined: 1, reasons: { wrong: 1, special: 2 } }],
  )
  assert.equal([window!.latency.slow, window!.notes], [1, [{ code: 'outside_range', field: 'AMT_CREDIT', count: 1 }]])
})

test.run()
