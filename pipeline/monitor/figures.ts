/** What each window of applications shows: volume, decisions, risk, what the model is estimated to do, overrides, data quality, latency. */
import { quantileOf } from '../data/quantile.ts'
import { costOf, expectedAuc, expectedConfusion } from '../drift/estimated-performance.ts'
import { slowMilliseconds } from './alerts.ts'
import { type Application, isOverridden } from './application.ts'
import type { MonitorReference } from './reference.ts'

export const windowUnits = ['day', 'week', 'month'] as const
export type WindowUnit = (typeof windowUnits)[number]

export interface WindowFigures {
  /** First day: YYYY-MM-DD, UTC; a week begins on Monday. */
  readonly from: string
  readonly applications: number
  /** Shares and risks: 0 to 1. */
  readonly approved: number
  readonly risk: number
  /** Confidence-based estimates (drift/estimated-performance.ts): they hold while the probabilities do. */
  readonly estimated: { readonly auc: number | null; readonly cost: number | null }
  readonly reviewed: number
  readonly overridden: {
    readonly count: number
    readonly toApproved: number
    readonly toDeclined: number
    readonly reasons: Readonly<Record<string, number>>
  }
  /** Applications warned of, by code and field, most first; and inputs that were assumed, on average. */
  readonly notes: readonly { readonly code: string; readonly field: string; readonly count: number }[]
  readonly imputed: number
  readonly latency: { readonly median: number; readonly p95: number; readonly slow: number }
}

/** The first day of the window in which a day lies. */
export function windowOf(at: string, unit: WindowUnit): string {
  const day = at.slice(0, 10)
  if (unit === 'day') return day
  if (unit === 'month') return `${day.slice(0, 7)}-01`
  const date = new Date(`${day}T00:00:00Z`)
  date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7))
  return date.toISOString().slice(0, 10)
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / Math.max(1, values.length)

/** Expected ROC AUC and cost an application, as of calibrated probabilities; null where a class cannot be expected or nothing is there. */
export function estimatedOf(
  cases: readonly Pick<Application, 'probability' | 'approved'>[],
  costs: MonitorReference['costs'],
): WindowFigures['estimated'] {
  if (cases.length === 0) return { auc: null, cost: null }
  const p = cases.map(({ probability }) => probability)
  const auc = expectedAuc(p, p)
  const declined = cases.map(({ approved }) => (approved ? 0 : 1))
  return { auc: Number.isFinite(auc) ? auc : null, cost: costOf(expectedConfusion(p, declined), costs) }
}

function countedNotes(applications: readonly Application[]): WindowFigures['notes'] {
  const counts = new Map<string, { code: string; field: string; count: number }>()
  for (const { notes } of applications)
    for (const { code, field } of notes) {
      const key = `${code} ${field}`
      const found = counts.get(key) ?? { code, field, count: 0 }
      found.count += 1
      counts.set(key, found)
    }
  return [...counts.values()].toSorted((a, b) => b.count - a.count || (a.field < b.field ? -1 : 1))
}

function figuresOf(from: string, applications: readonly Application[], { costs }: MonitorReference): WindowFigures {
  const reviewed = applications.filter(({ review }) => review !== null)
  const overridden = reviewed.filter(isOverridden)
  const reasons: Record<string, number> = {}
  for (const { review } of overridden) if (review?.code) reasons[review.code] = (reasons[review.code] ?? 0) + 1
  const latencies = applications.map(({ latencyMs }) => latencyMs)
  return {
    from,
    applications: applications.length,
    approved: mean(applications.map(({ approved }) => (approved ? 1 : 0))),
    risk: mean(applications.map(({ probability }) => probability)),
    estimated: estimatedOf(applications, costs),
    reviewed: reviewed.length,
    overridden: {
      count: overridden.length,
      toApproved: overridden.filter(({ approved }) => !approved).length,
      toDeclined: overridden.filter(({ approved }) => approved).length,
      reasons,
    },
    notes: countedNotes(applications),
    imputed: mean(applications.map(({ imputed }) => imputed)),
    latency: {
      median: latencies.length > 0 ? quantileOf(latencies, 0.5) : 0,
      p95: latencies.length > 0 ? quantileOf(latencies, 0.95) : 0,
      slow: latencies.filter((one) => one > slowMilliseconds).length,
    },
  }
}

const telling = 30 // applications

/** The latest window that says something: one that has only begun does not. */
export const latestWindow = (windows: readonly WindowFigures[]): WindowFigures | undefined =>
  windows.findLast(({ applications }) => applications >= telling) ?? windows.at(-1)

/** By window in which anything was scored, rising. */
export const windowFigures = (
  applications: readonly Application[],
  reference: MonitorReference,
  unit: WindowUnit,
): WindowFigures[] =>
  [...Map.groupBy(applications, ({ at }) => windowOf(at, unit))]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([from, members]) => figuresOf(from, members, reference))
