/** The monitor's report: the verdict first, why and since when, then alerts, windows, drift of the latest window, cohorts and vintages. */
import type { Drift } from '../drift/compare.ts'
import { defaultMinCount } from '../drift/policy.ts'
import { type Alert, alertKinds, yearlyFalseAlarms } from './alerts.ts'
import { type Application, daysOf } from './application.ts'
import { type Cohort, cohortsOf, type Vintage, vintagesOf } from './cohorts.ts'
import { type WindowFigures, type WindowUnit, windowFigures } from './figures.ts'
import { judged } from './judged.ts'
import { alertsOf } from './lives.ts'
import type { MonitorReference } from './reference.ts'

/** still valid; to be looked at; unknown, since too little was scored. */
export type MonitorVerdict = 'valid' | 'look' | 'unknown'

export interface MonitorReport {
  /** When it was made: ISO 8601, UTC. */
  readonly at: string
  readonly version: string
  readonly verdict: MonitorVerdict
  /** Codes of the open alerts, critical ones first; none where the verdict is another. */
  readonly because: readonly Alert['code'][]
  /** The first day in which what they tell of has begun. */
  readonly since: string | null
  readonly applications: number
  /** Models that answered in this time, the latest first; only `version` is watched. */
  readonly versions: readonly VersionSpan[]
  readonly from: string | null
  readonly until: string | null
  /** False alarms of all alerts together in a year at most, where nothing is wrong. */
  readonly falseAlarms: number
  readonly alerts: readonly Alert[]
  readonly unit: WindowUnit
  readonly windows: readonly WindowFigures[]
  /** Of the latest applications against the reference, by the drift report's rule; null where there is no reference. */
  readonly drift: { readonly applications: number; readonly from: string; readonly found: Drift } | null
  readonly maturity: number
  readonly cohorts: readonly Cohort[]
  readonly vintages: readonly Vintage[]
}

export interface VersionSpan {
  readonly version: string
  readonly count: number
  readonly from: string
  readonly to: string
}

export interface ReportOptions {
  /** Null: days for two months, and weeks from then on. */
  readonly unit: WindowUnit | null
  readonly maturity: number
  /** Milliseconds since 1970. */
  readonly now: number
  readonly versions?: readonly VersionSpan[]
}

/** The latest of these days and applications are compared with the reference. */
export const latestDays = 28
export const latestApplications = 2000

const dayLength = 86_400_000 // milliseconds
const longestInDays = 60

const severities = { critical: 0, warning: 1 } as const

/** Of applications in the order in which they came. */
export function monitorReport(
  applications: readonly Application[],
  reference: MonitorReference,
  { unit: asked, maturity, now, versions = [] }: ReportOptions,
): MonitorReport {
  const [first, last] = [applications[0], applications.at(-1)]
  const span = first && last ? Date.parse(last.at) - Date.parse(first.at) : 0
  const unit = asked ?? (span > longestInDays * dayLength ? 'week' : 'day')
  const alerts = alertsOf(reference, daysOf(applications, { maturity, now }))
  const isComparable = reference.risks.length > 0
  const open = alerts
    .filter(({ resolved }) => resolved === null)
    .toSorted((a, b) => severities[a.severity] - severities[b.severity])
  const start = last ? new Date(Date.parse(last.at) - latestDays * dayLength).toISOString() : ''
  const latest = applications.filter(({ at }) => at >= start).slice(-latestApplications)
  return {
    at: new Date(now).toISOString(),
    version: reference.version,
    verdict: open.length > 0 ? 'look' : isComparable && latest.length >= defaultMinCount ? 'valid' : 'unknown',
    because: open.map(({ code }) => code),
    since: open.flatMap(({ changePoint }) => changePoint ?? []).toSorted()[0] ?? null,
    applications: applications.length,
    versions,
    from: first?.at ?? null,
    until: last?.at ?? null,
    falseAlarms: yearlyFalseAlarms,
    alerts,
    unit,
    windows: windowFigures(applications, reference, unit),
    drift:
      isComparable && latest.length > 0
        ? { applications: latest.length, from: latest[0]!.at, found: judged(reference, latest) }
        : null,
    maturity,
    cohorts: cohortsOf(applications, reference, { maturity, now }),
    vintages: vintagesOf(applications, now),
  }
}

/** Whether an alert is one that this program knows: an older or newer one may have raised it. */
export const isKnownCode = (code: string): code is Alert['code'] => Object.hasOwn(alertKinds, code)
