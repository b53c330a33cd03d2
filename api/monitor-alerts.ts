/** Brings the alerts that the journal keeps in line with those that the monitor finds now; says what is new and what is over. */
import type { Alert } from '../pipeline/monitor/alerts.ts'
import type { MonitorReport } from '../pipeline/monitor/report.ts'
import type { AlertRecord } from './journal/alerts.ts'
import type { Journal } from './journal/journal.ts'

export interface AlertChange {
  readonly what: 'opened' | 'resolved'
  readonly alert: Alert & { readonly version: string }
}

const never = '9999'

/** One life: the statistics are worked out anew each time, and what came late may move an opening by some days. */
const isSameLife = (record: AlertRecord, alert: Alert): boolean =>
  record.code === alert.code && record.opened <= (alert.resolved ?? never) && alert.opened <= (record.resolved ?? never)

/** @throws JournalError */
export async function keepAlerts(
  journal: Journal,
  { version, alerts, at }: Pick<MonitorReport, 'version' | 'alerts' | 'at'>,
): Promise<AlertChange[]> {
  const records = await journal.alerts()
  const own = records.filter((record) => record.version === version)
  const changes: AlertChange[] = []
  const seen = new Set<AlertRecord>()
  for (const alert of alerts) {
    const record = own.find((one) => !seen.has(one) && isSameLife(one, alert))
    if (record) seen.add(record)
    // Resolved in the journal stays resolved: its figures are those of its end.
    if (record?.resolved) continue
    await journal.keepAlert({ ...alert, version, opened: record?.opened ?? alert.opened })
    if (!record) changes.push({ what: 'opened', alert: { ...alert, version } })
    if (alert.resolved !== null) changes.push({ what: 'resolved', alert: { ...alert, version } })
  }
  // No longer found, or of a model that is not watched any more.
  for (const record of records) {
    if (record.resolved !== null || seen.has(record)) continue
    await journal.resolveAlert(record.position, at)
    const { position: _, acknowledged: __, code, ...rest } = record
    changes.push({ what: 'resolved', alert: { ...rest, code: code as Alert['code'], resolved: at } })
  }
  return changes
}
