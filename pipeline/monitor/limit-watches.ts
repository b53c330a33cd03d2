/** Watches of shares that may not exceed a limit: warned fields, overridden reviews, slow answers. */
import { minimum } from '../data/extremes.ts'
import { eBenjaminiHochberg } from '../drift/sequential/e-benjamini-hochberg.ts'
import { addCases, addEvents, type ExcessEvents, excess } from '../drift/sequential/excess-events.ts'
import { alertKinds, limits, slowMilliseconds } from './alerts.ts'
import { type Application, type Day, isOverridden } from './application.ts'
import { all, fewest, isBeyond, share, since, type Watch } from './watch.ts'

export const limitWatches = (fields: number): Watch[] => [
  dataQuality(fields),
  shareLimit('overrides', (day) => day.reviewed, isOverridden),
  shareLimit(
    'latency',
    (day) => day.applications,
    ({ latencyMs }) => latencyMs > slowMilliseconds,
  ),
]

/** The codes that are about what a field holds; the others are about what was not sent. */
const fieldNotes: readonly string[] = ['unseen_category', 'outside_range', 'unknown_history_level']

function dataQuality(fields: number): Watch {
  const limit = limits.data_quality
  const tally = (applications: readonly Application[]) => {
    const counts = new Map<string, number>()
    for (const { notes } of applications)
      for (const field of new Set(notes.filter(({ code }) => fieldNotes.includes(code)).map((note) => note.field)))
        counts.set(field, (counts.get(field) ?? 0) + 1)
    return counts
  }
  const figuresOf = (applications: readonly Application[], names: readonly string[]) => {
    const counts = tally(applications)
    return {
      fields: names.map((field) => ({ field, share: (counts.get(field) ?? 0) / Math.max(1, applications.length) })),
      limit,
    }
  }
  return {
    code: 'data_quality',
    yearly: true,
    start() {
      const states = new Map<string, ExcessEvents>()
      let empty: ExcessEvents = []
      return {
        add(day, days) {
          const counts = tally(day.applications)
          const before = empty
          empty = addCases(empty, [limit], day.applications.length)
          for (const field of new Set([...states.keys(), ...counts.keys()])) {
            const state = addCases(states.get(field) ?? before, [limit], day.applications.length)
            states.set(field, addEvents(state, state.length, counts.get(field) ?? 0))
          }
          const names = [...states.keys()]
          const found = names.map((name) => excess(states.get(name)!))
          // Fields that were never warned of have as little capital as there is, and yet are among those that could alarm.
          const others = new Array<number>(Math.max(0, fields - names.length)).fill(Number.NEGATIVE_INFINITY)
          const rejected = eBenjaminiHochberg(
            [...found.map(({ log }) => log), ...others],
            alertKinds.data_quality.falseAlarms,
          )
          const beyond = names.map((name, i) => ({ name, first: found[i]!.since })).filter((_, i) => rejected[i])
          if (beyond.length === 0) return null
          const first = minimum(beyond.map((one) => one.first))
          return {
            since: first,
            figures: figuresOf(
              all(since(days, first), 'applications'),
              beyond.map(({ name }) => name),
            ),
          }
        },
      }
    },
    lasts(days, figures) {
      const applications = all(days, 'applications')
      if (applications.length < fewest) return null
      const names = (figures.fields as readonly { field: string }[]).map(({ field }) => field)
      const now = figuresOf(applications, names)
      const still = now.fields.filter((one) => one.share > limit)
      return { lasts: still.length > 0, figures: still.length > 0 ? { ...now, fields: still } : figures }
    },
  }
}

function shareLimit(
  code: 'overrides' | 'latency',
  casesOf: (day: Day) => readonly Application[],
  hit: (one: Application) => boolean,
): Watch {
  const limit = limits[code]
  const figuresOf = (days: readonly Day[]) => {
    const cases = days.flatMap(casesOf)
    return { cases: cases.length, share: share(cases, hit), limit }
  }
  return {
    code,
    yearly: true,
    start() {
      let state: ExcessEvents = []
      return {
        add(day, days) {
          const cases = casesOf(day)
          state = addEvents(addCases(state, [limit], cases.length), state.length + 1, cases.filter(hit).length)
          const { log, since: first } = excess(state)
          return isBeyond(log, code) ? { since: first, figures: figuresOf(since(days, first)) } : null
        },
      }
    },
    lasts(days) {
      const figures = figuresOf(days)
      return figures.cases < fewest ? null : { lasts: figures.share > limit, figures }
    },
  }
}
