/** What the journal keeps of the monitor: alerts with their lives, and its latest report; nothing of any applicant. */
import { z } from 'zod'

export const alertSeverities = ['warning', 'critical'] as const

/** An alert as the monitor raises it. Times are ISO 8601, UTC. */
export interface OpenedAlert {
  /** Of the model that was watched. */
  readonly version: string
  /** One of the monitor's table of alerts (pipeline/monitor/alerts.ts), by whatever version of the program it was raised. */
  readonly code: string
  readonly severity: (typeof alertSeverities)[number]
  /** The last application or outcome that it took to raise it. */
  readonly opened: string
  /** When what it tells of is estimated to have begun; null where that is no question. */
  readonly changePoint: string | null
  /** When it was over; null while it lasts. */
  readonly resolved: string | null
  /** Of the window in which it was opened or last seen. */
  readonly figures: Readonly<Record<string, unknown>>
}

export interface AlertRecord extends OpenedAlert {
  readonly position: number
  readonly acknowledged: { readonly at: string; readonly by: string; readonly note: string } | null
}

export interface KeptReport {
  readonly at: string
  readonly report: unknown
}

const alertRow = z.object({
  position: z.coerce.number(),
  version: z.string(),
  code: z.string(),
  severity: z.enum(alertSeverities),
  opened: z.string(),
  change_point: z.string().nullable(),
  resolved: z.string().nullable(),
  acknowledged: z.string().nullable(),
  acknowledged_by: z.string().nullable(),
  note: z.string().nullable(),
  figures: z.string(),
})
const figuresOf = z.record(z.string(), z.unknown())

export function alertOf(row: unknown): AlertRecord {
  const { change_point, acknowledged, acknowledged_by, note, figures, ...rest } = alertRow.parse(row)
  return {
    ...rest,
    changePoint: change_point,
    figures: figuresOf.parse(JSON.parse(figures)),
    acknowledged: acknowledged === null ? null : { at: acknowledged, by: acknowledged_by ?? '', note: note ?? '' },
  }
}

const reportRow = z.object({ at: z.string(), report: z.string() })

export function keptReportOf(row: unknown): KeptReport {
  const { at, report } = reportRow.parse(row)
  return { at, report: JSON.parse(report) }
}
