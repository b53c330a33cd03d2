/** `npm run monitor`: exit codes, the verdict first, what is written, and what it refuses. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { prediction } from '../api/journal/recorded.test-data.ts'
import { openSqliteJournal } from '../api/journal/sqlite.ts'
import { service } from '../api/opened.test-data.ts'
import { smallBundle } from '../testing/bundles.ts'

const bundle = smallBundle()
const { scorer, ids } = service(bundle)
const folder = mkdtempSync(join(tmpdir(), 'monitor-command-'))
const JOURNAL = join(folder, 'journal.sqlite')

const run = (...args: string[]) =>
  spawnSync(process.execPath, ['--conditions=source', 'commands/monitor.ts', ...args], {
    encoding: 'utf8',
    env: { ...process.env, MODEL: bundle, JOURNAL, INIT_CWD: folder, DATABASE_URL: '' },
  })

/** 400 loans of 8% from 40 days ago, of whom 100 have defaulted. */
async function fill(): Promise<void> {
  const journal = openSqliteJournal(JOURNAL)
  const id = (i: number) => `${String(i).padStart(10, '0')}${'A'.repeat(16)}`
  const at = new Date(Date.now() - 40 * 86_400_000).toISOString()
  const one = { version: scorer.bundle.version, at, client: ids[0]!, input: { client: ids[0]! } }
  for (let i = 0; i < 400; i++)
    await journal.record(prediction(id(i), { ...one, probability: 0.08, decision: 'approved', warnings: [] }))
  const now = new Date().toISOString()
  const ended = Array.from({ length: 100 }, (_, i) => id(i * 4))
  await journal.recordOutcomes(
    ended.map((requestId) => ({ requestId, at: now, status: 'defaulted', date: now.slice(0, 10) })),
  )
  await journal.close()
}

const kept = async () => {
  const journal = openSqliteJournal(JOURNAL)
  const alerts = await journal.alerts({ open: true })
  await journal.close()
  return alerts.map(({ code }) => code)
}

test('a journal that is not there is refused, an empty one is no alarm, and too many defaults end with 3, the verdict first and the alert kept', async () => {
  try {
    const mistyped = run()
    assert.is(mistyped.status, 1, mistyped.stdout)
    assert.match(mistyped.stderr, /journal\.sqlite: expected the journal \(JOURNAL\), and there is no such file/)
    assert.not.ok(existsSync(JOURNAL))
    await openSqliteJournal(JOURNAL).close()
    const empty = run()
    assert.is(empty.status, 0, empty.stderr)
    assert.match(empty.stdout, /^Unknown: too few applications/)
    await fill()
    const range = run('--until', '2000-01-01')
    assert.is(range.status, 0, range.stderr)
    assert.match(range.stdout, /^Unknown: .*\n(.*\n)*a look at a range: no alert was kept\n$/)
    assert.equal(await kept(), [])
    const found = run('--out', 'out', '--json', 'monitor.json')
    assert.is(found.status, 3, found.stderr)
    assert.match(found.stdout, /^To be looked at: \d+ open alerts?, since /)
    assert.match(
      found.stdout,
      /early_defaults \(critical\), since \d{4}-\d\d-\d\d: 100 of 400 loans have already defaulted, where the model expected 32/,
    )
    assert.ok((await kept()).includes('early_defaults'))
    const report = JSON.parse(readFileSync(join(folder, 'monitor.json'), 'utf8')) as { verdict: string }
    assert.is(report.verdict, 'look')
    assert.ok(existsSync(join(folder, 'out', 'monitor.json')))
    assert.match(readFileSync(join(folder, 'out', 'index.html'), 'utf8'), /Is the model still valid\?/)
    const told = run('--no-fail', '--json', '-')
    assert.is(told.status, 0)
    assert.is((JSON.parse(told.stdout) as { applications: number }).applications, 400)
    for (const [args, expected] of [
      [['--from', 'yesterday'], /expected --from YYYY-MM-DD, found yesterday/],
      [['--window', 'year'], /expected --window day, week, month, found year/],
      [['--webhook', 'http://example.test'], /MONITOR_WEBHOOK: expected https/],
      [['--strange'], /usage: npm run monitor/],
    ] as const) {
      const refused = run(...args)
      assert.is(refused.status, 1, args.join(' '))
      assert.match(refused.stderr, expected)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
