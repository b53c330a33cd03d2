/** What the monitor promises: how seldom it is wrong, what it finds and since when, and one verdict with the drift report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { comparison } from '../drift/comparison.ts'
import { fileColumns } from '../drift/file.ts'
import { alertCodes, alertKinds, yearlyFalseAlarms } from './alerts.ts'
import { type Application, daysOf } from './application.ts'
import { alertsOf } from './lives.ts'
import { monitorReport } from './report.ts'
import { dayLength, riskOf, simulated, simulatedReference, start } from './simulated.test-data.ts'

const after = (days: number) => start + days * dayLength
const found = (applications: readonly Application[], days: number, maturity = 180) =>
  alertsOf(simulatedReference(), daysOf(applications, { maturity, now: after(days) }))
const codes = (alerts: readonly { code: string }[]) => alerts.map(({ code }) => code).toSorted()

test('the false alarms that the alerts state add up to one in ten years', () => {
  assert.is(Number(yearlyFalseAlarms.toFixed(12)), 0.1)
  for (const code of alertCodes)
    assert.is(alertKinds[code].statistic === null, alertKinds[code].falseAlarms === 0, code)
})

test('in 20 years of 52 weeks with 500 applications each, looked at every day, there are no more false alarms than stated', () => {
  let alarms = 0
  const raised: string[] = []
  for (let seed = 1; seed <= 20; seed++) {
    const alerts = alertsOf(
      simulatedReference(seed),
      daysOf(simulated(seed, { days: 364, volume: 71 }), { maturity: 180, now: after(364) }),
    )
    alarms += alerts.length
    raised.push(...codes(alerts))
  }
  const stated = 20 * yearlyFalseAlarms
  assert.ok(alarms <= stated + 3 * Math.sqrt(stated), `${alarms}: ${raised}`)
})

test('25% defaults at a mean risk of 8.1% on 400 matured outcomes raise the critical alert of the default rate', () => {
  const applications = simulated(3, {
    days: 20,
    volume: 20,
    risk: (next) => Math.min(0.119, 0.06 + 0.042 * next()),
    defaults: () => 0.25,
    delay: () => 100,
    overridden: 0,
  })
  const [alert, ...more] = found(applications, 220).filter(({ code }) => code === 'default_rate')
  assert.equal(more, [])
  const { severity, resolved, figures } = alert!
  assert.equal([severity, resolved], ['critical', null])
  assert.ok(Number(figures.rate) > 0.2 && Number(figures.risk) < 0.085, JSON.stringify(figures))
})

test('the same defaults alarm long before any loan is old enough, and say since when', () => {
  const applications = simulated(4, {
    days: 90,
    volume: 20,
    risk: (next) => 0.06 + 0.042 * next(),
    defaults: (risk, day) => (day > 40 ? 0.25 : risk),
    delay: (next) => 5 + 20 * next(),
    overridden: 0,
  })
  const alert = found(applications, 90, 365).find(({ code }) => code === 'early_defaults')!
  assert.is(alert.severity, 'critical')
  const day = (Date.parse(alert.changePoint!) - start) / dayLength + 1
  assert.ok(Math.abs(day - 41) <= 3, `day ${day}`)
  assert.ok((Date.parse(alert.opened) - start) / dayLength < 75, alert.opened)
  assert.equal(
    found(simulated(4, { days: 90, volume: 20, overridden: 0, delay: () => 10 }), 90, 365).map(({ code }) => code),
    [],
  )
})

test('one typo among 300 applications is a note of data quality, and no alert', () => {
  const applications = simulated(5, { days: 10, volume: 30 })
  const typed: Application = {
    ...applications[150]!,
    values: applications[150]!.values!.map((value) => (typeof value === 'number' ? 1e12 : value)),
    notes: [{ code: 'outside_range', field: 'typed' }],
  }
  const report = monitorReport(applications.with(150, typed), simulatedReference(), {
    unit: 'month',
    maturity: 365,
    now: after(10),
  })
  assert.equal([report.alerts, report.verdict], [[], 'valid'])
  assert.equal(
    report.drift!.found.columns.filter(({ drifted }) => drifted),
    [],
  )
  assert.equal(
    report.windows.at(-1)!.notes.find(({ field }) => field === 'typed'),
    {
      code: 'outside_range',
      field: 'typed',
      count: 1,
    },
  )
})

test('a drift injected on day 21 of 30 is found, within 3 days of that day, in 19 of 20 journals, and nothing else is', () => {
  let near = 0
  const others = new Set<string>()
  for (let seed = 1; seed <= 20; seed++) {
    const alerts = found(simulated(seed + 50, { days: 30, volume: 71, shift: (day) => (day < 21 ? 0 : 0.8) }), 30)
    const alert = alerts.find(({ code }) => code === 'feature_drift')
    for (const { code } of alerts) if (code !== 'feature_drift') others.add(code)
    const day = alert?.changePoint ? (Date.parse(alert.changePoint) - start) / dayLength + 1 : Number.NaN
    near += Number(Math.abs(day - 21) <= 3)
    if (alert)
      assert.equal(
        (alert.figures.features as { feature: string }[]).map(({ feature }) => feature),
        ['f0'],
      )
  }
  assert.ok(near >= 19, `${near} of 20`)
  assert.equal([...others], [])
})

test('at 8 applications a day a lasting change stays one alert, and defaults of the second half are found although they take months', () => {
  const days = 420
  const applications = simulated(12, {
    days,
    volume: 8,
    shift: () => 0.4,
    defaults: (risk, day) => (day > 210 ? risk * 3 : risk),
    delay: (next) => 20 + 100 * next(),
    overridden: 0.02,
  })
  const alerts = found(applications, days, 365)
  assert.equal(alerts.filter(({ code }) => code === 'feature_drift').length, 1)
  const early = alerts.find(({ code }) => code === 'early_defaults')!
  const began = (Date.parse(early.changePoint!) - start) / dayLength + 1
  assert.ok(Math.abs(began - 211) < 45, `day ${began}`)
})

test('a drift that ends is resolved two weeks after, and the alert is raised anew when it comes back', () => {
  const moved = (day: number) => ((day > 30 && day <= 60) || day > 120 ? 1 : 0)
  const lives = found(simulated(8, { days: 160, volume: 71, shift: moved }), 160).filter(
    ({ code }) => code === 'feature_drift',
  )
  const dayOf = (at: string | null) => (at === null ? null : Math.floor((Date.parse(at) - start) / dayLength) + 1)
  const [second, first, ...more] = lives
  assert.equal(more, [])
  assert.ok(dayOf(first!.resolved)! > 60 && dayOf(first!.resolved)! <= 90, String(first!.resolved))
  assert.ok(dayOf(second!.opened)! > 120, second!.opened)
  assert.is(second!.resolved, null)
})

test('riskier clients, reviewers who decide otherwise, a slow machine and a field in other units raise each its own alert', () => {
  const quiet = { days: 60, volume: 40 }
  const of = (seed: number, over: object) => codes(found(simulated(seed, { ...quiet, ...over }), 60))
  assert.equal(of(1, { risk: (next: () => number) => Math.min(0.4, riskOf(next) * 1.8) }), [
    'approval_rate',
    'score_drift',
  ])
  assert.equal(of(2, { overridden: 0.5 }), ['overrides'])
  assert.equal(of(3, { slow: 0.2 }), ['latency'])
  const units = simulated(4, quiet).map((one, i) =>
    i < 1200 ? one : { ...one, notes: [{ code: 'outside_range', field: 'f3' }] },
  )
  assert.equal(codes(found(units, 60)), ['data_quality'])
  const gone = simulated(5, quiet).map((one, i) => (i < 1200 ? one : { ...one, values: one.values!.with(2, null) }))
  assert.equal(codes(found(gone, 60)), ['missing_values'])
})

/** Both sides as the command reads them from CSV. */
test('monitor and drift report give the same columns the same verdict, moved or not', async () => {
  const reference = simulatedReference()
  const folder = mkdtempSync(join(tmpdir(), 'monitor-'))
  try {
    for (const shift of [0, 0.3]) {
      const applications = simulated(9, { days: 20, volume: 40, shift: () => shift })
      const { drift } = monitorReport(applications, reference, { unit: 'week', maturity: 365, now: after(20) })
      const cell = (value: unknown) => (value === null ? '' : String(value))
      const write = (file: string, rows: readonly (readonly unknown[])[]) => {
        const lines = rows.map((row) => row.map(cell).join(','))
        writeFileSync(
          join(folder, file),
          `${reference.features.map(({ name }) => name).join(',')}\n${lines.join('\n')}\n`,
        )
        return fileColumns(join(folder, file), { types: new Map(), ignore: new Set() })
      }
      const clients = reference.features[0]!.reference.map((_, i) => reference.features.map((one) => one.reference[i]))
      const single = (value: unknown) => (typeof value === 'number' ? Math.fround(value) : value)
      const [before, now] = [
        await write('before.csv', clients),
        await write(
          'now.csv',
          applications.map(({ values }) => values!.map(single)),
        ),
      ]
      const report = comparison(before.columns, now.columns, { policy: 'default', share: 0.5 }, (column) => ({
        label: column,
        group: null,
      }))
      const verdicts = (columns: readonly { column: string; drifted: boolean; score: number | null }[]) =>
        columns
          .filter(({ column }) => column !== 'probability')
          .map(({ column, drifted, score }) => [column, drifted, score])
          .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1))
      assert.equal(verdicts(drift!.found.columns), verdicts(report.columns))
      assert.is(drift!.found.dataset.verdict, report.dataset.verdict)
      assert.is(
        drift!.found.columns.some(({ column, drifted }) => column === 'f0' && drifted),
        shift > 0,
      )
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
