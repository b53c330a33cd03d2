/** Watches of the predicted risks and of the approved share against the reference's. */
import { alertKinds, approvalMargin } from './alerts.ts'
import type { Application, Day } from './application.ts'
import { judged } from './judged.ts'
import { type Bins, type MonitorReference, numberBins } from './reference.ts'
import { shiftOf } from './share-shift-days.ts'
import { all, fewest, fewestToEnd, isBeyond, share, since, type Watch } from './watch.ts'

export function scoreWatches(reference: MonitorReference): Watch[] {
  const { threshold } = reference
  const risks = Array.from(reference.risks)
  const bins = numberBins(risks)
  const approvals = [risks.filter((risk) => risk < threshold).length, risks.filter((risk) => risk >= threshold).length]
  const expected = approvals[0]! / risks.length
  if (!bins || approvals.includes(0)) return []
  const approvalFigures = (cases: readonly Application[]) => ({
    applications: cases.length,
    approved: share(cases, ({ approved }) => approved),
    expected,
  })
  const isFar = ({ approved }: { approved: number }) => Math.abs(approved - expected) > approvalMargin
  const drifted = (days: readonly Day[]) => {
    const [column] = judged(reference, all(days, 'applications'), { score: true, features: [] }).columns
    return column && column.score !== null
      ? {
          lasts: column.drifted,
          figures: { distance: column.score, risk: column.mean?.current, expected: column.mean?.reference },
        }
      : null
  }
  return [
    {
      code: 'score_drift',
      yearly: true,
      start(seed) {
        const shift = shiftOf(bins, alertKinds.score_drift.falseAlarms, seed, (day) =>
          day.applications.map(({ probability }) => probability),
        )
        return {
          add(day, days) {
            shift.add(day)
            if (!isBeyond(shift.log(), 'score_drift')) return null
            const found = drifted(since(days, shift.since()))
            return found?.lasts ? { since: shift.since(), figures: found.figures } : null
          },
        }
      },
      lasts: (days) => (all(days, 'applications').length < fewestToEnd ? null : drifted(days)),
    },
    {
      code: 'approval_rate',
      yearly: true,
      start(seed) {
        const pair: Bins = { counts: approvals, binOf: Number }
        const shift = shiftOf(pair, alertKinds.approval_rate.falseAlarms, seed, (day) =>
          day.applications.map(({ approved }) => (approved ? 0 : 1)),
        )
        return {
          add(day, days) {
            shift.add(day)
            if (!isBeyond(shift.log(), 'approval_rate')) return null
            const figures = approvalFigures(all(since(days, shift.since()), 'applications'))
            return isFar(figures) ? { since: shift.since(), figures } : null
          },
        }
      },
      lasts(days) {
        const figures = approvalFigures(all(days, 'applications'))
        return figures.applications < fewest ? null : { lasts: isFar(figures), figures }
      },
    },
  ]
}
