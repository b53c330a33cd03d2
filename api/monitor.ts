/** The monitor of one service: looks at the journal, keeps report and alerts in it, and hands out the latest. */

import type { WindowUnit } from '../pipeline/monitor/figures.ts'
import type { MonitorReport } from '../pipeline/monitor/report.ts'
import type { Journal } from './journal/journal.ts'
import { usualMaturity } from './journal/outcomes.ts'
import { type AlertChange, keepAlerts } from './monitor-alerts.ts'
import { type KnownDetails, type MonitorEngine, readApplications } from './monitor-read.ts'

/** Under this name the journal keeps the latest report, and one process at a time looks. */
export const monitorName = 'monitor'

export interface MonitorOptions {
  readonly journal: Journal
  /** Of the model that is served. */
  readonly version: string
  /** What computes, made for each look and closed after it. */
  readonly engine: () => MonitorEngine | Promise<MonitorEngine>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly maturity?: number
  /** Of the windows; else days for two months, and weeks from then on. */
  readonly unit?: WindowUnit
  /** Called after each look that this process did, and with each newer report that another one kept. */
  readonly looked?: (report: MonitorReport, changes: readonly AlertChange[]) => void
}

export interface Monitor {
  /** Looks now, unless another process does; what that one keeps is the report then. @throws JournalError */
  look(): Promise<MonitorReport>
  /** The latest report; looks first where the journal has grown since, unless that takes long and was done a short while ago. @throws JournalError */
  report(): Promise<MonitorReport>
  /** The report of another range, which is not kept. */
  lookAt(range: { readonly from?: string | undefined; readonly until?: string | undefined }): Promise<MonitorReport>
}

const cheap = 1000 // milliseconds of a look that may be done whenever somebody asks
const patience = 10 // times what a longer one takes

export function monitorOf(o: MonitorOptions): Monitor {
  const { journal, version, maturity = usualMaturity, unit = null } = o
  const known: KnownDetails = new Map()
  let looking: Promise<MonitorReport> | null = null
  let last: { report: MonitorReport; grown: string; at: number; took: number } | null = null

  async function made(range: { from?: string | undefined; until?: string | undefined }, details: KnownDetails) {
    const engine = await o.engine()
    try {
      const versions = await readApplications(journal, engine, details, { version, ...range })
      const until = range.until === undefined ? o.now() : Math.min(o.now(), Date.parse(range.until))
      return await engine.report({ unit, maturity, now: until, versions })
    } finally {
      await engine.close()
    }
  }

  async function kept(): Promise<MonitorReport | null> {
    const found = await journal.report(monitorName)
    const report = found?.report as MonitorReport | undefined
    return report?.version === version ? report : null
  }

  async function lookOnce(): Promise<MonitorReport> {
    const begun = performance.now()
    const grown = await sizeOf(journal)
    const found = await journal.alone(monitorName, async () => {
      const report = await made({}, known)
      const changes = await keepAlerts(journal, report)
      await journal.keepReport(monitorName, { at: report.at, report })
      return { report, changes }
    })
    const report = found?.report ?? (await kept()) ?? (await made({}, known))
    last = { report, grown, at: performance.now(), took: performance.now() - begun }
    o.looked?.(report, found?.changes ?? [])
    return report
  }

  const look = () => {
    looking ??= lookOnce().finally(() => {
      looking = null
    })
    return looking
  }

  return {
    look,
    async report() {
      if (!last) return look()
      const isOld = last.took < cheap || performance.now() - last.at > patience * last.took
      return isOld && (await sizeOf(journal)) !== last.grown ? look() : last.report
    },
    lookAt: (range) => made(range, new Map()),
  }
}

/** What changes when something is recorded that the monitor looks at. */
async function sizeOf(journal: Journal): Promise<string> {
  const tables = ['predictions', 'reviews', 'outcomes', 'erasures'] as const
  return (await Promise.all(tables.map((table) => journal.last(table)))).join(' ')
}
