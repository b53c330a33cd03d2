/** The monitor's alerts as a table: what each says, by which statistic, how often it is false in a year; docs/runbook.md has an entry under each code. */

export type AlertSeverity = 'warning' | 'critical'

export interface AlertKind {
  readonly severity: AlertSeverity
  /** What must be beyond chance, however often it is looked at; null where nothing is left to chance. */
  readonly statistic: string | null
  /** False alarms in a year at most, where nothing is wrong. */
  readonly falseAlarms: number
}

export const alertKinds = {
  default_rate: {
    severity: 'critical',
    statistic:
      'e-process of outcomes against the stated risks, both ways, on matured outcomes (sequential/calibration-alarm.ts)',
    falseAlarms: 0.01,
  },
  early_defaults: {
    severity: 'critical',
    statistic:
      'e-process of defaults known so far against the stated risks of all approved loans (sequential/excess-events.ts)',
    falseAlarms: 0.01,
  },
  score_drift: {
    severity: 'warning',
    statistic:
      'e-process of the ranks of risks in deciles of the reference (sequential/share-shift.ts), and the drift report’s rule',
    falseAlarms: 0.015,
  },
  approval_rate: {
    severity: 'warning',
    statistic: 'e-process of the approved share (sequential/share-shift.ts), and five points from the reference',
    falseAlarms: 0.01,
  },
  feature_drift: {
    severity: 'warning',
    statistic:
      'e-processes of ranks by feature, false-discovery control over features (e-BH), and the drift report’s rule',
    falseAlarms: 0.02,
  },
  missing_values: {
    severity: 'warning',
    statistic:
      'e-processes of missing shares by feature, false-discovery control over features (e-BH), and the drift report’s rule',
    falseAlarms: 0.015,
  },
  data_quality: {
    severity: 'warning',
    statistic:
      'e-processes of warned applications by field against 5%, false-discovery control over fields (e-BH; sequential/excess-events.ts)',
    falseAlarms: 0.01,
  },
  overrides: {
    severity: 'warning',
    statistic: 'e-process of overridden reviews against 20% (sequential/excess-events.ts)',
    falseAlarms: 0.005,
  },
  latency: {
    severity: 'warning',
    statistic: 'e-process of answers slower than 500 ms against 5% (sequential/excess-events.ts)',
    falseAlarms: 0.005,
  },
  journal: { severity: 'critical', statistic: null, falseAlarms: 0 },
} as const satisfies Record<string, AlertKind>

export type AlertCode = keyof typeof alertKinds
export const alertCodes = Object.keys(alertKinds) as AlertCode[]

/** False alarms of all alerts together in a year at most. */
export const yearlyFalseAlarms: number = alertCodes.reduce((sum, code) => sum + alertKinds[code].falseAlarms, 0)

/** Share of a field's applications that may be warned of, of reviews overridden, of answers slower than `slowMilliseconds`. */
export const limits = { data_quality: 0.05, overrides: 0.2, latency: 0.05 } as const
export const slowMilliseconds = 500
/** By how much the approved share may differ from the reference's. */
export const approvalMargin = 0.05

/** One life of an alert. Times are ISO 8601, UTC. */
export interface Alert {
  readonly code: AlertCode
  readonly severity: AlertSeverity
  /** The last application, review or outcome that it took to raise it. */
  readonly opened: string
  /** The day in which what it tells of has most likely begun. */
  readonly changePoint: string | null
  /** Null while it lasts. */
  readonly resolved: string | null
  readonly figures: Readonly<Record<string, unknown>>
}
