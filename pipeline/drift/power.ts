/**
 * How often a policy cries wolf and how often it sees a wolf: drift measured between parts of one population, as it is and with a known
 * change put in. The reference is a fixed half of the clients (at most `reference` rows), windows are drawn from the other half.
 */
import { random, shuffled } from '../learning/random.ts'
import type { Column } from './column.ts'
import { isDrifted, missingBand, missingP, type Policy, type Scored, scored } from './compare.ts'
import { falseDiscovery } from './false-discovery.ts'
import { type PoolColumn, type PoolNumber, type PoolText, taken } from './pool.ts'
import { deviation } from './statistics/wasserstein.ts'

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

export const changes = ['shift_0.1', 'shift_0.2', 'shift_0.3', 'missing_10', 'rare_tripled'] as const
export type Change = (typeof changes)[number]
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
}

const policies = ['default', 'evidently'] as const
const missingPoints = 0.1

/** Numbers with a spread and mostly present, evenly picked. */
function shiftable(pool: readonly PoolColumn[], most: number): PoolNumber[] {
  const fit = pool.filter((column): column is PoolNumber => {
    if (column.kind !== 'number') return false
    const known = column.values.filter((value) => !Number.isNaN(value))
    return known.length >= 0.8 * column.values.length && new Set(known).size > 20
  })
  return Array.from(
    { length: Math.min(most, fit.length) },
    (_, i) => fit[Math.floor((i * fit.length) / Math.min(most, fit.length))]!,
  )
}

/** Texts with a category of 1 to 10 %, and that category. */
function withRare(pool: readonly PoolColumn[], most: number): { column: PoolText; rare: string }[] {
  return pool
    .flatMap((column) => {
      if (column.kind !== 'text') return []
      const counts = new Map<string, number>()
      for (const value of column.values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
      const rare = [...counts].filter(
        ([, count]) => count > 0.01 * column.values.length && count < 0.1 * column.values.length,
      )
      rare.sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1))
      return rare[0] ? [{ column, rare: rare[0][0] }] : []
    })
    .slice(0, most)
}

/** The window with each of its clients that has the rare category standing there three times, in the place of others. */
function tripled({ values, name, kind }: PoolText, rows: readonly number[], rare: string): PoolText {
  const window = rows.map((row) => values[row]!)
  let more = 2 * window.filter((value) => value === rare).length
  return { name, kind, values: window.map((value) => (value !== rare && value !== null && more-- > 0 ? rare : value)) }
}

export function power(pool: readonly PoolColumn[], options: PowerOptions): WindowPower[] {
  const rows = pool[0]?.values.length ?? 0
  const order = shuffled(
    Array.from({ length: rows }, (_, i) => i),
    random(options.seed),
  )
  const half = Math.floor(rows / 2)
  const before = new Map(
    pool.map((column) => [column.name, taken(column, order.slice(0, Math.min(half, options.reference)))]),
  )
  const others = order.slice(half)
  const [moved, rare] = [shiftable(pool, options.columns), withRare(pool, options.columns)]
  const spread = new Map(
    moved.map(({ name }) => {
      const column = before.get(name)!
      return [name, 'sorted' in column ? deviation(column.sorted) : 0]
    }),
  )

  return options.windows
    .filter((window) => window <= others.length)
    .map((window) => {
      options.onWindow?.(window)
      const tally = () => ({ default: 0, evidently: 0 })
      const [alarms, anyAlarm] = [tally(), tally()]
      const seen = Object.fromEntries(changes.map((change) => [change, tally()])) as Record<
        Change,
        Record<Policy, number>
      >
      const tried = Object.fromEntries(changes.map((change) => [change, 0])) as Record<Change, number>
      for (let run = 0; run < options.runs; run++) {
        const next = random(options.seed + 1000 * window + run)
        const drawn = shuffled(others, next).slice(0, window)
        const still = pool.map((column) => taken(column, drawn))
        const measured = Object.fromEntries(
          policies.map((policy) => [policy, still.map((column) => scored(policy, before.get(column.name)!, column))]),
        ) as Record<Policy, Scored[]>
        const place = new Map(pool.map(({ name }, i) => [name, i]))
        /** Whether a column would be called drifted with `fresh` in its place among columns that have not moved. */
        const called = (policy: Policy, fresh: Column): boolean => {
          const at = place.get(fresh.name)!
          const changed = scored(policy, before.get(fresh.name)!, fresh)
          const adjusted = falseDiscovery(measured[policy].map(({ p }, i) => (i === at ? changed.p : p)))
          return isDrifted(changed, adjusted[at]!)
        }
        const gaps = still.map((column) => missingP(before.get(column.name)!, column))
        const gapsAdjusted = falseDiscovery(gaps)
        for (const policy of policies) {
          const adjusted = falseDiscovery(measured[policy].map(({ p }) => p))
          const wrong = measured[policy].filter((one, i) => {
            const gap =
              policy === 'default' && missingBand(before.get(still[i]!.name)!, still[i]!, gapsAdjusted[i]!) !== 'none'
            return gap || isDrifted(one, adjusted[i]!)
          }).length
          alarms[policy] += wrong
          anyAlarm[policy] += wrong > 0 ? 1 : 0
        }
        const record = (change: Change, fresh: Column, of = called) => {
          tried[change]++
          for (const policy of policies) seen[change][policy] += of(policy, fresh) ? 1 : 0
        }
        for (const column of moved) {
          const step = spread.get(column.name)!
          for (const [change, share] of [
            ['shift_0.1', 0.1],
            ['shift_0.2', 0.2],
            ['shift_0.3', 0.3],
          ] as const)
            record(
              change,
              taken(column, drawn, (value) => value + share * step),
            )
          const emptied = taken(column, drawn, (value) => (next() < missingPoints ? Number.NaN : value))
          const [reference, at] = [before.get(column.name)!, place.get(column.name)!]
          const p = falseDiscovery(gaps.map((gap, i) => (i === at ? missingP(reference, emptied) : gap)))[at]!
          const missing = missingBand(reference, emptied, p) !== 'none'
          record('missing_10', emptied, (policy, fresh) => (policy === 'default' && missing) || called(policy, fresh))
        }
        for (const { column, rare: name } of rare) {
          const fresh = tripled(column, drawn, name)
          record(
            'rare_tripled',
            taken(
              fresh,
              Uint32Array.from(drawn, (_, i) => i),
            ),
          )
        }
      }
      const cells = options.runs * pool.length
      const rates = (counts: Record<Policy, number>, of: number): Rates => ({
        default: of ? counts.default / of : 0,
        evidently: of ? counts.evidently / of : 0,
      })
      return {
        window,
        runs: options.runs,
        false_alarms: rates(alarms, cells),
        any_false_alarm: rates(anyAlarm, options.runs),
        detected: Object.fromEntries(changes.map((change) => [change, rates(seen[change], tried[change])])) as Record<
          Change,
          Rates
        >,
      }
    })
}
