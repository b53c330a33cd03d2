/**
 * How often a policy raises a false alarm and how often it detects a change: drift measured between parts of one population, as it is and with a known
 * change put in. The reference is a fixed half of the clients (at most `reference` rows), windows are drawn from the other half.
 */
import { random, shuffled } from '../models/random.ts'
import { type Change, changes, missingPoints, shiftable, shifts, tripled, withRare } from './changes.ts'
import type { DriftColumn } from './column.ts'
import { pairOf } from './column-pair.ts'
import { falseDiscovery } from './false-discovery.ts'
import { missingBand, missingP } from './missing.ts'
import { isDrifted, type Scored, scored } from './policy.ts'
import { type PoolColumn, taken } from './pool.ts'
import type { Policy } from './result.ts'
import { robustDeviation } from './statistics/normal-scores.ts'

export interface PowerOptions {
  readonly windows: readonly number[]
  readonly runs: number
  readonly seed: number
  /** Rows of the reference, at most. */
  readonly reference: number
  /** Columns that each change is tried on, at most. */
  readonly columns: number
  readonly onWindow?: (window: number) => void
}

type Rates = Readonly<Record<Policy, number>>

export interface WindowPower {
  readonly window: number
  readonly runs: number
  /** Share of (column, run) called drifted, in value or in missing share, though nothing moved. */
  readonly false_alarms: Rates
  /** Share of runs with at least one column called drifted though nothing moved. */
  readonly any_false_alarm: Rates
  /** Share of (column, run) with the change in it called drifted; a missing share counts as seen by the policy that tests it. */
  readonly detected: Readonly<Record<Change, Rates>>
  /** Columns that each change was put into. */
  readonly columns: Readonly<Record<Change, number>>
}

const policies = ['default', 'evidently'] as const
const zero = (): Record<Policy, number> => ({ default: 0, evidently: 0 })
const byChange = <T>(make: (change: Change) => T): Record<Change, T> =>
  Object.fromEntries(changes.map((change) => [change, make(change)])) as Record<Change, T>
const ratesOf = (counts: Record<Policy, number>, of: number): Rates => ({
  default: of ? counts.default / of : 0,
  evidently: of ? counts.evidently / of : 0,
})

/** One column of a window against the reference: measured by both policies, and its missing share. */
interface Look {
  readonly reference: DriftColumn
  readonly current: DriftColumn
  readonly by: Record<Policy, Scored>
  readonly gap: number | null
}

function look(reference: DriftColumn, current: DriftColumn): Look {
  const pair = pairOf(reference, current)
  return {
    reference,
    current,
    by: { default: scored('default', pair), evidently: scored('evidently', pair) },
    gap: missingP(reference, current),
  }
}

/** Which policies call a column drifted, in value or (the default one) in missing share, among the other columns of its window. */
function calledBy(looks: readonly Look[], at: number, changed = looks[at]!): Record<Policy, boolean> {
  const gap = falseDiscovery(looks.map(({ gap }, i) => (i === at ? changed.gap : gap)))[at]!
  const value = (policy: Policy) => {
    const adjusted = falseDiscovery(looks.map(({ by }, i) => (i === at ? changed : { by }).by[policy].p))
    return isDrifted(changed.by[policy], adjusted[at]!)
  }
  return {
    default: value('default') || missingBand(changed.reference, changed.current, gap) !== 'none',
    evidently: value('evidently'),
  }
}

/** A fixed reference, windows drawn from the clients that are not in it; windows larger than those are left out. */
export function power(pool: readonly PoolColumn[], options: PowerOptions): WindowPower[] {
  const rows = pool[0]?.values.length ?? 0
  const order = shuffled(
    Array.from({ length: rows }, (_, i) => i),
    random(options.seed),
  )
  const half = Math.floor(rows / 2)
  const reference = pool.map((column) => taken(column, order.slice(0, Math.min(half, options.reference))))
  const others = order.slice(half)
  return options.windows
    .filter((window) => window <= others.length)
    .map((window) => {
      options.onWindow?.(window)
      return windowPower(pool, reference, others, window, options)
    })
}

function windowPower(
  pool: readonly PoolColumn[],
  reference: readonly DriftColumn[],
  others: readonly number[],
  window: number,
  options: PowerOptions,
): WindowPower {
  const place = new Map(pool.map(({ name }, i) => [name, i]))
  const [moved, rare] = [shiftable(pool, options.columns), withRare(pool, options.columns)]
  const [alarms, anyAlarm, seen] = [zero(), zero(), byChange(zero)]
  for (let run = 0; run < options.runs; run++) {
    const next = random(options.seed + 1000 * window + run)
    const drawn = shuffled(others, next).slice(0, window)
    const looks = pool.map((column, i) => look(reference[i]!, taken(column, drawn)))
    const calls = looks.map((_, i) => calledBy(looks, i))
    for (const policy of policies) {
      const wrong = calls.filter((call) => call[policy]).length
      alarms[policy] += wrong
      anyAlarm[policy] += wrong > 0 ? 1 : 0
    }
    const record = (change: Change, fresh: DriftColumn) => {
      const at = place.get(fresh.name)!
      const call = calledBy(looks, at, look(reference[at]!, fresh))
      for (const policy of policies) seen[change][policy] += call[policy] ? 1 : 0
    }
    for (const column of moved) {
      const before = reference[place.get(column.name)!]!
      const step = 'sorted' in before ? robustDeviation(before.sorted) : 0
      for (const [change, share] of Object.entries(shifts) as [keyof typeof shifts, number][])
        record(
          change,
          taken(column, drawn, (value) => value + share * step),
        )
      record(
        'missing_10',
        taken(column, drawn, (value) => (next() < missingPoints ? Number.NaN : value)),
      )
    }
    const all = Uint32Array.from(drawn, (_, i) => i)
    for (const { column, rare: name } of rare) record('rare_tripled', taken(tripled(column, drawn, name), all))
  }
  const columns = byChange((change) => (change === 'rare_tripled' ? rare.length : moved.length))
  return {
    window,
    runs: options.runs,
    false_alarms: ratesOf(alarms, options.runs * pool.length),
    any_false_alarm: ratesOf(anyAlarm, options.runs),
    detected: byChange((change) => ratesOf(seen[change], options.runs * columns[change])),
    columns,
  }
}
