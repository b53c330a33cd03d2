/** Alerts live in both journals: opened once, figures brought up to date, acknowledged, resolved; and one process at a time watches. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { OpenedAlert } from './alerts.ts'
import { startDatabase } from './database.test-data.ts'
import type { Journal } from './journal.ts'
import { openPostgresJournal } from './postgres.ts'
import { openSqliteJournal } from './sqlite.ts'

const database = await startDatabase()
const url = await database.create()

const stores: Readonly<Record<string, () => Promise<Journal>>> = {
  SQLite: async () => openSqliteJournal(':memory:'),
  PostgreSQL: () => openPostgresJournal(url),
}

const alert: OpenedAlert = {
  version: 'a41f09c2d7e3',
  code: 'calibration',
  severity: 'critical',
  opened: '2027-03-02T10:00:00.000Z',
  changePoint: '2027-02-20T00:00:00.000Z',
  resolved: null,
  figures: { defaults: 100, outcomes: 400 },
}

for (const [name, open] of Object.entries(stores)) {
  test(`${name}: an alert kept twice is one with the newer figures, and lives until it is resolved`, async () => {
    const journal = await open()
    try {
      await journal.keepAlert(alert)
      await journal.keepAlert({ ...alert, figures: { defaults: 120, outcomes: 480 } })
      await journal.keepAlert({ ...alert, code: 'latency', severity: 'warning', changePoint: null })
      const [latency, calibration, ...more] = await journal.alerts({ open: true })
      assert.equal(more, [])
      assert.equal(
        { ...calibration, position: 1 },
        {
          ...alert,
          position: 1,
          figures: { defaults: 120, outcomes: 480 },
          acknowledged: null,
        },
      )
      const acknowledged = { at: '2027-03-03T08:00:00.000Z', by: 'Ana\u0000', note: 'asked the risk team' }
      await journal.acknowledgeAlert(calibration!.position, acknowledged)
      await journal.resolveAlert(latency!.position, '2027-03-04T00:00:00.000Z')
      await journal.resolveAlert(latency!.position, '2027-03-05T00:00:00.000Z')
      const all = await journal.alerts()
      assert.equal(
        all.map(({ code, resolved, acknowledged: seen }) => [code, resolved, seen?.by, seen?.note]),
        [
          ['latency', '2027-03-04T00:00:00.000Z', undefined, undefined],
          ['calibration', null, 'Ana', 'asked the risk team'],
        ],
      )
      assert.is((await journal.alerts({ open: true })).length, 1)
    } finally {
      await journal.close()
    }
  })

  test(`${name}: the latest report under a name is what is read`, async () => {
    const journal = await open()
    try {
      assert.is(await journal.report('monitor'), null)
      await journal.keepReport('monitor', { at: '2027-03-02T10:00:00.000Z', report: { verdict: 'valid' } })
      await journal.keepReport('monitor', { at: '2027-03-02T11:00:00.000Z', report: { verdict: 'look' } })
      assert.equal(await journal.report('monitor'), { at: '2027-03-02T11:00:00.000Z', report: { verdict: 'look' } })
    } finally {
      await journal.close()
    }
  })
}

test('of two processes on one PostgreSQL one does the work, the other is told so, and after it whoever comes', async () => {
  const [one, two] = [await openPostgresJournal(url), await openPostgresJournal(url)]
  try {
    const inside = await one.alone('monitor', async () => [
      await two.alone('monitor', async () => 'two'),
      await two.alone('another', async () => 'another'),
    ])
    assert.equal(inside, [null, 'another'])
    assert.is(await two.alone('monitor', async () => 'two'), 'two')
    const failed = await one.alone('monitor', () => Promise.reject(new Error('broken'))).catch((e: Error) => e.message)
    assert.is(failed, 'broken')
    assert.is(await two.alone('monitor', async () => 'after'), 'after')
  } finally {
    await one.close()
    await two.close()
    await database.stop()
  }
})

test.run()
