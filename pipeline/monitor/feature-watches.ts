/** Watches of features: of their values, and of how many are missing, with false-discovery control over the features. */
import type { Value } from '../data/applicant.ts'
import { minimum } from '../data/extremes.ts'
import { eBenjaminiHochberg } from '../drift/sequential/e-benjamini-hochberg.ts'
import { alertKinds } from './alerts.ts'
import type { Day } from './application.ts'
import { judged } from './judged.ts'
import { type Bins, binsOf, type MonitorReference } from './reference.ts'
import { shiftOf } from './share-shift-days.ts'
import { all, fewestToEnd, since, type Watch } from './watch.ts'

/** Features that moved, or whose missing share did: each with the day since which, and how far. */
interface MovedFeature {
  readonly feature: string
  readonly since?: string
  readonly distance: number | null
  readonly missing: { readonly reference: number; readonly current: number }
}

export function featureWatch(reference: MonitorReference, code: 'feature_drift' | 'missing_values'): Watch[] {
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
