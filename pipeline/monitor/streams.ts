/** What each alert looks at, day by day: a sequential statistic that says when something is beyond chance, and a rule that says whether it matters. */
import type { Value } from '../data/applicant.ts'
import { minimum } from '../data/extremes.ts'
import { addOutcome, calibrationAlarm, logCapital } from '../drift/sequential/calibration-alarm.ts'
import { eBenjaminiHochberg } from '../drift/sequential/e-benjamini-hochberg.ts'
import { addCases, addEvents, type ExcessEvents, excess } from '../drift/sequential/excess-events.ts'
import { addWindow, likelyChange, type ShareShift, shareShift } from '../drift/sequential/share-shift.ts'
import { shareInterval } from '../models/share-interval.ts'
import { type AlertCode, alertKinds, approvalMargin, limits, slowMilliseconds } from './alerts.ts'
import { type Application, type Day, isApproved, isOverridden } from './application.ts'
import { judged } from './judged.ts'
import { type Bins, binsOf, type MonitorReference, numberBins } from './reference.ts'

/** Something beyond chance: since which of the days given, counted from 1, and what was seen. */
export interface StreamAlarm {
  readonly since: number
  readonly figures: Readonly<Record<string, unknown>>
}

/** One watch from its first day on; it starts anew after a year, and after an alert that is over. */
export interface Stream {
  /** After one more day: what is beyond chance and matters; null where nothing is. `days`: all days of this stream so far. */
  add(day: Day, days: readonly Day[]): StreamAlarm | null
}

export interface Watch {
  readonly code: AlertCode
  /** Starts anew each year: what it compares is known at once. Otherwise it goes on with the model, since defaults take their time. */
  readonly yearly: boolean
  start(seed: number): Stream
  /** Whether what was found still shows in later days; null: too few to say. */
  lasts(
    days: readonly Day[],
    figures: StreamAlarm['figures'],
  ): { readonly lasts: boolean; readonly figures: StreamAlarm['figures'] } | null
}

const longest = 28 // days at most by which it is judged whether something matters
const fewest = 30 // cases below which a share is not judged
const fewestToEnd = 200 // applications by which a drift may be said to be over: of fewer nothing would be beyond chance

const all = <K extends 'applications' | 'reviewed' | 'matured'>(days: readonly Day[], kind: K) =>
  days.flatMap((day) => day[kind])
const since = (days: readonly Day[], first: number) => days.slice(Math.max(first - 1, days.length - longest))
const isBeyond = (log: number, code: AlertCode) => log >= Math.log(1 / alertKinds[code].falseAlarms)
const share = <T>(cases: readonly T[], fits: (one: T) => boolean) =>
  cases.length === 0 ? 0 : cases.filter(fits).length / cases.length

export function watchesOf(reference: MonitorReference): Watch[] {
  return [
    ...defaultRate(),
    ...scoreDrift(reference),
    ...features(reference, 'feature_drift'),
    ...features(reference, 'missing_values'),
    dataQuality(reference.fields),
    shareLimit('overrides', (day) => day.reviewed, isOverridden),
    shareLimit(
      'latency',
      (day) => day.applications,
      ({ latencyMs }) => latencyMs > slowMilliseconds,
    ),
  ]
}

const outcomesSeen = (cases: readonly Application[]) => {
  const defaults = cases.filter(({ outcome }) => outcome?.defaulted).length
  const expected = cases.reduce((sum, { probability }) => sum + probability, 0)
  return { outcomes: cases.length, defaults, expected, rate: defaults / cases.length, risk: expected / cases.length }
}

function defaultRate(): Watch[] {
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

/** A share shift over days, of the bins of what each application shows. */
function shiftOf(bins: Bins, alpha: number, seed: number, valuesOf: (day: Day) => readonly Value[]) {
  let state: ShareShift = shareShift(bins.counts, alpha, seed)
  return {
    add(day: Day) {
      state = addWindow(state, valuesOf(day).map(bins.binOf))
    },
    log: () => state.log,
    since: () => likelyChange(state) ?? 1,
  }
}

function scoreDrift(reference: MonitorReference): Watch[] {
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

/** Features that moved, or whose missing share did: each with the day since which, and how far. */
interface MovedFeature {
  readonly feature: string
  readonly since?: string
  readonly distance: number | null
  readonly missing: { readonly reference: number; readonly current: number }
}

function features(reference: MonitorReference, code: 'feature_drift' | 'missing_values'): Watch[] {
  const watched = reference.features
    .map((feature, at) => ({ feature, at, bins: binsFor(code, feature) }))
    .filter((one): one is typeof one & { bins: Bins } => one.bins !== null)
  if (watched.length === 0) return []
  const valuesOf = (at: number) => (day: Day) =>
    day.applications.flatMap(({ values }): Value[] => {
      if (!values) return []
      const value = values[at] ?? null
      return code === 'missing_values' ? [value === null ? 1 : 0] : value === null ? [] : [value]
    })
  const moved = (days: readonly Day[], names: readonly string[]) => {
    const { columns } = judged(reference, all(days, 'applications'), { score: false, features: names })
    const known = code === 'missing_values' || columns.some(({ score }) => score !== null)
    const found = columns.filter((one) => (code === 'missing_values' ? one.missing.drifted : one.drifted))
    return {
      known: known && columns.some(({ values, missing }) => values.current > 0 || missing.current > 0),
      moved: found.map(
        ({ column, score, missing: { reference: before, current } }): MovedFeature => ({
          feature: column,
          distance: score,
          missing: { reference: before, current },
        }),
      ),
    }
  }
  return [
    {
      code,
      yearly: true,
      start(seed) {
        const shifts = watched.map(({ feature, at, bins }, i) => ({
          name: feature.name,
          shift: shiftOf(bins, alertKinds[code].falseAlarms, seed * 1000 + i + 1, valuesOf(at)),
        }))
        return {
          add(day, days) {
            for (const { shift } of shifts) shift.add(day)
            const rejected = eBenjaminiHochberg(
              shifts.map(({ shift }) => shift.log()),
              alertKinds[code].falseAlarms,
            )
            const beyond = shifts.filter((_, i) => rejected[i])
            const dated = beyond.flatMap(({ name, shift }) => {
              const first = shift.since()
              const [found] = moved(since(days, first), [name]).moved
              return found ? [{ ...found, first, since: days[first - 1]!.date }] : []
            })
            if (dated.length === 0) return null
            const figures = { features: dated.map(({ first: _, ...one }) => one), of: watched.length }
            return { since: minimum(dated.map(({ first }) => first)), figures }
          },
        }
      },
      lasts(days, figures) {
        if (all(days, 'applications').length < fewestToEnd) return null
        const before = figures.features as readonly MovedFeature[]
        const { known, moved: now } = moved(
          days,
          before.map(({ feature }) => feature),
        )
        if (!known) return null
        const dates = new Map(before.map(({ feature, since: date }) => [feature, date]))
        const still = now.map((one) => ({ ...one, since: dates.get(one.feature) }))
        return { lasts: still.length > 0, figures: still.length > 0 ? { ...figures, features: still } : figures }
      },
    },
  ]
}

function binsFor(code: 'feature_drift' | 'missing_values', feature: MonitorReference['features'][number]): Bins | null {
  if (code === 'feature_drift') return binsOf(feature)
  const missing = feature.reference.filter((value) => value === null).length
  return feature.reference.length === 0
    ? null
    : { counts: [feature.reference.length - missing, missing], binOf: Number }
}

/** The codes that are about what a field holds; the others are about what was not sent. */
export const fieldNotes: readonly string[] = ['unseen_category', 'outside_range', 'unknown_history_level']

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
