import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { page } from 'report-kit'
import type { Figure } from 'synthetic-credit/published'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { IngestReport } from '../../data/quality-checks.ts'
import { emptyFolder, smallPortfolio } from '../../data/small.test-data.ts'
import { ingest } from '../../ingest.ts'
import { ingestView } from './page.ts'

const reports = join(emptyFolder(), 'reports')
await ingest({ data: smallPortfolio(), portfolio: join(emptyFolder(), 'portfolio'), reports })
const report: IngestReport = JSON.parse(readFileSync(join(reports, 'ingest.json'), 'utf8'))
const figures: Figure[] = JSON.parse(readFileSync(join(reports, 'published.json'), 'utf8'))
const markup = page(ingestView(report, figures))

test('the report says in one French and one English sentence what was read, and that the data are synthetic', () => {
  assert.match(markup, /Rien n’empêche d’entraîner\s; /)
  assert.match(markup, /Nothing prevents training; .*200 clients whose outcome is known/)
  assert.match(markup, 'Synthetic data.')
  assert.ok(markup.length < 600_000)
})

test('the dictionary in the report explains every column', () => {
  for (const name of ['EXT_SOURCE_3', 'AMT_RECIVABLE', 'NFLAG_INSURED_ON_APPROVAL', 'NONLIVINGAPARTMENTS_MEDI'])
    assert.match(markup, name)
})

test('every check is worded with what was found', () => {
  const [defaults, clients] = [report.clients.defaults, report.clients.train]
  assert.match(markup, `${((100 * defaults) / clients).toFixed(2)}% are 1`)
  const changed: IngestReport = {
    ...report,
    checks: report.checks.map((check) =>
      check.check === 'ignored_columns'
        ? { ...check, found: ['bureau.csv: EXTRA'], severity: 'to know' }
        : check.check === 'unknown_clients'
          ? { ...check, found: 1234, limit: 0.25, severity: 'to know' }
          : check,
    ),
  }
  const other = page(ingestView(changed, figures))
  assert.match(other, 'bureau.csv: EXTRA')
  assert.match(other, '1,234')
  assert.match(other, 'at most 25.0% of a table')
})

test('no client stands on the page', () => {
  for (const line of readFileSync(join(smallPortfolio(), 'application_train.csv'), 'utf8').split('\n').slice(1, 60)) {
    const client = line.split(',')[0]!
    assert.not.ok(client !== '' && new RegExp(`(?<![\\d.])${client}(?!\\d)`).test(markup), client)
  }
})

test.run()
