/** Watches of outcomes against the stated risks: on matured loans both ways, and on defaults as soon as they are known. */
import { addOutcome, calibrationAlarm, logCapital } from '../drift/sequential/calibration-alarm.ts'
import { addCases, addEvents, type ExcessEvents, excess } from '../drift/sequential/excess-events.ts'
import { shareInterval } from '../models/share-interval.ts'
import { alertKinds } from './alerts.ts'
import { type Application, isApproved } from './application.ts'
import { all, fewest, isBeyond, type Watch } from './watch.ts'

const outcomesSeen = (cases: readonly Application[]) => {
  const defaults = cases.filter(({ outcome }) => outcome?.defaulted).length
  const expected = cases.reduce((sum, { probability }) => sum + probability, 0)
  return { outcomes: cases.length, defaults, expected, rate: defaults / cases.length, risk: expected / cases.length }
}

export function outcomeWatches(): Watch[] {
  return [
    {
      code: 'default_rate',
      yearly: false,
      start() {
        let state = calibrationAlarm(alertKinds.default_rate.falseAlarms)
        const known: { one: Application; day: number }[] = []
        return {
          add(day, days) {
            for (const one of day.matured) {
              known.push({ one, day: days.length })
              state = addOutcome(state, one.outcome?.defaulted ? 1 : 0, one.probability)
            }
            if (state.alarm === null || !isBeyond(logCapital(state), 'default_rate')) return null
            const first = known[(state.change ?? 1) - 1]
            const after = known.slice((state.change ?? 1) - 1).map(({ one }) => one)
            return { since: first?.day ?? 1, figures: outcomesSeen(after) }
          },
        }
      },
      lasts(days) {
        const figures = outcomesSeen(all(days, 'matured'))
        if (figures.outcomes < fewest) return null
        const { lower, upper } = shareInterval(figures.defaults, figures.outcomes)
        return { lasts: figures.risk < lower || figures.risk > upper, figures }
      },
    },
    {
      code: 'early_defaults',
      yearly: false,
      start() {
        let state: ExcessEvents = []
        const windows = new Map<Application, number>()
        return {
          add(day, days) {
            const loans = day.applications.filter(isApproved)
            state = addCases(
              state,
              loans.map(({ probability }) => probability),
            )
            for (const one of loans) windows.set(one, state.length)
            for (const one of day.defaults) {
              const window = windows.get(one)
              if (window !== undefined) state = addEvents(state, window, 1)
            }
            if (day.defaults.length === 0) return null
            const { log, since: first } = excess(state)
            if (!isBeyond(log, 'early_defaults')) return null
            const taken = all(days.slice(first - 1), 'applications').filter(isApproved)
            const defaults = state.slice(first - 1).reduce((sum, { events }) => sum + events, 0)
            const expected = taken.reduce((sum, { probability }) => sum + probability, 0)
            return { since: first, figures: { loans: taken.length, defaults, expected } }
          },
        }
      },
      // Who has defaulted stays so: it ends with the model.
      lasts: (_, figures) => ({ lasts: true, figures }),
    },
  ]
}
