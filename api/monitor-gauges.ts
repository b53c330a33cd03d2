/** The monitor's report as gauges of Prometheus: alerts, drift, estimated and realised quality, outcomes. */
import { Gauge, type Registry } from 'prom-client'
import { alertCodes, alertKinds } from '../pipeline/monitor/alerts.ts'
import { latestWindow } from '../pipeline/monitor/figures.ts'
import type { MonitorReport } from '../pipeline/monitor/report.ts'

export interface MonitorGauges {
  monitored(report: MonitorReport): void
  /** Whether the journal can be written. */
  journalDown(isDown: boolean): void
}

export function monitorGauges(registry: Registry): MonitorGauges {
  const registers = [registry]
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name, help, labelNames, registers })
  const alert = gauge('credit_alert', '1 while the alert is open (docs/runbook.md)', ['code', 'severity'])
  const verdict = gauge('credit_monitor_verdict', '1 for the verdict: valid, look or unknown', ['verdict'])
  const at = gauge('credit_monitor_timestamp_seconds', 'When the monitor last looked')
  const applications = gauge('credit_applications', 'Applications that the monitor watches')
  const moved = gauge('credit_drifted_share', 'Share of the watched features that moved, of the latest applications')
  const distance = gauge('credit_feature_drift', 'Distance of a watched feature from its reference', ['feature'])
  const rates = gauge('credit_approval_rate', 'Share approved in the latest window')
  const risk = gauge('credit_mean_risk', 'Mean probability of default in the latest window')
  const auc = gauge('credit_roc_auc', 'ROC AUC: estimated in the latest window, realised in the newest cohort', [
    'kind',
  ])
  const cost = gauge(
    'credit_cost',
    'Cost an application: estimated in the latest window, realised in the newest cohort',
    ['kind'],
  )
  const outcomes = gauge('credit_outcomes', 'Matured outcomes that are known')
  const defaults = gauge('credit_default_rate', 'Of the newest cohort with outcomes: realised, and stated before', [
    'kind',
  ])
  const set = (of: Gauge<'kind'>, kind: string, value: number | null | undefined) => {
    if (value === null || value === undefined) of.remove({ kind })
    else of.set({ kind }, value)
  }
  const journalDown = (isDown: boolean) =>
    alert.set({ code: 'journal', severity: alertKinds.journal.severity }, Number(isDown))
  journalDown(false)
  return {
    journalDown,
    monitored(report) {
      for (const code of alertCodes)
        if (code !== 'journal')
          alert.set({ code, severity: alertKinds[code].severity }, Number(report.because.includes(code)))
      for (const one of ['valid', 'look', 'unknown']) verdict.set({ verdict: one }, Number(report.verdict === one))
      at.set(Date.parse(report.at) / 1000)
      applications.set(report.applications)
      distance.reset()
      const columns = report.drift?.found.columns ?? []
      for (const { column, score } of columns) if (score !== null) distance.set({ feature: column }, score)
      moved.set(report.drift?.found.dataset.share ?? 0)
      const latest = latestWindow(report.windows)
      if (latest) {
        rates.set(latest.approved)
        risk.set(latest.risk)
      }
      const newest = report.cohorts.findLast((cohort) => cohort.outcomes > 0)
      set(auc, 'estimated', latest?.estimated.auc)
      set(auc, 'realised', newest?.auc?.estimate)
      set(cost, 'estimated', latest?.estimated.cost)
      set(cost, 'realised', newest?.cost)
      set(defaults, 'realised', newest?.rate?.estimate)
      set(defaults, 'stated', newest?.risk)
      outcomes.set(report.cohorts.reduce((sum, cohort) => sum + cohort.outcomes, 0))
    },
  }
}
