/** `npm run monitor`: is the model still valid? Looks at the journal, says the verdict first, keeps the alerts. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { page, percent } from 'report-kit'
import { openExistingJournal } from '../api/journal/open.ts'
import { monitorOf } from '../api/monitor.ts'
import type { AlertChange } from '../api/monitor-alerts.ts'
import { monitorEngine } from '../api/monitor-engine.ts'
import { sendWebhook } from '../api/monitor-webhook.ts'
import { readReference } from '../api/reference.ts'
import { settings } from '../api/settings.ts'
import { append } from '../pipeline/data/append.ts'
import { writeWhole } from '../pipeline/data/write-whole.ts'
import { alertKinds } from '../pipeline/monitor/alerts.ts'
import { latestWindow, type WindowUnit, windowUnits } from '../pipeline/monitor/figures.ts'
import type { MonitorReport } from '../pipeline/monitor/report.ts'
import { bundleFiles } from '../pipeline/scoring/bundle.ts'
import { Clients } from '../pipeline/scoring/clients.ts'
import { Scorer } from '../pipeline/scoring/scorer.ts'
import { monitorView } from '../pipeline/views/monitor/page.ts'
import { alertWords, verdictWords } from '../pipeline/views/monitor/words.ts'
import { UsageError } from './usage.ts'

const usage = `usage: npm run monitor [-- --from DAY] [--until DAY] [--window day|week|month] [--out DIR] [--json FILE] [--webhook URL] [--no-fail]

Says whether the model in MODEL is still valid for what the journal (JOURNAL or DATABASE_URL) has recorded: data quality, drift, decisions, defaults.
All alerts together raise at most one false alarm in ten years, however often it is run; they are kept in the journal, and /monitoring shows them.
--from, --until  days, YYYY-MM-DD, the second not included; a look at such a range keeps no alert
--window         of the figures: day, week (default) or month
--out DIR        the report as a page (index.html) and as JSON (monitor.json)
--json FILE      the JSON alone; "-" writes it to stdout
--webhook URL    told of alerts opened or resolved by this look; MONITOR_WEBHOOK_SECRET signs it
--no-fail        exit code 0 also where there is something to look at
Exit code 0: still valid, or too little to say; 3: to be looked at; 1: it could not be looked at. What each alert means and asks for: docs/runbook.md.`

const refused = (expected: string): never => {
  throw new UsageError(`expected ${expected}\n\n${usage}`)
}

function dayOf(name: string, day: string | undefined): string | undefined {
  if (day === undefined) return undefined
  const isDay = /^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))
  return isDay ? new Date(day).toISOString() : refused(`--${name} YYYY-MM-DD, found ${day}`)
}

function unitOf(text: string): WindowUnit {
  return windowUnits.find((one) => one === text) ?? refused(`--window ${windowUnits.join(', ')}, found ${text}`)
}

/** The verdict and what it rests on, line by line. */
export function monitorLines(report: MonitorReport): string[] {
  const latest = latestWindow(report.windows)
  const cohort = report.cohorts.findLast(({ outcomes }) => outcomes > 0)
  return [
    verdictWords(report).en,
    ...report.alerts
      .filter(({ resolved }) => resolved === null)
      .flatMap((alert) => [
        `  ${alert.code} (${alert.severity}), since ${alert.changePoint ?? 'unknown'}: ${alertWords(alert).en}`,
        `    at most ${alertKinds[alert.code].falseAlarms} false alarms a year; what to do: docs/runbook.md#${alert.code}`,
      ]),
    ...(latest
      ? [
          `latest ${report.unit}, from ${latest.from}: ${latest.applications} applications, ${percent(latest.approved)} approved, mean risk ${percent(latest.risk)}`,
        ]
      : []),
    cohort?.rate && cohort.risk !== null
      ? `newest cohort with outcomes, ${cohort.month.slice(0, 7)}: ${cohort.outcomes} outcomes, ${percent(cohort.rate.estimate)} defaulted, ${percent(cohort.risk)} stated`
      : `no outcome counts yet: applications are younger than ${report.maturity} days, or nobody said how they ended`,
  ]
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      from: { type: 'string' },
      until: { type: 'string' },
      window: { type: 'string', default: 'week' },
      out: { type: 'string' },
      json: { type: 'string' },
      webhook: { type: 'string' },
      'no-fail': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(usage)
    return 0
  }
  const range = { from: dayOf('from', values.from), until: dayOf('until', values.until) }
  const unit = unitOf(values.window)
  const set = settings(
    {
      ...process.env,
      HOST: '',
      API_KEYS: '',
      ...(values.webhook !== undefined && { MONITOR_WEBHOOK: values.webhook }),
    },
    process.cwd(),
  )
  if (!existsSync(join(set.model, bundleFiles.description)))
    throw new UsageError(`${set.model} (MODEL): expected the bundle of the model that is watched`)
  const reference = await readReference(set.model)
  const [scorer, clients, journal] = [Scorer.open(set.model), Clients.open(set.model), await openExistingJournal(set)]
  try {
    const changes: AlertChange[] = []
    const monitor = monitorOf({
      journal,
      version: scorer.bundle.version,
      engine: () => monitorEngine(scorer, clients, () => reference),
      now: Date.now,
      maturity: set.monitorMaturity,
      unit,
      looked: (_, found) => append(changes, found),
    })
    const isRange = range.from !== undefined || range.until !== undefined
    const report = isRange ? await monitor.lookAt(range) : await monitor.look()
    write(report, values)
    const say = (line: string) => (values.json === '-' ? console.error(line) : console.log(line))
    for (const line of monitorLines(report)) say(line)
    if (isRange) say('a look at a range: no alert was kept')
    if (set.webhook) for (const change of changes) await sendWebhook(set.webhook, change, { now: Date.now })
    return report.verdict === 'look' && !values['no-fail'] ? 3 : 0
  } finally {
    await journal.close()
    clients.close()
    scorer.close()
  }
}

function write(report: MonitorReport, { json, out }: { json?: string | undefined; out?: string | undefined }): void {
  const text = `${JSON.stringify(report, null, 2)}\n`
  const from = process.env.INIT_CWD || process.cwd()
  if (json === '-') process.stdout.write(text)
  else if (json !== undefined) writeWhole(resolve(from, json), text)
  if (out === undefined) return
  writeWhole(join(resolve(from, out), 'monitor.json'), text)
  writeWhole(join(resolve(from, out), 'index.html'), page(monitorView(report)))
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const isArgument = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

    const message = error instanceof Error ? error.message : String(error)
    console.error(isArgument ? `${message}\n\n${usage}` : message)
    process.exitCode = 1
  },
)
