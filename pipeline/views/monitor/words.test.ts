/** Days and spans of the monitor's sentences, in both languages. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { MonitorReport } from '../../monitor/report.ts'
import { dayWords, verdictWords } from './words.ts'

test('the first of a month is said as French says it, and no other day', () => {
  assert.is(dayWords('2026-12-01', 'fr'), '1er décembre 2026')
  assert.is(dayWords('2026-12-11', 'fr'), '11 décembre 2026')
  assert.is(dayWords('2026-12-01', 'en'), '1 December 2026')
})

test('applications of one day are said to be of it, others of a span', () => {
  const words = (until: string) =>
    verdictWords({
      verdict: 'unknown',
      because: [],
      since: null,
      applications: 3,
      from: '2026-12-01',
      until,
      cohorts: [],
    } as Partial<MonitorReport> as MonitorReport)
  assert.match(words('2026-12-01').fr, /3 demandes le 1er décembre 2026\)/)
  assert.match(words('2026-12-01').en, /3 applications on 1 December 2026\)/)
  assert.match(words('2026-12-02').fr, /3 demandes du 1er décembre 2026 au 2 décembre 2026\)/)
})

test.run()
